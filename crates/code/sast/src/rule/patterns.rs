use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::{Expression, Options, RuleLanguage};

/// A pattern of some rules, as a number, dense from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PatternId(u32);

impl PatternId {
    /// Its number.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The patterns of all rules, each once however many rules use it.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    list: Vec<RulePattern>,
    known: HashMap<Key, PatternId, FxBuildHasher>,
}

/// A pattern as rules write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulePattern {
    /// What it is.
    pub kind: PatternKind,
    /// How it matches; the default for regular expressions.
    pub options: Options,
}

/// The kinds of patterns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternKind {
    /// Code with holes, or text of the generic mode.
    Code {
        /// The language that it is written in.
        language: RuleLanguage,
        /// The pattern.
        text: String,
        /// Whether something is looked for inside its matches (`pattern-inside` or `pattern-not-inside` is around it): a
        /// last `...` then takes all statements that follow.
        is_around: bool,
    },
    /// A type, for [`crate::formula::Condition::Type`].
    Type {
        /// The language that it is written in.
        language: RuleLanguage,
        /// The type.
        text: String,
    },
    /// A regular expression.
    Regex(Expression),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Code(RuleLanguage, String, bool, Options),
    Type(RuleLanguage, String, Options),
    Regex(String),
}

impl Patterns {
    /// A pattern by its number.
    pub fn get(&self, id: PatternId) -> Option<&RulePattern> {
        self.list.get(id.index())
    }

    /// Every pattern with its number.
    pub fn iter(&self) -> impl Iterator<Item = (PatternId, &RulePattern)> {
        self.list.iter().enumerate().map(|(index, pattern)| (numbered(index), pattern))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The number of a pattern, made if it is new.
    pub fn add(&mut self, pattern: RulePattern) -> PatternId {
        let options = pattern.options.clone();
        let key = match &pattern.kind {
            PatternKind::Code { language, text, is_around } => {
                Key::Code(language.clone(), text.clone(), *is_around, options)
            }
            PatternKind::Type { language, text } => Key::Type(language.clone(), text.clone(), options),
            PatternKind::Regex(regex) => Key::Regex(regex.source().to_owned()),
        };
        let Self { list, known } = self;
        *known.entry(key).or_insert_with(|| {
            list.push(pattern);
            numbered(list.len() - 1)
        })
    }
}

fn numbered(index: usize) -> PatternId {
    PatternId(u32::try_from(index).unwrap_or(u32::MAX))
}
