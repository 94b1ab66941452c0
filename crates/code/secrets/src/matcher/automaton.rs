//! The automaton that finds all literals at once, in two forms: one that is built quickly, and one that searches three
//! times as fast and is built when there is so much to search that it pays.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// The quick form has lost what the fast one costs after about this many bytes.
const WORTHWHILE: usize = 512 << 10;

/// Finds literals, whatever the case of their ASCII letters.
pub(super) struct Automaton {
    literals: Vec<Vec<u8>>,
    quick: Option<AhoCorasick>,
    fast: OnceLock<Option<AhoCorasick>>,
    /// Bytes.
    searched: AtomicUsize,
}

impl Automaton {
    pub(super) fn new(literals: Vec<Vec<u8>>) -> Self {
        let quick = build(&literals, AhoCorasickKind::ContiguousNFA);
        Self { literals, quick, fast: OnceLock::new(), searched: AtomicUsize::new(0) }
    }

    /// The form for a text of so many bytes; none when the literals are too many for any.
    pub(super) fn for_text(&self, bytes: usize) -> Option<&AhoCorasick> {
        if let Some(fast) = self.fast.get() {
            return fast.as_ref().or(self.quick.as_ref());
        }
        let before = self.searched.fetch_add(bytes.min(WORTHWHILE), Ordering::Relaxed);
        if before.saturating_add(bytes) < WORTHWHILE {
            return self.quick.as_ref();
        }
        let fast = self.fast.get_or_init(|| build(&self.literals, AhoCorasickKind::DFA));
        fast.as_ref().or(self.quick.as_ref())
    }
}

fn build(literals: &[Vec<u8>], kind: AhoCorasickKind) -> Option<AhoCorasick> {
    // With more than a thousand literals some byte of a prefilter is never far away.
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).match_kind(MatchKind::Standard).prefilter(false);
    builder.kind(Some(kind)).build(literals).ok()
}
