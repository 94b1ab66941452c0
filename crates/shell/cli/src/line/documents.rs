use std::path::PathBuf;

use andon_attestation::hex;
use andon_system::System;
use anyhow::Context;
use sha2::{Digest, Sha256};

use crate::problem::Problem;

/// What statements speak of by digest: reports of scans, inputs of decisions. A file each, named after its SHA-256.
pub(crate) struct Documents<'a> {
    system: &'a dyn System,
    folder: PathBuf,
}

/// The largest document that is read.
const LARGEST: u64 = 512 << 20;

impl<'a> Documents<'a> {
    /// Those of this machine.
    ///
    /// # Errors
    /// When nothing says where data lives.
    pub(crate) fn open(system: &'a dyn System) -> anyhow::Result<Self> {
        Ok(Self { system, folder: super::data_folder(system)?.join("documents") })
    }

    /// Keeps a document; returns its SHA-256 in hexadecimal.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn put(&self, bytes: &[u8]) -> anyhow::Result<String> {
        let digest = hex(&Sha256::digest(bytes));
        let path = self.path(&digest);
        if self.system.metadata(&path).is_ok_and(|found| found.size == bytes.len() as u64) {
            return Ok(digest);
        }
        if let Some(folder) = path.parent() {
            self.system.create_folder(folder)?;
        }
        self.system.write_atomic(&path, bytes).context("a document of the evidence was not kept")?;
        Ok(digest)
    }

    /// The document of a digest.
    ///
    /// # Errors
    /// When it is not here, or is not what its name says.
    pub(crate) fn get(&self, digest: &str) -> anyhow::Result<Vec<u8>> {
        let is_digest = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_digest {
            return Err(Problem::new(format!("`{digest}` is no SHA-256 in hexadecimal")).into());
        }
        let bytes = self.system.read_named(&self.path(digest), LARGEST)?.bytes;
        if hex(&Sha256::digest(&bytes)) != digest {
            let message = format!("the document {digest} was altered: its content has another digest");
            return Err(Problem::new(message).hint("run the scan or the gate again").into());
        }
        Ok(bytes)
    }

    fn path(&self, digest: &str) -> PathBuf {
        let (start, rest) = digest.split_at_checked(2).unwrap_or((digest, ""));
        self.folder.join(start).join(rest)
    }
}

#[cfg(test)]
mod tests {
    use andon_system::MemorySystem;

    use super::*;

    #[test]
    fn a_document_is_what_its_name_says() {
        let system = MemorySystem::new().variable("ANDON_DATA_DIR", "/data");
        let documents = Documents::open(&system).unwrap();
        let digest = documents.put(b"report").unwrap();
        assert_eq!(documents.get(&digest).unwrap(), b"report");
        system.write_atomic(&documents.path(&digest), b"altered").unwrap();
        assert!(documents.get(&digest).unwrap_err().to_string().contains("was altered"));
        assert!(documents.get("../../etc/passwd").unwrap_err().to_string().contains("no SHA-256"));
    }
}
