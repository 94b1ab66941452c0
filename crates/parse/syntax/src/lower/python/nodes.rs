use tree_sitter::Node;

/// A node's named children without comments and without what did not parse.
pub(super) fn parts<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !is_noise(*child) && !child.is_error()).collect()
}

/// As [`parts`], with what could be read of what did not parse.
pub(super) fn parts_and_rescued<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut found = Vec::new();
    collect(node, &mut found);
    found
}

/// Whether a node has an unnamed child, such as a keyword, of this kind.
pub(super) fn has_token(node: Node<'_>, kind: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|child| !child.is_named() && child.kind() == kind)
}

fn collect<'t>(node: Node<'t>, found: &mut Vec<Node<'t>>) {
    let mut nested = vec![node];
    while let Some(node) = nested.pop() {
        let mut cursor = node.walk();
        let mut errors = Vec::new();
        for child in node.named_children(&mut cursor).filter(|child| !is_noise(*child)) {
            if child.is_error() {
                errors.push(child);
            } else {
                found.push(child);
            }
        }
        if !errors.is_empty() {
            nested.extend(errors);
        }
    }
    if node.has_error() {
        found.sort_by_key(Node::start_byte);
    }
}

fn is_noise(node: Node<'_>) -> bool {
    node.is_extra() && !node.is_error()
}
