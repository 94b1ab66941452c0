use std::collections::BTreeMap;

use super::model::{Outcome, TestCase, TestReport};

/// What became of the tests between two runs. Each list is sorted and names a test as `suite › name`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TestChange {
    /// In the base, not in the head: removed, renamed or not run.
    pub disappeared: Vec<String>,
    /// In the head, not in the base.
    pub appeared: Vec<String>,
    /// Ran in the base, skipped in the head.
    pub newly_skipped: Vec<String>,
    /// Passed or skipped in the base, failed or in error in the head.
    pub newly_failing: Vec<String>,
    /// How many tests fewer the head counts than the base; also where the reports name none.
    pub shrunk_by: u64,
}

/// Compares two runs of a project's tests. A test is known by suite and name; of several with the same, the worst
/// outcome counts. Reports that name only the tests that failed (pytest without `-v`) can be compared by
/// [`TestChange::shrunk_by`] alone.
pub fn compare_tests(base: &TestReport, head: &TestReport) -> TestChange {
    let (before, after) = (by_name(base), by_name(head));
    let mut change = TestChange {
        shrunk_by: base.counts.total().saturating_sub(head.counts.total()),
        ..TestChange::default()
    };
    for (&(suite, name), &was) in &before {
        let list = match (after.get(&(suite, name)), was) {
            (None, _) => &mut change.disappeared,
            (Some(Rank::Skipped), Rank::Passed | Rank::Failing) => &mut change.newly_skipped,
            (Some(Rank::Failing), Rank::Passed | Rank::Skipped) => &mut change.newly_failing,
            _ => continue,
        };
        list.push(shown(suite, name));
    }
    change.appeared = after
        .keys()
        .filter(|key| !before.contains_key(*key))
        .map(|(suite, name)| shown(suite, name))
        .collect();
    change
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Skipped,
    Passed,
    Failing,
}

fn by_name(report: &TestReport) -> BTreeMap<(&str, &str), Rank> {
    let mut ranks = BTreeMap::new();
    for TestCase { suite, name, outcome, .. } in &report.cases {
        let rank = match outcome {
            Outcome::Passed => Rank::Passed,
            Outcome::Failed { .. } | Outcome::Error { .. } => Rank::Failing,
            Outcome::Skipped { .. } => Rank::Skipped,
        };
        let worst = ranks.entry((suite.as_str(), name.as_str())).or_insert(rank);
        *worst = rank.max(*worst);
    }
    ranks
}

fn shown(suite: &str, name: &str) -> String {
    if suite.is_empty() { name.to_owned() } else { format!("{suite} › {name}") }
}
