use std::path::Path;

use andon_attestation::PublicKey;
use andon_gate::evidence::Asked;
use andon_ledger::{Ledger, Trust};
use andon_system::System;
use anyhow::Context;

use super::offered::Found;
use crate::problem::Problem;

/// The file that every ledger has.
const CHECKPOINT: &str = "checkpoint";
/// Bytes of a checkpoint that are read at most.
const LARGEST: u64 = 1 << 20;

/// Whether a folder is a ledger.
pub(super) fn is_ledger(system: &dyn System, folder: &Path) -> bool {
    system.metadata(&folder.join(CHECKPOINT)).is_ok()
}

/// What a ledger in a folder that the user named says of what is asked for.
///
/// # Errors
/// When none of the accepted keys signed its checkpoint, or it is not what was signed.
pub(super) fn statements(
    system: &dyn System,
    folder: &Path,
    asked: &Asked,
    keys: &[PublicKey],
) -> anyhow::Result<Vec<Found>> {
    let note = system.read_named(&folder.join(CHECKPOINT), LARGEST)?.bytes;
    let origin = String::from_utf8_lossy(&note).lines().next().unwrap_or_default().to_owned();
    let trust = Trust::new(&origin, keys)
        .map_err(|error| Problem::new(format!("{} is no ledger: {error}", folder.display())))?;
    let name = folder.display().to_string();
    of_ledger(&Ledger::open(folder, trust), &name, asked).with_context(|| {
        format!(
            "the ledger {name} is not believed; accept the key of its checkpoints in `trust`, or name another"
        )
    })
}

/// The entries of a ledger about what is asked for, in order.
///
/// # Errors
/// When it is not what was signed.
pub(crate) fn of_ledger(ledger: &Ledger, name: &str, asked: &Asked) -> anyhow::Result<Vec<Found>> {
    let view = ledger.view()?;
    let commits = asked.commit.iter().chain(&asked.base).map(|commit| ("gitCommit", commit));
    let artefacts = asked.artefacts.iter().map(|digest| ("sha256", digest));
    let mut found: Vec<Found> = Vec::new();
    for (algorithm, digest) in commits.chain(artefacts) {
        for entry in view.about(algorithm, digest)? {
            if !found.iter().any(|known| known.index == Some(entry.index)) {
                let origin = format!("{name} entry {}", entry.index);
                found.push(Found { origin, index: Some(entry.index), bytes: entry.content });
            }
        }
    }
    found.sort_by_key(|entry| entry.index);
    Ok(found)
}
