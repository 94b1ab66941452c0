//! A start with nothing to do.

use anyhow::Result;

use super::Binary;
use super::measure::{median, must_have_run};
use super::table::Table;
use super::tools::{andon_scan, words};

const TIMES: usize = 15;

pub(super) fn run(binary: &Binary) -> Result<Table> {
    let andon = binary.andon()?;
    let folder = tempfile::tempdir()?;
    let (target, cache) = (folder.path().join("target"), folder.path().join("cache"));
    std::fs::create_dir(&target)?;
    std::fs::write(target.join("a.txt"), "one line\n")?;
    let mut table = Table::new(format!("start (median of {TIMES} runs)"));
    let commands = [
        ("andon --version", words(&andon, &["--version"])),
        ("andon scan, a folder with one file", andon_scan(&andon, &target, &[])),
    ];
    for (what, command) in commands {
        let usage = median(TIMES, &command, &[("ANDON_CACHE_DIR", &cache)], folder.path())?;
        must_have_run(what, usage, &[0])?;
        table.add(what, usage);
    }
    Ok(table)
}
