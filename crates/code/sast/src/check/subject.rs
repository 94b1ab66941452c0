use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::ops::{Deref, Range};

use andon_syntax::{Kind, NodeId, Symbol};

use crate::check::compile::Compiled;
use crate::check::part::Part;
use crate::check::words::Present;
use crate::check::{Ruleset, views};
use crate::formula::{Constant, Subject, regex_matches};
use crate::matching::{Bindings, Match, Source, Value, has_type, same_value, search, search_at};
use crate::rule::{Options, PatternId, PatternKind, RuleLanguage};

/// Comparisons that a pattern may make in a file.
const FUEL: u64 = 3_000_000;

/// A parsed text, held by its reader or by somebody else.
pub(super) enum Read<'r> {
    /// Somebody else holds it.
    Borrowed(&'r Source<'r>),
    /// The reader does.
    Owned(Box<Source<'r>>),
}

impl<'r> Deref for Read<'r> {
    type Target = Source<'r>;

    fn deref(&self) -> &Source<'r> {
        match self {
            Self::Borrowed(source) => source,
            Self::Owned(source) => source,
        }
    }
}

/// A file that rules are run on; what a pattern matches is found once.
pub(super) struct FileSubject<'r> {
    pub(super) ruleset: &'r Ruleset,
    pub(super) source: Read<'r>,
    matches: Vec<OnceCell<(Vec<Match>, bool)>>,
    /// Whether a search since the last [`FileSubject::start`] was given up.
    gave_up: Cell<bool>,
    /// The words of the file, if they were looked for.
    present: Option<&'r Present<'r>>,
}

impl<'r> FileSubject<'r> {
    pub(super) fn new(ruleset: &'r Ruleset, source: Read<'r>, present: Option<&'r Present<'r>>) -> Self {
        let matches = (0..ruleset.patterns.len()).map(|_| OnceCell::new()).collect();
        Self { ruleset, source, matches, gave_up: Cell::new(false), present }
    }

    /// Forgets what was given up so far.
    pub(super) fn start(&self) {
        self.gave_up.set(false);
    }

    /// Whether a search took too much since then, so that something may be missing.
    pub(super) fn has_given_up(&self) -> bool {
        self.gave_up.get()
    }

    /// Takes over whether another subject's searches were complete.
    pub(super) fn note(&self, is_complete: bool) {
        self.gave_up.set(self.gave_up.get() || !is_complete);
    }

    /// What a pattern matches, and whether that is all.
    fn find(&self, id: PatternId) -> (Vec<Match>, bool) {
        let Some(pattern) = self.ruleset.patterns.get(id) else { return (Vec::new(), true) };
        if self.present.is_some_and(|present| !present.allow_pattern(id)) {
            return (Vec::new(), true);
        }
        if let PatternKind::Regex(regex) = &pattern.kind {
            return regex_matches(regex, self.source.text, 0..self.source.text.len());
        }
        match self.ruleset.compiled.get(id.index()) {
            Some(Compiled::Code(compiled)) => {
                let fuel = Cell::new(FUEL);
                let found = search(compiled, &self.source, &pattern.options, &fuel);
                (found, fuel.get() > 0)
            }
            _ => (Vec::new(), true),
        }
    }

    /// A pattern at one node that may be a piece of an expression.
    pub(super) fn matches_at(&self, id: PatternId, node: NodeId) -> Vec<Match> {
        match (self.ruleset.patterns.get(id), self.ruleset.compiled.get(id.index())) {
            (Some(pattern), Some(Compiled::Code(compiled))) => {
                search_at(compiled, &self.source, &pattern.options, &Cell::new(FUEL), node)
            }
            _ => Vec::new(),
        }
    }

    fn node(&self, value: &Value) -> Option<NodeId> {
        let (first, last) = value.nodes?;
        let bare = match self.source.tree.kind(first) {
            Kind::ExprStatement => self.source.tree.child(first, 0)?,
            _ => first,
        };
        (first == last).then_some(bare)
    }
}

impl Subject for FileSubject<'_> {
    fn text(&self) -> &str {
        self.source.text
    }

    fn context(&self) -> Range<usize> {
        0..self.source.text.len()
    }

    fn matches(&self, pattern: PatternId) -> Cow<'_, [Match]> {
        match self.matches.get(pattern.index()) {
            Some(cell) => {
                let (found, is_all) = cell.get_or_init(|| self.find(pattern));
                self.note(*is_all);
                Cow::Borrowed(found)
            }
            None => Cow::Borrowed(&[]),
        }
    }

    fn is_regex(&self, pattern: PatternId) -> bool {
        matches!(self.ruleset.patterns.get(pattern).map(|it| &it.kind), Some(PatternKind::Regex(_)))
    }

    fn equal(&self, one: &Value, other: &Value) -> bool {
        same_value(&self.source, one, other, true)
    }

    fn constant(&self, value: &Value, propagate: bool) -> Option<Constant> {
        views::constant(&self.source, self.node(value)?, propagate)
    }

    fn inner_text(&self, value: &Value) -> Option<Cow<'_, str>> {
        let node = self.node(value)?;
        (self.source.tree.kind(node) == Kind::Str).then(|| Cow::Borrowed(self.source.name(node)))
    }

    fn held(&self, value: &Value) -> Option<Cow<'_, str>> {
        let node = self.node(value)?;
        views::constant(&self.source, node, true)?.into_text().map(Cow::Owned)
    }

    fn has_type(&self, value: &Value, types: &[PatternId]) -> bool {
        let Some(node) = self.node(value) else { return false };
        types.iter().any(|id| match self.ruleset.compiled.get(id.index()) {
            Some(Compiled::Code(pattern)) => has_type(pattern, &self.source, &Options::default(), node),
            _ => false,
        })
    }

    fn within(
        &self,
        value: &Value,
        language: Option<&RuleLanguage>,
        outer: &Bindings,
    ) -> Option<Box<dyn Subject + '_>> {
        Part::of(self, value, language, outer)
    }

    fn value_at(&self, span: Range<usize>) -> Value {
        let node = self.source.tree.ids().find(|id| self.source.tree.span(*id) == span && id.index() > 0);
        Value { span, nodes: node.map(|node| (node, node)) }
    }

    fn name(&self, metavariable: Symbol) -> &str {
        self.source.symbols.text(metavariable)
    }

    fn today(&self) -> f64 {
        self.ruleset.today
    }
}
