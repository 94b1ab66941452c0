use std::num::NonZeroU16;
use std::sync::LazyLock;

use tree_sitter::Node;

use super::{case, definition, expression, import, statement, string};
use crate::Kind;
use crate::build::Builder;

/// Lowers one node of the grammar.
pub(super) type Handler = fn(Node<'_>, &mut Builder<'_>);

/// What a node of the grammar is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Statement,
    Expression,
}

/// The fields that are looked up.
#[derive(Clone, Copy)]
pub(super) enum Field {
    Alias,
    Alternative,
    Argument,
    Arguments,
    Attribute,
    Body,
    Cause,
    Condition,
    Consequence,
    Definition,
    Expression,
    FormatSpecifier,
    Function,
    Guard,
    Left,
    ModuleName,
    Name,
    Object,
    Operator,
    Parameters,
    ReturnType,
    Right,
    Superclasses,
    Type,
    TypeParameters,
    Value,
}

/// How a node is lowered. Looked up by number, since comparing names for each node is slow.
pub(super) fn handler(node: Node<'_>) -> (Role, Handler) {
    let entry = TABLE.handlers.get(usize::from(node.kind_id())).copied();
    entry.unwrap_or((Role::Expression, expression::other))
}

/// A node's child by field.
pub(super) fn child<'t>(node: Node<'t>, field: Field) -> Option<Node<'t>> {
    let id = TABLE.fields.get(field as usize).copied().flatten()?;
    node.child_by_field_id(id.get())
}

/// A node's children by field.
pub(super) fn children<'t>(node: Node<'t>, field: Field) -> Vec<Node<'t>> {
    let Some(id) = TABLE.fields.get(field as usize).copied().flatten() else { return Vec::new() };
    let mut cursor = node.walk();
    node.children_by_field_id(id, &mut cursor).filter(|child| child.is_named()).collect()
}

struct Table {
    handlers: Vec<(Role, Handler)>,
    fields: Vec<Option<NonZeroU16>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let grammar = tree_sitter::Language::from(tree_sitter_python::LANGUAGE);
    let numbers = 0..u16::try_from(grammar.node_kind_count()).unwrap_or(u16::MAX);
    let named = |number| {
        let name = grammar.node_kind_for_id(number).filter(|_| grammar.node_kind_is_named(number));
        entry(name.unwrap_or_default())
    };
    Table {
        handlers: numbers.map(named).collect(),
        fields: FIELDS.iter().map(|name| grammar.field_id_for_name(name)).collect(),
    }
});

/// The names of the [`Field`]s in their order.
const FIELDS: [&str; 26] = [
    "alias",
    "alternative",
    "argument",
    "arguments",
    "attribute",
    "body",
    "cause",
    "condition",
    "consequence",
    "definition",
    "expression",
    "format_specifier",
    "function",
    "guard",
    "left",
    "module_name",
    "name",
    "object",
    "operator",
    "parameters",
    "return_type",
    "right",
    "superclasses",
    "type",
    "type_parameters",
    "value",
];

fn entry(name: &str) -> (Role, Handler) {
    statement_entry(name).map(|handler| (Role::Statement, handler)).unwrap_or_else(|| {
        let handler = leaf_entry(name).or_else(|| expression_entry(name)).or_else(|| case_entry(name));
        (Role::Expression, handler.unwrap_or(expression::other))
    })
}

fn statement_entry(name: &str) -> Option<Handler> {
    Some(match name {
        "expression_statement" => statement::expression,
        "block" => statement::block,
        "if_statement" | "elif_clause" => statement::if_chain,
        "while_statement" => statement::while_loop,
        "for_statement" => statement::for_loop,
        "match_statement" => case::switch,
        "case_clause" => case::branch,
        "try_statement" => statement::try_block,
        "except_clause" => statement::catch,
        "else_clause" | "finally_clause" => statement::clause_block,
        "with_statement" => statement::with,
        "return_statement" => |node, builder| statement::with_values(Kind::Return, "", node, builder),
        "raise_statement" => statement::raise,
        "assert_statement" => |node, builder| statement::with_optional(Kind::Assert, node, builder),
        "delete_statement" => statement::delete,
        "pass_statement" => |node, builder| statement::with_values(Kind::Keyed, "pass", node, builder),
        "global_statement" => |node, builder| statement::with_values(Kind::Keyed, "global", node, builder),
        "nonlocal_statement" => {
            |node, builder| statement::with_values(Kind::Keyed, "nonlocal", node, builder)
        }
        "break_statement" => |node, builder| expression::leaf(Kind::Break, "", node, builder),
        "continue_statement" => |node, builder| expression::leaf(Kind::Continue, "", node, builder),
        "print_statement" | "exec_statement" => statement::call_of_old,
        "type_alias_statement" => definition::type_alias,
        "function_definition" | "class_definition" | "decorated_definition" => definition::definition,
        "import_statement" => import::import,
        "import_from_statement" | "future_import_statement" => import::import_from,
        _ => return None,
    })
}

