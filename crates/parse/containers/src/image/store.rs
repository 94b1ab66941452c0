use std::io::{self, Read};

use thiserror::Error;

/// A stream of bytes out of a [`Store`].
pub type Blob = Box<dyn Read + Send>;

/// Where the parts of an image come from. Paths are those of an OCI image layout (`oci-layout`, `index.json`,
/// `blobs/sha256/<hex>`) or of a docker-archive (`manifest.json` and what it names); they never lead out of it. A
/// registry can be a store too: it gives an `index.json` that names the one manifest which was asked for.
pub trait Store: Sync {
    /// Opens a file, or a blob, from its start.
    fn open(&self, path: &str) -> Result<Blob, StoreError>;

    /// Opens the blob of an index, a manifest; only registries keep them apart from other blobs.
    fn open_manifest(&self, path: &str) -> Result<Blob, StoreError> {
        self.open(path)
    }
}

/// Why a store does not give something.
#[derive(Debug, Error)]
pub enum StoreError {
    /// There is no such file or blob.
    #[error("it is not there")]
    NotFound,
    /// It is there, or could be, and cannot be read.
    #[error("{0}")]
    Failed(String),
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            _ => Self::Failed(error.to_string()),
        }
    }
}
