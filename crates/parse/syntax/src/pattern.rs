use crate::build::{DEEP, ELLIPSIS};
use crate::lower::{Lowering, lowering};
use crate::parse::parse_as;
use crate::{Kind, Language, NodeId, Symbols, Tree};

mod normal;

/// A pattern: code with holes.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// Its tree. The holes are [`Kind::Metavariable`] and its neighbours.
    pub tree: Tree,
    /// What it matches.
    pub shape: Shape,
    /// Its top nodes: one, or the statements or members in order.
    pub roots: Vec<NodeId>,
}

/// What a pattern matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An expression, wherever it stands; also one that is a whole statement.
    Expression,
    /// One statement or definition.
    Statement,
    /// Several statements in a row, with [`Kind::Ellipsis`] between them or not.
    Statements,
    /// Members of a class in a row.
    Members,
    /// One decorator, annotation or modifier.
    Attribute,
    /// A type where no expression can stand.
    Type,
    /// A part of an object: [`Kind::Pair`].
    Pair,
    /// A JSX attribute.
    XmlAttribute,
    /// A statement whose body or rest was left out, which matches the same statement with any: `def f(...)`, `class A`,
    /// `if (x)`, `try { … }`, `catch (E e) { … }`, `else { … }`. The root is the whole statement, [`Kind::Ellipsis`]
    /// standing for what was left out, or the part alone ([`Kind::Catch`], the block of `finally`).
    Partial,
}

/// Why a pattern cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It holds nothing.
    #[error("the pattern is empty")]
    Empty,
    /// It is no code of that language, in whatever place.
    #[error("the pattern is not {language} code")]
    NotCode {
        /// The language's name.
        language: &'static str,
    },
}

/// One way to read a pattern: code around it that makes it a file, and how to find it again.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    /// A whole file that parses if the pattern is of this kind.
    pub(crate) source: String,
    /// Where the pattern's nodes are in it.
    pub(crate) place: Place,
    /// What it then is.
    pub(crate) shape: Shape,
}

/// Where the nodes of a pattern are in the tree of the file around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The children of the file.
    File,
    /// The only statement of the file; taken if it is an expression statement, and then its expression.
    OnlyExpression,
    /// The children of the first node of this kind (found from the top down), after leaving out the first `skip`.
    Inside { kind: Kind, skip: usize },
    /// The first node of this kind itself.
    First(Kind),
    /// The child at this position of the first node of this kind.
    Child { kind: Kind, position: usize },
}

/// Reads a pattern of a language. Its symbols are added to `symbols`.
pub fn parse_pattern(language: Language, text: &str, symbols: &mut Symbols) -> Result<Pattern, PatternError> {
    if text.trim().is_empty() {
        return Err(PatternError::Empty);
    }
    dialects(language)
        .iter()
        .find_map(|dialect| {
            let lowering = lowering(*dialect);
            lowering.attempts(text).iter().find_map(|attempt| try_attempt(lowering, attempt, symbols))
        })
        .ok_or(PatternError::NotCode { language: language.name() })
}

/// The grammars that read a pattern of a language, best first. Those of JavaScript and TypeScript are read as the widest
/// dialect, so that one rule's pattern is the same for all of them.
fn dialects(language: Language) -> &'static [Language] {
    match language {
        Language::Python => &[Language::Python],
        Language::Java => &[Language::Java],
        Language::Go => &[Language::Go],
        Language::JavaScript | Language::TypeScript | Language::Tsx => &[Language::Tsx, Language::TypeScript],
    }
}

fn try_attempt(lowering: &dyn Lowering, attempt: &Attempt, symbols: &mut Symbols) -> Option<Pattern> {
    let parsed = parse_as(lowering, &attempt.source, symbols, true);
    if !parsed.broken.is_empty() || parsed.too_deep {
        return None;
    }
    let tree = normal::normalise(&parsed.tree, symbols);
    let roots = attempt.place.roots(&tree)?;
    let shape = match (attempt.shape, roots.as_slice()) {
        (_, []) => return None,
        (Shape::Statements, [only]) if tree.kind(*only) != Kind::Ellipsis => Shape::Statement,
        (shape, _) => shape,
    };
    Some(Pattern { tree, shape, roots })
}

impl Place {
    fn roots(self, tree: &Tree) -> Option<Vec<NodeId>> {
        let first = |kind| tree.ids().find(|id| tree.kind(*id) == kind);
        match self {
            Self::File => Some(tree.children(tree.root()).collect()),
            Self::OnlyExpression => {
                let mut statements = tree.children(tree.root());
                let only = statements.next().filter(|_| statements.next().is_none())?;
                match tree.kind(only) {
                    Kind::ExprStatement => Some(tree.children(only).collect()),
                    Kind::Ellipsis => Some(vec![only]),
                    _ => None,
                }
            }
            Self::Inside { kind, skip } => Some(tree.children(first(kind)?).skip(skip).collect()),
            Self::First(kind) => Some(vec![first(kind)?]),
            Self::Child { kind, position } => Some(vec![tree.child(first(kind)?, position)?]),
        }
    }
}

/// Writes the holes of a pattern as names that every grammar takes: `$X`, `$...X`, `<... x ...>` and, where `dots` says so
/// by position, `...`. `skip` tells how long the string or comment is that starts at a position, if one does; those stay
/// as they are.
pub(crate) fn write_holes(
    pattern: &str,
    skip: impl Fn(&str) -> Option<usize>,
    dots: impl Fn(&str, usize) -> Option<&'static str>,
) -> String {
    holes::write(pattern, skip, dots)
}

mod holes;

/// What `...` is written as where a name may stand.
pub(crate) const DOTS: &str = ELLIPSIS;
/// What `<...` is written as, before an opening parenthesis.
pub(crate) const DEEP_CALL: &str = DEEP;
