//! What commands of the line share: where evidence is kept, who signs it, what is on the line.

mod documents;
mod ledger;
mod recorder;
mod scans;
mod statements;
mod workspace;

use std::path::PathBuf;

use andon_system::System;

pub(crate) use documents::Documents;
pub(crate) use ledger::LedgerPlace;
pub(crate) use recorder::Recorder;
pub(crate) use scans::Scans;
pub(crate) use workspace::workspace;

use crate::problem::Problem;

/// Where keys, ledgers, runs and documents of this machine are.
///
/// # Errors
/// When nothing says where.
pub(crate) fn data_folder(system: &dyn System) -> anyhow::Result<PathBuf> {
    system.data_dir().ok_or_else(|| {
        Problem::new("nothing says where data lives").hint("set HOME or ANDON_DATA_DIR").into()
    })
}
