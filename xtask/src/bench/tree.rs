//! The files of a folder or working tree.

use anyhow::Result;

use super::Target;
use super::table::Table;
use super::tools::{self, What};

pub(super) fn run(target: &Target) -> Result<Table> {
    let (andon, path) = (target.binary.andon()?, target.path()?);
    let mut table = Table::new(format!("files of {}", path.display()));
    tools::ours(&mut table, &andon, &path, &[])?;
    tools::theirs(&mut table, &target.binary, &path, What::Tree)?;
    Ok(table)
}
