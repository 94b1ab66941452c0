//! Rules for source code: the same rules over the same files, ours and Semgrep's, beside what it costs to parse the files
//! and do nothing else.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use andon_syntax::Language;
use anyhow::{Context, Result, ensure};
use clap::Args;
use serde_json::Value;

use super::code_child::Task;
use super::code_rules::merged;
use super::measure::{Usage, measure, must_have_run};
use super::run_optimised;
use super::table::Table;
use super::tools::words;
use crate::conformance::files_below;

/// Rules for source code, beside Semgrep and beside bare parsing.
#[derive(Args)]
pub(crate) struct Code {
    /// Folders of rule files in Semgrep's format; all their rules run together.
    #[arg(long, value_name = "DIR", num_args = 1.., required = true)]
    rules: Vec<PathBuf>,
    /// The files that are examined.
    #[arg(long, value_name = "DIR")]
    source: PathBuf,
    /// Only rules of this language, as rules spell it.
    #[arg(long)]
    language: Option<String>,
    /// Where semgrep is. Without it only ours is measured.
    #[arg(long, value_name = "FILE")]
    semgrep: Option<PathBuf>,
    /// What an earlier run of semgrep printed with `--json` for the same rules and files, to compare findings alone.
    #[arg(long, value_name = "FILE", conflicts_with = "semgrep")]
    found: Option<PathBuf>,
    /// Where to list the findings that differ.
    #[arg(long, value_name = "FILE", default_value = "differences.txt")]
    differences: PathBuf,
}

/// A finding as both name it: rule, file, line.
type Place = (String, String, u64);

const SEMGREP: &[&str] = &[
    "scan",
    "--metrics=off",
    "--disable-version-check",
    "--no-git-ignore",
    "--jobs",
    "1",
    "--timeout",
    "0",
    "--max-target-bytes",
    "0",
    "--json",
];

impl Code {
    pub(super) fn run(&self) -> Result<bool> {
        if cfg!(debug_assertions) {
            return run_optimised();
        }
        let source = self.source.canonicalize().context("cannot measure the source")?;
        let folder = tempfile::tempdir()?;
        let rules = folder.path().join("rules.yaml");
        let count = merged(&self.rules, self.language.as_deref(), &rules)?;
        let theirs = folder.path().join("theirs.json");
        let mut table = Table::new(format!("{count} rules over {}", source.display()));
        let semgrep = match &self.semgrep {
            Some(program) => Some(semgrep(program, &rules, &source, &theirs)?),
            None => None,
        };
        let report = self.found.clone().or_else(|| semgrep.map(|_| theirs));
        let report = report.map(|file| read_json(&file)).transpose()?;
        let files = files(&source, report.as_ref())?;
        let list = folder.path().join("files.txt");
        std::fs::write(&list, files.join("\n"))?;
        let found = folder.path().join("found.txt");
        let ours = Task::check(&rules, &list, &found).measured(folder.path())?;
        let floor = Task::parse(&list).measured(folder.path())?;
        let start = Task::start(&rules).measured(folder.path())?;
        table.add("andon, one thread", ours);
        if let Some(usage) = semgrep {
            table.add("semgrep, one job", usage);
            table.note(format!(
                "semgrep takes {:.1} × our CPU time and {:.1} × our peak memory",
                usage.cpu / ours.cpu,
                usage.peak as f64 / ours.peak as f64
            ));
        }
        table.add("parsing alone", floor);
        table.add("reading the rules alone", start);
        let net = ours.cpu - start.cpu;
        table.note(format!("without reading the rules: {:.2} × parsing alone", net / floor.cpu));
        table.note(format!("{} files", files.len()));
        if let Some(report) = &report {
            table.note(self.compare(&places(&found)?, &reported(report), &files)?);
        }
        print!("{table}");
        Ok(true)
    }

