use tree_sitter::{Node, Parser};

use crate::build::Builder;
use crate::lower::{Lowering, lowering};
use crate::{Kind, Language, Symbols, Tree};

/// A parsed file.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// Its tree, whose root is a [`Kind::File`].
    pub tree: Tree,
    /// What could not be parsed, as byte ranges; at most 100, without overlap, in order.
    pub broken: Vec<std::ops::Range<usize>>,
    /// Whether something nests too deep and was cut off.
    pub too_deep: bool,
}

/// Parses a source. Whatever it holds, a tree comes back; what did not parse is named in `broken`.
///
/// JavaScript is read as TypeScript with JSX, since many tools take types in it and that grammar is the better one for
/// `await`; as JavaScript only if that loses less.
pub fn parse(language: Language, source: &str, symbols: &mut Symbols) -> Parsed {
    let first = if language == Language::JavaScript { Language::Tsx } else { language };
    let parsed = parse_as(lowering(first), source, symbols, false);
    if first == language || parsed.broken.is_empty() {
        return parsed;
    }
    let narrow = parse_as(lowering(language), source, symbols, false);
    if lost(&narrow) < lost(&parsed) { narrow } else { parsed }
}

/// Parses a source by its grammar and does nothing else, which no analysis can undercut; whether that worked.
pub fn grammar_only(language: Language, source: &str) -> bool {
    grammar_tree(lowering(language), source).is_some()
}

/// How much of a source did not parse; a missing token counts too.
fn lost(parsed: &Parsed) -> usize {
    parsed.broken.iter().map(|part| part.len() + 1).sum()
}

pub(crate) fn parse_as(
    lowering: &dyn Lowering,
    source: &str,
    symbols: &mut Symbols,
    is_pattern: bool,
) -> Parsed {
    let syntax = grammar_tree(lowering, source);
    let mut builder = Builder::new(source, symbols, is_pattern);
    let mut broken = Vec::new();
    builder.node(Kind::File, "", 0..source.len(), |builder| {
        if let Some(syntax) = &syntax {
            broken = broken_parts(syntax.root_node());
            lowering.file(syntax.root_node(), builder);
        } else {
            broken.push(0..source.len());
        }
    });
    let (tree, too_deep) = builder.finish();
    Parsed { tree, broken, too_deep }
}

fn grammar_tree(lowering: &dyn Lowering, source: &str) -> Option<tree_sitter::Tree> {
    let mut parser = Parser::new();
    parser.set_language(&lowering.grammar()).ok()?;
    parser.parse(source, None)
}

/// The outermost parts with an error, found without descending into sound ones.
fn broken_parts(root: Node<'_>) -> Vec<std::ops::Range<usize>> {
    const MOST: usize = 100;
    let mut broken = Vec::new();
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            broken.push(node.byte_range());
        } else if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while broken.len() >= MOST || !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return broken;
            }
        }
    }
}
