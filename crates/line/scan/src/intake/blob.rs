use andon_model::{Gap, GapKind};
use gix::{ObjectId, Repository};
use thiserror::Error;

/// Reads a blob from the object database.
///
/// # Errors
/// When it is missing, has more than `limit` bytes, is no blob, or is damaged. Its size is asked before it is inflated.
pub fn read_blob(repository: &Repository, id: ObjectId, limit: u64) -> Result<Vec<u8>, BlobError> {
    read_object(repository, id, gix::object::Kind::Blob, limit)
}

/// Reads an object of the expected kind.
pub(super) fn read_object(
    repository: &Repository,
    id: ObjectId,
    kind: gix::object::Kind,
    limit: u64,
) -> Result<Vec<u8>, BlobError> {
    let failed = |problem| BlobError { id, problem };
    let corrupt = |error: &dyn std::fmt::Display| failed(BlobProblem::Corrupt(error.to_string()));
    let header = repository.try_find_header(id).map_err(|error| corrupt(&error))?;
    let header = header.ok_or_else(|| failed(BlobProblem::Missing))?;
    if header.kind() != kind {
        return Err(failed(BlobProblem::WrongKind));
    }
    if header.size() > limit {
        return Err(failed(BlobProblem::TooLarge { size: header.size(), limit }));
    }
    let object = repository.try_find_object(id).map_err(|error| corrupt(&error))?;
    let mut object = object.ok_or_else(|| failed(BlobProblem::Missing))?;
    Ok(std::mem::take(&mut object.data))
}

/// A blob that could not be read.
#[derive(Debug, Error)]
#[error("cannot read the git object {id}: {problem}")]
pub struct BlobError {
    /// Which.
    pub id: ObjectId,
    /// Why.
    #[source]
    pub problem: BlobProblem,
}

/// Why a blob could not be read.
#[derive(Debug, Error)]
pub enum BlobProblem {
    /// It is not in the object database.
    #[error("it is missing (a partial or damaged clone?); `git fetch` may bring it")]
    Missing,
    /// More bytes than wanted.
    #[error("{size} bytes are more than the limit of {limit}; raise the limit or exclude it")]
    TooLarge {
        /// Bytes it has.
        size: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// A tree, commit or tag where a blob was expected.
    #[error("it is of another kind than its use says; `git fsck` tells more")]
    WrongKind,
    /// It cannot be inflated or decoded.
    #[error("it is damaged ({0}); `git fsck` tells more")]
    Corrupt(String),
}

impl BlobError {
    /// The coverage line; `subject` is the report path where the blob occurs.
    pub fn gap(&self, subject: &str) -> Gap {
        let kind = match self.problem {
            BlobProblem::Missing => GapKind::MissingObject,
            BlobProblem::TooLarge { .. } => GapKind::TooLarge,
            BlobProblem::WrongKind | BlobProblem::Corrupt(_) => GapKind::Corrupt,
        };
        Gap { kind, subject: subject.to_owned(), detail: self.to_string() }
    }
}
