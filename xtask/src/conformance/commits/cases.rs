//! One case: an object, what is trusted, and both verdicts.

use andon_signatures::{
    AllowedSigners, Keyring, RevokedKeys, SignatureKind, SignedObject, Trust, Verdict, verify,
};
use anyhow::Result;

use super::workshop::Workshop;

/// Whose clock says when the keys must be valid.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// The committer's, as git tells ssh-keygen.
    Committer,
    /// That of the machine, as gpg has it.
    Now,
}

/// An object with what is trusted.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) name: String,
    /// The repository: with SHA-1 or SHA-256.
    pub(super) repository: &'static str,
    pub(super) object: String,
    pub(super) is_tag: bool,
    pub(super) allowed: String,
    pub(super) revoked: Option<String>,
    pub(super) clock: Clock,
    /// Why the verdicts may differ.
    pub(super) explained: Option<&'static str>,
}

/// Both verdicts.
pub(super) struct Row {
    /// What `%G?` says; `-` for tags.
    pub(super) letter: String,
    pub(super) accepted: bool,
    pub(super) said: String,
    pub(super) word: &'static str,
    pub(super) reason: String,
    pub(super) agrees: bool,
}

impl Case {
    pub(super) fn new(name: &str, object: &str, clock: Clock) -> Self {
        Self {
            name: name.to_owned(),
            repository: "sha1",
            object: object.to_owned(),
            is_tag: false,
            allowed: String::new(),
            revoked: None,
            clock,
            explained: None,
        }
    }

    pub(super) fn allow(mut self, allowed: impl Into<String>) -> Self {
        self.allowed = allowed.into();
        self
    }

    pub(super) fn revoke(mut self, revoked: impl Into<String>) -> Self {
        self.revoked = Some(revoked.into());
        self
    }

    pub(super) fn explain(mut self, why: &'static str) -> Self {
        self.explained = Some(why);
        self
    }

    pub(super) fn judge(&self, shop: &Workshop) -> Result<Row> {
        let (letter, accepted, said) = shop.ask_git(self)?;
        let bytes = shop.object(self.repository, &self.object)?;
        let at = match self.clock {
            Clock::Committer => SignedObject::parse(&bytes).time().unwrap_or_default(),
            Clock::Now => jiff::Timestamp::now(),
        };
        let revoked = self.revoked.as_deref().unwrap_or_default();
        let trust = Trust {
            signers: AllowedSigners::parse(self.allowed.as_bytes())?,
            revoked: RevokedKeys::parse(revoked.as_bytes())?,
            keyring: Keyring::parse(&shop.keyring()?)?,
        };
        let verdict = verify(&bytes, &trust, at);
        Ok(Row {
            // Newer versions of git take signatures by keys that expired since, which it marks with Y.
            agrees: (accepted == verdict.is_good() || letter == "Y") && fits(&letter, &verdict),
            letter,
            accepted,
            said,
            word: verdict.word(),
            reason: verdict.reason().to_owned(),
        })
    }
}

/// Whether git's letter says the same; it has fewer of them than we have verdicts.
fn fits(letter: &str, verdict: &Verdict) -> bool {
    let letters = match verdict {
        // For OpenPGP git also has U, where nobody said how far the key's owner is to be trusted.
        Verdict::Good(signer) if signer.kind == SignatureKind::Openpgp => "-GU",
        Verdict::Good(_) => "-G",
        Verdict::Unsigned => "-N",
        Verdict::UnknownKey { .. } => "-EUB",
        Verdict::Bad { .. } => "-BENU",
        Verdict::Expired { .. } => "-XYUB",
        Verdict::Revoked { .. } => "-RB",
        Verdict::Unsupported { .. } => "-EBN",
        _ => "",
    };
    letters.contains(letter)
}