fn leaf_entry(name: &str) -> Option<Handler> {
    Some(match name {
        "identifier" => expression::name,
        "integer" | "float" => expression::number,
        "true" => |node, builder| expression::leaf(Kind::Bool, "true", node, builder),
        "false" => |node, builder| expression::leaf(Kind::Bool, "false", node, builder),
        "none" => |node, builder| expression::leaf(Kind::Null, "", node, builder),
        "ellipsis" => |node, builder| expression::leaf(Kind::Other, "ellipsis", node, builder),
        "string" => string::string,
        "concatenated_string" => string::concatenation,
        "interpolation" | "format_expression" => string::interpolation,
        "dotted_name" | "relative_import" => import::module,
        _ => return None,
    })
}

fn expression_entry(name: &str) -> Option<Handler> {
    Some(match name {
        "list" | "list_pattern" => |node, builder| expression::list(Kind::Array, node, builder),
        "tuple" | "tuple_pattern" | "expression_list" | "pattern_list" => {
            |node, builder| expression::list(Kind::Tuple, node, builder)
        }
        "set" => |node, builder| expression::list(Kind::Set, node, builder),
        "dictionary" => |node, builder| expression::list(Kind::Dict, node, builder),
        "pair" => |node, builder| expression::list(Kind::Pair, node, builder),
        "list_comprehension" => |node, builder| expression::comprehension("list", node, builder),
        "set_comprehension" => |node, builder| expression::comprehension("set", node, builder),
        "dictionary_comprehension" => |node, builder| expression::comprehension("dict", node, builder),
        "generator_expression" => |node, builder| expression::comprehension("generator", node, builder),
        "for_in_clause" => expression::comprehension_for,
        "if_clause" => |node, builder| expression::list(Kind::ComprehensionIf, node, builder),
        "call" => expression::call,
        "argument_list" => |node, builder| expression::list(Kind::Args, node, builder),
        "keyword_argument" => expression::keyword,
        "list_splat" | "list_splat_pattern" | "parenthesized_list_splat" => {
            |node, builder| expression::spread("*", node, builder)
        }
        "dictionary_splat" | "dictionary_splat_pattern" => {
            |node, builder| expression::spread("**", node, builder)
        }
        "splat_type" => expression::splat_type,
        "attribute" => expression::member,
        "subscript" => expression::subscript,
        "slice" => |node, builder| expression::slice(None, node, node.byte_range(), builder),
        "unary_operator" => expression::unary,
        "not_operator" => expression::negation,
        "binary_operator" | "boolean_operator" => expression::binary,
        "comparison_operator" => expression::comparison,
        "conditional_expression" => expression::conditional,
        "named_expression" => expression::assignment,
        "assignment" => expression::assignment,
        "augmented_assignment" => expression::augmented,
        "lambda" => definition::lambda,
        "await" => |node, builder| expression::list(Kind::Await, node, builder),
        "yield" => expression::delegate,
        "as_pattern" => expression::binding,
        "parenthesized_expression" | "as_pattern_target" | "type" | "chevron" | "decorator" => {
            expression::transparent
        }
        "generic_type" => expression::generic_type,
        "union_type" => |node, builder| expression::chain("|", node, builder),
        "member_type" => |node, builder| expression::list(Kind::Member, node, builder),
        "type_parameter" => |node, builder| expression::list(Kind::TypeParams, node, builder),
        _ => return None,
    })
}

fn case_entry(name: &str) -> Option<Handler> {
    Some(match name {
        "case_pattern" => case::pattern,
        "class_pattern" => case::class,
        "keyword_pattern" => case::keyword,
        "splat_pattern" => case::splat,
        "union_pattern" => case::union,
        "dict_pattern" => case::dict,
        "complex_pattern" => case::complex,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_known() {
        assert!(TABLE.fields.iter().all(Option::is_some));
        assert_eq!(FIELDS.get(Field::Value as usize), Some(&"value"));
        assert_eq!(FIELDS.get(Field::Guard as usize), Some(&"guard"));
    }
}
