use std::fmt;

use andon_model::Component;

use crate::SbomKind;

/// What a document says a thing is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Sbom {
    /// The format it was read as.
    pub kind: SbomKind,
    /// The format's version, as the document states it.
    pub version: String,
    /// What the document describes, where it names one thing. Not among the components.
    pub subject: Option<Component>,
    /// The components, sorted by package URL, each once.
    pub components: Vec<Component>,
    /// The distribution that the components were installed on.
    pub distribution: Option<Distribution>,
    /// Whether the document calls itself complete; absent when it does not say.
    pub complete: Option<bool>,
    /// What is odd, missing or unreadable, in the order of the document.
    pub problems: Vec<Problem>,
}

/// A distribution of an operating system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Distribution {
    /// Its identifier, lower case: `debian`, `alpine`.
    pub id: String,
    /// Its version: `12`, `3.19.1`; empty when the document does not say.
    pub version: String,
}

/// Something to tell about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub kind: ProblemKind,
    /// What happened and what it means, for people.
    pub detail: String,
}

/// Kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The document breaks off or is no JSON from some point on; what came before it was read.
    Damaged,
    /// A component that no advisory can be compared with, since its identity or its version is not known.
    NotAuditable,
    /// A package URL that breaks the specification and was mended.
    OddPurl,
    /// References to components that the document does not have.
    Dangling,
    /// Something was left out because there is too much of it.
    Limit,
    /// A statement that is not complete and therefore does not count.
    Incomplete,
}

impl Problem {
    pub(crate) fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

/// A document that cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SbomError {
    /// None of the formats.
    #[error(
        "this is neither a CycloneDX nor an SPDX document; name a file that a tool wrote as CycloneDX JSON or SPDX JSON"
    )]
    Unknown,
    /// A format that is known and not read.
    #[error("{} is not read; write it as {instead}", kind.name())]
    Unsupported {
        /// The format.
        kind: SbomKind,
        /// What to write instead.
        instead: &'static str,
    },
    /// UTF-16 or UTF-32.
    #[error("the document is not UTF-8; save it as UTF-8")]
    Encoding,
}

/// At most this many characters of a text that others wrote are quoted.
const QUOTED: usize = 120;

/// A text as it can be quoted in a message: short and without control characters.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted: String = text
        .chars()
        .take(QUOTED)
        .map(|character| if character.is_control() { '\u{fffd}' } else { character })
        .collect();
    if text.chars().nth(QUOTED).is_some() {
        quoted.push('…');
    }
    quoted
}
