use std::borrow::Cow;

use andon_syntax::{Language, Pattern, Symbols, parse_pattern};

use crate::rule::{PatternKind, Refused, Rule, RuleLanguage, RulePattern};

/// A rule's pattern, ready to be looked for.
#[derive(Debug)]
pub(super) enum Compiled {
    /// Code with holes.
    Code(Pattern),
    /// What needs no compiling here.
    Plain,
    /// What cannot be read, and why.
    Faulty(String),
}

pub(super) fn compile(pattern: &RulePattern, symbols: &mut Symbols) -> Compiled {
    let (language, text) = match &pattern.kind {
        PatternKind::Code { language, text, .. } | PatternKind::Type { language, text } => (language, text),
        PatternKind::Regex(_) => return Compiled::Plain,
    };
    match language {
        RuleLanguage::Code(language) => match parse_pattern(*language, &as_type(pattern, text), symbols) {
            Ok(pattern) => Compiled::Code(pattern),
            Err(error) => Compiled::Faulty(format!("{error}: {}", text.trim())),
        },
        RuleLanguage::Regex | RuleLanguage::Generic => Compiled::Plain,
        RuleLanguage::Other(name) => Compiled::Faulty(format!("patterns of {name} are not supported")),
    }
}

/// A type as it is read where only a type can stand: in Go `*T` alone is what a pointer points to.
fn as_type<'t>(pattern: &RulePattern, text: &'t str) -> Cow<'t, str> {
    match &pattern.kind {
        PatternKind::Type { language: RuleLanguage::Code(Language::Go), .. } => {
            format!("($_ : {text})").into()
        }
        _ => text.into(),
    }
}

/// Why a rule cannot be used: one of its patterns cannot be read.
pub(super) fn fault(rule: &Rule, compiled: &[Compiled]) -> Option<Refused> {
    let mut reason = None;
    for formula in rule.formulas() {
        formula.visit_patterns(&mut |id, _| {
            if let Some(Compiled::Faulty(fault)) = compiled.get(id.index()) {
                reason.get_or_insert_with(|| fault.clone());
            }
        });
    }
    reason.map(|reason| Refused {
        id: Some(rule.id.clone()),
        file: String::new(),
        line: rule.line,
        reason,
        is_unsupported: true,
    })
}
