//! Rules on files.

mod compile;
mod part;
mod subject;
mod views;

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use andon_syntax::{Frozen, Language, Symbols};

use crate::flow::Program;
use crate::formula::{Found, TooMany, deduplicate, evaluate, interpolate};
use crate::matching::{Bindings, Source};
use crate::rule::{Loaded, Loader, Mode, Patterns, Refused, Rule, RuleLanguage, TaintSpec};
use crate::taint::{self, Spec};

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
        let program = OnceCell::new();
        for (index, rule) in self.rules.iter().enumerate() {
            if rule.languages.iter().any(|named| is_language(named, language)) {
                self.run(index, rule, &subject, &program, &mut checked);
            }
        }
        checked
    }

    /// Parses a text and learns what its names mean.
    fn read<'t>(&self, language: Language, text: &'t str) -> (Source<'t>, Vec<Range<usize>>) {
        let mut symbols = Symbols::over(&self.symbols);
        let parsed = andon_syntax::parse(language, text, &mut symbols);
        let facts = crate::facts::facts(language, &parsed.tree, &mut symbols);
        let mut source = Source::new(language, text, parsed.tree, symbols);
        source.facts.declarations = facts.declarations;
        source.facts.types = facts.types;
        source.facts.expressions = facts.expressions;
        source.facts.wildcards = facts.wildcards.iter().map(|name| name.to_vec().into()).collect();
        source.facts.full_names =
            facts.full_names.iter().map(|(node, name)| (*node, name.to_vec().into())).collect();
        (source, parsed.broken)
    }

    fn run(
        &self,
        index: usize,
        rule: &Rule,
        subject: &FileSubject<'_>,
        program: &OnceCell<Program>,
        checked: &mut Checked,
    ) {
        let found = match &rule.mode {
            Mode::Search(formula) => evaluate(formula, subject, &rule.options),
            Mode::Taint(spec) => tainted(spec, rule, subject, program).map(|found| {
                if !found.gave_up.is_empty() {
                    checked.gave_up.push(index);
                }
                let found = found.findings.into_iter();
                found.map(|found| Found { span: found.span, bindings: found.bindings, fix: None }).collect()
            }),
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

/// Follows data through the functions of a file, which are read when the first rule needs them.
fn tainted(
    rule: &TaintSpec,
    whole: &Rule,
    subject: &FileSubject<'_>,
    program: &OnceCell<Program>,
) -> Result<taint::Found, TooMany> {
    let spec = Spec::evaluate(rule, &whole.options, subject)?;
    if spec.sources.is_empty() || spec.sinks.is_empty() {
        return Ok(taint::Found::default());
    }
    let program = program.get_or_init(|| Program::new(subject.source));
    Ok(taint::find(subject.source, program, &spec))
}

fn is_language(named: &RuleLanguage, language: Language) -> bool {
    matches!(named, RuleLanguage::Code(code) if code.name() == language.name())
}
