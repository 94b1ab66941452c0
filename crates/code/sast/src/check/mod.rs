//! Rules on files.

mod compile;
mod part;
mod subject;
mod views;

use std::ops::Range;
use std::sync::Arc;

use andon_syntax::{Frozen, Language, Symbols};

use crate::formula::{deduplicate, evaluate, interpolate};
use crate::matching::{Bindings, Source};
use crate::rule::{Loaded, Loader, Mode, Patterns, Refused, Rule, RuleLanguage};

use compile::{Compiled, compile};
use subject::FileSubject;

/// Rules that are ready to be run.
#[derive(Debug)]
pub struct Ruleset {
    /// The rules.
    pub rules: Vec<Rule>,
    /// Rules that cannot be used, and why.
    pub refused: Vec<Refused>,
    patterns: Patterns,
    compiled: Vec<Compiled>,
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
        Self { rules, refused, patterns, compiled, symbols: symbols.freeze(), today: 0.0 }
    }

    /// Runs the rules of a language on a file.
    pub fn check(&self, language: Language, text: &str) -> Checked {
        let (source, broken) = self.read(language, text);
        let mut checked = Checked { broken, ..Checked::default() };
        let subject = FileSubject::new(self, &source);
        for (index, rule) in self.rules.iter().enumerate() {
            if rule.languages.iter().any(|named| is_language(named, language)) {
                self.run(index, rule, &subject, &mut checked);
            }
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
                fix: found.fix.or(rule.fix.as_deref()).map(|fix| interpolate(fix, &found.bindings, subject)),
                span: found.span,
                bindings: found.bindings,
            })
            .collect();
        deduplicate(&mut hits, |hit| (hit.span.clone(), hit.message.clone()));
        checked.found.extend(hits);
    }
}

fn is_language(named: &RuleLanguage, language: Language) -> bool {
    matches!(named, RuleLanguage::Code(code) if code.name() == language.name())
}
