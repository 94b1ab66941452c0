use std::borrow::Cow;
use std::ops::Range;

use andon_syntax::{Kind, NodeId, Symbol};

use crate::check::subject::FileSubject;
use crate::formula::{Constant, Subject, regex_matches};
use crate::generic::GenericSubject;
use crate::matching::{Bindings, Match, Source, Value};
use crate::rule::{PatternId, PatternKind, RuleLanguage};

/// What a metavariable is bound to, as something to look for patterns in.
pub(super) struct Part<'p> {
    file: Inner<'p>,
    /// The part, in bytes of the inner text.
    span: Range<usize>,
    outer: Bindings,
    /// The node that it is in the same file, if it is one.
    node: Option<NodeId>,
}

/// The text that the part is read in.
enum Inner<'p> {
    /// The same file.
    Same(&'p FileSubject<'p>),
    /// The content of a string or the text of code, read by itself; where it starts in the outer file.
    Other { text: Box<Reading>, offset: usize, file: &'p FileSubject<'p> },
}

/// A text that was read as another language.
struct Reading {
    text: String,
    language: Option<andon_syntax::Language>,
}

impl<'p> Part<'p> {
    pub(super) fn of(
        file: &'p FileSubject<'p>,
        value: &Value,
        language: Option<&RuleLanguage>,
        outer: &Bindings,
    ) -> Option<Box<dyn Subject + 'p>> {
        let outer = outer.clone();
        let span = value.span.clone();
        let Some(language) = language else {
            let node = value.nodes.filter(|(first, last)| first == last).map(|(node, _)| node);
            return Some(Box::new(Self { file: Inner::Same(file), span, outer, node }));
        };
        let (text, offset) = content(file.source, value);
        let code = match language {
            RuleLanguage::Code(code) => Some(*code),
            RuleLanguage::Regex | RuleLanguage::Generic => None,
            RuleLanguage::Other(_) => return None,
        };
        let span = 0..text.len();
        let text = Box::new(Reading { text: text.to_owned(), language: code });
        Some(Box::new(Self { file: Inner::Other { text, offset, file }, span, outer, node: None }))
    }

    fn outer_file(&self) -> &FileSubject<'p> {
        match &self.file {
            Inner::Same(file) | Inner::Other { file, .. } => file,
        }
    }

    fn agrees(&self, bindings: &Bindings) -> bool {
        let Inner::Same(file) = &self.file else { return true };
        bindings.iter().all(|(name, value)| self.outer.get(name).is_none_or(|bound| file.equal(bound, value)))
    }

    /// What is found in the file, and in the part itself where that is only a piece of an expression.
    fn in_same(&self, file: &FileSubject<'_>, pattern: PatternId) -> Vec<Match> {
        let mut found = file.matches(pattern).into_owned();
        if let Some(node) = self.node {
            found.extend(file.matches_at(pattern, node));
        }
        found
    }

    fn in_other(&self, reading: &Reading, pattern: PatternId) -> Vec<Match> {
        let file = self.outer_file();
        if let Some(PatternKind::Regex(regex)) = file.ruleset.patterns.get(pattern).map(|it| &it.kind) {
            let (found, is_all) = regex_matches(regex, &reading.text, 0..reading.text.len());
            file.note(is_all);
            return found;
        }
        let Some(language) = reading.language else {
            let (rules, symbols) = (file.ruleset, &file.source.symbols);
            let inner =
                GenericSubject::new(&reading.text, &rules.patterns, &rules.generic, symbols, rules.today);
            return inner.matches(pattern).into_owned();
        };
        let (source, _) = file.ruleset.read(language, &reading.text);
        let inner = FileSubject::new(file.ruleset, &source, None);
        let found = inner.matches(pattern).iter().map(without_nodes).collect();
        file.note(!inner.has_given_up());
        found
    }
}

/// A match whose values are text alone, since their nodes belong to a tree that is gone.
fn without_nodes(found: &Match) -> Match {
    let bindings = found.bindings.iter().fold(Bindings::default(), |bindings, (name, value)| {
        bindings.with(name, Value { span: value.span.clone(), nodes: None })
    });
    Match { span: found.span.clone(), bindings }
}

