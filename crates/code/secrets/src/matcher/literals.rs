//! The automaton over all literals of all rules: keywords, which must occur somewhere, and anchors, which must occur
//! in every match.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// Identifies a literal.
pub(super) type LiteralId = u32;

/// Collects literals while the rules are planned.
#[derive(Default)]
pub(super) struct Builder {
    ids: HashMap<Vec<u8>, LiteralId>,
    literals: Vec<Vec<u8>>,
    roles: Vec<Roles>,
    always: Vec<usize>,
}

/// Which rules a literal serves.
#[derive(Clone, Default)]
struct Roles {
    /// Rules that need its positions.
    anchors: Vec<usize>,
    /// Rules that are searched from end to end when it occurs.
    wakes: Vec<usize>,
}

impl Builder {
    /// The literal is a keyword: rules ask whether it occurs.
    pub(super) fn keyword(&mut self, literal: &[u8]) -> LiteralId {
        let literal = literal.to_ascii_lowercase();
        *self.ids.entry(literal.clone()).or_insert_with(|| {
            self.literals.push(literal);
            self.roles.push(Roles::default());
            (self.literals.len() - 1) as LiteralId
        })
    }

    /// The rule needs the literal's positions.
    pub(super) fn anchor(&mut self, literal: &[u8], rule: usize) {
        let id = self.keyword(literal) as usize;
        self.roles[id].anchors.push(rule);
    }

    /// The rule is to be searched from end to end when the literal occurs.
    pub(super) fn wake(&mut self, literal: LiteralId, rule: usize) {
        self.roles[literal as usize].wakes.push(rule);
    }

    /// The rule is searched in every text.
    pub(super) fn always(&mut self, rule: usize) {
        self.always.push(rule);
    }

    pub(super) fn build(self) -> Literals {
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(&self.literals)
            .ok();
        Literals {
            automaton,
            lengths: self.literals.iter().map(Vec::len).collect(),
            roles: self.roles,
            always: self.always,
        }
    }
}

/// The literals of all rules.
pub(super) struct Literals {
    automaton: Option<AhoCorasick>,
    lengths: Vec<usize>,
    roles: Vec<Roles>,
    always: Vec<usize>,
}

/// Which literals occur in a text, and where.
pub(super) struct Seen {
    present: Vec<bool>,
    present_ids: Vec<LiteralId>,
    positions: Vec<Vec<u32>>,
    candidates: Vec<usize>,
    is_candidate: Vec<bool>,
}

impl Literals {
    pub(super) fn seen(&self, rules: usize) -> Seen {
        Seen {
            present: vec![false; self.lengths.len()],
            present_ids: Vec::new(),
            positions: vec![Vec::new(); rules],
            candidates: Vec::new(),
            is_candidate: vec![false; rules],
        }
    }

    /// Fills `seen` from `text`. Texts of 4 GiB and more are searched in their first 4 GiB only; readers cap far below.
    pub(super) fn scan(&self, text: &[u8], seen: &mut Seen) {
        seen.clear();
        for &rule in &self.always {
            seen.candidate(rule);
        }
        let text = &text[..text.len().min(u32::MAX as usize)];
        let Some(automaton) = &self.automaton else { return };
        for found in automaton.find_overlapping_iter(text) {
            let id = found.pattern().as_usize();
            if !seen.present[id] {
                seen.present[id] = true;
                seen.present_ids.push(id as LiteralId);
                for &rule in &self.roles[id].wakes {
                    seen.candidate(rule);
                }
            }
            for &rule in &self.roles[id].anchors {
                seen.candidate(rule);
                seen.positions[rule].push(found.start() as u32);
            }
        }
        seen.candidates.sort_unstable();
    }
}

impl Seen {
    pub(super) fn contains(&self, literal: LiteralId) -> bool {
        self.present.get(literal as usize).copied().unwrap_or(false)
    }

    /// Rules worth trying, ascending.
    pub(super) fn candidates(&self) -> impl Iterator<Item = usize> + use<> {
        self.candidates.clone().into_iter()
    }

    /// Positions of a rule's anchors, nearly ascending (by where they end).
    pub(super) fn hits(&self, rule: usize) -> &[u32] {
        self.positions.get(rule).map_or(&[], Vec::as_slice)
    }

    fn candidate(&mut self, rule: usize) {
        if !self.is_candidate[rule] {
            self.is_candidate[rule] = true;
            self.candidates.push(rule);
        }
    }

    fn clear(&mut self) {
        for id in self.present_ids.drain(..) {
            self.present[id as usize] = false;
        }
        for rule in self.candidates.drain(..) {
            self.is_candidate[rule] = false;
            self.positions[rule].clear();
        }
    }
}
