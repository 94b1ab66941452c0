//! Rules on files.

mod compile;
mod fixes;
mod part;
mod subject;
mod views;
mod words;

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use andon_syntax::{Frozen, Kind, Language, Symbols, Tree};

use crate::flow::Program;
use crate::formula::{Formula, Found, Subject, TooMany, deduplicate, evaluate, interpolate};
use crate::generic::{self, GenericSubject};
use crate::matching::{Bindings, Source};
use crate::rule::{Loaded, Loader, Mode, Patterns, Refused, Rule, RuleLanguage, TaintSpec};
use crate::taint::{self, Spec};

pub use fixes::apply_fixes;

use compile::{Compiled, compile};
use subject::{FileSubject, Read};
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
    generic: generic::Compiled,
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
        let mut compiled: Vec<_> =
            patterns.iter().map(|(_, pattern)| compile(pattern, &mut symbols)).collect();
        let (generic, faults) = generic::Compiled::new(&patterns, &mut symbols);
        for (id, fault) in faults {
            if let Some(slot) = compiled.get_mut(id.index()) {
                *slot = Compiled::Faulty(fault.to_string());
            }
        }
        rules.retain(|rule| match compile::fault(rule, &compiled) {
            Some(fault) => {
                refused.push(fault);
                false
            }
            None => true,
        });
        let words = Words::new(&compiled, &symbols);
        Self { rules, refused, patterns, compiled, generic, words, symbols: symbols.freeze(), today: 0.0 }
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
        let subject = FileSubject::new(self, Read::Borrowed(&source), Some(&present));
        let program = OnceCell::new();
        for (index, rule) in rules {
            self.run(index, rule, &subject, &program, &mut checked);
        }
        checked
    }

    /// Runs rules of no language, `generic` and `regex`, on a text; of them those that `wants` asks for, by index.
    pub fn check_text(&self, text: &str, wants: impl Fn(usize) -> bool) -> Checked {
        let mut checked = Checked::default();
        let symbols = Symbols::over(&self.symbols);
        let subject = GenericSubject::new(text, &self.patterns, &self.generic, &symbols, self.today);
        for (index, rule) in self.rules.iter().enumerate() {
            let Mode::Search(formula) = &rule.mode else { continue };
            if rule.reads_any_text() && wants(index) {
                let places = searched(formula, rule, &subject);
                let describe = |place| hit(index, rule, place, &subject, &symbols, String::new());
                settle(index, places, describe, &mut checked);
            }
        }
        if !subject.is_complete() {
            checked.gave_up.extend(
                (0..self.rules.len()).filter(|index| {
                    wants(*index) && self.rules.get(*index).is_some_and(Rule::reads_any_text)
                }),
            );
        }
        checked
    }

    /// Parses a text and learns what its names mean.
    fn read<'t>(&self, language: Language, text: &'t str) -> (Source<'t>, Vec<Range<usize>>) {
        let mut symbols = Symbols::over(&self.symbols);
        let parsed = andon_syntax::parse(language, text, &mut symbols);
        let mut broken = parsed.broken;
        if parsed.too_deep {
            broken.extend(cut_off(&parsed.tree));
            broken.sort_by_key(|part| (part.start, part.end));
            broken.dedup();
        }
        (Source::new(language, text, parsed.tree, symbols), broken)
    }

    fn run(
        &self,
        index: usize,
        rule: &Rule,
        subject: &FileSubject<'_>,
        program: &OnceCell<Program>,
        checked: &mut Checked,
    ) {
        subject.start();
        let places = match &rule.mode {
            Mode::Search(formula) => searched(formula, rule, subject),
            Mode::Taint(spec) => tainted(spec, rule, subject, program),
        };
        let describe = |place: Place<'_>| {
            let symbol = views::symbol(&subject.source, place.span.start);
            hit(index, rule, place, subject, &subject.source.symbols, symbol)
        };
        settle(index, places, describe, checked);
        if subject.has_given_up() && checked.gave_up.last() != Some(&index) {
            checked.gave_up.push(index);
        }
    }
}

