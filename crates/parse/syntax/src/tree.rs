use std::ops::Range;

use crate::{Kind, Symbol};

/// A node of one tree, numbered in the order in which the nodes stand (parents before children).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    /// Its number.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A normalised syntax tree, flat: a node's subtree is the run of nodes after it. Answers about a node of another tree are
/// wrong, but nothing panics.
#[derive(Clone, Debug)]
pub struct Tree {
    pub(crate) nodes: Vec<Node>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) text: Symbol,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// The first node after the subtree.
    pub(crate) after: u32,
    pub(crate) parent: u32,
}

impl Tree {
    /// The whole.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// Every node, parents before children, in the order of the source where children have it.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (0..self.count()).map(NodeId)
    }

    /// A node and all below it.
    pub fn subtree(&self, id: NodeId) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (id.0..self.after(id).0).map(NodeId)
    }

    /// The nodes from one up to another, which is left out.
    pub fn between(&self, first: NodeId, end: NodeId) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (first.0..end.0).map(NodeId)
    }

    /// What a node is.
    pub fn kind(&self, id: NodeId) -> Kind {
        self.node(id).map_or(Kind::Absent, |node| node.kind)
    }

    /// A node's text, as its kind says; the symbol of the empty text for most.
    pub fn text(&self, id: NodeId) -> Symbol {
        self.node(id).or_else(|| self.nodes.first()).map_or(Symbol::EMPTY, |node| node.text)
    }

    /// Where a node stands in the source, in bytes.
    pub fn span(&self, id: NodeId) -> Range<usize> {
        self.node(id).map_or(0..0, |node| node.start as usize..node.end as usize)
    }

    /// A node's children in order.
    pub fn children(&self, id: NodeId) -> Children<'_> {
        Children { tree: self, next: id.0 + 1, end: self.after(id).0 }
    }

    /// A node's child by position, from 0.
    pub fn child(&self, id: NodeId, position: usize) -> Option<NodeId> {
        self.children(id).nth(position)
    }

    /// The node that a node is a child of; none for the root.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        if id.0 == 0 { None } else { self.node(id).map(|node| NodeId(node.parent)) }
    }

    /// Whether `outer` is `inner` or above it.
    pub fn contains(&self, outer: NodeId, inner: NodeId) -> bool {
        outer <= inner && inner < self.after(outer)
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node, which no parse returns.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The first node that is not in a node's subtree.
    pub fn after(&self, id: NodeId) -> NodeId {
        self.node(id).map_or(NodeId(self.count()), |node| NodeId(node.after))
    }

    fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.index())
    }

    fn count(&self) -> u32 {
        u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)
    }
}

/// The children of a node in order.
#[derive(Clone, Debug)]
pub struct Children<'t> {
    tree: &'t Tree,
    next: u32,
    end: u32,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        if self.next >= self.end {
            return None;
        }
        let id = NodeId(self.next);
        self.next = self.tree.after(id).0;
        Some(id)
    }
}
