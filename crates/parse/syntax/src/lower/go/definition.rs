use tree_sitter::Node;

use crate::Kind;
use crate::build::Builder;
use crate::lower::go::{
    PARTIAL, all, child_of, each, expression, field, first, is_dots, name, optional, required, statement,
    types,
};
use crate::lower::tools::text;

/// A declaration; whether it was one.
pub(super) fn lower(node: Node<'_>, builder: &mut Builder<'_>) -> bool {
    match node.kind() {
        "package_clause" => {
            builder.node(Kind::Package, "", node.byte_range(), |builder| {
                required(first(node), node, builder, name);
            });
        }
        "import_declaration" => each(node, |child| match child.kind() {
            "import_spec_list" => each(child, |spec| imported(spec, node, builder)),
            _ => imported(child, node, builder),
        }),
        "function_declaration" => function(node, "", builder),
        "method_declaration" | "method_elem" => function(node, "method", builder),
        "const_declaration" => each(node, |spec| variables(spec, node, "const", builder)),
        "var_declaration" => each(node, |spec| match spec.kind() {
            "var_spec_list" => each(spec, |spec| variables(spec, spec, "var", builder)),
            _ => variables(spec, node, "var", builder),
        }),
        "type_declaration" => {
            let mut count = 0;
            each(node, |_| count += 1);
            each(node, |spec| defined_type(spec, if count == 1 { node } else { spec }, builder));
        }
        _ => return false,
    }
    true
}

/// A declaration of the file. Where it declares several things, they stand in a block, so that no more than them is in a
/// row with them.
pub(super) fn outer(node: Node<'_>, builder: &mut Builder<'_>) {
    let is_group = matches!(node.kind(), "var_declaration" | "const_declaration" | "type_declaration");
    if is_group && declared(node) > 1 {
        builder.node(Kind::Block, "", node.byte_range(), |builder| statement::lower(node, builder));
    } else {
        statement::lower(node, builder);
    }
}

/// How many names are declared.
fn declared(node: Node<'_>) -> usize {
    let mut count = 0;
    each(node, |spec| {
        count += match spec.kind() {
            "var_spec_list" => declared(spec),
            _ => all(spec, "name").len(),
        };
    });
    count
}

/// Parameters.
pub(super) fn parameters(node: Option<Node<'_>>, at: usize, builder: &mut Builder<'_>) {
    let Some(node) = node else {
        builder.leaf(Kind::Params, "", at..at);
        return;
    };
    builder.node(Kind::Params, "", node.byte_range(), |builder| {
        each(node, |declaration| parameter(declaration, builder));
    });
}

/// What a function returns: a type, or a tuple of types and named parameters.
pub(super) fn result(node: Option<Node<'_>>, at: usize, builder: &mut Builder<'_>) {
    optional(node, at, builder, |node, builder| {
        if node.kind() != "parameter_list" {
            return types::lower(node, builder);
        }
        let mut all = Vec::new();
        each(node, |declaration| all.push(declaration));
        if let [only] = all.as_slice()
            && field(*only, "name").is_none()
        {
            return required(field(*only, "type"), *only, builder, types::lower);
        }
        builder.node(Kind::Tuple, "", node.byte_range(), |builder| {
            for declaration in all {
                match (field(declaration, "name"), field(declaration, "type")) {
                    (None, Some(kind)) => types::lower(kind, builder),
                    _ => parameter(declaration, builder),
                }
            }
        });
    });
}

/// The members of a struct or interface.
pub(super) fn body(node: Node<'_>, builder: &mut Builder<'_>) {
    let members = child_of(node, "field_declaration_list").unwrap_or(node);
    builder.node(Kind::ClassBody, "", members.byte_range(), |builder| {
        each(members, |member| match member.kind() {
            "field_declaration" => fields(member, builder),
            "method_elem" => function(member, "method", builder),
            _ if is_dots(member, builder) => name(member, builder),
            "type_elem" => {
                builder.node(Kind::Other, "embedded", member.byte_range(), |builder| {
                    types::lower(member, builder)
                });
            }
            _ => statement::any(member, builder),
        });
    });
}

fn imported(node: Node<'_>, declaration: Node<'_>, builder: &mut Builder<'_>) {
    if node.kind() == "import_spec" {
        import(node, declaration.start_byte(), builder);
    } else {
        statement::lower(node, builder);
    }
}

/// An import, which begins where its declaration does.
fn import(node: Node<'_>, start: usize, builder: &mut Builder<'_>) {
    let span = start..node.end_byte();
    let path = field(node, "path");
    if let Some(path) = path
        && builder.is_pattern
        && text(path, builder) == "\"__dots__\""
    {
        builder.leaf(Kind::Ellipsis, "", span);
        return;
    }
    let alias = field(node, "name");
    let is_dot = alias.is_some_and(|alias| alias.kind() == "dot");
    builder.node(if is_dot { Kind::ImportAll } else { Kind::Import }, "", span.clone(), |builder| {
        required(path, node, builder, expression::lower);
        optional(alias.filter(|_| !is_dot), span.end, builder, name);
    });
}

fn function(node: Node<'_>, kind: &str, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    builder.node(Kind::FunctionDef, kind, span.clone(), |builder| {
        builder.node(Kind::Attributes, "", span.start..span.start, |builder| {
            if let Some(receiver) = field(node, "receiver") {
                builder.node(Kind::Receiver, "", receiver.byte_range(), |builder| {
                    parameters(Some(receiver), span.start, builder);
                });
            }
        });
        required(field(node, "name"), node, builder, name);
        optional(field(node, "type_parameters"), span.start, builder, type_parameters);
        parameters(field(node, "parameters"), span.end, builder);
        result(field(node, "result"), span.end, builder);
        match field(node, "body") {
            Some(body) if is_left_out(body, builder) => {
                builder.leaf(Kind::Ellipsis, "", body.byte_range());
            }
            body => optional(body, span.end, builder, statement::lower),
        }
    });
}