/// Adds what a rule found, each place and message once.
fn settle<'r>(index: usize, places: Places<'r>, describe: impl Fn(Place<'r>) -> Hit, checked: &mut Checked) {
    let Ok((places, is_all)) = places else {
        checked.gave_up.push(index);
        return;
    };
    if !is_all {
        checked.gave_up.push(index);
    }
    let mut hits: Vec<_> = places.into_iter().map(describe).collect();
    deduplicate(&mut hits, |hit| (hit.span.clone(), hit.message.clone()));
    checked.found.extend(hits);
}

/// The parts of a file that nest too deep to be read; at most 100.
fn cut_off(tree: &Tree) -> Vec<Range<usize>> {
    let mut parts: Vec<_> =
        tree.ids().filter(|id| tree.kind(*id) == Kind::Broken).map(|id| tree.span(id)).take(100).collect();
    if parts.is_empty() {
        parts.push(tree.span(tree.root()));
    }
    parts
}

/// A place that a rule found, and how data gets there.
struct Place<'r> {
    span: Range<usize>,
    bindings: Bindings,
    fix: Option<&'r str>,
    trace: Vec<Range<usize>>,
}

/// What a rule found in a file, and whether that is all.
type Places<'r> = Result<(Vec<Place<'r>>, bool), TooMany>;

fn searched<'r>(formula: &'r Formula, rule: &Rule, subject: &dyn Subject) -> Places<'r> {
    let found = evaluate(formula, subject, &rule.options)?.into_iter();
    let place = |found: Found<'r>| Place {
        span: found.span,
        bindings: found.bindings,
        fix: found.fix,
        trace: Vec::new(),
    };
    Ok((found.map(place).collect(), true))
}

/// Follows data through the functions of a file, which are read when the first rule needs them.
fn tainted<'r>(
    spec: &TaintSpec,
    rule: &Rule,
    subject: &FileSubject<'_>,
    program: &OnceCell<Program>,
) -> Places<'r> {
    let spec = Spec::evaluate(spec, &rule.options, subject)?;
    if spec.sources.is_empty() || spec.sinks.is_empty() {
        return Ok((Vec::new(), true));
    }
    let program = program.get_or_init(|| Program::new(&subject.source));
    let found = taint::find(&subject.source, program, &spec);
    let place = |found: taint::TaintFinding| Place {
        span: found.span,
        bindings: found.bindings,
        fix: None,
        trace: found.trace,
    };
    Ok((found.findings.into_iter().map(place).collect(), found.gave_up.is_empty()))
}

fn hit(
    index: usize,
    rule: &Rule,
    place: Place<'_>,
    subject: &dyn Subject,
    symbols: &Symbols,
    symbol: String,
) -> Hit {
    let fix = match place.fix.or(rule.fix.as_deref()) {
        Some(fix) => Some(interpolate(fix, &place.bindings, subject)),
        None => regex_fix(rule, &place.span, subject.text(), symbols),
    };
    let last = place.trace.len().saturating_sub(1);
    let step = |(position, span)| {
        let word = match position {
            0 => "the data comes from here",
            _ if position == last => "and is used here",
            _ => "it goes through here",
        };
        (span, word.to_owned())
    };
    Hit {
        rule: index,
        message: interpolate(&rule.message, &place.bindings, subject),
        fix,
        symbol,
        flow: place.trace.into_iter().enumerate().map(step).collect(),
        span: place.span,
        bindings: place.bindings,
    }
}

fn regex_fix(rule: &Rule, span: &Range<usize>, text: &str, symbols: &Symbols) -> Option<String> {
    fixes::replaced(text.get(span.clone())?, rule.fix_regex.as_ref()?, symbols)
}

fn is_language(named: &RuleLanguage, language: Language) -> bool {
    matches!(named, RuleLanguage::Code(code) if code.name() == language.name())
}
