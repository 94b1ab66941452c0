use std::borrow::Cow;
use std::ops::Range;

use andon_syntax::{Kind, NodeId, Symbol};

use crate::check::subject::{FileSubject, Read};
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
    Other { reading: Reading<'p>, offset: usize, file: &'p FileSubject<'p> },
}

/// A text that is read by itself.
enum Reading<'p> {
    /// As code.
    Code(Box<FileSubject<'p>>),
    /// By words or regular expressions.
    Text(Box<GenericSubject<'p>>),
}

impl<'p> Reading<'p> {
    /// None in a language that is not supported.
    fn new(file: &'p FileSubject<'p>, text: &'p str, language: &RuleLanguage) -> Option<Self> {
        let rules = file.ruleset;
        Some(match language {
            RuleLanguage::Code(code) => {
                let (source, _) = rules.read(*code, text);
                Self::Code(Box::new(FileSubject::new(rules, Read::Owned(Box::new(source)), None)))
            }
            RuleLanguage::Regex | RuleLanguage::Generic => {
                let symbols = &file.source.symbols;
                let generic =
                    GenericSubject::new(text, &rules.patterns, &rules.generic, symbols, rules.today);
                Self::Text(Box::new(generic))
            }
            RuleLanguage::Other(_) => return None,
        })
    }

    fn text(&self) -> &str {
        match self {
            Self::Code(inner) => inner.text(),
            Self::Text(inner) => inner.text(),
        }
    }

    /// What a pattern matches in it, and whether that is all.
    fn matches(&self, pattern: PatternId) -> (Vec<Match>, bool) {
        match self {
            Self::Code(inner) => {
                inner.start();
                let found = inner.matches(pattern).iter().map(without_nodes).collect();
                (found, !inner.has_given_up())
            }
            Self::Text(inner) => (inner.matches(pattern).into_owned(), inner.is_complete()),
        }
    }
}

impl<'p> Part<'p> {
    pub(super) fn of(
        file: &'p FileSubject<'p>,
        value: &Value,
        language: Option<&RuleLanguage>,
        outer: &Bindings,
    ) -> Option<Box<dyn Subject + 'p>> {
        let outer = outer.clone();
        let Some(language) = language else {
            let (span, node) = (value.span.clone(), value.nodes.filter(|(first, last)| first == last));
            let node = node.map(|(node, _)| node);
            return Some(Box::new(Self { file: Inner::Same(file), span, outer, node }));
        };
        let (text, offset) = content(&file.source, value);
        let reading = Reading::new(file, text, language)?;
        let file = Inner::Other { reading, offset, file };
        Some(Box::new(Self { file, span: 0..text.len(), outer, node: None }))
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
            Inner::Other { reading, .. } => reading.text(),
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
            Inner::Other { reading, file, .. } => {
                let (found, is_all) = reading.matches(pattern);
                file.note(is_all);
                found
            }
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
            Inner::Other { file, .. } if value.nodes.is_none() => {
                let text = self.written(value);
                let reading = Reading::new(file, text, language.unwrap_or(&RuleLanguage::Generic))?;
                let offset = self.outward(value).span.start;
                let file = Inner::Other { reading, offset, file };
                Some(Box::new(Part { file, span: 0..text.len(), outer: outer.clone(), node: None }))
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
