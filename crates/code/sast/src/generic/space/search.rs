use rustc_hash::FxHashMap;

use super::super::{Found, MOST_MATCHES, Span, steps};
use super::matcher::{Last, Matcher};
use super::pattern::{Node, Pattern};
use super::tree::Tree;

/// Where a pattern matches, and whether that is all. No two matches start at the same place, and no two end at the same:
/// of these the shorter counts, or the longer if the pattern ends with an ellipsis.
pub(in super::super) fn search(pattern: &Pattern, text: &str, tree: &Tree) -> (Vec<Found>, bool) {
    let literals: Option<Vec<u32>> =
        pattern.literals.iter().map(|literal| tree.find(literal, text)).collect();
    let Some(literals) = literals else {
        return (Vec::new(), true);
    };
    let mut search = Search {
        pattern,
        matcher: Matcher::new(tree, text, &literals, pattern.span, steps(text)),
        found: Vec::new(),
        by_end: FxHashMap::default(),
    };
    let is_all = match pattern.nodes.first() {
        Some(Node::Literal(first)) => {
            let places = literals.get(*first as usize).map_or(&[][..], |text| tree.places(*text));
            search.from(places.iter().copied())
        }
        Some(Node::Ellipsis { .. }) => search.from(tree.block_starts()),
        _ => search.from((0..).zip(&tree.leaves).map(|(at, _)| at)),
    };
    let mut found = search.found;
    found.sort_by_key(|found| found.span.start);
    (found, is_all)
}

struct Search<'a> {
    pattern: &'a Pattern,
    matcher: Matcher<'a>,
    found: Vec<Found>,
    /// The number of the match that ends at a place.
    by_end: FxHashMap<Last, usize>,
}

impl Search<'_> {
    fn from(&mut self, starts: impl Iterator<Item = u32>) -> bool {
        let is_open = matches!(self.pattern.nodes.last(), Some(Node::Ellipsis { .. }));
        for start in starts {
            if self.matcher.steps == 0 || self.found.len() >= MOST_MATCHES {
                return false;
            }
            let Some(last) = self.matcher.from(&self.pattern.nodes, self.pattern.slots, start) else {
                continue;
            };
            let Some(leaf) = self.matcher.tree.leaf(start) else { continue };
            let span = Span { start: leaf.start, end: last.end };
            let found = Found { span, slots: self.matcher.slots() };
            let next = self.found.len();
            let number = *self.by_end.entry(last).or_insert(next);
            match self.found.get_mut(number) {
                None => self.found.push(found),
                Some(longer) if !is_open => *longer = found,
                Some(_) => {}
            }
        }
        self.matcher.steps > 0
    }
}
