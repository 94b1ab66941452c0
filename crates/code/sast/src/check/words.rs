use aho_corasick::{AhoCorasick, MatchKind};
use andon_syntax::{Kind, NodeId, Pattern, Symbols};
use rustc_hash::FxHashMap;

use crate::check::compile::Compiled;
use crate::formula::{Formula, FormulaKind};
use crate::rule::{Mode, PatternId, Rule};

/// Tells by its words alone that a file cannot match, before it is parsed.
#[derive(Debug)]
pub(super) struct Words {
    automaton: Option<AhoCorasick>,
    /// For each pattern the words without which it cannot match, by number.
    needed: Vec<Vec<u32>>,
    count: usize,
}

/// The words that a text has.
pub(super) struct Present<'w> {
    words: &'w Words,
    found: Vec<bool>,
}

impl Words {
    pub(super) fn new(compiled: &[Compiled], symbols: &Symbols) -> Self {
        let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
        let mut needed = Vec::with_capacity(compiled.len());
        for pattern in compiled {
            let words = match pattern {
                Compiled::Code(pattern) => words(pattern, symbols),
                _ => Vec::new(),
            };
            let number = |word| {
                let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                *numbers.entry(word).or_insert(next)
            };
            needed.push(words.into_iter().map(number).collect());
        }
        let mut list: Vec<_> = numbers.iter().map(|(word, number)| (*number, *word)).collect();
        list.sort_unstable();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(list.iter().map(|(_, word)| word))
            .ok();
        Self { automaton, needed, count: list.len() }
    }

    /// Looks for the words in a text.
    pub(super) fn present(&self, text: &str) -> Present<'_> {
        let Some(automaton) = &self.automaton else {
            return Present { words: self, found: vec![true; self.count] };
        };
        let mut found = vec![false; self.count];
        for hit in automaton.find_overlapping_iter(text) {
            if let Some(slot) = found.get_mut(hit.pattern().as_usize())
                && !*slot
            {
                *slot = stands_alone(text.as_bytes(), hit.start(), hit.end());
            }
        }
        Present { words: self, found }
    }
}

impl Present<'_> {
    /// Whether a rule could find something.
    pub(super) fn allow(&self, rule: &Rule) -> bool {
        match &rule.mode {
            Mode::Search(formula) => self.allow_formula(formula),
            Mode::Taint(spec) => {
                spec.sources.iter().any(|source| self.allow_formula(&source.formula))
                    && spec.sinks.iter().any(|sink| self.allow_formula(&sink.formula))
            }
        }
    }

    fn allow_formula(&self, formula: &Formula) -> bool {
        match &formula.kind {
            FormulaKind::Pattern(id) => self.allow_pattern(*id),
            FormulaKind::And { positives, .. } => positives.iter().all(|each| self.allow_formula(each)),
            FormulaKind::Or(any) => any.iter().any(|each| self.allow_formula(each)),
            FormulaKind::Inside(inner) | FormulaKind::Anywhere(inner) => self.allow_formula(inner),
        }
    }

    /// Whether a pattern could match.
    pub(super) fn allow_pattern(&self, id: PatternId) -> bool {
        let needed = self.words.needed.get(id.index());
        needed.is_none_or(|needed| needed.iter().all(|word| self.has(*word)))
    }

    fn has(&self, word: u32) -> bool {
        self.found.get(word as usize).copied().unwrap_or(true)
    }
}

/// The names in a pattern that have to stand in the text. Literals may be put together there, and what an import is
/// called may be spelled as a path, so that only names count, and not those of imports.
fn words<'s>(pattern: &Pattern, symbols: &'s Symbols) -> Vec<&'s str> {
    let mut words = Vec::new();
    let mut open: Vec<NodeId> = pattern.roots.clone();
    while let Some(id) = open.pop() {
        let kind = pattern.tree.kind(id);
        let text = symbols.text(pattern.tree.text(id));
        match kind {
            Kind::Import | Kind::ImportFrom | Kind::ImportAll | Kind::TypedMetavariable => continue,
            Kind::Name | Kind::Keyword if is_word(text) => words.push(text),
            _ => {}
        }
        open.extend(pattern.tree.children(id));
    }
    words.sort_unstable();
    words.dedup();
    words
}

/// Whether a word is not just a part of a longer one.
fn stands_alone(text: &[u8], start: usize, end: usize) -> bool {
    let is_part = |at: Option<usize>| {
        let byte = at.and_then(|at| text.get(at));
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    !is_part(start.checked_sub(1)) && !is_part(Some(end))
}

fn is_word(text: &str) -> bool {
    text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
