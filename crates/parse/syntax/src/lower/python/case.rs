use std::ops::Range;

use tree_sitter::Node;

use super::expression::{expression, named, one_or_tuple, optional};
use super::nodes::{has_token, parts, parts_and_rescued};
use super::statement::{block, optional_block};
use super::table::{Field, child};
use crate::Kind;
use crate::build::Builder;
use crate::lower::tools::text;

/// `match a:` with its cases; what they match is lowered as the expressions it looks like.
pub(super) fn switch(node: Node<'_>, builder: &mut Builder<'_>) {
    let body = child(node, Field::Body);
    let subjects: Vec<_> = parts(node).into_iter().filter(|part| Some(*part) != body).collect();
    builder.node(Kind::Switch, "", node.byte_range(), |builder| {
        one_or_tuple(&subjects, node.start_byte(), builder);
        for part in body.map(parts_and_rescued).unwrap_or_default() {
            if part.kind() == "case_clause" {
                branch(part, builder);
            }
        }
    });
}

pub(super) fn branch(node: Node<'_>, builder: &mut Builder<'_>) {
    let patterns: Vec<_> = parts(node).into_iter().filter(|part| part.kind() == "case_pattern").collect();
    let guard = child(node, Field::Guard);
    let takes_all = matches!(patterns.as_slice(), [only] if text(*only, builder) == "_") && guard.is_none();
    builder.node(Kind::Case, if takes_all { "default" } else { "" }, node.byte_range(), |builder| {
        if !takes_all {
            one_or_tuple(&patterns, node.start_byte(), builder);
        }
        if let Some(guard) = guard {
            expression(guard, builder);
        }
        match child(node, Field::Consequence) {
            Some(body) => block(body, builder),
            None => optional_block(None, node.end_byte(), builder),
        }
    });
}

/// One pattern, around which the grammar puts a node.
pub(super) fn pattern(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.nested(|builder| match items(node).first() {
        Some(item) => item.lower(builder),
        None => {
            builder.leaf(Kind::Broken, "", node.byte_range());
        }
    });
}

pub(super) fn class(node: Node<'_>, builder: &mut Builder<'_>) {
    let found = parts(node);
    builder.node(Kind::Call, "", node.byte_range(), |builder| {
        optional(found.first().copied(), node.start_byte(), builder);
        let start = found.first().map_or(node.start_byte(), Node::end_byte);
        builder.node(Kind::Args, "", start..node.end_byte(), |builder| {
            found.iter().skip(1).for_each(|part| expression(*part, builder));
        });
    });
}

pub(super) fn keyword(node: Node<'_>, builder: &mut Builder<'_>) {
    let found = items(node);
    let name = found.first().map(|item| text(item.node, builder)).unwrap_or_default();
    named(Kind::Keyword, name, node, builder, |builder| match found.get(1) {
        Some(value) => value.lower(builder),
        None => {
            builder.absent(node.end_byte());
        }
    });
}

pub(super) fn splat(node: Node<'_>, builder: &mut Builder<'_>) {
    let stars = if has_token(node, "**") { "**" } else { "*" };
    builder.node(Kind::Spread, stars, node.byte_range(), |builder| {
        items(node).first().into_iter().for_each(|item| item.lower(builder));
    });
}

pub(super) fn union(node: Node<'_>, builder: &mut Builder<'_>) {
    either(&items(node), builder);
}

fn either(items: &[Item<'_>], builder: &mut Builder<'_>) {
    match items {
        [] => {}
        [only] => only.lower(builder),
        [first, .., last] => {
            builder.node(Kind::Binary, "|", first.start..last.node.end_byte(), |builder| {
                either(items.get(..items.len() - 1).unwrap_or_default(), builder);
                last.lower(builder);
            });
        }
    }
}

pub(super) fn dict(node: Node<'_>, builder: &mut Builder<'_>) {
    let found = items(node);
    builder.node(Kind::Dict, "", node.byte_range(), |builder| {
        let mut rest = found.as_slice();
        while let Some((item, after)) = rest.split_first() {
            rest = after;
            match after.split_first().filter(|_| item.node.kind() != "splat_pattern") {
                Some((value, after)) => {
                    rest = after;
                    builder.node(Kind::Pair, "", item.start..value.node.end_byte(), |builder| {
                        item.lower(builder);
                        value.lower(builder);
                    });
                }
                None => item.lower(builder),
            }
        }
    });
}

/// `-1 + 2j`.
pub(super) fn complex(node: Node<'_>, builder: &mut Builder<'_>) {
    let found = items(node);
    let [left, right] = found.as_slice() else { return };
    let operator = if right.is_negative { "-" } else { "+" };
    builder.node(Kind::Binary, operator, node.byte_range(), |builder| {
        left.lower(builder);
        expression(right.node, builder);
    });
}

/// A part of a pattern, with the sign that stands beside it in the grammar's tree.
struct Item<'t> {
    node: Node<'t>,
    is_negative: bool,
    start: usize,
}

impl Item<'_> {
    fn lower(&self, builder: &mut Builder<'_>) {
        if self.is_negative {
            builder.node(Kind::Unary, "-", self.span(), |builder| expression(self.node, builder));
        } else if self.node.is_named() {
            expression(self.node, builder);
        } else {
            builder.name(text(self.node, builder), self.span());
        }
    }

    fn span(&self) -> Range<usize> {
        self.start..self.node.end_byte()
    }
}

/// The parts of a pattern; `_` is one though the grammar does not name it.
fn items<'t>(node: Node<'t>) -> Vec<Item<'t>> {
    let mut cursor = node.walk();
    let mut found = Vec::new();
    let mut sign = None;
    for part in node.children(&mut cursor).filter(|part| !part.is_extra()) {
        if part.is_named() || part.kind() == "_" {
            let start = sign.unwrap_or_else(|| part.start_byte());
            found.push(Item { node: part, is_negative: sign.is_some(), start });
        }
        sign = (part.kind() == "-").then(|| part.start_byte());
    }
    found
}
