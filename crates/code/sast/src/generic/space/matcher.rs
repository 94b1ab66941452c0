use rustc_hash::FxHashSet;

use super::super::Span;
use super::pattern::Node;
use super::tree::{Leaf, Tree};

/// Compares a pattern with a tree.
pub(super) struct Matcher<'a> {
    pub(super) tree: &'a Tree,
    pub(super) text: &'a str,
    /// The numbers that the pattern's literals have in the tree.
    pub(super) literals: &'a [u32],
    /// How many lines an ellipsis goes on for.
    pub(super) span: u32,
    /// Steps that are left.
    pub(super) steps: u64,
    /// What the metavariables stand for.
    slots: Vec<Option<Span>>,
    /// The slots that were filled, in order.
    filled: Vec<u32>,
    /// Where ellipses are known to fail.
    failed: FxHashSet<Failure>,
}

/// The number of an ellipsis, the leaf that it starts before, the last line that it reaches, and the leaf that the search
/// ends before.
type Failure = (u32, u32, u32, u32);

/// Most failures that are remembered.
const MOST_FAILURES: usize = 1 << 20;

/// A place before a leaf, in a block: at the end of a block, it is not yet in the one around.
#[derive(Clone, Copy)]
struct Place {
    leaf: u32,
    block: u32,
}

/// What was matched last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Last {
    pub(super) start: u32,
    pub(super) end: u32,
    line: u32,
}

/// An ellipsis, or several in a row, that is being matched.
#[derive(Clone, Copy)]
struct Ellipsis {
    slot: Option<u32>,
    memo: Option<u32>,
    /// The leaf that it starts before.
    first: u32,
    /// Where it starts, in bytes.
    start: u32,
    /// The last line that it reaches.
    line: u32,
}

