use std::io;
use std::io::Read;
use std::path::Path;

use andon_system::{files, paths};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Cache;
use crate::hash::hex;
use crate::record::{CoverageResult, TestResults};
use crate::{Connection, LogDigest, OutputFile, OutputKind, Sealed};

/// An earlier success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) key: String,
    /// The run that it is of.
    pub(crate) run: String,
    pub(crate) step: String,
    pub(crate) seal: Sealed,
    pub(crate) connections: Vec<Connection>,
    pub(crate) log: LogDigest,
    pub(crate) outputs: Vec<OutputFile>,
    pub(crate) tests: Option<TestResults>,
    pub(crate) coverage: Option<CoverageResult>,
}

/// What the cache says of a key.
pub(crate) enum Found {
    Nothing,
    /// There is something that cannot be used; for people.
    Damaged(String),
    Success(Box<Entry>),
}

/// Larger entries are neither written nor read, in bytes.
const LARGEST: u64 = 64 << 20;

impl Cache<'_> {
    /// The success that is kept under a key, its checksum compared. It counts as used now.
    pub(crate) fn find(&self, key: &str) -> Found {
        let found = self.look_at(key);
        match &found {
            // Only the order of eviction depends on it.
            Found::Success(_) => drop(files::touch(&self.step(key))),
            Found::Damaged(_) => self.forget(key),
            Found::Nothing => {}
        }
        found
    }

    /// As [`Cache::find`], and nothing changes.
    pub(crate) fn look_at(&self, key: &str) -> Found {
        let Ok(capped) = self.system.read_capped(&self.step(key), LARGEST) else { return Found::Nothing };
        match parse(&capped.bytes).filter(|entry| entry.key == key) {
            Some(entry) => Found::Success(Box::new(entry)),
            None => Found::Damaged("what the cache held for it was damaged and is not used".to_owned()),
        }
    }

    /// Keeps a success with the files that it made, all of them copied first.
    ///
    /// # Errors
    /// When a file changed since it was looked at, or nothing can be written; worth a note.
    pub(crate) fn keep(&self, root: &Path, entry: &Entry) -> Result<(), String> {
        for output in &entry.outputs {
            if matches!(output.kind, OutputKind::File | OutputKind::Executable) {
                self.keep_blob(&root.join(paths::to_path(&output.path)), &output.sha256)?;
            } else if output.kind == OutputKind::Link {
                let target = files::read_link(&root.join(paths::to_path(&output.path))).map_err(text)?;
                self.write_blob(&output.sha256, &mut &target[..])?;
            }
        }
        let body = serde_json::to_vec(entry).map_err(text)?;
        if body.len() as u64 > LARGEST {
            return Err("it made too many files".to_owned());
        }
        let mut bytes = hex(&Sha256::digest(&body)).into_bytes();
        bytes.push(b'\n');
        bytes.extend_from_slice(&body);
        self.system.write_atomic(&self.step(&entry.key), &bytes).map_err(text)
    }

    /// Removes what is kept under a key.
    pub(crate) fn forget(&self, key: &str) {
        // What stays is noticed again the next time.
        let _ = self.system.remove_file(&self.step(key));
    }

    /// The content with a digest, to be read; compared with its digest by whoever reads it.
    pub(super) fn open_blob(&self, sha256: &str) -> Option<Box<dyn files::ReadSeek>> {
        files::open_with_rights(&self.blob(sha256)).ok().map(|opened| opened.file)
    }

    fn keep_blob(&self, path: &Path, sha256: &str) -> Result<(), String> {
        let mut opened = files::open_with_rights(path).map_err(text)?;
        self.write_blob(sha256, &mut opened.file)
    }

    fn write_blob(&self, sha256: &str, content: &mut dyn Read) -> Result<(), String> {
        let place = self.blob(sha256);
        if self.system.metadata(&place).is_ok() && files::touch(&place).is_ok() {
            return Ok(());
        }
        if let Some(folder) = place.parent() {
            self.system.create_folder(folder).map_err(text)?;
        }
        files::create(&place, false, &mut |file| copy_checked(content, file, sha256)).map_err(text)
    }
}

/// Copies a content, and fails when it has another digest.
pub(super) fn copy_checked(from: &mut dyn Read, to: &mut dyn io::Write, sha256: &str) -> io::Result<()> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let length = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let bytes = buffer.get(..length).unwrap_or_default();
        hasher.update(bytes);
        to.write_all(bytes)?;
    }
    if hex(&hasher.finalize()) == sha256 {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidData, "its content is not what it was"))
}

fn parse(bytes: &[u8]) -> Option<Entry> {
    let (checksum, body) = bytes.split_at_checked(65)?;
    let whole = checksum.strip_suffix(b"\n")? == hex(&Sha256::digest(body)).as_bytes();
    if whole { serde_json::from_slice(body).ok() } else { None }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
