//! Secrets and dependencies of one repository together, beside each of them alone.

use anyhow::Result;

use super::Target;
use super::measure::{Usage, median, must_have_run};
use super::table::Table;
use super::tools::andon_scan;

const TIMES: usize = 3;
/// What both engines together may cost of the dearer one.
const ALLOWED: f64 = 1.2;

const RUNS: [(&str, &[&str]); 3] = [
    ("secrets", &["--no-cache", "--engine", "secrets"]),
    ("dependencies", &["--no-cache", "--engine", "dependencies"]),
    ("both", &["--no-cache"]),
];

pub(super) fn run(target: &Target) -> Result<Table> {
    let (andon, path) = (target.binary.andon()?, target.path()?);
    let mut table = Table::new(format!("{}, without cache (median of {TIMES} runs)", path.display()));
    let mut usages = Vec::new();
    for (what, more) in RUNS {
        let usage = median(TIMES, &andon_scan(&andon, &path, more), &[], &path)?;
        must_have_run(what, usage, &[0])?;
        table.add(what, usage);
        usages.push(usage);
    }
    if let [secrets, dependencies, both] = usages.as_slice() {
        let ratio = to_dearer(*secrets, *dependencies, *both);
        table.note(format!("both together: {ratio:.2} × the dearer of the two (at most {ALLOWED})"));
    }
    Ok(table)
}

/// CPU time of both engines together, as a multiple of the dearer one's.
fn to_dearer(secrets: Usage, dependencies: Usage, both: Usage) -> f64 {
    both.cpu / secrets.cpu.max(dependencies.cpu).max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dearer_engine_is_the_measure() {
        let usage = |cpu| Usage { cpu, ..Usage::default() };
        assert_eq!(to_dearer(usage(2.0), usage(4.0), usage(5.0)), 1.25);
        assert_eq!(to_dearer(usage(5.0), usage(1.0), usage(5.0)), 1.0);
    }
}
