//! Shapes of lowered code.

mod go;
mod java;
mod python;
mod script;

use andon_syntax::{Kind, Language, NodeId, Symbols, Tree, parse, parse_pattern};

/// A node and all below it on one line; `_` is what is not there.
fn shape(tree: &Tree, id: NodeId, symbols: &Symbols) -> String {
    let text = symbols.text(tree.text(id));
    let children: Vec<_> = tree.children(id).map(|child| shape(tree, child, symbols)).collect();
    let kind = match (tree.kind(id), text) {
        (Kind::Absent, _) => return "_".to_owned(),
        (Kind::Ellipsis, _) => return "...".to_owned(),
        (Kind::Name | Kind::Metavariable | Kind::MetavariableEllipsis, text) => return text.to_owned(),
        (kind, "") => format!("{kind:?}"),
        (kind, text) => format!("{kind:?}:{text}"),
    };
    if children.is_empty() { kind } else { format!("{kind}({})", children.join(" ")) }
}

/// Checks the shapes of a file's statements.
fn check(language: Language, source: &str, expected: &[&str]) {
    let mut symbols = Symbols::default();
    let parsed = parse(language, source, &mut symbols);
    let tree = &parsed.tree;
    let shapes: Vec<_> = tree.children(tree.root()).map(|id| shape(tree, id, &symbols)).collect();
    assert_eq!(shapes, expected, "{source}");
    assert!(parsed.broken.is_empty(), "{source}: {:?}", parsed.broken);
}

/// Checks what a pattern is, and the shapes of its roots.
fn check_pattern(language: Language, pattern: &str, kind: &str, expected: &[&str]) {
    let mut symbols = Symbols::default();
    let read = parse_pattern(language, pattern, &mut symbols).unwrap();
    let shapes: Vec<_> = read.roots.iter().map(|id| shape(&read.tree, *id, &symbols)).collect();
    assert_eq!((format!("{:?}", read.shape).as_str(), shapes), (kind, owned(expected)), "{pattern}");
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
