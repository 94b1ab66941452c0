//! Key files, and signatures of files: what cosign calls `sign-blob`, in its formats. It knows nothing of policies and
//! prompts nobody; who calls it brings the randomness and the passphrase.
//!
//! ```
//! use andon_attestation::{KeyKind, SecretKey, Signer};
//! use andon_signing::{FileSignature, Passphrase, key_file, sign_reader, verify_reader};
//!
//! let key = SecretKey::generate(KeyKind::EcdsaP256, &[7; 32]);
//! let text = key_file::to_pem(&key);
//! let again = key_file::from_pem(text.as_bytes(), &mut || Ok(Passphrase::default()))?;
//!
//! let signed = sign_reader(&mut &b"content"[..], &again)?;
//! let signature = FileSignature::raw(signed.to_base64().as_bytes())?;
//! let accepted = [key.public().clone()];
//! assert_eq!(verify_reader(&mut &b"content"[..], &accepted, &signature)?.key, key.public());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod encrypted;
mod error;
mod file;
pub mod image;
pub mod key_file;
mod passphrase;
mod secretbox;
mod source;

pub use encrypted::{EncryptedError, Randomness};
pub use error::SigningError;
pub use file::{FileSignature, LARGEST_ED25519, SignedFile, VerifiedFile, sign_reader, verify_reader};
pub use passphrase::{Passphrase, PassphraseError};
pub use source::{KeySource, keys_folder};
