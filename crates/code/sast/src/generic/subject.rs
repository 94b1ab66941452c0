use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use andon_syntax::{Symbol, Symbols};
use rustc_hash::FxHashMap;

use super::{Document, Error, Pattern, is_readable};
use crate::formula::{Constant, Subject, regex_matches};
use crate::matching::{Bindings, Match, Value};
use crate::rule::{CommentStyle, Options, PatternId, PatternKind, Patterns, RuleLanguage};

/// The patterns of the generic mode among those of rules.
#[derive(Debug, Default)]
pub struct Compiled(FxHashMap<PatternId, Pattern>);

impl Compiled {
    /// Compiles them, and says which are not sound.
    pub fn new(patterns: &Patterns, symbols: &mut Symbols) -> (Self, Vec<(PatternId, Error)>) {
        let (mut compiled, mut errors) = (FxHashMap::default(), Vec::new());
        for (id, pattern) in patterns.iter() {
            let PatternKind::Code { language: RuleLanguage::Generic, text, .. } = &pattern.kind else {
                continue;
            };
            match Pattern::compile(text, &pattern.options, symbols) {
                Ok(pattern) => {
                    compiled.insert(id, pattern);
                }
                Err(error) => errors.push((id, error)),
            }
        }
        (Self(compiled), errors)
    }
}

/// A text that patterns of the generic mode and regular expressions are looked for in.
pub struct GenericSubject<'a> {
    text: &'a str,
    part: Range<usize>,
    rules: Rules<'a>,
    outer: Bindings,
    /// Whether the usual engine looks at it.
    is_readable: bool,
    /// The text once for each style of comments.
    documents: [OnceCell<Document<'a>>; 4],
    found: RefCell<FxHashMap<PatternId, Vec<Match>>>,
    is_complete: Rc<Cell<bool>>,
}

/// What is known of rules.
#[derive(Clone, Copy)]
struct Rules<'a> {
    patterns: &'a Patterns,
    compiled: &'a Compiled,
    symbols: &'a Symbols,
    today: f64,
}

impl<'a> GenericSubject<'a> {
    /// A file; `symbols` are those of the rules, `today` is the time now in seconds since 1970.
    pub fn new(
        text: &'a str,
        patterns: &'a Patterns,
        compiled: &'a Compiled,
        symbols: &'a Symbols,
        today: f64,
    ) -> Self {
        let rules = Rules { patterns, compiled, symbols, today };
        let mut subject = Self::of_part(text, 0..text.len(), rules, Bindings::default());
        subject.is_readable = is_readable(text);
        subject
    }

    fn of_part(text: &'a str, part: Range<usize>, rules: Rules<'a>, outer: Bindings) -> Self {
        Self {
            text,
            part,
            rules,
            outer,
            is_readable: true,
            documents: Default::default(),
            found: RefCell::default(),
            is_complete: Rc::new(Cell::new(true)),
        }
    }

    /// Whether every search so far was finished; one that took too long is given up.
    pub fn is_complete(&self) -> bool {
        self.is_complete.get()
    }

    fn search(&self, pattern: PatternId) -> Vec<Match> {
        let Some(rule) = self.rules.patterns.get(pattern) else { return Vec::new() };
        let (matches, is_all) = match &rule.kind {
            PatternKind::Regex(regex) => regex_matches(regex, self.text, self.part.clone()),
            _ => match self.rules.compiled.0.get(&pattern) {
                Some(compiled) if self.is_readable || rule.options.generic_aliengrep => {
                    compiled.search(self.document(&rule.options))
                }
                _ => (Vec::new(), true),
            },
        };
        if !is_all {
            self.is_complete.set(false);
        }
        matches.into_iter().filter(|found| self.agrees(found)).collect()
    }

    fn document(&self, options: &Options) -> &Document<'a> {
        let [plain, c, cpp, shell] = &self.documents;
        let cell = match options.generic_comment_style {
            None => plain,
            Some(CommentStyle::C) => c,
            Some(CommentStyle::Cpp) => cpp,
            Some(CommentStyle::Shell) => shell,
        };
        cell.get_or_init(|| Document::of_part(self.text, self.part.clone(), options))
    }

    /// Whether a match says the same as what this is inside of.
    fn agrees(&self, found: &Match) -> bool {
        self.outer.is_empty()
            || found.bindings.iter().all(|(name, value)| {
                self.outer.get(name).is_none_or(|outer| self.written(outer) == self.written(value))
            })
    }
}

impl Subject for GenericSubject<'_> {
    fn text(&self) -> &str {
        self.text
    }

    fn context(&self) -> Range<usize> {
        self.part.clone()
    }

    fn matches(&self, pattern: PatternId) -> Cow<'_, [Match]> {
        let mut found = self.found.borrow_mut();
        Cow::Owned(found.entry(pattern).or_insert_with(|| self.search(pattern)).clone())
    }

    fn is_regex(&self, pattern: PatternId) -> bool {
        self.rules.patterns.get(pattern).is_some_and(|pattern| matches!(pattern.kind, PatternKind::Regex(_)))
    }

    fn equal(&self, one: &Value, other: &Value) -> bool {
        self.written(one) == self.written(other)
    }

    fn constant(&self, value: &Value, _propagate: bool) -> Option<Constant> {
        self.written(value).parse().ok().map(Constant::Integer)
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
        outer: &Bindings,
    ) -> Option<Box<dyn Subject + '_>> {
        if !matches!(language, None | Some(RuleLanguage::Generic | RuleLanguage::Regex)) {
            return None;
        }
        let mut inner = Self::of_part(self.text, value.span.clone(), self.rules, outer.clone());
        inner.is_complete = Rc::clone(&self.is_complete);
        Some(Box::new(inner))
    }

    fn name(&self, metavariable: Symbol) -> &str {
        self.rules.symbols.text(metavariable)
    }

    fn today(&self) -> f64 {
        self.rules.today
    }
}