/// A list of nodes of the pattern, and whether it is the whole pattern.
#[derive(Clone, Copy)]
struct Nodes<'p> {
    list: &'p [Node],
    is_whole: bool,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(tree: &'a Tree, text: &'a str, literals: &'a [u32], span: u32, steps: u64) -> Self {
        let (slots, filled, failed) = (Vec::new(), Vec::new(), FxHashSet::default());
        Self { tree, text, literals, span, steps, slots, filled, failed }
    }

    /// Matches the whole pattern from a leaf on, and says what it matched last. The match stays in the leaf's block.
    pub(super) fn from(&mut self, nodes: &[Node], slots: usize, at: u32) -> Option<Last> {
        let leaf = self.tree.leaf(at)?;
        self.slots.clear();
        self.slots.resize(slots, None);
        self.filled.clear();
        let last = Last { start: leaf.start, end: leaf.start, line: leaf.line };
        let place = Place { leaf: at, block: leaf.block };
        self.nodes(Nodes { list: nodes, is_whole: true }, place, self.tree.block_end(leaf.block), last)
    }

    /// What the metavariables stand for after a match.
    pub(super) fn slots(&self) -> Vec<Option<Span>> {
        self.slots.clone()
    }

    /// Matches nodes at a place; `end` is the leaf that they cannot reach. Calls itself once for each ellipsis and each
    /// block of the pattern, which are few.
    fn nodes(&mut self, nodes: Nodes<'_>, mut place: Place, end: u32, mut last: Last) -> Option<Last> {
        let mut open: Option<Ellipsis> = None;
        let mut list = nodes.list;
        while let Some((node, rest)) = list.split_first() {
            match node {
                Node::Ellipsis { slot, memo } => open = Some(self.extended(open, *slot, *memo, place, last)),
                Node::Block(inner) => match self.block(inner, rest, open.take(), place, last)? {
                    Step::Done(last) => return Some(last),
                    Step::On(next, matched) => (place, last) = (next, matched),
                },
                Node::Literal(_) | Node::Metavariable(_) => {
                    if let Some(ellipsis) = open {
                        let nodes = Nodes { list: rest, ..nodes };
                        return self.after(ellipsis, node, nodes, place, end);
                    }
                    let leaf = self.tree.leaf(place.leaf).filter(|_| place.leaf < end)?;
                    self.steps = self.steps.checked_sub(1)?;
                    if !self.leaf(node, leaf) {
                        return None;
                    }
                    last = self.last(leaf);
                    place = Place { leaf: place.leaf + 1, block: leaf.block };
                }
            }
            list = rest;
        }
        self.finish(nodes.is_whole, open, place, last)
    }

    /// Matches a literal or a metavariable and what follows, after an ellipsis: at the first place where all of it fits.
    fn after(
        &mut self,
        ellipsis: Ellipsis,
        node: &Node,
        rest: Nodes<'_>,
        place: Place,
        end: u32,
    ) -> Option<Last> {
        let memo = ellipsis.memo.map(|memo| (memo, place.leaf, ellipsis.line, end));
        if memo.is_some_and(|memo| self.failed.contains(&memo)) {
            return None;
        }
        let mut from = place.leaf;
        while let Some((at, leaf)) = self.next(node, from, end, ellipsis.line) {
            let mark = self.filled.len();
            if self.close(ellipsis, at) && self.leaf(node, leaf) {
                let next = Place { leaf: at + 1, block: leaf.block };
                let found = self.nodes(rest, next, end, self.last(leaf));
                if found.is_some() {
                    return found;
                }
            }
            self.undo(mark);
            from = at + 1;
        }
        if let Some(memo) = memo.filter(|_| self.steps > 0 && self.failed.len() < MOST_FAILURES) {
            self.failed.insert(memo);
        }
        None
    }

    /// The next leaf that a node may match.
    fn next(&mut self, node: &Node, from: u32, end: u32, line: u32) -> Option<(u32, Leaf)> {
        let fits = |leaf: &Leaf| leaf.line <= line;
        if let Node::Literal(literal) = node {
            self.steps = self.steps.checked_sub(1)?;
            let places = self.tree.places(*self.literals.get(*literal as usize)?);
            // The next one is often near.
            let leaf = self.tree.leaf(from).filter(fits)?;
            if self.literals.get(*literal as usize) == Some(&leaf.text) && from < end {
                return Some((from, leaf));
            }
            let at = *places.get(places.partition_point(|place| *place < from))?;
            return self.tree.leaf(at).filter(|leaf| at < end && fits(leaf)).map(|leaf| (at, leaf));
        }
        for at in from..end {
            self.steps = self.steps.checked_sub(1)?;
            let leaf = self.tree.leaf(at).filter(fits)?;
            if leaf.is_word(self.text) {
                return Some((at, leaf));
            }
        }
        None
    }

    /// Matches lines that are indented with a block that is here. There is one way to do so at most.
    fn block(
        &mut self,
        inner: &[Node],
        rest: &[Node],
        open: Option<Ellipsis>,
        mut place: Place,
        last: Last,
    ) -> Option<Step> {
        let end = self.tree.block_end(place.block);
        while place.leaf < end {
            self.steps = self.steps.checked_sub(1)?;
            let leaf = self.tree.leaf(place.leaf)?;
            if leaf.block != place.block {
                if !self.close_any(open, place.leaf) {
                    return None;
                }
                let end = self.tree.block_end(leaf.block);
                let nodes = Nodes { list: inner, is_whole: false };
                let last = self.nodes(nodes, Place { block: leaf.block, ..place }, end, last)?;
                return Some(Step::On(Place { leaf: end, ..place }, last));
            }
            if open.is_some_and(|ellipsis| leaf.line <= ellipsis.line) {
                place.leaf += 1;
                continue;
            }
            let fits = self.close_any(open, place.leaf) && is_nothing(inner);
            return fits.then_some(Step::On(place, last));
        }
        let fits = is_nothing(inner) && is_nothing(rest) && self.close_any(open, place.leaf);
        fits.then_some(Step::Done(last))
    }

    /// Ends a list of nodes. All but the whole pattern must have come to the end of the block; an ellipsis at the end goes
    /// as far as it can.
    fn finish(&mut self, is_whole: bool, open: Option<Ellipsis>, place: Place, last: Last) -> Option<Last> {
        let end = self.tree.block_end(place.block);
        let Some(ellipsis) = open else {
            return (is_whole || place.leaf >= end).then_some(last);
        };
        let furthest = self.tree.last_until(place.leaf, end, ellipsis.line).map(|leaf| self.last(leaf));
        let last = furthest.unwrap_or(last);
        let reached = Span { start: ellipsis.start, end: last.end.max(ellipsis.start) };
        self.fill_any(ellipsis.slot, reached).then_some(last)
    }

    fn extended(
        &self,
        open: Option<Ellipsis>,
        slot: Option<u32>,
        memo: Option<u32>,
        place: Place,
        last: Last,
    ) -> Ellipsis {
        match open {
            Some(open) => Ellipsis { line: open.line.saturating_add(self.span), ..open },
            None => {
                let line = last.line.saturating_add(self.span);
                Ellipsis { slot, memo, first: place.leaf, start: last.end, line }
            }
        }
    }

    fn close_any(&mut self, open: Option<Ellipsis>, at: u32) -> bool {
        open.is_none_or(|ellipsis| self.close(ellipsis, at))
    }

    /// Ends an ellipsis before a leaf.
    fn close(&mut self, ellipsis: Ellipsis, at: u32) -> bool {
        let skipped = at.checked_sub(1).filter(|before| *before >= ellipsis.first);
        let end = skipped.and_then(|before| self.tree.leaf(before)).map(|leaf| self.tree.span(leaf).end);
        let end = end.unwrap_or(ellipsis.start).max(ellipsis.start);
        self.fill_any(ellipsis.slot, Span { start: ellipsis.start, end })
    }

    fn leaf(&mut self, node: &Node, leaf: Leaf) -> bool {
        match node {
            Node::Literal(literal) => self.literals.get(*literal as usize) == Some(&leaf.text),
            Node::Metavariable(slot) => {
                leaf.is_word(self.text) && self.fill_any(Some(*slot), self.tree.span(leaf))
            }
            Node::Block(_) | Node::Ellipsis { .. } => false,
        }
    }

    /// Binds a metavariable; one that is bound must stand for the same text.
    fn fill_any(&mut self, slot: Option<u32>, span: Span) -> bool {
        let Some(number) = slot else { return true };
        let Some(slot) = self.slots.get_mut(number as usize) else { return false };
        match slot {
            Some(bound) => {
                let text = |span: Span| span.of(self.text);
                // Comparing long texts takes longer.
                self.steps = self.steps.saturating_sub(u64::from(span.end - span.start) / 32);
                *bound == span || text(*bound) == text(span)
            }
            None => {
                *slot = Some(span);
                self.filled.push(number);
                true
            }
        }
    }

    fn undo(&mut self, mark: usize) {
        for slot in self.filled.drain(mark..) {
            if let Some(slot) = self.slots.get_mut(slot as usize) {
                *slot = None;
            }
        }
    }

    fn last(&self, leaf: Leaf) -> Last {
        let span = self.tree.span(leaf);
        Last { start: span.start, end: span.end, line: leaf.line }
    }
}

/// How matching goes on after a block.
enum Step {
    On(Place, Last),
    Done(Last),
}

/// Whether nodes match nothing at all.
fn is_nothing(nodes: &[Node]) -> bool {
    nodes.iter().all(|node| match node {
        Node::Ellipsis { .. } => true,
        Node::Block(inner) => is_nothing(inner),
        Node::Literal(_) | Node::Metavariable(_) => false,
    })
}
