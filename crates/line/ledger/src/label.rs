//! By what an entry can be found: its own digest, and the digests of what its statement is about.

use andon_attestation::{Envelope, Statement};

use crate::record::Record;

/// Digests of subjects by which one entry can be found; further ones are left out. A statement about more files names
/// the folder or archive that holds them.
pub(crate) const MOST: usize = 1024;

/// The label of an entry by its content.
pub(crate) fn of_record(record: &Record) -> String {
    format!("entry:sha256:{}", record.digest)
}

/// The label of a subject's digest, such as `sha256:…` or `gitCommit:…`: the algorithm as the statement names it.
pub(crate) fn of_digest(algorithm: &str, digest: &str) -> String {
    format!("subject:{algorithm}:{digest}")
}

/// All labels of an entry. What is no envelope around a statement has none but its own digest.
pub(crate) fn all(record: &Record, content: &[u8]) -> Vec<String> {
    let mut labels = vec![of_record(record)];
    let statement =
        Envelope::from_json(content).ok().and_then(|envelope| Statement::unverified(&envelope).ok());
    let subjects = statement.map(|statement| statement.subject).unwrap_or_default();
    let digests = subjects.iter().flat_map(|subject| &subject.digest);
    labels.extend(digests.take(MOST).map(|(algorithm, digest)| of_digest(algorithm, digest)));
    labels
}
