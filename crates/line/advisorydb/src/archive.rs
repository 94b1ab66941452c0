use std::path::Path;

use andon_containers::{
    ArchiveKind, Budget, Entry, Limits, Problem, ProblemKind, Source, Visitor, Want, walk,
};
use andon_system::files;
use thiserror::Error;

/// Bytes of the largest dump: OSV's largest has a few hundred megabytes.
pub(crate) const LARGEST: u64 = 4 << 30;
/// Bytes of the largest record.
pub(crate) const LARGEST_RECORD: u64 = 8 << 20;
/// Files of a dump, and bytes of their names.
const MOST_FILES: u64 = 2_000_000;
const MOST_NAMES: u64 = 512 << 20;
/// Bytes of all records in all, unpacked; and so many times the bytes of the dump.
const LARGEST_UNPACKED: u64 = 64 << 30;
const LARGEST_RATIO: u64 = 200;

/// Why a dump cannot be used at all.
#[derive(Debug, Error)]
pub(crate) enum ArchiveError {
    #[error("the dump is broken: {0}")]
    Broken(String),
    #[error("the dump exceeds a limit: {0}")]
    Limit(String),
}

/// A file of a dump: its content, or why that cannot be read.
pub(crate) type Content<'a> = Result<&'a [u8], String>;

/// What takes the files of a dump.
type Take<'t, E> = &'t mut dyn FnMut(&str, Content<'_>) -> Result<(), E>;

/// Gives each JSON file of a dump, in the dump's order, until `take` fails. One file is held in memory at a time, and
/// nothing of the dump's directory but the entry at hand.
///
/// # Errors
/// When the dump is no zip archive, is damaged or exceeds a limit; an error of `take` is given back.
pub(crate) fn each<E: From<ArchiveError>>(path: &Path, take: Take<'_, E>) -> Result<(), E> {
    let (file, bytes) = open(path)?;
    walk_all(file, limits(bytes), take)
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

/// A dump, at its beginning, and its bytes.
fn open(path: &Path) -> Result<(Box<dyn files::ReadSeek>, u64), ArchiveError> {
    use std::io::{Seek, SeekFrom};
    let mut file = files::open_read(path).map_err(|error| ArchiveError::Broken(error.to_string()))?;
    let bytes = file.seek(SeekFrom::End(0)).and_then(|bytes| file.rewind().map(|()| bytes));
    Ok((file, bytes.map_err(|error| ArchiveError::Broken(error.to_string()))?))
}

fn limits(bytes: u64) -> Limits {
    let unpacked = bytes.saturating_mul(LARGEST_RATIO).saturating_add(LARGEST_RECORD);
    Limits {
        depth: 1,
        entries: MOST_FILES,
        name_bytes: MOST_NAMES,
        entry_bytes: LARGEST_RECORD,
        total_bytes: unpacked.min(LARGEST_UNPACKED),
        // Each is a record that cannot be read, and must be counted.
        problems: u64::MAX,
        ..Limits::default()
    }
}

fn walk_all<E: From<ArchiveError>>(
    mut file: Box<dyn files::ReadSeek>,
    limits: Limits,
    take: Take<'_, E>,
) -> Result<(), E> {
    let budget = Budget::new(limits);
    let mut records = Records { budget: &budget, take, failed: None, damaged: None };
    // Whatever it is, it has to be a zip archive.
    let outcome = walk(Source::Seekable(&mut file), "all.zip", &budget, &mut records);
    match records.failed {
        Some(error) => Err(error),
        None if outcome.archives == 0 => Err(ArchiveError::Broken("it is no zip archive".to_owned()).into()),
        None => Ok(()),
    }
}

struct Records<'t, E> {
    budget: &'t Budget,
    take: Take<'t, E>,
    failed: Option<E>,
    /// The record that a problem was just told of: what follows of it is not all of it.
    damaged: Option<String>,
}

impl<E: From<ArchiveError>> Records<'_, E> {
    fn give(&mut self, name: &str, content: Content<'_>) {
        if self.failed.is_none() {
            self.failed = (self.take)(name, content).err();
        }
    }
}

fn is_record(path: &str) -> bool {
    path.ends_with(".json")
}

