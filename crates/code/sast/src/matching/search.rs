use std::cell::Cell;
use std::ops::Range;

use andon_syntax::{Kind, NodeId, Pattern, Shape};

use crate::matching::envs::{Env, Envs};
use crate::matching::roles::Role;
use crate::matching::{Match, Matcher, Source};
use crate::rule::Options;

/// Finds a pattern in a file. Comparisons are taken from `fuel`; when it is used up, what was found is returned.
pub fn search(pattern: &Pattern, source: &Source<'_>, options: &Options, fuel: &Cell<u64>) -> Vec<Match> {
    let matcher = Matcher::new(&pattern.tree, source, options, fuel);
    let mut found = Found { source, matches: Vec::new() };
    match (pattern.shape, pattern.roots.as_slice()) {
        (Shape::Expression, [root]) => each_expression(&matcher, *root, &mut found),
        (Shape::Statement | Shape::Partial, [root]) => each_statement(&matcher, *root, &mut found),
        (Shape::Statements | Shape::Members, roots) => each_row(&matcher, roots, &mut found),
        (Shape::Attribute | Shape::Pair | Shape::XmlAttribute | Shape::Type, [root]) => {
            each_part(&matcher, pattern.shape, *root, &mut found);
        }
        (_, roots) => each_row(&matcher, roots, &mut found),
    }
    found.matches
}

/// Compares a pattern that is an expression with one node that is part of another, such as the name after a dot.
pub(crate) fn search_at(
    pattern: &Pattern,
    source: &Source<'_>,
    options: &Options,
    fuel: &Cell<u64>,
    node: NodeId,
) -> Vec<Match> {
    let mut found = Found { source, matches: Vec::new() };
    if let (Shape::Expression, [root], Role::Other) = (pattern.shape, pattern.roots.as_slice(), source.role(node)) {
        let matcher = Matcher::new(&pattern.tree, source, options, fuel);
        found.add_whole(node, matcher.whole_node(*root, node, &Env::default()));
    }
    found.matches
}

struct Found<'s> {
    source: &'s Source<'s>,
    matches: Vec<Match>,
}

impl Found<'_> {
    fn add(&mut self, span: &Range<usize>, envs: Envs) {
        for env in envs {
            self.matches.push(Match { span: span.clone(), bindings: env.bindings });
        }
    }

    fn add_whole(&mut self, node: NodeId, envs: Envs) {
        let span = self.source.tree.span(node);
        self.add(&span, envs);
    }
}

fn each_expression(matcher: &Matcher<'_>, root: NodeId, found: &mut Found<'_>) {
    let mut compare = |t| {
        if may_stand(matcher, root, t) {
            found.add_whole(t, matcher.whole_node(root, t, &Env::default()));
        }
    };
    match matcher.expressions_like(root) {
        Some(like) => like.into_iter().for_each(&mut compare),
        None => matcher.source.tree.ids().for_each(&mut compare),
    }
}

/// Whether an expression can be meant by a node where it stands.
fn may_stand(matcher: &Matcher<'_>, root: NodeId, t: NodeId) -> bool {
    let (source, options) = (matcher.source, matcher.options);
    let kind = source.kind(t);
    let evaluated = source.role(t) == Role::Expression && kind != Kind::Spread;
    let is_assignment = kind == Kind::VarDef && options.vardef_assign
        || kind == Kind::FunctionDef && options.flddef_assign;
    let is_call = kind == Kind::Attribute && options.attr_expr;
    evaluated || (matcher.pattern.kind(root) == Kind::Assign && is_assignment) || is_call
}

fn each_statement(matcher: &Matcher<'_>, root: NodeId, found: &mut Found<'_>) {
    let source = matcher.source;
    let kind = matcher.pattern.kind(root);
    let mut compare = |t| {
        let stands = source.role(t) == Role::Statement
            || (source.kind(t) == kind && matches!(kind, Kind::Catch | Kind::Case | Kind::ClassDef))
            || (kind == Kind::Return && source.role(t) == Role::Expression)
            || (kind == Kind::FunctionDef && source.kind(t) == kind);
        if stands {
            found.add_whole(t, matcher.whole_node(root, t, &Env::default()));
        }
    };
    match matcher.statements_like(root) {
        Some(like) => like.into_iter().for_each(&mut compare),
        None => source.tree.ids().for_each(&mut compare),
    }
}

fn each_row(matcher: &Matcher<'_>, roots: &[NodeId], found: &mut Found<'_>) {
    let source = matcher.source;
    let first_like = roots.first().and_then(|first| matcher.kinds_of_statement(*first));
    let is_start = |t| first_like.is_none_or(|like| like.contains(&source.kind(t)));
    let lists = [Kind::File, Kind::Block, Kind::ClassBody].into_iter().flat_map(|kind| source.kinds.of(kind));
    for t in lists {
        if first_like.is_some() && !source.tree.children(*t).any(is_start) {
            continue;
        }
        let statements: Vec<_> = source.tree.children(*t).collect();
        for from in 0..statements.len() {
            let Some(rest @ [first, ..]) = statements.get(from..) else { continue };
            if !is_start(*first) {
                continue;
            }
            let start = source.tree.span(*first);
            for env in matcher.statements(roots, rest, &Env::default(), true) {
                let span = start.start..env.end.max(start.end);
                found.matches.push(Match { span, bindings: env.bindings });
            }
        }
    }
}

fn each_part(matcher: &Matcher<'_>, shape: Shape, root: NodeId, found: &mut Found<'_>) {
    let source = matcher.source;
    for t in source.tree.ids() {
        let stands = match shape {
            Shape::Type => source.role(t) == Role::Type,
            _ => source.kind(t) == matcher.pattern.kind(root),
        };
        if stands {
            found.add_whole(t, matcher.whole_node(root, t, &Env::default()));
        }
    }
}
