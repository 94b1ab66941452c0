//! SSH signatures (OpenSSH's PROTOCOL.sshsig) and who may make them.

mod allowed;
mod certificate;
mod key;
mod options;
mod pattern;
mod revoked;
mod signature;
mod wire;

pub use allowed::AllowedSigners;
pub use revoked::RevokedKeys;

pub(crate) use pattern::{pattern, pattern_list};
pub(crate) use signature::{BEGIN, verify};
