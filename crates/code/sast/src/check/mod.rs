//! Rules on files.

mod compile;
mod fixes;
mod part;
mod subject;
mod views;
mod words;

use std::ops::Range;
use std::sync::Arc;

use andon_syntax::{Frozen, Language, Symbols};

use crate::formula::{deduplicate, evaluate, interpolate};
use crate::matching::{Bindings, Source};
use crate::rule::{Loaded, Loader, Mode, Patterns, Refused, Rule, RuleLanguage};

pub use fixes::apply_fixes;

use compile::{Compiled, compile};
use subject::FileSubject;
use words::Words;

/// Rules that are ready to be run.
#[derive(Debug)]
pub struct Ruleset {
    /// The rules.
    pub rules: Vec<Rule>,
    /// Rules that cannot be used, and why.
    pub refused: Vec<Refused>,
    patterns: Patterns,
    compiled: Vec<Compiled>,
    words: Words,
    symbols: Arc<Frozen>,
    /// The time that comparisons take for now, in seconds since 1970.
    pub today: f64,
}

/// What rules found in a file.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The findings, in the order of the rules and then of the text.
    pub found: Vec<Hit>,
    /// Parts of the file that could not be parsed, in bytes.
    pub broken: Vec<Range<usize>>,
    /// Rules that gave up on the file, by index.
    pub gave_up: Vec<usize>,
}

/// A place that a rule found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The rule, by index.
    pub rule: usize,
    /// The place, in bytes of the file.
    pub span: Range<usize>,
    /// What the metavariables stand for.
    pub bindings: Bindings,
    /// The rule's message about it.
    pub message: String,
    /// What to write instead.
    pub fix: Option<String>,
    /// The functions and classes around it, outermost first, with dots.
    pub symbol: String,
    /// The way that data takes: places and what happens there.
    pub flow: Vec<(Range<usize>, String)>,
}

impl Ruleset {
    /// Compiles what a loader read.
    pub fn new(loader: Loader, loaded: Vec<Loaded>) -> Self {
        let Loader { mut symbols, patterns } = loader;
        let (mut rules, mut refused) = (Vec::new(), Vec::new());
        for file in loaded {
            rules.extend(file.rules);
            refused.extend(file.refused);
        }
        let compiled: Vec<_> = patterns.iter().map(|(_, pattern)| compile(pattern, &mut symbols)).collect();
        rules.retain(|rule| match compile::fault(rule, &compiled) {
            Some(fault) => {
                refused.push(fault);
                false
            }
            None => true,
        });
        let words = Words::new(&compiled, &symbols);
        Self { rules, refused, patterns, compiled, words, symbols: symbols.freeze(), today: 0.0 }
    }

    /// Runs the rules of a language on a file.
    pub fn check(&self, language: Language, text: &str) -> Checked {
        let present = self.words.present(text);
        let rules: Vec<_> = self
            .rules
            .iter()
            .enumerate()
            .filter(|(_, rule)| rule.languages.iter().any(|named| is_language(named, language)))
            .filter(|(_, rule)| present.allow(rule))
            .collect();
        if rules.is_empty() {
            return Checked::default();
        }
        let (source, broken) = self.read(language, text);
        let mut checked = Checked { broken, ..Checked::default() };
        let subject = FileSubject::new(self, &source, Some(&present));
        for (index, rule) in rules {
            self.run(index, rule, &subject, &mut checked);
        }
        checked
    }

    /// Parses a text and learns what its names mean.
    fn read<'t>(&self, language: Language, text: &'t str) -> (Source<'t>, Vec<Range<usize>>) {
        let mut symbols = Symbols::over(&self.symbols);
        let parsed = andon_syntax::parse(language, text, &mut symbols);
        (Source::new(language, text, parsed.tree, symbols), parsed.broken)
    }

    fn run(&self, index: usize, rule: &Rule, subject: &FileSubject<'_>, checked: &mut Checked) {
        let found = match &rule.mode {
            Mode::Search(formula) => evaluate(formula, subject, &rule.options),
            Mode::Taint(_) => return,
        };
        let Ok(found) = found else {
            checked.gave_up.push(index);
            return;
        };
        let mut hits: Vec<_> = found
            .into_iter()
            .map(|found| Hit {
                rule: index,
                message: interpolate(&rule.message, &found.bindings, subject),
                fix: match found.fix.or(rule.fix.as_deref()) {
                    Some(fix) => Some(interpolate(fix, &found.bindings, subject)),
                    None => regex_fix(rule, &found.span, subject),
                },
                symbol: views::symbol(subject.source, found.span.start),
                flow: Vec::new(),
                span: found.span,
                bindings: found.bindings,
            })
            .collect();
        deduplicate(&mut hits, |hit| (hit.span.clone(), hit.message.clone()));
        checked.found.extend(hits);
    }
}

fn regex_fix(rule: &Rule, span: &Range<usize>, subject: &FileSubject<'_>) -> Option<String> {
    let part = subject.source.text.get(span.clone())?;
    fixes::replaced(part, rule.fix_regex.as_ref()?, &subject.source.symbols)
}

fn is_language(named: &RuleLanguage, language: Language) -> bool {
    matches!(named, RuleLanguage::Code(code) if code.name() == language.name())
}
