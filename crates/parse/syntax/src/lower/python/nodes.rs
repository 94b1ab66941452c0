use tree_sitter::Node;

/// A node's named children without comments and without what did not parse.
pub(super) fn parts<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !is_noise(*child) && !child.is_error()).collect()
}

/// As [`parts`], with what could be read of what did not parse.
pub(super) fn parts_and_rescued<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    if node.has_error() { sound(vec![node]) } else { parts(node) }
}

/// What could be read of what did not parse right below a node whose children have fixed places, where nobody else looks.
pub(super) fn rescued<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    if !node.has_error() || matches!(node.kind(), "expression_statement" | "block") {
        return Vec::new();
    }
    let mut cursor = node.walk();
    sound(node.children(&mut cursor).filter(Node::is_error).collect())
}

/// Whether a node has an unnamed child, such as a keyword, of this kind.
pub(super) fn has_token(node: Node<'_>, kind: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|child| !child.is_named() && child.kind() == kind)
}

/// The named children of nodes, and in place of those that did not parse theirs.
fn sound<'t>(mut nodes: Vec<Node<'t>>) -> Vec<Node<'t>> {
    let mut found = Vec::new();
    while let Some(node) = nodes.pop() {
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor).filter(|child| !is_noise(*child)) {
            if child.is_error() {
                nodes.push(child);
            } else if !(node.is_error() && is_of_string(child)) {
                found.push(child);
            }
        }
    }
    found.sort_by_key(Node::start_byte);
    found
}

/// Whether a node is a piece of a string that was not closed.
fn is_of_string(node: Node<'_>) -> bool {
    matches!(node.kind(), "string_start" | "string_content" | "string_end" | "escape_sequence")
}

fn is_noise(node: Node<'_>) -> bool {
    node.is_extra() && !node.is_error()
}
