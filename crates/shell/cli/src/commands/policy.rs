use std::path::PathBuf;

use andon_gate::{Outcome, PolicyLimits, TestResult, run_tests};
use andon_system::System;

use crate::problem::Problem;
use crate::project::policy_files;
use crate::{exit, terminal};

/// Runs the tests of policies; 1 when one fails.
pub(crate) fn test(system: &dyn System, paths: &[PathBuf]) -> anyhow::Result<u8> {
    let files = policy_files(system, paths)?;
    let report = run_tests(&files, PolicyLimits::default());
    if let Some(error) = &report.error {
        return Err(Problem::new(format!("the policies do not load: {error}")).into());
    }
    if report.results.is_empty() {
        return Err(Problem::new("there is no test in these policies")
            .hint("write rules named `test_…`, in files named `*_test.rego`")
            .into());
    }
    let mut out: String = report.results.iter().map(lines).collect();
    let count =
        |wanted: fn(&Outcome) -> bool| report.results.iter().filter(|test| wanted(&test.outcome)).count();
    out.push_str(&format!(
        "{} passed, {} failed, {} skipped\n",
        count(|outcome| matches!(outcome, Outcome::Pass)),
        count(|outcome| matches!(outcome, Outcome::Fail | Outcome::Error(_))),
        count(|outcome| matches!(outcome, Outcome::Skipped)),
    ));
    terminal::write_text(&out)?;
    Ok(if report.passed() { exit::GO_ON } else { exit::STOPPED })
}

fn lines(test: &TestResult) -> String {
    let (word, why) = match &test.outcome {
        Outcome::Pass => ("pass", String::new()),
        Outcome::Fail => ("FAIL", ": it is not true".to_owned()),
        Outcome::Error(reason) => ("FAIL", format!(": {reason}")),
        Outcome::Skipped => ("skip", String::new()),
    };
    let mut out = format!("{word}  {}:{}: {}{why}\n", test.file, test.line, test.name);
    test.printed.iter().for_each(|line| out.push_str(&format!("        {line}\n")));
    out
}
