use andon_attestation::PublicKey;
use andon_config::{StatementKind, TrustedKey};
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

/// The accepted keys, read: what `trust` of the base's `andon.yaml` says, with every key at hand.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    keys: Vec<AcceptedKey>,
    resolved: andon_config::Trust,
}

/// Gives the content of a file of the base, `None` where there is none; an error in words when it cannot be read.
pub type ReadFile<'a> = dyn FnMut(&str) -> Result<Option<Vec<u8>>, String> + 'a;

/// Why `trust` cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// A file that it names is not there.
    #[error("the key `{key}` of `trust` is in {path}, and there is no such file at the base")]
    Missing {
        /// The key's name.
        key: String,
        /// The file.
        path: String,
    },
    /// A file that it names cannot be read.
    #[error("the key `{key}` of `trust` cannot be read: {problem}")]
    Unreadable {
        /// The key's name.
        key: String,
        /// Why, and what to do.
        problem: String,
    },
    /// One key under two names would let one person approve as two.
    #[error("the keys `{one}` and `{other}` of `trust` are the same; name each key once")]
    Twice {
        /// The first name.
        one: String,
        /// The second.
        other: String,
    },
}

impl Trust {
    /// Reads the keys.
    ///
    /// # Errors
    /// When a key cannot be read or stands there twice: a key that is not understood must not vanish silently.
    pub fn load(trust: &andon_config::Trust, read: &mut ReadFile<'_>) -> Result<Self, TrustError> {
        let mut keys: Vec<AcceptedKey> = Vec::new();
        for entry in &trust.keys {
            let key = public_key(entry, read)?;
            if let Some(twin) = keys.iter().find(|other| other.key.id() == key.id()) {
                return Err(TrustError::Twice { one: twin.name().to_owned(), other: entry.name.clone() });
            }
            let mut entry = entry.clone();
            entry.key = key.to_pem();
            keys.push(AcceptedKey { key, entry });
        }
        let entries = keys.iter().map(|key| key.entry.clone()).collect();
        let resolved = andon_config::Trust { keys: entries, ..trust.clone() };
        Ok(Self { keys, resolved })
    }

    /// The accepted keys, in the order of `andon.yaml`.
    pub fn keys(&self) -> &[AcceptedKey] {
        &self.keys
    }

    /// The same as configuration, every key inline: what a record keeps.
    pub fn resolved(&self) -> &andon_config::Trust {
        &self.resolved
    }
}

fn public_key(entry: &TrustedKey, read: &mut ReadFile<'_>) -> Result<PublicKey, TrustError> {
    let unreadable = |problem: String| TrustError::Unreadable { key: entry.name.clone(), problem };
    if entry.is_inline() {
        return PublicKey::from_pem(entry.key.as_bytes()).map_err(|error| unreadable(error.to_string()));
    }
    let path = entry.key.trim().trim_start_matches("./");
    let missing = || TrustError::Missing { key: entry.name.clone(), path: path.to_owned() };
    let pem = read(path).map_err(unreadable)?.ok_or_else(missing)?;
    PublicKey::from_pem(&pem).map_err(|error| unreadable(format!("{path}: {error}")))
}

/// A key whose statements are accepted, for what `may` says.
#[derive(Clone, Debug)]
pub struct AcceptedKey {
    pub(crate) key: PublicKey,
    pub(crate) entry: TrustedKey,
}

impl AcceptedKey {
    /// What reasons call it.
    pub fn name(&self) -> &str {
        &self.entry.name
    }

    /// The key itself.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Under which names its holder is known.
    pub fn identity(&self) -> &[String] {
        &self.entry.identity
    }

    pub(crate) fn may(&self, kind: StatementKind) -> bool {
        self.entry.may.contains(&kind)
    }

    /// Why it is not valid at a time, in words; `None` when it is.
    pub(crate) fn invalid_at(&self, time: Timestamp) -> Option<String> {
        let day: Date = time.to_zoned(TimeZone::UTC).date();
        match (self.entry.from, self.entry.until) {
            (Some(from), _) if day < from => Some(format!("is valid from {from} only")),
            (_, Some(until)) if day > until => Some(format!("was valid until {until}")),
            _ => None,
        }
    }
}
