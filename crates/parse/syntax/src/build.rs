use std::ops::Range;

use crate::tree::Node;
use crate::{Kind, NodeId, Symbol, Symbols, Tree};

/// Deeper code is cut off as [`Kind::Broken`].
const MAX_DEPTH: usize = 1_500;
/// Stack that one level of lowering may need, in bytes, and how much is taken when it runs short.
const RED_ZONE: usize = 128 * 1024;
const STACK: usize = 2 * 1024 * 1024;

/// Builds a tree from the root down: a node is opened before its children and closed after them.
pub(crate) struct Builder<'a> {
    pub(crate) source: &'a str,
    pub(crate) symbols: &'a mut Symbols,
    /// Whether the source is a pattern, in which names stand for holes.
    pub(crate) is_pattern: bool,
    nodes: Vec<Node>,
    open: Vec<u32>,
    too_deep: bool,
}

/// What stands for a hole in a pattern's source, since no grammar knows holes: a metavariable's name follows the first
/// two.
pub(crate) const METAVARIABLE: &str = "__hole_";
pub(crate) const METAVARIABLE_ELLIPSIS: &str = "__holes_";
pub(crate) const ELLIPSIS: &str = "__dots__";
/// Called with the inner expression of `<... x ...>`.
pub(crate) const DEEP: &str = "__deep__";

impl<'a> Builder<'a> {
    pub(crate) fn new(source: &'a str, symbols: &'a mut Symbols, is_pattern: bool) -> Self {
        // A node stands for some ten bytes of source.
        let nodes = Vec::with_capacity(source.len() / 10 + 8);
        Self { source, symbols, is_pattern, nodes, open: Vec::new(), too_deep: false }
    }

    /// The tree, and whether something was cut off because it nests too deep.
    pub(crate) fn finish(self) -> (Tree, bool) {
        (Tree { nodes: self.nodes }, self.too_deep)
    }

    /// A node with children. What `children` adds between becomes its children.
    pub(crate) fn node(
        &mut self,
        kind: Kind,
        text: &str,
        span: Range<usize>,
        children: impl FnOnce(&mut Self),
    ) -> NodeId {
        if self.open.len() >= MAX_DEPTH {
            self.too_deep = true;
            return self.leaf(Kind::Broken, "", span);
        }
        let id = self.push(kind, text, span);
        self.open.push(id.0);
        stacker::maybe_grow(RED_ZONE, STACK, || children(self));
        self.open.pop();
        let after = self.count();
        if let Some(node) = self.nodes.get_mut(id.index()) {
            node.after = after;
        }
        id
    }

    /// Whatever `children` adds, one level deeper though there is no node for that level.
    pub(crate) fn nested(&mut self, children: impl FnOnce(&mut Self)) {
        if self.open.len() >= MAX_DEPTH {
            self.too_deep = true;
            return;
        }
        let parent = self.open.last().copied().unwrap_or(0);
        self.open.push(parent);
        stacker::maybe_grow(RED_ZONE, STACK, || children(self));
        self.open.pop();
    }

    /// A node without children.
    pub(crate) fn leaf(&mut self, kind: Kind, text: &str, span: Range<usize>) -> NodeId {
        self.push(kind, text, span)
    }

    /// An optional child that is not there.
    pub(crate) fn absent(&mut self, at: usize) -> NodeId {
        self.push(Kind::Absent, "", at..at)
    }

    /// An identifier; in a pattern also the hole that it stands for.
    pub(crate) fn name(&mut self, text: &str, span: Range<usize>) -> NodeId {
        match hole(text).filter(|_| self.is_pattern) {
            Some((kind, text)) => self.leaf(kind, &text, span),
            None => self.leaf(Kind::Name, text, span),
        }
    }

    /// The node that will be added next.
    pub(crate) fn upcoming(&self) -> NodeId {
        NodeId(self.count())
    }

    /// Corrects a node's span, as by the parentheses around it.
    pub(crate) fn set_span(&mut self, id: NodeId, span: Range<usize>) {
        if let Some(node) = self.nodes.get_mut(id.index()) {
            (node.start, node.end) = (offset(span.start), offset(span.end));
        }
    }

    fn push(&mut self, kind: Kind, text: &str, span: Range<usize>) -> NodeId {
        let id = self.count();
        let text = if text.is_empty() { Symbol::EMPTY } else { self.symbols.intern(text) };
        let parent = self.open.last().copied().unwrap_or(0);
        let (start, end) = (offset(span.start), offset(span.end));
        self.nodes.push(Node { kind, text, start, end, after: id + 1, parent });
        NodeId(id)
    }

    fn count(&self) -> u32 {
        offset(self.nodes.len())
    }
}

/// The hole that a name stands for: its kind and its text.
pub(crate) fn hole(name: &str) -> Option<(Kind, String)> {
    if name == ELLIPSIS {
        return Some((Kind::Ellipsis, String::new()));
    }
    if let Some(rest) = name.strip_prefix(METAVARIABLE_ELLIPSIS) {
        return Some((Kind::MetavariableEllipsis, format!("$...{rest}")));
    }
    let rest = name.strip_prefix(METAVARIABLE)?;
    Some((Kind::Metavariable, format!("${rest}")))
}

fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
