use andon_model::Form;
use andon_syntax::Language;

use crate::engine::paths::PathFilter;
use crate::rule::{Paths, Rule};

/// Bits of a form that say the language; the others say which rules on any text read the file.
const LANGUAGE_BITS: u32 = 3;
/// Rules on any text with different paths are told apart up to this many kinds; those beyond read every file.
const MOST: usize = 12;

/// Which rules on any text read a file, told by its path before it is read.
pub(super) struct Classes {
    filters: Vec<PathFilter>,
    /// The class of each rule, by index; none for rules on code.
    of_rules: Vec<Option<usize>>,
}

impl Classes {
    pub(super) fn new(rules: &[Rule]) -> Self {
        let mut known: Vec<&Paths> = Vec::new();
        let mut of_rules = Vec::new();
        for rule in rules {
            of_rules.push(rule.reads_any_text().then(|| {
                let known_as = known.iter().position(|paths| **paths == rule.paths);
                known_as.unwrap_or_else(|| {
                    known.push(&rule.paths);
                    known.len() - 1
                })
            }));
        }
        Self { filters: known.into_iter().map(PathFilter::new).collect(), of_rules }
    }

    /// What is to be done with a file; 0 for nothing.
    pub(super) fn form(&self, language: Option<Language>, path: &str) -> Form {
        let position = language.and_then(|named| Language::ALL.iter().position(|known| *known == named));
        let language = position.map_or(0, |position| position as Form + 1);
        let class = |class: usize| Form::try_from(class.min(MOST)).map_or(0, |class| 1 << class);
        let read = self.filters.iter().enumerate().filter(|(at, filter)| *at >= MOST || filter.reads(path));
        let classes = read.fold(0, |all, (at, _)| all | class(at));
        language | (classes << LANGUAGE_BITS)
    }

    /// Whether a rule on any text reads a file of this form.
    pub(super) fn reads(&self, form: Form, rule: usize) -> bool {
        let class = self.of_rules.get(rule).copied().flatten();
        class.is_some_and(|class| form >> LANGUAGE_BITS >> class.min(MOST) & 1 == 1)
    }
}

/// The language of a form.
pub(super) fn language(form: Form) -> Option<Language> {
    let position = usize::from(form & ((1 << LANGUAGE_BITS) - 1));
    Language::ALL.get(position.checked_sub(1)?).copied()
}

/// Whether a form asks for rules on any text.
pub(super) fn is_any_text(form: Form) -> bool {
    form >> LANGUAGE_BITS != 0
}
