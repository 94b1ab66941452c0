//! Which nodes of a file a pattern is compared with at all: those of the kinds that its top node can match.

use andon_syntax::{Kind, NodeId, Tree};

use crate::facts::Facts;
use crate::matching::Matcher;

/// The nodes of a file by kind.
#[derive(Clone, Debug)]
pub(crate) struct Kinds {
    /// All nodes, those of one kind together, each kind's in the order of the file.
    ids: Vec<NodeId>,
    /// Where those of a kind start in `ids`.
    starts: Vec<u32>,
    /// Names that stand for expressions, and casts, which stand for what is cast.
    standing_in: Vec<NodeId>,
    /// What is known to have a constant value.
    constants: Vec<NodeId>,
}

impl Kinds {
    pub(crate) fn new(tree: &Tree, facts: &Facts) -> Self {
        let mut starts = vec![0_u32; usize::from(u8::MAX) + 2];
        for id in tree.ids() {
            if let Some(count) = starts.get_mut(tree.kind(id) as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut ids = vec![tree.root(); tree.len()];
        for id in tree.ids() {
            let Some(place) = next.get_mut(tree.kind(id) as usize) else { continue };
            if let Some(slot) = ids.get_mut(*place as usize) {
                *slot = id;
            }
            *place += 1;
        }
        let mut kinds = Self { ids, starts, standing_in: Vec::new(), constants: Vec::new() };
        kinds.standing_in = facts.expressions.keys().chain(kinds.of(Kind::Cast)).copied().collect();
        kinds.standing_in.sort_unstable();
        kinds.constants = facts.constants.keys().copied().collect();
        kinds.constants.sort_unstable();
        kinds
    }

    /// The nodes of a kind, in the order of the file.
    pub(crate) fn of(&self, kind: Kind) -> &[NodeId] {
        let at = |kind: usize| self.starts.get(kind).copied().unwrap_or_default() as usize;
        self.ids.get(at(kind as usize)..at(kind as usize + 1)).unwrap_or_default()
    }
}

impl Matcher<'_> {
    /// What an expression can match, in the order of the file; none if that can be anything.
    pub(super) fn expressions_like(&self, root: NodeId) -> Option<Vec<NodeId>> {
        let kind = self.pattern_kind(root);
        let same: &[Kind] = match kind {
            Kind::Call => &[Kind::Call, Kind::Attribute],
            Kind::Member => &[Kind::Member, Kind::Name],
            Kind::Assign => &[Kind::Assign, Kind::VarDef, Kind::FunctionDef],
            Kind::Str
            | Kind::Int
            | Kind::Float
            | Kind::Bool
            | Kind::Name
            | Kind::New
            | Kind::AugmentedAssign => &[kind],
            Kind::Binary | Kind::Index | Kind::Lambda | Kind::Conditional | Kind::Xml => &[kind],
            _ => return None,
        };
        let kinds = &self.source.kinds;
        let is_literal = matches!(kind, Kind::Str | Kind::Int | Kind::Float | Kind::Bool);
        let constants = if is_literal { kinds.constants.as_slice() } else { &[] };
        Some(joined(same.iter().map(|kind| kinds.of(*kind)).chain([kinds.standing_in.as_slice(), constants])))
    }

    /// What a statement can match, in the order of the file; none if that can be anything.
    pub(super) fn statements_like(&self, root: NodeId) -> Option<Vec<NodeId>> {
        let kinds = &self.source.kinds;
        let like = self.kinds_of_statement(root)?;
        Some(joined(like.iter().map(|kind| kinds.of(*kind))))
    }

    /// The kinds of statements that one can match; none if that can be any.
    pub(super) fn kinds_of_statement(&self, root: NodeId) -> Option<&'static [Kind]> {
        Some(match self.pattern_kind(root) {
            Kind::ExprStatement => {
                let inner = self.pattern_child(root, 0).map(|inner| self.pattern_kind(inner))?;
                if matches!(inner, Kind::Metavariable | Kind::DeepEllipsis | Kind::Ellipsis) {
                    return None;
                }
                &[Kind::ExprStatement, Kind::VarDef, Kind::FunctionDef, Kind::Return]
            }
            Kind::FunctionDef => &[Kind::FunctionDef, Kind::Lambda],
            Kind::ClassDef => &[Kind::ClassDef],
            Kind::If => &[Kind::If],
            Kind::While => &[Kind::While],
            Kind::For => &[Kind::For, Kind::ForEach],
            Kind::ForEach => &[Kind::ForEach],
            Kind::Try => &[Kind::Try],
            Kind::Switch => &[Kind::Switch],
            Kind::With => &[Kind::With],
            Kind::Throw => &[Kind::Throw],
            Kind::Assert => &[Kind::Assert],
            Kind::Catch => &[Kind::Catch],
            Kind::Case => &[Kind::Case],
            Kind::Import | Kind::ImportFrom | Kind::ImportAll => {
                &[Kind::Import, Kind::ImportFrom, Kind::ImportAll, Kind::VarDef]
            }
            _ => return None,
        })
    }
}

/// Lists of nodes as one, in the order of the file, each once.
fn joined<'k>(lists: impl Iterator<Item = &'k [NodeId]>) -> Vec<NodeId> {
    let mut all = Vec::new();
    let mut filled = 0;
    for list in lists.filter(|list| !list.is_empty()) {
        all.extend_from_slice(list);
        filled += 1;
    }
    if filled > 1 {
        all.sort_unstable();
        all.dedup();
    }
    all
}
