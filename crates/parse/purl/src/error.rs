use thiserror::Error;

/// Why a text is no package URL.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PurlError {
    /// It does not begin with `pkg:`.
    #[error("a package URL begins with `pkg:`")]
    Scheme,
    /// The type is missing or has characters that no type has.
    #[error("`{0}` is no type of a package URL: letters, digits, `.` and `-`, a letter first")]
    Kind(String),
    /// There is no name.
    #[error("a package URL needs a name: pkg:type/name")]
    NoName,
    /// A `%` without two hexadecimal digits, or bytes that are no UTF-8.
    #[error("the {0} of the package URL is not percent-encoded UTF-8; write `%` as `%25`")]
    Encoding(&'static str),
    /// An encoded slash inside a segment of a namespace or subpath.
    #[error("a segment of the {0} of the package URL contains an encoded slash")]
    Slash(&'static str),
    /// A qualifier's key with characters that no key has.
    #[error("`{0}` is no key of a qualifier: lower case letters, digits, `.`, `-` and `_`, a letter first")]
    QualifierKey(String),
    /// The same key twice.
    #[error("the qualifier `{0}` is there twice")]
    QualifierTwice(String),
    /// The type asks for something that is missing, or forbids something that is there.
    #[error("a package URL of type `{kind}` {rule}")]
    Definition {
        /// The type.
        kind: String,
        /// What its definition says.
        rule: &'static str,
    },
}