/// The text of a value and where it starts; of a string what stands between its quotes.
fn content<'s>(source: &Source<'s>, value: &Value) -> (&'s str, usize) {
    let written = source.text.get(value.span.clone()).unwrap_or_default();
    let is_string = value.nodes.is_some_and(|(node, _)| source.tree.kind(node) == Kind::Str);
    if !is_string {
        return (written, value.span.start);
    }
    let inner = value.nodes.map(|(node, _): (NodeId, NodeId)| source.name(node)).unwrap_or_default();
    match written.find(inner) {
        Some(at) => (written.get(at..at + inner.len()).unwrap_or_default(), value.span.start + at),
        None => (written, value.span.start),
    }
}

impl Subject for Part<'_> {
    fn text(&self) -> &str {
        match &self.file {
            Inner::Same(file) => file.text(),
            Inner::Other { text, .. } => &text.text,
        }
    }

    fn context(&self) -> Range<usize> {
        self.span.clone()
    }

    fn matches(&self, pattern: PatternId) -> Cow<'_, [Match]> {
        let found = match &self.file {
            Inner::Same(file) => match file.ruleset.patterns.get(pattern).map(|it| &it.kind) {
                Some(PatternKind::Regex(regex)) => {
                    let (found, is_all) = regex_matches(regex, file.text(), self.span.clone());
                    file.note(is_all);
                    found
                }
                _ => self.in_same(file, pattern),
            },
            Inner::Other { text, .. } => self.in_other(text, pattern),
        };
        let is_inside =
            |found: &Match| self.span.start <= found.span.start && found.span.end <= self.span.end;
        let kept = found.into_iter().filter(|found| is_inside(found) && self.agrees(&found.bindings));
        Cow::Owned(kept.collect())
    }

    fn is_regex(&self, pattern: PatternId) -> bool {
        self.outer_file().is_regex(pattern)
    }

    fn equal(&self, one: &Value, other: &Value) -> bool {
        match &self.file {
            Inner::Same(file) => file.equal(one, other),
            Inner::Other { .. } => self.written(one) == self.written(other),
        }
    }

    fn constant(&self, value: &Value, propagate: bool) -> Option<Constant> {
        match &self.file {
            Inner::Same(file) => file.constant(value, propagate),
            Inner::Other { .. } => self.written(value).parse().ok().map(Constant::Integer),
        }
    }

    fn inner_text(&self, value: &Value) -> Option<Cow<'_, str>> {
        match &self.file {
            Inner::Same(file) => file.inner_text(value),
            Inner::Other { .. } => None,
        }
    }

    fn has_type(&self, value: &Value, types: &[PatternId]) -> bool {
        match &self.file {
            Inner::Same(file) => file.has_type(value, types),
            Inner::Other { .. } => false,
        }
    }

    fn within(
        &self,
        value: &Value,
        language: Option<&RuleLanguage>,
        outer: &Bindings,
    ) -> Option<Box<dyn Subject + '_>> {
        match &self.file {
            Inner::Same(file) => Part::of(file, value, language, outer),
            Inner::Other { .. } if value.nodes.is_none() => {
                let file = self.outer_file();
                let text = self.written(value).to_owned();
                let code = match language {
                    Some(RuleLanguage::Code(code)) => Some(*code),
                    Some(RuleLanguage::Other(_)) => return None,
                    _ => None,
                };
                let span = 0..text.len();
                let text = Box::new(Reading { text, language: code });
                let offset = self.outward(value).span.start;
                let file = Inner::Other { text, offset, file };
                Some(Box::new(Part { file, span, outer: outer.clone(), node: None }))
            }
            Inner::Other { .. } => None,
        }
    }

    fn outward(&self, value: &Value) -> Value {
        match &self.file {
            Inner::Same(_) => value.clone(),
            Inner::Other { offset, .. } => {
                Value { span: value.span.start + offset..value.span.end + offset, nodes: None }
            }
        }
    }

    fn name(&self, metavariable: Symbol) -> &str {
        self.outer_file().name(metavariable)
    }

    fn today(&self) -> f64 {
        self.outer_file().today()
    }
}
