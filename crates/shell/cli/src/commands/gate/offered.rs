use std::path::{Path, PathBuf};

use andon_attestation::{PublicKey, json};
use andon_gate::evidence::Asked;
use andon_system::{FileKind, System};
use anyhow::Context;

use super::ledger;
use crate::problem::Problem;

/// A statement as it was found; see [`andon_gate::evidence::Offered`].
pub(crate) struct Found {
    pub(crate) origin: String,
    pub(crate) index: Option<u64>,
    pub(crate) bytes: Vec<u8>,
}

/// More files in a folder are refused.
const MOST_FILES: usize = 10_000;

/// The statements at the paths that the user named: ledgers first, so that a copy in a file does not lose its place.
///
/// # Errors
/// When one cannot be read, or a ledger is not believed.
pub(crate) fn read(
    system: &dyn System,
    paths: &[PathBuf],
    asked: &Asked,
    keys: &[PublicKey],
) -> anyhow::Result<Vec<Found>> {
    let mut found = Vec::new();
    let (ledgers, others): (Vec<_>, Vec<_>) = paths.iter().partition(|path| ledger::is_ledger(system, path));
    for folder in ledgers {
        found.extend(ledger::statements(system, folder, asked, keys)?);
    }
    for path in others {
        if system.metadata(&system.canonical(path)?)?.kind == FileKind::Folder {
            for file in files(system, path)? {
                found.extend(file_statements(system, &file)?);
            }
        } else {
            found.extend(file_statements(system, path)?);
        }
    }
    Ok(found)
}

fn files(system: &dyn System, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = system.list(folder)?;
    if entries.len() > MOST_FILES {
        return Err(Problem::new(format!("{} has more than {MOST_FILES} files", folder.display())).into());
    }
    let files = entries.into_iter().filter(|entry| entry.kind == FileKind::File);
    let mut files: Vec<PathBuf> = files.map(|entry| folder.join(entry.name)).collect();
    files.sort();
    Ok(files)
}

/// One envelope, one Sigstore bundle, or one of them on every line. What is none of these is offered as it is, so that
/// the gate says why it does not count.
fn file_statements(system: &dyn System, path: &Path) -> anyhow::Result<Vec<Found>> {
    let limit = u64::try_from(json::MAX_BYTES).unwrap_or(u64::MAX);
    let bytes = system.read_named(path, limit)?.bytes;
    let origin = path.display().to_string();
    let lines: Vec<&[u8]> =
        bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).collect();
    if lines.len() < 2 || json::read(&bytes).is_ok() {
        return Ok(vec![Found { origin, index: None, bytes: unwrapped(&bytes)? }]);
    }
    let each = lines.into_iter().enumerate().map(|(line, bytes)| {
        Ok(Found { origin: format!("{origin}:{}", line + 1), index: None, bytes: unwrapped(bytes)? })
    });
    each.collect()
}

/// The envelope inside a Sigstore bundle; other bytes as they are.
fn unwrapped(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let envelope = json::read(bytes).ok().and_then(|value| value.get("dsseEnvelope").cloned());
    match envelope {
        Some(envelope) => serde_json::to_vec(&envelope).context("cannot write an envelope"),
        None => Ok(bytes.to_vec()),
    }
}
