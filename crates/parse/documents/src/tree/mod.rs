//! Documents read as far as they can be, as a flat list of nodes that know their bytes.

mod build;
mod json;
mod yaml;

use std::ops::Range;

use crate::Problem;

/// A JSON or YAML text read as far as it can be, every part with its byte range. For files that machines write and
/// people break (lock files): nothing is refused as a whole, what is wrong is in [`Tree::faults`]. Nothing grows with
/// the depth or the aliases of a document beyond [`Tree::MAX_NODES`]; reading takes time linear in the text.
///
/// ```
/// use andon_documents::Tree;
/// let tree = Tree::json("{\"a\": {\"b\": \"c\"}, \"d\": [1, ");
/// let root = tree.root().unwrap();
/// assert_eq!(root.get("a").and_then(|a| a.get("b")).and_then(|b| b.text()), Some("c"));
/// assert_eq!(root.get("a").unwrap().entry_span(), 1..16);
/// assert_eq!(tree.faults()[0].problem.to_string(), "the text ends before the document does");
/// ```
#[derive(Clone, Debug)]
pub struct Tree<'a> {
    source: &'a str,
    nodes: Vec<Data>,
    owned: Vec<String>,
    roots: Vec<u32>,
    faults: Vec<Fault>,
}

/// Something in a text that breaks its grammar or a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The byte where it was noticed.
    pub offset: usize,
    /// What it is.
    pub problem: Problem,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// `null`, or nothing where YAML expects a value.
    Null,
    /// A truth value.
    Bool,
    /// A number (JSON only; in YAML plain numbers are texts).
    Number,
    /// A string.
    Text,
    /// An array or sequence.
    List,
    /// An object or mapping.
    Map,
}

impl<'a> Tree<'a> {
    /// Nodes that a tree has at most, aliases expanded.
    pub const MAX_NODES: usize = 4_000_000;
    /// Faults that are kept; later ones are passed over.
    pub const MAX_FAULTS: usize = 16;

    /// Reads JSON (RFC 8259). Keys may repeat; a missing comma is a fault that loses nothing.
    pub fn json(text: &'a str) -> Self {
        json::read(text, false)
    }

    /// Reads JSON with comments and trailing commas.
    pub fn jsonc(text: &'a str) -> Self {
        json::read(text, true)
    }

    /// Reads YAML 1.2. Keys may repeat; plain scalars other than `null` and the truth values are texts; what follows
    /// the first fault is lost.
    pub fn yaml(text: &'a str) -> Self {
        yaml::read(text)
    }

    /// The value of the first document; `None` if there is none.
    pub fn root(&self) -> Option<Node<'_>> {
        self.roots().next()
    }

    /// The values of all documents of a YAML stream.
    pub fn roots(&self) -> impl Iterator<Item = Node<'_>> {
        self.roots.iter().map(|&index| Node { tree: self, index })
    }

    /// What is wrong with the text, at most [`Tree::MAX_FAULTS`] in the order of the text.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    fn slice(&self, slice: Slice) -> &str {
        let at = slice.at as usize;
        if slice.len == Slice::OWNED {
            return self.owned.get(at).map_or("", String::as_str);
        }
        self.source.get(at..at + slice.len as usize).unwrap_or_default()
    }
}

/// A value in a [`Tree`].
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree<'t>,
    index: u32,
}

impl<'t> Node<'t> {
    /// What it is.
    pub fn kind(self) -> NodeKind {
        self.data().map_or(NodeKind::Null, |data| data.kind)
    }

    /// The text of a string.
    pub fn text(self) -> Option<&'t str> {
        (self.kind() == NodeKind::Text).then(|| self.scalar()).flatten()
    }

    /// The text of a string, a number or a truth value, as it is written.
    pub fn scalar(self) -> Option<&'t str> {
        match self.kind() {
            NodeKind::Bool | NodeKind::Number | NodeKind::Text => {
                self.data().map(|data| self.tree.slice(data.text))
            }
            _ => None,
        }
    }

    /// Whether it is the truth value `true`.
    pub fn is_true(self) -> bool {
        self.kind() == NodeKind::Bool && self.scalar().is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    /// The value of a key; of the last where a key repeats. Takes time linear in the number of entries.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.entries().filter(|(name, _)| *name == key).last().map(|(_, node)| node)
    }

    /// Keys and values of a map, in the order of the text; nothing for other nodes.
    pub fn entries(self) -> impl Iterator<Item = (&'t str, Node<'t>)> {
        self.children(NodeKind::Map).map(|node| (node.key().unwrap_or_default(), node))
    }

    /// Items of a list; nothing for other nodes.
    pub fn items(self) -> impl Iterator<Item = Node<'t>> {
        self.children(NodeKind::List)
    }

    /// Its key, when it is a value in a map.
    pub fn key(self) -> Option<&'t str> {
        let data = self.data().filter(|data| data.keyed)?;
        Some(self.tree.slice(data.key))
    }

    /// The bytes of the value.
    pub fn span(self) -> Range<usize> {
        self.data().map_or(0..0, |data| data.start as usize..data.end as usize)
    }

    /// The bytes from its key, where it has one, to the end of the value.
    pub fn entry_span(self) -> Range<usize> {
        let span = self.span();
        match self.data() {
            Some(data) if data.keyed => data.key_start as usize..span.end.max(data.key_start as usize),
            _ => span,
        }
    }

    fn data(self) -> Option<&'t Data> {
        self.tree.nodes.get(self.index as usize)
    }

    fn children(self, kind: NodeKind) -> impl Iterator<Item = Node<'t>> {
        let data = self.data().filter(|data| data.kind == kind);
        let end = self.index + data.map_or(1, |data| data.size);
        let mut next = self.index + 1;
        std::iter::from_fn(move || {
            let child = (next < end).then_some(Node { tree: self.tree, index: next })?;
            next += child.data().map_or(1, |data| data.size.max(1));
            Some(child)
        })
    }
}

/// A node; its descendants follow it directly.
#[derive(Clone, Copy, Debug)]
struct Data {
    kind: NodeKind,
    keyed: bool,
    text: Slice,
    key: Slice,
    key_start: u32,
    start: u32,
    end: u32,
    /// Nodes of the subtree, this one included.
    size: u32,
}

/// A part of the source, or a text of its own where the source writes it otherwise.
#[derive(Clone, Copy, Debug, Default)]
struct Slice {
    at: u32,
    len: u32,
}

impl Slice {
    const OWNED: u32 = u32::MAX;
}

#[cfg(test)]
mod tests;
