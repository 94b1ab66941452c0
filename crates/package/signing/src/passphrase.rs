use std::fmt;

use andon_system::System;
use zeroize::Zeroizing;

/// What a private key is encrypted with. It is wiped from memory when it is dropped, and never shown. An empty one is
/// allowed, as cosign allows it.
#[derive(Clone, Default)]
pub struct Passphrase(Zeroizing<String>);

/// Why there is no passphrase: said by whoever was asked.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct PassphraseError(pub String);

impl Passphrase {
    /// Environment variables that hold a passphrase, best first.
    pub const VARIABLES: [&'static str; 2] = ["ANDON_KEY_PASSPHRASE", "COSIGN_PASSWORD"];

    /// From the environment; `None` when neither variable is set, or both are empty.
    pub fn from_environment(system: &dyn System) -> Option<Self> {
        let value = Self::VARIABLES.iter().find_map(|name| system.environment(name))?;
        value.into_string().ok().map(Self::from)
    }

    /// Whether there is nothing to guess.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl From<String> for Passphrase {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl PartialEq for Passphrase {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes() == other.0.as_bytes()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase")
    }
}
