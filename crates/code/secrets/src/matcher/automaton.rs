//! The automaton that finds all literals at once. It looks for their first bytes only, which keeps it small enough for
//! the processor's caches, and compares the rest where these stand. It comes in two forms: one that is built quickly,
//! and one that searches three times as fast and is built when there is so much to search that it pays.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::literals::LiteralId;

/// The quick form has lost what the fast one costs after about this many bytes.
const WORTHWHILE: usize = 512 << 10;
/// How many bytes of a literal the automaton knows.
const HEAD: usize = 5;

/// Finds literals, whatever the case of their ASCII letters.
pub(super) struct Automaton {
    literals: Vec<Vec<u8>>,
    heads: Vec<Vec<u8>>,
    /// Per head, the literals that begin with it.
    begun: Vec<Vec<LiteralId>>,
    quick: Option<AhoCorasick>,
    fast: OnceLock<Option<AhoCorasick>>,
    /// Bytes.
    searched: AtomicUsize,
}

impl Automaton {
    /// `literals` are in lower case; their positions are their identifiers.
    pub(super) fn new(literals: Vec<Vec<u8>>) -> Self {
        let mut by_head: BTreeMap<Vec<u8>, Vec<LiteralId>> = BTreeMap::new();
        for (id, literal) in literals.iter().enumerate() {
            by_head.entry(literal[..literal.len().min(HEAD)].to_vec()).or_default().push(id as LiteralId);
        }
        let (heads, begun): (Vec<_>, Vec<_>) = by_head.into_iter().unzip();
        let quick = build(&heads, AhoCorasickKind::ContiguousNFA);
        Self { literals, heads, begun, quick, fast: OnceLock::new(), searched: AtomicUsize::new(0) }
    }

    /// Calls `visit` with the place and the identifier of every literal that begins in a part of the text and ends
    /// before `limit`.
    pub(super) fn find(
        &self,
        text: &[u8],
        part: Range<usize>,
        limit: usize,
        mut visit: impl FnMut(Range<usize>, LiteralId),
    ) {
        let Some(stretch) = text.get(part.clone()) else { return };
        let Some(automaton) = self.for_text(stretch.len()) else { return };
        for found in automaton.find_overlapping_iter(stretch) {
            let start = part.start + found.start();
            for &id in &self.begun[found.pattern().as_usize()] {
                let literal = &self.literals[id as usize];
                let end = start + literal.len();
                let is_whole = end <= limit
                    && text
                        .get(start + found.len()..end)
                        .is_some_and(|rest| rest.eq_ignore_ascii_case(&literal[found.len()..]));
                if is_whole {
                    visit(start..end, id);
                }
            }
        }
    }

    /// The form for a text of so many bytes; none when the literals are too many for any.
    fn for_text(&self, bytes: usize) -> Option<&AhoCorasick> {
        if let Some(fast) = self.fast.get() {
            return fast.as_ref().or(self.quick.as_ref());
        }
        let before = self.searched.fetch_add(bytes.min(WORTHWHILE), Ordering::Relaxed);
        if before.saturating_add(bytes) < WORTHWHILE {
            return self.quick.as_ref();
        }
        let fast = self.fast.get_or_init(|| build(&self.heads, AhoCorasickKind::DFA));
        fast.as_ref().or(self.quick.as_ref())
    }
}

fn build(heads: &[Vec<u8>], kind: AhoCorasickKind) -> Option<AhoCorasick> {
    // With more than a thousand literals some byte of a prefilter is never far away.
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).match_kind(MatchKind::Standard).prefilter(false);
    builder.kind(Some(kind)).build(heads).ok()
}
