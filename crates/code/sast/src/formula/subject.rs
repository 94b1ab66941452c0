use std::borrow::Cow;
use std::ops::Range;

use andon_syntax::Symbol;

use super::Constant;
use crate::matching::{Bindings, Match, Value};
use crate::rule::{Expression, PatternId, RuleLanguage};

/// What a formula is evaluated in: a file, or the value of a metavariable in it.
pub trait Subject {
    /// The text that spans count in.
    fn text(&self) -> &str;

    /// The part of the text that this is about: where a formula that only excludes starts from.
    fn context(&self) -> Range<usize>;

    /// Where a pattern matches, in any order. Regular expressions too; [`regex_matches`] helps with them.
    fn matches(&self, pattern: PatternId) -> Cow<'_, [Match]>;

    /// Whether a pattern is a regular expression.
    fn is_regex(&self, pattern: PatternId) -> bool;

    /// Where a pattern that is a metavariable alone matches inside any of these places. One who does not want to keep
    /// every node of a file as a match overrides this.
    fn matches_within(&self, pattern: PatternId, places: &[Range<usize>]) -> Vec<Match> {
        let is_within = |found: &&Match| {
            places.iter().any(|place| place.start <= found.span.start && found.span.end <= place.end)
        };
        self.matches(pattern).iter().filter(is_within).cloned().collect()
    }

    /// Whether two values are the same code.
    fn equal(&self, one: &Value, other: &Value) -> bool;

    /// The constant that a value is. With `propagate`, also that which a name holds.
    fn constant(&self, value: &Value, propagate: bool) -> Option<Constant>;

    /// The content of a value that is a string, as it is written between the quotes.
    fn inner_text(&self, value: &Value) -> Option<Cow<'_, str>>;

    /// What a name holds, as it is written where the name gets it; for `value($X)` in messages.
    fn held(&self, _value: &Value) -> Option<Cow<'_, str>> {
        None
    }

    /// Whether a value has one of these types.
    fn has_type(&self, value: &Value, types: &[PatternId]) -> bool;

    /// The value as something to evaluate a formula in, read as another language if one is given. Patterns that bind
    /// a metavariable of `outer` must bind it alike. None if it cannot be read so.
    fn within(
        &self,
        value: &Value,
        language: Option<&RuleLanguage>,
        outer: &Bindings,
    ) -> Option<Box<dyn Subject + '_>>;

    /// For what [`Subject::within`] returned: a value in it as one of what it was taken from.
    fn outward(&self, value: &Value) -> Value {
        value.clone()
    }

    /// The place as a value, with its nodes if it has any.
    fn value_at(&self, span: Range<usize>) -> Value {
        Value { span, nodes: None }
    }

    /// The name of a metavariable.
    fn name(&self, metavariable: Symbol) -> &str;

    /// The time now, in seconds since 1970.
    fn today(&self) -> f64;

    /// How a value is written.
    fn written(&self, value: &Value) -> &str {
        self.text().get(value.span.clone()).unwrap_or_default()
    }
}

/// Where a regular expression matches in a part of a text, in spans of the whole text, and whether that is all.
pub fn regex_matches(regex: &Expression, text: &str, part: Range<usize>) -> (Vec<Match>, bool) {
    let start = part.start;
    let (hits, is_all) = regex.all(text.get(part).unwrap_or_default());
    let moved = |span: Range<usize>| span.start + start..span.end + start;
    let matches = hits.into_iter().map(|hit| Match {
        span: moved(hit.span),
        bindings: hit.groups.into_iter().fold(Bindings::default(), |bindings, (name, span)| {
            bindings.with(name, Value { span: moved(span), nodes: None })
        }),
    });
    (matches.collect(), is_all)
}
