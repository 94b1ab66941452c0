//! One staged file in a large repository: what a developer waits for before each commit.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::Target;
use super::measure::{median, must_have_run};
use super::table::Table;
use super::tools::andon_scan;
use crate::process;

const TIMES: usize = 9;

pub(super) fn run(target: &Target) -> Result<Table> {
    let (andon, path) = (target.binary.andon()?, target.path()?);
    let folder = tempfile::tempdir()?;
    let (copy, cache) = (folder.path().join("copy"), folder.path().join("cache"));
    git(folder.path(), &["clone", "--quiet", "--shared", &path.to_string_lossy(), "copy"])?;
    std::fs::write(copy.join("andon-bench.txt"), "a line that was added\n")?;
    git(&copy, &["add", "andon-bench.txt"])?;
    let mut table = Table::new(format!("one staged file in {} (median of {TIMES} runs)", path.display()));
    let usage =
        median(TIMES, &andon_scan(&andon, &copy, &["--staged"]), &[("ANDON_CACHE_DIR", &cache)], &copy)?;
    must_have_run("andon", usage, &[0])?;
    table.add("andon scan --staged", usage);
    Ok(table)
}

fn git(folder: &Path, arguments: &[&str]) -> Result<()> {
    process::run(Command::new("git").args(arguments).current_dir(folder))
}
