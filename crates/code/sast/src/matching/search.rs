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
    let source = matcher.source;
    let only = root_kinds(matcher.pattern.kind(root));
    for t in source.tree.ids() {
        let kind = source.kind(t);
        if !only.is_empty() && !only.contains(&kind) && !may_replace(kind) {
            continue;
        }
        let evaluated = source.role(t) == Role::Expression && kind != Kind::Spread;
        let is_assignment = kind == Kind::VarDef && matcher.options.vardef_assign
            || kind == Kind::FunctionDef && matcher.options.flddef_assign;
        let is_call = kind == Kind::Attribute && matcher.options.attr_expr;
        if evaluated || (matcher.pattern.kind(root) == Kind::Assign && is_assignment) || is_call {
            found.add(&expression_span(source, t), matcher.whole_node(root, t, &Env::default()));
        }
    }
}

/// What can match a pattern with this kind at its root, beside what names and constants stand for; empty for anything.
fn root_kinds(kind: Kind) -> &'static [Kind] {
    match kind {
        Kind::Call => &[Kind::Call, Kind::Attribute],
        Kind::Member => &[Kind::Member, Kind::Name],
        Kind::Name => &[Kind::Name],
        Kind::New => &[Kind::New],
        Kind::Assign => &[Kind::Assign, Kind::VarDef, Kind::FunctionDef],
        Kind::AugmentedAssign => &[Kind::AugmentedAssign],
        Kind::Binary => &[Kind::Binary],
        Kind::Index => &[Kind::Index],
        Kind::Lambda => &[Kind::Lambda],
        Kind::Conditional => &[Kind::Conditional],
        Kind::Xml => &[Kind::Xml],
        _ => &[],
    }
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

/// Kinds of code that stand for other code.
fn may_replace(kind: Kind) -> bool {
    matches!(kind, Kind::Name | Kind::Cast | Kind::Member)
}

fn each_statement(matcher: &Matcher<'_>, root: NodeId, found: &mut Found<'_>) {
    let source = matcher.source;
    let kind = matcher.pattern.kind(root);
    let name = matcher.pattern.child(root, 1);
    let is_any_function =
        kind == Kind::FunctionDef && name.is_some_and(|name| matcher.pattern.kind(name) == Kind::Ellipsis);
    for t in source.tree.ids() {
        let stands = source.role(t) == Role::Statement
            || (source.kind(t) == kind && matches!(kind, Kind::Catch | Kind::Case | Kind::ClassDef))
            || (kind == Kind::Return && source.role(t) == Role::Expression)
            || (kind == Kind::FunctionDef && source.kind(t) == kind)
            || (is_any_function && source.kind(t) == Kind::Lambda);
        if stands {
            found.add_whole(t, matcher.whole_node(root, t, &Env::default()));
        }
    }
}

/// `finally { … }`, of which only the block is compared.
fn each_finally(matcher: &Matcher<'_>, root: NodeId, found: &mut Found<'_>) {
    let source = matcher.source;
    for t in source.tree.ids().filter(|t| source.kind(*t) == Kind::Try) {
        let last = source.tree.children(t).last().filter(|last| source.kind(*last) == Kind::Block);
        if let Some(block) = last {
            found.add_whole(block, matcher.whole_node(root, block, &Env::default()));
        }
    }
}

fn each_row(matcher: &Matcher<'_>, shape: Shape, roots: &[NodeId], found: &mut Found<'_>) {
    let source = matcher.source;
    // A function elsewhere reads like a method.
    let only_members = shape == Shape::Members && source.language.is_script();
    // The members of a class are one row, of which no later part is.
    let is_whole = |t| source.kind(t) == Kind::ClassBody && matches!(source.language, Language::Java | Language::Go);
    for t in source.tree.ids() {
        match source.kind(t) {
            Kind::ClassBody | Kind::Record => {}
            Kind::File | Kind::Block if !only_members => {}
            _ => continue,
        }
        let statements: Vec<_> = source.tree.children(t).collect();
        let starts = if is_whole(t) { statements.len().min(1) } else { statements.len() };
        for from in 0..starts {
            let Some(rest @ [first, ..]) = statements.get(from..) else { continue };
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
