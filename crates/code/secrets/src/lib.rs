//! Finds credentials in text. Runs gitleaks configurations unchanged, and our own pack written in the same format.
//!
//! It knows nothing of git, of files or of how results are shown: it is given decoded text, remembers what it found
//! as facts that hold no secret in clear, and turns the facts of many texts into findings.

pub mod config;
pub mod decode;
mod detect;
mod engine;
mod entropy;
pub mod examples;
mod facts;
mod identity;
mod matcher;
mod noise;
mod pack;
mod redact;
mod validate;

pub use engine::{NAME, Secrets, Settings};
pub use identity::ProjectKey;
pub use pack::{own_pack, own_pack_files};
