use crate::Position;

/// Why a text could not be read as a document, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{position}: {problem}")]
pub struct Error {
    /// Where it went wrong.
    pub position: Position,
    /// What went wrong.
    pub problem: Problem,
}

/// What can be wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The text breaks the grammar.
    #[error("{0}")]
    Syntax(String),
    /// A mapping has the same key twice.
    #[error("the key `{key}` is already set at {first}; keep one of them")]
    DuplicateKey {
        /// The key.
        key: String,
        /// Where it was first.
        first: Position,
    },
    /// A mapping's key is a sequence or a mapping.
    #[error("a key must be a plain value, not a sequence or a mapping")]
    ComplexKey,
    /// An alias names an anchor that encloses it.
    #[error("this alias refers to a part of the document that contains it")]
    CyclicAlias,
    /// Nested deeper than [`crate::Limits::depth`].
    #[error("nested more than {0} levels deep")]
    TooDeep(usize),
    /// More nodes than [`crate::Limits::nodes`].
    #[error("more than {0} values once aliases are expanded")]
    TooManyNodes(usize),
    /// More text than [`crate::Limits::bytes`].
    #[error("more than {0} bytes of text once aliases are expanded")]
    TooLarge(usize),
    /// Something follows the first document where only one is allowed.
    #[error("a second document starts here; only one is expected")]
    SecondDocument,
}

impl Problem {
    pub(crate) fn at(self, position: Position) -> Error {
        Error { position, problem: self }
    }
}
