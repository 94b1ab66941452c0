use andon_config::StatementKind;

use super::Judge;
use crate::evidence::{Accepted, Figures, Says, SaysCoverage, SaysTests, Subject};

impl<'a> Judge<'a> {
    pub(super) fn tests(&mut self) {
        let Some(wanted) = &self.wanted.tests else { return };
        let found: Vec<&'a Accepted> =
            self.about_head().filter(|accepted| results(accepted).is_some()).collect();
        if found.is_empty() {
            if wanted.required {
                self.missing("no result of tests", StatementKind::Tests);
            }
            return;
        }
        let found = self.only_fresh("results of tests", found);
        let sums = Sums::of(found.iter().copied());
        if sums.failed > wanted.max_failed {
            let names = if sums.failing.is_empty() {
                String::new()
            } else {
                format!(": {}", sums.failing.join(", "))
            };
            let most = wanted.max_failed;
            self.stop(format!("{} tests failed, at most {most} may{names}", sums.failed));
        }
        if let Some(least) = wanted.min_passed.filter(|least| sums.passed < *least) {
            self.stop(format!("{} tests passed, at least {least} must", sums.passed));
        }
        if wanted.required && sums.passed == 0 && wanted.min_passed.is_none() {
            self.stop("no test passed; results without a passed test say nothing");
        }
        if !wanted.may_shrink {
            self.shrunk(sums.passed);
        }
    }

    fn shrunk(&mut self, passed: u64) {
        let of_base =
            |accepted: &&Accepted| matches!(accepted.about, Subject::Base(_)) && results(accepted).is_some();
        let base: Vec<&Accepted> = self.evidence.accepted.iter().filter(of_base).collect();
        if base.is_empty() {
            let what = "nothing about the tests of the base, so whether there are fewer now,";
            self.missing(what, StatementKind::Tests);
            return;
        }
        let before = Sums::of(base.into_iter()).passed;
        if passed < before {
            self.stop(format!("{passed} tests passed, {before} did at the base, and there may not be fewer"));
        }
    }

    pub(super) fn coverage(&mut self) {
        let Some(wanted) = &self.wanted.coverage else { return };
        if wanted.lines.is_none() && wanted.changed_lines.is_none() {
            return;
        }
        let found: Vec<&'a Accepted> =
            self.about_head().filter(|accepted| figures(accepted).is_some()).collect();
        if found.is_empty() {
            self.missing("nothing about what tests run through", StatementKind::Tests);
            return;
        }
        for accepted in self.only_fresh("coverage", found) {
            let Some(says) = figures(accepted) else { continue };
            let step = if says.step.is_empty() { String::new() } else { format!(" of step `{}`", says.step) };
            if let Some(least) = wanted.lines {
                self.share(&format!("tests{step} run through"), "lines", Some(says.lines), least);
            }
            if let Some(least) = wanted.changed_lines {
                self.share(&format!("tests{step} run through"), "changed lines", says.changed_lines, least);
            }
        }
    }

    fn share(&mut self, what: &str, of: &str, figures: Option<Figures>, least: u8) {
        let Some(figures) = figures else {
            self.stop(format!("it is not known how many {of} {what}"));
            return;
        };
        // A change without lines that could run has nothing to run through.
        if figures.total == 0 && of == "changed lines" {
            return;
        }
        if figures.covered > figures.total {
            self.stop(format!(
                "the figures of {of} contradict themselves: {} of {}",
                figures.covered, figures.total
            ));
            return;
        }
        let reached = u128::from(figures.covered).saturating_mul(100);
        if figures.total == 0 || reached < u128::from(figures.total).saturating_mul(u128::from(least)) {
            let Figures { covered, total } = figures;
            self.stop(format!("{what} {covered} of {total} {of}, less than {least} %"));
        }
    }
}

fn results(accepted: &Accepted) -> Option<&SaysTests> {
    match &accepted.says {
        Says::Tests(tests) => Some(tests),
        _ => None,
    }
}

fn figures(accepted: &Accepted) -> Option<&SaysCoverage> {
    match &accepted.says {
        Says::Coverage(coverage) => Some(coverage),
        _ => None,
    }
}

/// Figures of all test runs; of one run that is there twice (a clock went back) the worse.
#[derive(Default)]
struct Sums {
    passed: u64,
    failed: u64,
    failing: Vec<String>,
}

impl Sums {
    fn of<'s>(statements: impl Iterator<Item = &'s Accepted>) -> Self {
        let mut by_step: std::collections::BTreeMap<&str, (u64, u64)> = std::collections::BTreeMap::new();
        let mut sums = Self::default();
        for tests in statements.filter_map(results) {
            let worst = by_step.entry(&tests.step).or_insert((u64::MAX, 0));
            *worst = (worst.0.min(tests.passed), worst.1.max(tests.failed));
            sums.failing.extend(tests.failing.iter().take(3).cloned());
        }
        for (passed, failed) in by_step.into_values() {
            sums.passed = sums.passed.saturating_add(passed);
            sums.failed = sums.failed.saturating_add(failed);
        }
        sums.failing.truncate(5);
        sums
    }
}
