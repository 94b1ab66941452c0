use std::cell::Cell;
use std::ops::Range;

use andon_syntax::{Kind, Language, NodeId, Pattern, Shape};

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
        (Shape::Partial, [root]) if pattern.tree.kind(*root) == Kind::Block => {
            each_finally(&matcher, *root, &mut found);
        }
        (Shape::Statement | Shape::Partial, [root]) => each_statement(&matcher, *root, &mut found),
        (Shape::Statements | Shape::Members, roots) => each_row(&matcher, pattern.shape, roots, &mut found),
        (Shape::Attribute | Shape::Pair | Shape::XmlAttribute | Shape::Type, [root]) => {
            each_part(&matcher, pattern.shape, *root, &mut found);
        }
        (_, roots) => each_row(&matcher, pattern.shape, roots, &mut found),
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
    if let (Shape::Expression, [root], Role::Other) =
        (pattern.shape, pattern.roots.as_slice(), source.role(node))
    {
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
            found.add(&expression_span(matcher.source, t), matcher.whole_node(root, t, &Env::default()));
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
    let is_assignment =
        kind == Kind::VarDef && options.vardef_assign || kind == Kind::FunctionDef && options.flddef_assign;
    let is_call = kind == Kind::Attribute && options.attr_expr;
    evaluated || (matcher.pattern.kind(root) == Kind::Assign && is_assignment) || is_call
}

/// Where an expression stands; a declaration that is read as an assignment starts with its name.
fn expression_span(source: &Source<'_>, t: NodeId) -> Range<usize> {
    let span = source.tree.span(t);
    if source.kind(t) == Kind::Attribute {
        let name = source.tree.child(t, 0).map_or(span.start, |name| source.tree.span(name).start);
        return name..span.end;
    }
    match source.tree.child(t, 1).filter(|_| source.kind(t) == Kind::VarDef) {
        Some(target) if source.kind(target) == Kind::Name => source.tree.span(target).start..span.end,
        _ => span,
    }
}

fn each_statement(matcher: &Matcher<'_>, root: NodeId, found: &mut Found<'_>) {
    let source = matcher.source;
    let kind = matcher.pattern.kind(root);
    let name = matcher.pattern.child(root, 1);
    let is_any_function =
        kind == Kind::FunctionDef && name.is_some_and(|name| matcher.pattern.kind(name) == Kind::Ellipsis);
    let mut compare = |t| {
        let stands = source.role(t) == Role::Statement
            || (source.kind(t) == kind && matches!(kind, Kind::Catch | Kind::Case | Kind::ClassDef))
            || (kind == Kind::Return && source.role(t) == Role::Expression)
            || (kind == Kind::FunctionDef && source.kind(t) == kind)
            || (is_any_function && source.kind(t) == Kind::Lambda);
        if stands {
            found.add_whole(t, matcher.whole_node(root, t, &Env::default()));
        }
    };
    match matcher.statements_like(root) {
        Some(like) => like.into_iter().for_each(&mut compare),
        None => source.tree.ids().for_each(&mut compare),
    }
}

/// `finally { … }`, of which only the block is compared.
fn each_finally(matcher: &Matcher<'_>, root: NodeId, found: &mut Found<'_>) {
    let source = matcher.source;
    for t in source.kinds.of(Kind::Try) {
        let last = source.tree.children(*t).last().filter(|last| source.kind(*last) == Kind::Block);
        if let Some(block) = last {
            found.add_whole(block, matcher.whole_node(root, block, &Env::default()));
        }
    }
}

fn each_row(matcher: &Matcher<'_>, shape: Shape, roots: &[NodeId], found: &mut Found<'_>) {
    let source = matcher.source;
    if !roots.iter().all(|root| stands_somewhere(matcher, *root)) {
        return;
    }
    let first_like = roots.first().and_then(|first| matcher.kinds_of_statement(*first));
    let is_start = |t| first_like.is_none_or(|like| like.contains(&source.kind(t)));
    // A function elsewhere reads like a method.
    let only_members = shape == Shape::Members && source.language.is_script();
    let kinds: &[Kind] = if only_members {
        &[Kind::ClassBody, Kind::Record]
    } else {
        &[Kind::File, Kind::Block, Kind::ClassBody, Kind::Record]
    };
    // The members of a class are one row, of which no later part is.
    let is_whole =
        |t| source.kind(t) == Kind::ClassBody && matches!(source.language, Language::Java | Language::Go);
    for t in kinds.iter().flat_map(|kind| source.kinds.of(*kind)) {
        if first_like.is_some() && !source.tree.children(*t).any(is_start) {
            continue;
        }
        let statements: Vec<_> = source.tree.children(*t).collect();
        let starts = if is_whole(*t) { statements.len().min(1) } else { statements.len() };
        for from in 0..starts {
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

/// Whether one statement of several stands anywhere in the file, whatever the metavariables stand for; looking for it
/// alone is cheaper than trying every row.
fn stands_somewhere(matcher: &Matcher<'_>, root: NodeId) -> bool {
    matcher
        .statements_like(root)
        .is_none_or(|like| like.into_iter().any(|t| !matcher.node(root, t, &Env::default()).is_empty()))
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
