use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use andon_system::files::{self, Appended};
use andon_system::{OsSystem, System, WriteError, atomic};
use sha2::{Digest, Sha256};

use super::{Download, integrity_of_size};
use crate::{Problem, Validators};

/// A file that is not whole yet, and beside it what it is a part of.
pub(super) struct Part {
    file: Appended,
    path: PathBuf,
    note: PathBuf,
    source: String,
    validators: Validators,
    hash: Sha256,
    /// Bytes of an earlier run that are still in it.
    kept: u64,
}

impl Part {
    /// Opens what an earlier attempt left, or begins anew.
    pub(super) fn open(to: &Path, url: &str) -> Result<Self, Problem> {
        let beside = |end: &str| {
            let mut name: OsString = to.as_os_str().to_owned();
            name.push(end);
            PathBuf::from(name)
        };
        let (path, note) = (beside(".part"), beside(".part.json"));
        let file = files::open_append(&path)?;
        let source = hex(&Sha256::digest(url.as_bytes()));
        let kept = file.length();
        let hash = Sha256::new();
        let mut part = Self { file, path, note, source, validators: Validators::default(), hash, kept };
        if kept > 0 {
            match part.read_note() {
                Some(validators) => {
                    part.validators = validators;
                    part.hash_again()?;
                }
                None => part.clear()?,
            }
        }
        Ok(part)
    }

    pub(super) fn length(&self) -> u64 {
        self.file.length()
    }

    pub(super) fn kept(&self) -> u64 {
        self.kept
    }

    pub(super) fn validators(&self) -> &Validators {
        &self.validators
    }

    /// Whether what is there can be gone on with: only if a validator or a digest tells that it is still the same.
    pub(super) fn can_resume(&self, download: &Download<'_>) -> bool {
        self.length() > 0 && (download.sha256.is_some() || self.validators.strong().is_some())
    }

    pub(super) fn clear(&mut self) -> Result<(), Problem> {
        self.file.clear().map_err(|error| self.write_problem(error))?;
        (self.hash, self.kept, self.validators) = (Sha256::new(), 0, Validators::default());
        Ok(())
    }

    /// Begins with the first byte of content that is known by `validators`.
    pub(super) fn begin(&mut self, validators: Validators) -> Result<(), Problem> {
        self.clear()?;
        let note = serde_json::json!({
            "source": self.source, "etag": validators.etag, "last_modified": validators.last_modified,
        });
        atomic::write(&self.note, note.to_string().as_bytes())?;
        self.validators = validators;
        Ok(())
    }

    /// Checks the whole and gives it its name; bytes and SHA-256. What is wrong is thrown away.
    pub(super) fn finish(&mut self, download: &Download<'_>) -> Result<(u64, String), Problem> {
        let (bytes, sha256) = (self.length(), hex(&self.hash.clone().finalize()));
        let wrong = match (download.size, download.sha256) {
            (Some(expected), _) if expected != bytes => Some(integrity_of_size(expected, bytes)),
            (_, Some(expected)) if !expected.eq_ignore_ascii_case(&sha256) => Some(Problem::Integrity {
                expected: format!("sha256:{expected}"),
                found: format!("sha256:{sha256}"),
            }),
            _ => None,
        };
        if let Some(wrong) = wrong {
            self.clear()?;
            return Err(wrong);
        }
        self.file.sync().map_err(|error| self.write_problem(error))?;
        files::rename(&self.path, download.to)?;
        OsSystem.remove_file(&self.note)?;
        Ok((bytes, sha256))
    }

    pub(super) fn write_problem(&self, error: io::Error) -> Problem {
        Problem::Write(WriteError::of(&self.path, error))
    }

    /// What the part on the disk is a part of; `None` when that is something else.
    fn read_note(&self) -> Option<Validators> {
        const LIMIT: u64 = 64 << 10;
        let note = OsSystem.read_capped(&self.note, LIMIT).ok()?;
        let note: serde_json::Value = serde_json::from_slice(&note.bytes).ok()?;
        let text = |key: &str| note.get(key)?.as_str().map(str::to_owned);
        (text("source")? == self.source)
            .then(|| Validators { etag: text("etag"), last_modified: text("last_modified") })
    }

    fn hash_again(&mut self) -> Result<(), Problem> {
        let mut file = files::open_read(&self.path)?;
        let mut buffer = vec![0; 64 << 10];
        loop {
            let length = file.read(&mut buffer).map_err(|error| self.write_problem(error))?;
            match buffer.get(..length) {
                None | Some([]) => return Ok(()),
                Some(bytes) => self.hash.update(bytes),
            }
        }
    }
}

impl Write for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
