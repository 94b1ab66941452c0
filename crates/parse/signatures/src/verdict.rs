use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::person::email_of;
use crate::ssh::pattern_list;

/// What can be said about who signed a commit or tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Verdict {
    /// The signature holds and the key is trusted for it at the time asked for.
    Good(Signer),
    /// There is no signature.
    Unsigned,
    /// The key is not among the trusted ones, or none of its entries is for commits.
    UnknownKey {
        /// The format of the signature.
        kind: SignatureKind,
        /// The key's fingerprint, or its key id where the signature says no more.
        key: String,
        /// What was looked for in vain.
        reason: String,
    },
    /// The signature does not hold, or is broken.
    Bad {
        /// What is wrong.
        reason: String,
    },
    /// The signature holds, but its key or itself is not valid at the time asked for.
    Expired {
        /// Who signed.
        signer: Signer,
        /// What ended, or did not begin yet.
        reason: String,
    },
    /// The signature holds, but its key was revoked.
    Revoked {
        /// Who signed.
        signer: Signer,
        /// What was revoked.
        reason: String,
    },
    /// A kind of signature that cannot be checked here.
    Unsupported {
        /// Which one, and what to do.
        reason: String,
    },
}

impl Verdict {
    /// Whether the signature holds with a trusted, valid key.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Good(_))
    }

    /// Who signed, where the signature holds with a known key: also when that key ended or was revoked.
    pub fn signer(&self) -> Option<&Signer> {
        match self {
            Self::Good(signer) | Self::Expired { signer, .. } | Self::Revoked { signer, .. } => Some(signer),
            _ => None,
        }
    }

    /// One word: `good`, `unsigned`, `unknown-key`, `bad`, `expired`, `revoked`, `unsupported`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Good(_) => "good",
            Self::Unsigned => "unsigned",
            Self::UnknownKey { .. } => "unknown-key",
            Self::Bad { .. } => "bad",
            Self::Expired { .. } => "expired",
            Self::Revoked { .. } => "revoked",
            Self::Unsupported { .. } => "unsupported",
        }
    }

    /// Why the verdict is not [`Verdict::Good`]; empty if it is, or if there is no signature.
    pub fn reason(&self) -> &str {
        match self {
            Self::Good(_) | Self::Unsigned => "",
            Self::UnknownKey { reason, .. }
            | Self::Bad { reason }
            | Self::Expired { reason, .. }
            | Self::Revoked { reason, .. }
            | Self::Unsupported { reason } => reason,
        }
    }
}

/// The format of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SignatureKind {
    /// OpenSSH's SSHSIG.
    Ssh,
    /// OpenPGP, RFC 9580.
    Openpgp,
}

/// The holder of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// The format of the signature.
    pub kind: SignatureKind,
    /// Whom the key stands for. SSH: the principals of each line of the allowed signers that trusts the key, as a list
    /// of patterns separated by commas; with a certificate, its own principals that the line admits. OpenPGP: the
    /// valid user ids of the key, the primary one first.
    pub identities: Vec<String>,
    /// Fingerprint of the key that signed: `SHA256:…` as `ssh-keygen -l` writes it, or OpenPGP's in upper-case
    /// hexadecimal digits.
    pub key: String,
    /// SSH: the fingerprint of the authority that certified the key, if one did. OpenPGP: the fingerprint of the primary
    /// key when a subkey signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// When the signature says that it was made; SSH's do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Timestamp>,
}

impl Signer {
    /// Whether the key stands for this e-mail address, whatever the case of its letters: a pattern of its principals
    /// matches and none forbids it (SSH), or it is the address in a user id (OpenPGP).
    pub fn speaks_for(&self, email: &str) -> bool {
        let email = email.trim().to_lowercase();
        if email.is_empty() {
            return false;
        }
        self.identities.iter().any(|identity| match self.kind {
            SignatureKind::Ssh => pattern_list(&email, &identity.to_lowercase()),
            SignatureKind::Openpgp => email_of(identity).is_some_and(|own| own.to_lowercase() == email),
        })
    }
}
