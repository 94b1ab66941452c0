//! The whole history of a repository.

use std::path::Path;

use anyhow::Result;

use super::Target;
use super::measure::{measure, must_have_run};
use super::table::Table;
use super::tools::{self, What, words};

pub(super) fn run(target: &Target) -> Result<Table> {
    let (andon, path) = (target.binary.andon()?, target.path()?);
    let mut table = Table::new(format!("whole history of {}", path.display()));
    tools::ours(&mut table, &andon, &path, &["--history"])?;
    inflate(&mut table, &path)?;
    tools::theirs(&mut table, &target.binary, &path, What::History)?;
    Ok(table)
}

/// What it costs git to read every object and throw it away: the floor for all scanners.
fn inflate(table: &mut Table, path: &Path) -> Result<()> {
    let arguments = ["cat-file", "--batch-all-objects", "--batch", "--unordered", "--buffer"];
    let usage = measure(&words(Path::new("git"), &arguments), &[], path)?;
    must_have_run("git cat-file", usage, &[0])?;
    table.add("git cat-file (inflating only)", usage);
    Ok(())
}
