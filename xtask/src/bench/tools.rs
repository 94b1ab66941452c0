//! The scanners that are measured, with the arguments that make them do the same work.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::Binary;
use super::measure::{measure, must_have_run};
use super::table::Table;
use crate::process;

/// Exit codes of our program when it did its work.
const WORKED: &[i32] = &[0, 1, 3];
/// Those of kingfisher: nothing found, something found, something found that is valid.
const KINGFISHER_WORKED: &[i32] = &[0, 200, 205];

/// What is scanned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    History,
    Tree,
}

/// `andon scan` without its gate, as JSON.
pub(super) fn andon_scan(andon: &Path, target: &Path, more: &[&str]) -> Vec<String> {
    let mut command = words(andon, &["scan", "--no-gate", "--format", "json"]);
    command.extend(more.iter().map(|&word| word.to_owned()));
    command.push(target.to_string_lossy().into_owned());
    command
}

/// Measures our program with an empty cache, and again with what the first run remembered.
pub(super) fn ours(table: &mut Table, andon: &Path, target: &Path, more: &[&str]) -> Result<()> {
    let cache = tempfile::tempdir()?;
    let command = andon_scan(andon, target, more);
    for run in ["first run", "second run"] {
        let usage = measure(&command, &[("ANDON_CACHE_DIR", cache.path())], cache.path())?;
        must_have_run("andon", usage, WORKED)?;
        table.add(format!("andon, {run}"), usage);
    }
    Ok(())
}

/// Measures the other scanners that are installed.
pub(super) fn theirs(table: &mut Table, binary: &Binary, target: &Path, what: What) -> Result<()> {
    if binary.alone {
        return Ok(());
    }
    match binary.kingfisher.clone().or_else(|| process::on_path("kingfisher")) {
        Some(program) => kingfisher(table, &program, target, what)?,
        None => {
            table.note("kingfisher is not installed (it is a package of the Python index: kingfisher-bin)")
        }
    }
    match process::on_path("gitleaks") {
        Some(program) => gitleaks(table, &program, target, what)?,
        None => table.note("gitleaks is not installed"),
    }
    Ok(())
}

fn kingfisher(table: &mut Table, program: &Path, target: &Path, what: What) -> Result<()> {
    let history = if what == What::History { "full" } else { "none" };
    let plain = ["scan", "--no-validate", "--git-history", history, "--format", "json"];
    let cache = tempfile::tempdir()?;
    let launcher = std::fs::read(program).is_ok_and(|bytes| bytes.starts_with(b"#!"));
    if launcher {
        table.note(format!("{} is a launcher script; its CPU time is counted too", program.display()));
    }
    table.note(
        "kingfisher compiles its rules in its first run and keeps the result, so its first run costs more",
    );
    for (name, more) in [("kingfisher", None), ("kingfisher --turbo", Some("--turbo"))] {
        for run in ["first run", "second run"] {
            let mut command = words(program, &plain);
            command.extend(more.map(str::to_owned));
            command.push(target.to_string_lossy().into_owned());
            let usage = measure(&command, &[("KF_RULE_CACHE_DIR", cache.path())], cache.path())?;
            must_have_run(name, usage, KINGFISHER_WORKED)?;
            table.add(format!("{name}, {run}"), usage);
        }
    }
    Ok(())
}

fn gitleaks(table: &mut Table, program: &Path, target: &Path, what: What) -> Result<()> {
    let kind = if what == What::History { "git" } else { "dir" };
    let report: PathBuf = std::env::temp_dir().join(format!("gitleaks-{}.json", std::process::id()));
    let mut command = words(program, &[kind, "--no-banner", "--exit-code", "0", "--report-path"]);
    command.extend([report.to_string_lossy().into_owned(), target.to_string_lossy().into_owned()]);
    let usage = measure(&command, &[], &std::env::temp_dir());
    let _ = std::fs::remove_file(&report);
    let usage = usage?;
    must_have_run("gitleaks", usage, &[0])?;
    table.add("gitleaks", usage);
    Ok(())
}

pub(super) fn words(program: &Path, arguments: &[&str]) -> Vec<String> {
    let program = program.to_string_lossy().into_owned();
    std::iter::once(program).chain(arguments.iter().map(|&word| word.to_owned())).collect()
}
