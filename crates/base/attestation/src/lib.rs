//! Statements about software and the signatures under them: keys in memory, DSSE envelopes, in-toto statements, their
//! predicates, and Sigstore bundles. Everything that is read is bounded and taken to be hostile. It knows nothing of
//! files, passphrases, logs or gates.
//!
//! ```
//! use andon_attestation::{Envelope, KeyKind, Resource, SecretKey, Signer, Statement, predicate};
//!
//! let key = SecretKey::generate(KeyKind::Ed25519, &[7; 32]);
//! let subject = Resource::git_commit("2fd4e1c67a2d28fced849ee1bb76e7391b93eb12");
//! let approval = predicate::Approval {
//!     role: "release".to_owned(),
//!     approver: "ada@example.org".to_owned(),
//!     reason: "read the change".to_owned(),
//!     given_on: "2026-11-22T20:00:00Z".to_owned(),
//!     ..Default::default()
//! };
//! let envelope = Statement::of(vec![subject], &approval)?.sign(&key);
//!
//! let read = Envelope::from_json(&envelope.to_json())?;
//! let accepted = [key.public().clone()];
//! let (statement, signers) = Statement::verified(&read, &accepted)?;
//! assert_eq!(statement.predicate_as::<predicate::Approval>()?.role, "release");
//! assert_eq!(signers, [key.public()]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod bundle;
mod encoding;
mod envelope;
pub mod json;
mod key;
pub mod predicate;
mod resource;
mod statement;

pub use encoding::{base64_decode, base64_encode, hex};
pub use envelope::{Envelope, EnvelopeError, EnvelopeSignature};
pub use key::pem;
pub use key::{KeyError, KeyId, KeyKind, MessageVerifier, PublicKey, SecretKey, Signer, VerifyError};
pub use predicate::Predicate;
pub use resource::Resource;
pub use statement::{Statement, StatementError};
