//! Who signed a git commit or tag: SSH and OpenPGP signatures, checked against the keys that are trusted.
//!
//! Bytes in, a verdict out: this crate reads no file, no clock, no keyring of the machine and starts neither `gpg` nor
//! `ssh-keygen`. It knows nothing of repositories; whoever calls it hands in the object's bytes, the trusted keys and
//! the time at which the keys must be valid.
//!
//! ```
//! use andon_signatures::{Trust, Verdict, examine};
//! let commit = b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\
//!     author A <a@x.example> 1700000000 +0000\n\
//!     committer A <a@x.example> 1700000000 +0000\n\n\
//!     Begin\n";
//! let trust = Trust::default();
//! let seen = examine(commit, &trust, jiff::Timestamp::UNIX_EPOCH);
//! assert_eq!(seen.verdict, Verdict::Unsigned);
//! assert_eq!(seen.author.map(|author| author.email).as_deref(), Some("a@x.example"));
//! ```

mod armor;
mod error;
mod object;
mod openpgp;
mod person;
mod primitive;
mod ssh;
mod verdict;

use jiff::Timestamp;

pub use error::{TrustError, TrustProblem};
pub use object::{ObjectKind, SignedObject};
pub use openpgp::Keyring;
pub use person::Person;
pub use ssh::{AllowedSigners, RevokedKeys};
pub use verdict::{SignatureKind, Signer, Verdict};

/// What begins the signatures of gpgsm.
const X509: &[u8] = b"-----BEGIN SIGNED MESSAGE-----";

/// The keys that are trusted. The default trusts none.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// SSH keys and whom they stand for.
    pub signers: AllowedSigners,
    /// SSH keys that are not believed any more.
    pub revoked: RevokedKeys,
    /// OpenPGP keys.
    pub keyring: Keyring,
}

/// A commit or tag with its verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// Commit or tag.
    pub kind: ObjectKind,
    /// The author of a commit: what it claims, not what is proven.
    pub author: Option<Person>,
    /// The committer of a commit, the tagger of a tag: what it claims.
    pub committer: Option<Person>,
    /// What the signature proves.
    pub verdict: Verdict,
}

impl Examined {
    /// Whether a good signature is by a key that stands for the committer (or tagger).
    pub fn signer_is_committer(&self) -> bool {
        self.is_signer(self.committer.as_ref())
    }

    /// Whether a good signature is by a key that stands for the author.
    pub fn signer_is_author(&self) -> bool {
        self.is_signer(self.author.as_ref())
    }

    fn is_signer(&self, person: Option<&Person>) -> bool {
        let Verdict::Good(signer) = &self.verdict else { return false };
        person.is_some_and(|person| signer.speaks_for(&person.email))
    }
}

/// Judges the signature of a git commit or tag: `object` is its bytes without git's header (`commit 123\0`), and the keys
/// must be valid at the time `at`. git itself takes the committer's time for SSH ([`SignedObject::time`]), which the
/// committer chooses, and the current time for OpenPGP. Never fails and never panics: what cannot be read is
/// [`Verdict::Bad`].
pub fn verify(object: &[u8], trust: &Trust, at: Timestamp) -> Verdict {
    verify_parsed(&SignedObject::parse(object), trust, at)
}

/// Judges the signature like [`verify`] and says who the object claims to be by.
pub fn examine(object: &[u8], trust: &Trust, at: Timestamp) -> Examined {
    let parsed = SignedObject::parse(object);
    let verdict = verify_parsed(&parsed, trust, at);
    Examined { kind: parsed.kind, author: parsed.author, committer: parsed.committer, verdict }
}

fn verify_parsed(object: &SignedObject<'_>, trust: &Trust, at: Timestamp) -> Verdict {
    let Some(signature) = &object.signature else { return Verdict::Unsigned };
    if signature.starts_with(ssh::BEGIN) {
        ssh::verify(&object.payload, signature, &trust.signers, &trust.revoked, at)
    } else if signature.starts_with(openpgp::BEGIN) {
        openpgp::verify(&object.payload, signature, &trust.keyring, at)
    } else if signature.starts_with(X509) {
        Verdict::Unsupported {
            reason: "X.509 signatures (gpgsm) are not checked; sign with an SSH or OpenPGP key".to_owned(),
        }
    } else {
        Verdict::Bad { reason: "the signature is of no format that git knows".to_owned() }
    }
}