impl<E: From<ArchiveError>> Visitor for Records<'_, E> {
    fn opens(&mut self, _entry: &Entry<'_>, _kind: ArchiveKind) -> bool {
        false
    }

    fn wants(&mut self, entry: &Entry<'_>, _head: &[u8]) -> Want {
        if is_record(entry.path) { Want::Content { limit: LARGEST_RECORD } } else { Want::Skip }
    }

    fn file(&mut self, entry: &Entry<'_>, bytes: Vec<u8>) {
        if self.damaged.take().is_none_or(|damaged| damaged != entry.path) {
            self.give(entry.path, Ok(&bytes));
        }
    }

    fn problem(&mut self, problem: Problem) {
        let spent = self.budget.bytes() > self.budget.limits().total_bytes;
        match problem.nested.into_iter().next_back() {
            // A record that ends the budget for all is not what is wrong.
            Some(_) if spent => {
                let limit = self.budget.limits().total_bytes;
                let error = ArchiveError::Limit(format!("it unpacks to more than {limit} bytes"));
                self.failed.get_or_insert(error.into());
            }
            Some(path) if is_record(&path) => {
                self.give(&path, Err(problem.detail));
                self.damaged = Some(path);
            }
            Some(_) => {}
            None => {
                let error = match problem.kind {
                    ProblemKind::Limit => ArchiveError::Limit(problem.detail),
                    _ => ArchiveError::Broken(problem.detail),
                };
                self.failed.get_or_insert(error.into());
            }
        }
    }

    fn cancelled(&mut self) -> bool {
        self.failed.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};

    fn dump(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// What is given of a dump, a line each; an error at the end.
    fn check(dump: Vec<u8>, limits: Limits, expected: &[&str]) {
        let mut seen = Vec::new();
        let done = walk_all::<ArchiveError>(Box::new(Cursor::new(dump)), limits, &mut |name, content| {
            let content =
                content.map_or_else(|reason| format!("({reason})"), |bytes| format!("{}", bytes.len()));
            seen.push(format!("{name} {content}"));
            Ok(())
        });
        seen.extend(done.err().map(|error| error.to_string()));
        assert_eq!(seen.len(), expected.len(), "{seen:?}");
        for (line, expected) in seen.iter().zip(expected) {
            assert!(line.contains(expected), "{line}, not {expected}");
        }
    }

    #[test]
    fn records_are_given_and_damage_is_told() {
        let good =
            dump(&[("a.json", b"{}"), ("read.me", b"x"), ("b.json", b"{ }"), ("c.json", b"PK\x03\x04")]);
        check(good.clone(), limits(100), &["a.json 2", "b.json 3", "c.json 4"]);
        check(Vec::new(), limits(0), &["broken: it is no zip"]);
        check(b"{}".to_vec(), limits(2), &["broken: it is no zip"]);
        check(good[..good.len() - 30].to_vec(), limits(100), &["broken: it has no central directory"]);
        let mut damaged = good;
        let name = damaged.windows(6).position(|bytes| bytes == b"b.json").unwrap();
        damaged[name + 7] ^= 0xFF;
        check(damaged, limits(100), &["a.json 2", "b.json (", "c.json 4"]);
    }

    #[test]
    fn limits_hold_before_anything_is_kept() {
        let many: Vec<String> = (0..50).map(|number| format!("{number}.json")).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b"{}"[..])).collect();
        let few = Limits { entries: 2, ..limits(100) };
        check(dump(&many), few, &["0.json 2", "1.json 2", "limit: more than 2 entries"]);
        let short = Limits { name_bytes: 10, ..limits(100) };
        check(dump(&many), short, &["0.json 2", "limit: entries with more than 10 bytes of names"]);
        let long = [b' '; 100];
        let files: [(&str, &[u8]); 3] = [("a.json", &long), ("b.json", &long), ("c.json", b"")];
        let small = Limits { total_bytes: 150, ..limits(100) };
        check(dump(&files), small, &["a.json 100", "limit: it unpacks to more than 150 bytes"]);
        let huge = vec![b' '; LARGEST_RECORD as usize + 1];
        check(dump(&[("a.json", &huge), ("b.json", b"{}")]), limits(1 << 20), &["a.json (", "b.json 2"]);
    }

    #[test]
    fn a_directory_that_lies_about_its_entries_is_broken() {
        let mut lying = dump(&[("a.json", b"{}")]);
        let end = lying.len() - 22;
        lying[end + 10] = 200;
        lying[end + 8] = 200;
        check(lying, limits(100), &["a.json 2", "broken: its directory has another number"]);
    }
}
