//! Package URLs (purl, ECMA-427): parsed, brought into canonical form, written; and what OSV calls the same package.
//!
//! A [`Purl`] is always canonical: whatever it was made of, [`Purl::parse`] reads what it displays as and gives the
//! same value. It knows nothing of the order of versions and nothing of where packages come from.
//!
//! ```
//! use andon_purl::Purl;
//!
//! let purl = Purl::parse("pkg:PyPI/Django_Filter@24.1?file_name=a.whl")?;
//! assert_eq!(purl.name(), "django-filter");
//! assert_eq!(purl.without_qualifiers().to_string(), "pkg:pypi/django-filter@24.1");
//! # Ok::<(), andon_purl::PurlError>(())
//! ```

mod error;
mod kinds;
mod native;
mod osv;
mod parse;
mod percent;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use error::PurlError;
pub use osv::{from_osv, osv_name_key, osv_package};

/// A package URL in canonical form. Serialised as its string.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Purl {
    kind: String,
    namespace: Option<String>,
    name: String,
    version: Option<String>,
    qualifiers: BTreeMap<String, String>,
    subpath: Option<String>,
}

impl Purl {
    /// A package URL of a type (`npm`, `pypi`, …) and a name, brought into the type's canonical form.
    ///
    /// Never fails: characters that a type cannot have are left out, `generic` stands in for a type of which nothing
    /// is left and `unknown` for an empty name. [`Purl::build`] refuses them.
    pub fn new(kind: &str, name: &str) -> Self {
        let kind: String = kind
            .trim_start_matches(|c: char| !c.is_ascii_alphabetic())
            .chars()
            .filter(|&c| kinds::in_kind(c))
            .map(|c| c.to_ascii_lowercase())
            .collect();
        Self {
            kind: if kind.is_empty() { "generic".to_owned() } else { kind },
            namespace: None,
            name: name.to_owned(),
            version: None,
            qualifiers: BTreeMap::new(),
            subpath: None,
        }
        .settled()
    }

    /// Reads a package URL as the standard's parsing procedure does, and is as forgiving: upper case in the type and
    /// in the keys of qualifiers, slashes too many and characters that should have been encoded are put right.
    ///
    /// # Errors
    ///
    /// What is no package URL at all: another scheme, no type, no name, a broken percent-encoding, a key twice.
    pub fn parse(text: &str) -> Result<Self, PurlError> {
        parse::tolerant(text)
    }

    /// Reads a package URL and holds it against the definition of its type too: namespaces that it must or must not
    /// have, qualifiers that it needs, characters of names and versions, keys in lower case.
    ///
    /// # Errors
    ///
    /// As [`Purl::parse`], and for whatever the type's definition does not allow.
    pub fn parse_strict(text: &str) -> Result<Self, PurlError> {
        parse::strict(text)
    }

