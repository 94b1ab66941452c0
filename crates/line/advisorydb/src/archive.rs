use std::io::BufReader;
use std::path::Path;

use andon_system::files::{self, ReadSeek};
use thiserror::Error;
use zip::ZipArchive;

/// Bytes of the largest dump: OSV's largest has a few hundred megabytes.
pub(crate) const LARGEST: u64 = 4 << 30;
/// Bytes of the largest record.
pub(crate) const LARGEST_RECORD: u64 = 8 << 20;
/// Records of a dump.
const MOST_RECORDS: usize = 2_000_000;
/// Bytes of all records in all, unpacked; and so many times the bytes of the dump.
const LARGEST_UNPACKED: u64 = 64 << 30;
const LARGEST_RATIO: u64 = 200;

/// Why a dump cannot be used at all.
#[derive(Debug, Error)]
pub(crate) enum ArchiveError {
    #[error("the dump is broken: {0}")]
    Broken(String),
    #[error("the dump has more than {0} files")]
    TooMany(usize),
    #[error("the dump unpacks to more than {0} bytes")]
    TooLarge(u64),
}

/// A file of a dump: its content, or why that cannot be read.
pub(crate) type Content<'a> = Result<&'a [u8], String>;

/// Gives each JSON file of a dump, in the dump's order, until `take` fails.
///
/// # Errors
/// When the dump is no zip archive or exceeds a limit; an error of `take` is given back.
pub(crate) fn each<E: From<ArchiveError>>(
    path: &Path,
    take: &mut dyn FnMut(&str, Content<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let (mut archive, bytes) = open(path)?;
    let limit = bytes.saturating_mul(LARGEST_RATIO).saturating_add(LARGEST_RECORD).min(LARGEST_UNPACKED);
    let mut unpacked: u64 = 0;
    for index in 0..archive.len() {
        let name = archive.name_for_index(index).and_then(Result::ok).unwrap_or_default().into_owned();
        if !name.ends_with(".json") {
            continue;
        }
        let content = read(&mut archive, index);
        let length = content.as_ref().map_or(0, Vec::len);
        unpacked = unpacked.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        if unpacked > limit {
            return Err(ArchiveError::TooLarge(limit).into());
        }
        match content {
            Ok(content) => take(&name, Ok(&content))?,
            Err(reason) => take(&name, Err(reason))?,
        }
    }
    Ok(())
}

/// Looks whether a dump can be read: how many of its records can. A record that cannot is only that; a dump where most
/// cannot is broken.
pub(crate) fn check(path: &Path) -> Result<u64, ArchiveError> {
    let (mut readable, mut unreadable): (u64, u64) = (0, 0);
    each::<ArchiveError>(path, &mut |_, content| {
        let count = if content.is_ok() { &mut readable } else { &mut unreadable };
        *count = count.saturating_add(1);
        Ok(())
    })?;
    if unreadable > readable {
        let all = readable.saturating_add(unreadable);
        return Err(ArchiveError::Broken(format!("{unreadable} of {all} records cannot be unpacked")));
    }
    Ok(readable)
}

type Archive = ZipArchive<BufReader<Box<dyn ReadSeek>>>;

/// An archive and its bytes.
fn open(path: &Path) -> Result<(Archive, u64), ArchiveError> {
    use std::io::{Seek, SeekFrom};
    const BUFFER: usize = 256 << 10;
    let broken = |reason: String| ArchiveError::Broken(reason);
    let mut file = files::open_read(path).map_err(|error| broken(error.to_string()))?;
    let bytes = file.seek(SeekFrom::End(0)).map_err(|error| broken(error.to_string()))?;
    let reader = BufReader::with_capacity(BUFFER, file);
    let archive = ZipArchive::new(reader).map_err(|error| broken(error.to_string()))?;
    if archive.len() > MOST_RECORDS {
        return Err(ArchiveError::TooMany(MOST_RECORDS));
    }
    Ok((archive, bytes))
}

fn read(archive: &mut Archive, index: usize) -> Result<Vec<u8>, String> {
    let mut file = archive.by_index(index).map_err(|error| error.to_string())?;
    let read = andon_system::read_stream(&mut file, "record", LARGEST_RECORD);
    read.map(|content| content.bytes).map_err(|error| error.problem.to_string())
}
