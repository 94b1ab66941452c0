use std::borrow::Cow;
use std::ops::Range;

use andon_syntax::Symbol;

use super::evaluate::Evaluation;
use super::place::{Place, TooMany};
use super::{Condition, Constant, Formula, Subject, entropy, redos};
use crate::matching::{Bindings, Value};
use crate::rule::{Expression, RuleLanguage};

/// A place that the conditions so far hold for, and what they bound in addition.
pub(super) struct Kept<'f> {
    place: Place<'f>,
    more: Vec<Bindings>,
}

impl<'f> Kept<'f> {
    pub(super) fn new(place: Place<'f>) -> Self {
        Self { place, more: Vec::new() }
    }

    /// The place as it was, and once with each set of what was bound in addition.
    pub(super) fn places(self) -> Vec<Place<'f>> {
        let Self { place, more } = self;
        let with = |more: Bindings| Place { bindings: more.joined(&place.bindings), ..place.clone() };
        let extended: Vec<_> = more.into_iter().filter(|more| !more.is_empty()).map(with).collect();
        std::iter::once(place.clone()).chain(extended).collect()
    }
}

/// The places that a condition holds for.
pub(super) fn keep<'f>(
    evaluation: &mut Evaluation<'_>,
    places: Vec<Kept<'f>>,
    condition: &'f Condition,
    subject: &dyn Subject,
) -> Result<Vec<Kept<'f>>, TooMany> {
    let mut kept = Vec::with_capacity(places.len());
    for mut each in places {
        let bindings = &each.place.bindings;
        let holds = match condition {
            Condition::Regex { metavariable, regex, constants } => {
                let propagate = *constants && evaluation.options.constant_propagation;
                match regex_bindings(bindings.get(*metavariable), regex, propagate, subject) {
                    Some(more) => {
                        each.more.push(more);
                        true
                    }
                    None => false,
                }
            }
            Condition::Comparison(comparison) => {
                let propagate = evaluation.options.constant_propagation;
                comparison
                    .holds(&|name| Some(constant(bindings.get(name)?, propagate, subject)), subject.today())
            }
            Condition::Pattern { metavariable, language, formula } => {
                let more =
                    nested(evaluation, &each.place, *metavariable, language.as_ref(), formula, subject)?;
                let holds = more.is_some();
                each.more.extend(more.unwrap_or_default());
                holds
            }
            Condition::Type { metavariable, types } => {
                bindings.get(*metavariable).is_some_and(|value| subject.has_type(value, types))
            }
            Condition::Entropy(name) => {
                content(bindings.get(*name), subject).is_some_and(|text| entropy::is_high(&text))
            }
            Condition::SlowRegex(name) => {
                content(bindings.get(*name), subject).is_some_and(|text| redos::is_slow(&text))
            }
        };
        if holds {
            kept.push(each);
        }
    }
    Ok(kept)
}

/// The value as a comparison sees it: a constant, or else its text.
fn constant(value: &Value, propagate: bool, subject: &dyn Subject) -> Constant {
    let known = subject.constant(value, propagate);
    known.unwrap_or_else(|| {
        let written = subject.written(value).to_owned();
        if value.nodes.is_none() { Constant::Text(written) } else { Constant::Code(written) }
    })
}

/// What the groups of an expression that matches a value bind; none if it does not match.
fn regex_bindings(
    value: Option<&Value>,
    regex: &Expression,
    propagate: bool,
    subject: &dyn Subject,
) -> Option<Bindings> {
    let value = value?;
    let written = subject.written(value);
    let text = if propagate {
        Cow::Owned(constant(value, true, subject).into_text()?)
    } else {
        Cow::Borrowed(written)
    };
    let hit = regex.at_start(&text)?;
    // What a name holds stands elsewhere; its parts have no place here.
    let Some(offset) = written.find(text.as_ref()) else {
        return Some(Bindings::default());
    };
    let start = value.span.start + offset;
    let moved = |span: Range<usize>| Value { span: span.start + start..span.end + start, nodes: None };
    let bind = |bindings: Bindings, (name, span)| bindings.with(name, moved(span));
    Some(hit.groups.into_iter().fold(Bindings::default(), bind))
}

/// What a formula that matches in a value binds in addition, for each of its matches; none if it does not match.
fn nested<'f>(
    evaluation: &mut Evaluation<'_>,
    place: &Place<'f>,
    metavariable: Symbol,
    language: Option<&RuleLanguage>,
    formula: &'f Formula,
    subject: &dyn Subject,
) -> Result<Option<Vec<Bindings>>, TooMany> {
    let value = place.bindings.get(metavariable);
    let Some(inner) = value.and_then(|value| subject.within(value, language, &place.bindings)) else {
        return Ok(None);
    };
    let context = Place { span: inner.context(), ..place.clone() };
    let found = evaluation.formula(formula, inner.as_ref(), Some(&context))?;
    if found.is_empty() {
        return Ok(None);
    }
    let more = found.iter().map(|found| {
        let new = found.bindings.iter().filter(|(name, _)| place.bindings.get(*name).is_none());
        new.fold(Bindings::default(), |more, (name, value)| more.with(name, inner.outward(value)))
    });
    Ok(Some(more.collect()))
}

/// The text of a value, of a string without its quotes.
fn content<'s>(value: Option<&Value>, subject: &'s dyn Subject) -> Option<Cow<'s, str>> {
    let value = value?;
    let Some(inner) = subject.inner_text(value).or_else(|| subject.held(value)) else {
        return Some(Cow::Borrowed(subject.written(value)));
    };
    if !inner.contains('\\') {
        return Some(inner);
    }
    let mut plain = String::with_capacity(inner.len());
    let mut characters = inner.chars().peekable();
    while let Some(character) = characters.next() {
        let escaped = characters.peek().copied().filter(|next| matches!(next, '\\' | '\'' | '"'));
        match (character, escaped) {
            ('\\', Some(escaped)) => {
                plain.push(escaped);
                characters.next();
            }
            _ => plain.push(character),
        }
    }
    Some(Cow::Owned(plain))
}
