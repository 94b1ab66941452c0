//! JSON and YAML read as far as they can be.
#![no_main]

use andon_documents::{Node, Tree};
use libfuzzer_sys::fuzz_target;

fn visit(node: Node<'_>, source: &str, depth: usize) {
    assert!(source.get(node.entry_span()).is_some() && source.get(node.span()).is_some());
    let _ = node.scalar();
    if depth < 50 {
        node.entries().for_each(|(_, child)| visit(child, source, depth + 1));
        node.items().for_each(|child| visit(child, source, depth + 1));
    }
}

fuzz_target!(|text: &str| {
    let limits = andon_documents::Limits { depth: 128, ..Default::default() };
    let strict = andon_documents::json(text, &limits).is_ok();
    for tree in [Tree::json(text), Tree::jsonc(text), Tree::yaml(text)] {
        tree.roots().for_each(|root| visit(root, text, 0));
    }
    assert!(!strict || Tree::json(text).faults().is_empty());
});