/// Whether a body stands for one that a pattern leaves out.
fn is_left_out(body: Node<'_>, builder: &Builder<'_>) -> bool {
    builder.is_pattern && first(body).is_some_and(|only| text(only, builder) == PARTIAL)
}

fn type_parameters(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::TypeParams, "", node.byte_range(), |builder| {
        each(node, |declaration| {
            for named in all(declaration, "name") {
                builder.node(Kind::Other, "type_parameter", declaration.byte_range(), |builder| {
                    name(named, builder);
                    optional(field(declaration, "type"), declaration.end_byte(), builder, types::lower);
                });
            }
        });
    });
}

/// A parameter for each name, or one without a name.
fn parameter(node: Node<'_>, builder: &mut Builder<'_>) {
    let kind = if node.kind() == "variadic_parameter_declaration" { "*" } else { "" };
    let names = all(node, "name");
    if names.is_empty() {
        if field(node, "type").is_some_and(|kind| is_dots(kind, builder)) {
            return required(field(node, "type"), node, builder, types::lower);
        }
        return typed_parameter(node, None, kind, builder);
    }
    for named in names {
        if is_dots(named, builder) {
            name(named, builder);
        } else {
            typed_parameter(node, Some(named), kind, builder);
        }
    }
}

fn typed_parameter(node: Node<'_>, named: Option<Node<'_>>, kind: &str, builder: &mut Builder<'_>) {
    let start = named.map_or(node.start_byte(), |named| named.start_byte());
    builder.node(Kind::Param, kind, start..node.end_byte(), |builder| {
        builder.leaf(Kind::Attributes, "", start..start);
        optional(named, start, builder, name);
        optional(field(node, "type"), node.end_byte(), builder, types::lower);
        builder.absent(node.end_byte());
    });
}

/// The variables of a specification, each with its value; what one value gives to several is the first one's.
fn variables(spec: Node<'_>, whole: Node<'_>, kind: &str, builder: &mut Builder<'_>) {
    if !matches!(spec.kind(), "var_spec" | "const_spec") {
        return statement::lower(spec, builder);
    }
    let names = all(spec, "name");
    let mut values = Vec::new();
    let value = field(spec, "value");
    if let Some(value) = value {
        each(value, |part| values.push(part));
    }
    let start = if names.len() == 1 { whole.start_byte() } else { spec.start_byte() };
    let attributes = |builder: &mut Builder<'_>| {
        builder.leaf(Kind::Attributes, "", start..start);
    };
    for (at, named) in names.iter().enumerate() {
        let value = values.get(at);
        let end = value.map_or(spec.end_byte(), |value| value.end_byte());
        builder.node(Kind::VarDef, kind, start..end, |builder| {
            attributes(builder);
            name(*named, builder);
            optional(field(spec, "type"), start, builder, types::lower);
            optional(value.copied(), end, builder, expression::lower);
        });
    }
}

fn defined_type(spec: Node<'_>, whole: Node<'_>, builder: &mut Builder<'_>) {
    let span = whole.byte_range();
    let kind = match field(spec, "type").map_or("", |kind| kind.kind()) {
        _ if !matches!(spec.kind(), "type_spec" | "type_alias") => return statement::lower(spec, builder),
        "struct_type" => "struct",
        "interface_type" => "interface",
        _ => {
            builder.node(Kind::TypeAlias, "", span.clone(), |builder| {
                required(field(spec, "name"), spec, builder, name);
                optional(field(spec, "type_parameters"), span.start, builder, type_parameters);
                required(field(spec, "type"), spec, builder, types::lower);
            });
            return;
        }
    };
    builder.node(Kind::ClassDef, kind, span.clone(), |builder| {
        builder.leaf(Kind::Attributes, "", span.start..span.start);
        required(field(spec, "name"), spec, builder, name);
        optional(field(spec, "type_parameters"), span.start, builder, type_parameters);
        builder.leaf(Kind::Supers, "", span.start..span.start);
        required(field(spec, "type"), spec, builder, body);
    });
}

/// A field for each name; an embedded one is named as the last part of its type is.
fn fields(node: Node<'_>, builder: &mut Builder<'_>) {
    let kind = field(node, "type");
    let names = all(node, "name");
    if !names.is_empty() {
        for named in names {
            struct_field(node, Some(named), builder);
        }
        return;
    }
    if kind.is_some_and(|kind| is_dots(kind, builder)) {
        return required(kind, node, builder, types::lower);
    }
    let last = kind.map(|kind| field(kind, "type").unwrap_or(kind));
    struct_field(node, last.map(|kind| field(kind, "name").unwrap_or(kind)), builder);
}

fn struct_field(node: Node<'_>, named: Option<Node<'_>>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    builder.node(Kind::VarDef, "field", span.clone(), |builder| {
        builder.node(Kind::Attributes, "", span.start..span.start, |builder| {
            if let Some(tag) = field(node, "tag") {
                builder.node(Kind::Attribute, "", tag.byte_range(), |builder| {
                    expression::lower(tag, builder);
                    builder.absent(tag.end_byte());
                });
            }
        });
        required(named, node, builder, name);
        required(field(node, "type"), node, builder, |kind, builder| {
            if child_of(node, "*").is_some() {
                builder.node(Kind::PointerType, "", span.clone(), |builder| types::lower(kind, builder));
            } else {
                types::lower(kind, builder);
            }
        });
        builder.absent(span.end);
    });
}