    /// Lists what only one found.
    fn compare(&self, ours: &BTreeSet<Place>, theirs: &BTreeSet<Place>, files: &[String]) -> Result<String> {
        let files: BTreeSet<_> = files.iter().collect();
        let theirs: BTreeSet<_> =
            theirs.iter().filter(|(_, file, _)| files.contains(file)).cloned().collect();
        let only = |who: &str, these: &BTreeSet<Place>, others: &BTreeSet<Place>| {
            let lines =
                these.difference(others).map(|(rule, file, line)| format!("{who} {rule} {file}:{line}\n"));
            lines.collect::<Vec<_>>()
        };
        let (more, fewer) = (only("andon", ours, &theirs), only("semgrep", &theirs, ours));
        std::fs::write(&self.differences, more.concat() + &fewer.concat())?;
        Ok(format!(
            "{} findings of both; {} of ours alone, {} of semgrep's alone, listed in {}",
            ours.intersection(&theirs).count(),
            more.len(),
            fewer.len(),
            self.differences.display()
        ))
    }
}

fn semgrep(program: &Path, rules: &Path, source: &Path, report: &Path) -> Result<Usage> {
    let mut command = words(program, SEMGREP);
    let path = |path: &Path| path.to_string_lossy().into_owned();
    command.extend(["--config".to_owned(), path(rules), "--output".to_owned(), path(report), path(source)]);
    // It starts its engine by name, from the folder that it stands in itself.
    let beside = program.parent().unwrap_or(Path::new("."));
    let search = std::env::var_os("PATH").unwrap_or_default();
    let search =
        std::env::join_paths(std::iter::once(beside.to_owned()).chain(std::env::split_paths(&search)))?;
    let usage = measure(
        &command,
        &[("PATH", Path::new(&search)), ("SEMGREP_SEND_METRICS", Path::new("off"))],
        source,
    )?;
    must_have_run("semgrep", usage, &[0, 1])?;
    Ok(usage)
}

fn read_json(file: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(serde_json::from_str(&text)?)
}

/// The files in a language of ours: those that semgrep examined, so that both do the same work.
fn files(source: &Path, report: Option<&Value>) -> Result<Vec<String>> {
    let scanned = report.and_then(|report| report.pointer("/paths/scanned")?.as_array());
    let mut files: Vec<String> = match scanned {
        Some(scanned) => scanned.iter().filter_map(|file| Some(file.as_str()?.to_owned())).collect(),
        None => files_below(source)?.into_iter().map(|file| file.to_string_lossy().into_owned()).collect(),
    };
    files.retain(|file| Language::of_path(file).is_some());
    files.sort();
    ensure!(!files.is_empty(), "there is no file in a language that is supported");
    Ok(files)
}

fn reported(report: &Value) -> BTreeSet<Place> {
    let results = report.get("results").and_then(Value::as_array).into_iter().flatten();
    let place = |result: &Value| {
        let rule = result.get("check_id")?.as_str()?.rsplit('.').next()?;
        let file = result.get("path")?.as_str()?;
        Some((rule.to_owned(), file.to_owned(), result.pointer("/start/line")?.as_u64()?))
    };
    results.filter_map(place).collect()
}

/// What our child listed: rule, line and file in each line.
fn places(found: &Path) -> Result<BTreeSet<Place>> {
    let text = std::fs::read_to_string(found)?;
    let place = |line: &str| {
        let mut parts = line.splitn(3, ' ');
        let (rule, line, file) = (parts.next()?, parts.next()?, parts.next()?);
        Some((rule.to_owned(), file.to_owned(), line.parse().ok()?))
    };
    Ok(text.lines().filter_map(place).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_named_alike() {
        let report = serde_json::json!({"results": [
            {"check_id": "tmp.x.a-rule", "path": "/s/a b.py", "start": {"line": 3, "col": 1}},
        ]});
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("found.txt");
        std::fs::write(&file, "a-rule 3 /s/a b.py\n").unwrap();
        assert_eq!(places(&file).unwrap(), reported(&report));
        assert_eq!(reported(&report).len(), 1);
    }
}