    /// A package URL of decoded parts; empty parts are none.
    ///
    /// # Errors
    ///
    /// An invalid type, an empty name, an invalid key of a qualifier, or what the type's definition does not allow.
    pub fn build<'a>(
        kind: &str,
        namespace: Option<&str>,
        name: &str,
        version: Option<&str>,
        qualifiers: impl IntoIterator<Item = (&'a str, &'a str)>,
        subpath: Option<&str>,
    ) -> Result<Self, PurlError> {
        parse::check_kind(kind)?;
        if name.trim_matches('/').is_empty() {
            return Err(PurlError::NoName);
        }
        let mut purl = Self::new(kind, name)
            .with_namespace(namespace.unwrap_or_default())
            .with_version(version.unwrap_or_default())
            .with_subpath(subpath.unwrap_or_default());
        for (key, value) in qualifiers {
            if !kinds::is_key(&key.to_ascii_lowercase()) {
                return Err(PurlError::QualifierKey(key.to_owned()));
            }
            purl = purl.with_qualifier(key, value);
        }
        kinds::check(&purl)?;
        Ok(purl)
    }

    /// The same with a namespace (`@scope`, `org.apache`, `github.com/owner`); an empty one is none.
    #[must_use]
    pub fn with_namespace(mut self, namespace: &str) -> Self {
        self.namespace = some(join_segments(namespace.split('/').filter(|segment| !segment.is_empty())));
        self.settled()
    }

    /// The same with a version; an empty one is none.
    #[must_use]
    pub fn with_version(mut self, version: &str) -> Self {
        self.version = some(version.to_owned());
        self.settled()
    }

    /// The same with a qualifier; an empty value takes it away. A key that no package URL can have is passed over.
    #[must_use]
    pub fn with_qualifier(mut self, key: &str, value: &str) -> Self {
        let key = key.to_ascii_lowercase();
        if value.is_empty() {
            self.qualifiers.remove(&key);
        } else if kinds::is_key(&key) {
            self.qualifiers.insert(key, value.to_owned());
        }
        self.settled()
    }

    /// The same with a path inside the package; empty segments, `.` and `..` are left out.
    #[must_use]
    pub fn with_subpath(mut self, subpath: &str) -> Self {
        self.subpath =
            some(join_segments(subpath.split('/').filter(|segment| !matches!(*segment, "" | "." | ".."))));
        self
    }

    /// The same without a version.
    #[must_use]
    pub fn without_version(mut self) -> Self {
        self.version = None;
        self
    }

    /// The same without qualifiers and without a subpath: the package itself.
    #[must_use]
    pub fn without_qualifiers(mut self) -> Self {
        self.qualifiers.clear();
        self.subpath = None;
        self
    }

    /// Type, lower case.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Namespace, decoded.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// Name, decoded. Never empty.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Version, decoded.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// A qualifier's value, decoded.
    pub fn qualifier(&self, key: &str) -> Option<&str> {
        self.qualifiers.get(key).map(String::as_str)
    }

    /// All qualifiers, keys and decoded values, sorted by key.
    pub fn qualifiers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.qualifiers.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Path inside the package, decoded, without slashes around it.
    pub fn subpath(&self) -> Option<&str> {
        self.subpath.as_deref()
    }

    /// Brings all parts into the form that the type asks for. Settling twice changes nothing.
    fn settled(mut self) -> Self {
        let name = self.name.trim_matches('/');
        if name.len() != self.name.len() {
            self.name = name.to_owned();
        }
        if self.name.is_empty() {
            self.name.push_str("unknown");
        }
        kinds::normalise(&mut self);
        self
    }
}

impl fmt::Display for Purl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pkg:{}", self.kind)?;
        for segment in self.namespace.iter().flat_map(|namespace| namespace.split('/')) {
            write!(f, "/{}", percent::Encoded(segment))?;
        }
        if kinds::has_path_name(self) {
            self.name.split('/').try_for_each(|segment| write!(f, "/{}", percent::Encoded(segment)))?;
        } else {
            write!(f, "/{}", percent::Encoded(&self.name))?;
        }
        if let Some(version) = &self.version {
            write!(f, "@{}", percent::Encoded(version))?;
        }
        for (index, (key, value)) in self.qualifiers.iter().enumerate() {
            write!(f, "{}{key}={}", if index == 0 { '?' } else { '&' }, percent::Encoded(value))?;
        }
        for (index, segment) in self.subpath.iter().flat_map(|subpath| subpath.split('/')).enumerate() {
            write!(f, "{}{}", if index == 0 { '#' } else { '/' }, percent::Encoded(segment))?;
        }
        Ok(())
    }
}

impl std::str::FromStr for Purl {
    type Err = PurlError;

    fn from_str(text: &str) -> Result<Self, PurlError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Purl {
    type Error = PurlError;

    fn try_from(text: String) -> Result<Self, PurlError> {
        Self::parse(&text)
    }
}

impl From<Purl> for String {
    fn from(purl: Purl) -> Self {
        purl.to_string()
    }
}

fn join_segments<'a>(segments: impl Iterator<Item = &'a str>) -> String {
    let mut joined = String::new();
    for segment in segments {
        if !joined.is_empty() {
            joined.push('/');
        }
        joined.push_str(segment);
    }
    joined
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests;
