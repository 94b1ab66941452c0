use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use thiserror::Error;

use crate::Scheme;
use crate::key::Key;

/// A version, read for comparison.
///
/// Two are equal when their scheme holds them to be: `1.0` and `1.0.0` in most. Versions of different schemes have an
/// order too, so that collections can hold both, but it means nothing.
#[derive(Clone, Debug)]
pub struct Version {
    scheme: Scheme,
    text: Box<str>,
    key: Box<[u8]>,
}

impl Version {
    /// Reads a version; blanks around it do not count.
    ///
    /// Takes time and memory linear in the length of the text.
    ///
    /// # Errors
    ///
    /// An empty text, one with control characters, or one that is no version in a scheme that says what is. Most
    /// schemes give every text its place.
    pub fn parse(scheme: Scheme, text: &str) -> Result<Self, VersionError> {
        let mut key = Vec::with_capacity(text.len() * 2);
        Self::write_key(scheme, text, &mut key)?;
        Ok(Self { scheme, text: text.trim().into(), key: key.into_boxed_slice() })
    }

    /// Puts what would be the [`Version::key`] of a version in the place of what `key` holds. Who compares one version
    /// with many needs no memory for each.
    ///
    /// # Errors
    ///
    /// As [`Version::parse`]; `key` then holds nothing of use.
    pub fn write_key(scheme: Scheme, text: &str, key: &mut Vec<u8>) -> Result<(), VersionError> {
        let text = text.trim();
        let fail = |reason| VersionError { scheme, text: text.chars().take(64).collect(), reason };
        if text.is_empty() {
            return Err(fail("it is empty"));
        }
        if text.bytes().any(|byte| byte < b' ') {
            return Err(fail("it contains control characters"));
        }
        key.clear();
        let mut writer = Key::behind(std::mem::take(key));
        let written = scheme.write_key(text, &mut writer);
        *key = writer.finish();
        written.map_err(fail)
    }

    /// Reads a version of an event in an advisory of OSV, where `0` stands for what is before every version.
    ///
    /// # Errors
    ///
    /// As [`Version::parse`].
    pub fn parse_event(scheme: Scheme, text: &str) -> Result<Self, VersionError> {
        if text.trim() == "0" { Ok(Self::origin(scheme)) } else { Self::parse(scheme, text) }
    }

    /// What is before every version of a scheme; `0` in the events of OSV.
    pub fn origin(scheme: Scheme) -> Self {
        Self { scheme, text: "0".into(), key: Box::default() }
    }

    /// The scheme that it was read by.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The version as it was written, without blanks around it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Bytes that compare as the versions of the scheme do. Their form may change from one release to the next.
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// The order of two versions of the same scheme.
    pub fn compare(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.scheme.cmp(&other.scheme).then_with(|| self.key.cmp(&other.key))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version {}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.scheme.hash(state);
        self.key.hash(state);
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A text that is no version in its scheme. Nothing can be said of its order.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{text}` is no {scheme} version: {reason}")]
pub struct VersionError {
    scheme: Scheme,
    text: String,
    reason: &'static str,
}
