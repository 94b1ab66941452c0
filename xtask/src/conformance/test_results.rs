//! What we read from the reports of test runners, beside their exit codes and their own machine-readable reports.

mod projects;

use std::collections::BTreeMap;

use andon_results::{CoverageReport, ReportPaths, TestReport, read_coverage, read_tests};
use anyhow::{Context, Result};
use clap::Args;

use self::projects::Run;
use crate::process;

/// Run small projects with the runners that are installed, and compare.
#[derive(Args)]
pub(crate) struct TestResults {
    /// Only runners whose name contains this.
    #[arg(long)]
    only: Option<String>,
}

impl TestResults {
    pub(super) fn run(&self) -> Result<bool> {
        let folder = tempfile::tempdir()?;
        let (mut cases, mut wrong) = (0, 0);
        let mut coverage: BTreeMap<String, CoverageReport> = BTreeMap::new();
        for (tool, make) in projects::TOOLS {
            if self.only.as_ref().is_some_and(|only| !tool.contains(only.as_str())) {
                continue;
            }
            if process::on_path(tool).is_none() {
                println!("{tool:<10} not installed, left out");
                continue;
            }
            for run in make(&folder.path().join(tool)).with_context(|| format!("running {tool}"))? {
                cases += 1;
                let said = judge(&run, &mut coverage);
                wrong += usize::from(said.is_err());
                let mark = said.as_ref().map_or_else(|error| format!("DIFFERS: {error}"), Clone::clone);
                println!("{tool:<10} {:<42} {mark}", run.name);
            }
        }
        for (group, problem) in disagreements(&coverage) {
            wrong += 1;
            println!("{group}: {problem}");
        }
        println!("{} of {cases} runs held", cases - wrong.min(cases));
        Ok(wrong == 0)
    }
}

/// What we read, in words; an error where it is not what the tool says.
fn judge(run: &Run, coverage: &mut BTreeMap<String, CoverageReport>) -> Result<String, String> {
    if let Some(format) = run.coverage {
        let paths = ReportPaths::below(&run.prefixes.iter().map(String::as_str).collect::<Vec<_>>());
        let report =
            read_coverage(&run.output, None, &paths, &run.name).map_err(|error| error.to_string())?;
        if report.source != format {
            return Err(format!("taken for {:?}", report.source));
        }
        let (lines, branches) = (report.line_totals(), report.branch_totals());
        let words =
            format!("{}/{} lines, {}/{} branches", lines.hit, lines.total, branches.hit, branches.total);
        if run.lines.is_some_and(|told| told != (lines.hit, lines.total)) {
            return Err(format!("{words}, the tool says {:?}", run.lines));
        }
        coverage.insert(run.name.clone(), report);
        return Ok(words);
    }
    let report = read_tests(&run.output, None, &run.name).map_err(|error| error.to_string())?;
    let words = format!("{:?}, complete: {}, passed: {}", report.counts, report.complete, report.passed());
    check(run, &report)
        .map(|()| words.clone())
        .map_err(|problem| format!("{problem}; {words} {:?}", report.notes))
}

fn check(run: &Run, report: &TestReport) -> Result<(), String> {
    if run.format != report.source {
        return Err(format!("taken for {:?}", report.source));
    }
    // Without a verdict of the tool there were no tests, which is never passed.
    if report.passed() != run.ended_well.unwrap_or(false) {
        return Err("the exit code says otherwise".to_owned());
    }
    if report.complete != run.complete {
        return Err(format!("complete should be {}", run.complete));
    }
    match run.counts {
        Some(counts) if counts != report.counts => Err(format!("the tool counts {counts:?}")),
        _ => Ok(()),
    }
}

/// Reports of one run in several formats must cover the same lines.
fn disagreements(reports: &BTreeMap<String, CoverageReport>) -> Vec<(String, String)> {
    let mut problems = Vec::new();
    let mut first: BTreeMap<&str, (&str, &CoverageReport)> = BTreeMap::new();
    for (name, report) in reports {
        let group = name.split(' ').next().unwrap_or(name);
        let (other, expected) = first.entry(group).or_insert((name, report));
        for (path, file) in &report.files {
            let own = expected.files.get(path).map(|file| &file.lines);
            if own != Some(&file.lines) && !file.lines.is_empty() {
                problems
                    .push((group.to_owned(), format!("{path}: `{name}` covers other lines than `{other}`")));
            }
        }
    }
    problems
}
