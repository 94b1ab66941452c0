use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::ops::Range;

use andon_syntax::{Symbol, Symbols};
use rustc_hash::FxHashMap;

use super::{Constant, Subject, regex_matches};
use crate::matching::{Bindings, Match, Value};
use crate::rule::{PatternId, PatternKind, Patterns, RuleLanguage};

/// A text that only regular expressions are looked for in: a file for rules of the language `regex`, or a value that is
/// read as that.
pub struct TextSubject<'a> {
    text: &'a str,
    part: Range<usize>,
    patterns: &'a Patterns,
    symbols: &'a Symbols,
    today: f64,
    found: RefCell<FxHashMap<PatternId, Vec<Match>>>,
    is_complete: Cell<bool>,
}

impl<'a> TextSubject<'a> {
    /// A whole text; `symbols` are those of the rules, `today` is the time now in seconds since 1970.
    pub fn new(text: &'a str, patterns: &'a Patterns, symbols: &'a Symbols, today: f64) -> Self {
        Self::of_part(text, 0..text.len(), patterns, symbols, today)
    }

    /// A part of a text, beyond which nothing is looked at.
    pub fn of_part(
        text: &'a str,
        part: Range<usize>,
        patterns: &'a Patterns,
        symbols: &'a Symbols,
        today: f64,
    ) -> Self {
        let (found, is_complete) = (RefCell::default(), Cell::new(true));
        Self { text, part, patterns, symbols, today, found, is_complete }
    }

    /// Whether every search so far was finished; one that took too long is given up.
    pub fn is_complete(&self) -> bool {
        self.is_complete.get()
    }
}

impl Subject for TextSubject<'_> {
    fn text(&self) -> &str {
        self.text
    }

    fn context(&self) -> Range<usize> {
        self.part.clone()
    }

    fn matches(&self, pattern: PatternId) -> Cow<'_, [Match]> {
        let Some(PatternKind::Regex(regex)) = self.patterns.get(pattern).map(|pattern| &pattern.kind) else {
            return Cow::Borrowed(&[]);
        };
        let mut found = self.found.borrow_mut();
        let matches = found.entry(pattern).or_insert_with(|| {
            let (matches, is_all) = regex_matches(regex, self.text, self.part.clone());
            self.is_complete.set(self.is_complete.get() && is_all);
            matches
        });
        Cow::Owned(matches.clone())
    }

    fn is_regex(&self, pattern: PatternId) -> bool {
        self.patterns.get(pattern).is_some_and(|pattern| matches!(pattern.kind, PatternKind::Regex(_)))
    }

    fn equal(&self, one: &Value, other: &Value) -> bool {
        self.written(one) == self.written(other)
    }

    fn constant(&self, _value: &Value, _propagate: bool) -> Option<Constant> {
        None
    }

    fn inner_text(&self, _value: &Value) -> Option<Cow<'_, str>> {
        None
    }

    fn has_type(&self, _value: &Value, _types: &[PatternId]) -> bool {
        false
    }

    fn within(
        &self,
        value: &Value,
        language: Option<&RuleLanguage>,
        _outer: &Bindings,
    ) -> Option<Box<dyn Subject + '_>> {
        matches!(language, None | Some(RuleLanguage::Regex)).then(|| {
            let part = value.span.clone();
            let inner = Self::of_part(self.text, part, self.patterns, self.symbols, self.today);
            Box::new(inner) as Box<dyn Subject + '_>
        })
    }

    fn name(&self, metavariable: Symbol) -> &str {
        self.symbols.text(metavariable)
    }

    fn today(&self) -> f64 {
        self.today
    }
}
