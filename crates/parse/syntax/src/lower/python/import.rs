use std::ops::Range;

use tree_sitter::Node;

use super::nodes::parts;
use super::table::{Field, child, children};
use crate::Kind;
use crate::build::Builder;
use crate::lower::tools::text;

/// `import a, b` is two imports.
pub(super) fn import(node: Node<'_>, builder: &mut Builder<'_>) {
    let names = children(node, Field::Name);
    for name in &names {
        let end = if names.len() == 1 { node.end_byte() } else { name.end_byte() };
        renamed(Kind::Import, node.start_byte()..end, *name, builder);
    }
}

/// `from a import b as c, d`, `from a import *`.
pub(super) fn import_from(node: Node<'_>, builder: &mut Builder<'_>) {
    let imports_all = parts(node).iter().any(|part| part.kind() == "wildcard_import");
    let kind = if imports_all { Kind::ImportAll } else { Kind::ImportFrom };
    builder.node(kind, "", node.byte_range(), |builder| {
        match child(node, Field::ModuleName) {
            Some(name) => module(name, builder),
            None => future(node, builder),
        }
        if imports_all {
            builder.absent(node.end_byte());
        }
        for name in children(node, Field::Name) {
            renamed(Kind::ImportName, name.byte_range(), name, builder);
        }
    });
}

/// `a.b` as members of members; the dots of `..a.b` are a name of their own.
pub(super) fn module(node: Node<'_>, builder: &mut Builder<'_>) {
    let mut names = Vec::new();
    for part in parts(node) {
        if part.kind() == "dotted_name" {
            names.extend(parts(part));
        } else {
            names.push(part);
        }
    }
    dotted(&names, builder);
}

fn dotted(names: &[Node<'_>], builder: &mut Builder<'_>) {
    match names {
        [] => {}
        [only] => named(*only, builder),
        [first, .., last] => {
            builder.node(Kind::Member, "", first.start_byte()..last.end_byte(), |builder| {
                dotted(names.get(..names.len() - 1).unwrap_or_default(), builder);
                named(*last, builder);
            });
        }
    }
}

fn named(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.name(text(node, builder), node.byte_range());
}

/// A name and what it is called from here on.
fn renamed(kind: Kind, span: Range<usize>, node: Node<'_>, builder: &mut Builder<'_>) {
    let alias = child(node, Field::Alias);
    builder.node(kind, "", span, |builder| {
        module(child(node, Field::Name).unwrap_or(node), builder);
        match alias {
            Some(alias) => named(alias, builder),
            None => {
                builder.absent(node.end_byte());
            }
        }
    });
}

/// The grammar has no node for the module of `from __future__ import a`.
fn future(node: Node<'_>, builder: &mut Builder<'_>) {
    let mut cursor = node.walk();
    let name = node.children(&mut cursor).find(|part| part.kind() == "__future__");
    let span = name.map_or(node.start_byte()..node.start_byte(), |name| name.byte_range());
    builder.leaf(Kind::Name, "__future__", span);
}
