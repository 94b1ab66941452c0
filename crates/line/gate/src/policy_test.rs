use std::collections::BTreeMap;

use regorus::Value;
use regorus::unstable::{Module, Rule, RuleHead};

use crate::PolicyLimits;
use crate::policy::{Failure, Loaded, contain, load, package, path};

/// What the tests of a set of policies said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestReport {
    /// One entry for each test, by file and line.
    pub results: Vec<TestResult>,
    /// Why no test could run: a policy that does not load.
    pub error: Option<String>,
}

impl TestReport {
    /// Whether everything loaded and no test failed.
    pub fn passed(&self) -> bool {
        let bad = |result: &TestResult| matches!(result.outcome, Outcome::Fail | Outcome::Error(_));
        self.error.is_none() && !self.results.iter().any(bad)
    }
}

/// One test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestResult {
    /// Full path, as in `data.andon.gate.test_stops`.
    pub name: String,
    /// The file that defines it (first).
    pub file: String,
    /// 1-based line.
    pub line: u32,
    /// 1-based column.
    pub column: u32,
    /// What happened.
    pub outcome: Outcome,
    /// What `print` wrote, as `file:line: text`.
    pub printed: Vec<String>,
}

/// How a test ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The rule is true.
    Pass,
    /// The rule is undefined, false or anything else than true.
    Fail,
    /// The rule could not be evaluated; the reason.
    Error(String),
    /// Named `todo_test_…`.
    Skipped,
}

/// Runs every rule named `test_…` in Rego files given as (name, text), as `opa test` does. Each test has the limits to
/// itself.
pub fn run_tests(files: &[(String, String)], limits: PolicyLimits) -> TestReport {
    let mut loaded = match reload(files, limits) {
        Ok(loaded) => Some(loaded),
        Err(failure) => return TestReport { error: Some(failure.to_string()), ..TestReport::default() },
    };
    let mut tests = loaded.as_mut().map(find).unwrap_or_default();
    for test in tests.iter_mut().filter(|test| test.outcome != Outcome::Skipped) {
        let ready = loaded.take().map_or_else(|| reload(files, limits), Ok);
        let rule = test.name.clone();
        let run = ready.and_then(|mut ready| {
            contain(limits, move |deadline| {
                ready.renew();
                let value = ready.eval(&rule, deadline);
                let printed = ready.printed();
                Ok((ready, value, printed))
            })
        });
        test.outcome = match run {
            Ok((ready, value, printed)) => {
                loaded = Some(ready);
                test.printed = printed;
                outcome(value)
            }
            Err(failure) => Outcome::Error(failure.to_string()),
        };
    }
    TestReport { results: tests, error: None }
}

fn reload(files: &[(String, String)], limits: PolicyLimits) -> Result<Loaded, Failure> {
    let files = files.to_vec();
    contain(limits, move |_| load(&files, limits))
}

fn outcome(value: Result<Value, Failure>) -> Outcome {
    match value {
        Ok(Value::Bool(true)) => Outcome::Pass,
        Ok(_) => Outcome::Fail,
        Err(failure) => Outcome::Error(failure.to_string()),
    }
}

fn find(loaded: &mut Loaded) -> Vec<TestResult> {
    let mut found = BTreeMap::new();
    for module in &loaded.modules() {
        for rule in &module.policy {
            if let Some(test) = test(module, rule) {
                found.entry(test.name.clone()).or_insert(test);
            }
        }
    }
    let mut tests: Vec<_> = found.into_values().collect();
    tests.sort_by(|a, b| (&a.file, a.line, &a.name).cmp(&(&b.file, b.line, &b.name)));
    tests
}

fn test(module: &Module, rule: &Rule) -> Option<TestResult> {
    let Rule::Spec { head: RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. }, span, .. } = rule
    else {
        return None;
    };
    let path = path(refr)?;
    let last = path.last()?;
    let outcome = if last.starts_with("todo_test_") { Outcome::Skipped } else { Outcome::Pass };
    if outcome == Outcome::Pass && !last.starts_with("test_") {
        return None;
    }
    Some(TestResult {
        name: format!("{}.{}", package(module), path.join(".")),
        file: span.source.file().clone(),
        line: span.line,
        column: span.col,
        outcome,
        printed: Vec::new(),
    })
}

#[cfg(test)]
mod tests;
