use andon_syntax::{Kind, Language, NodeId, Symbols, Tree};

/// What a node does where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is evaluated.
    Expression,
    /// It is executed, or declares.
    Statement,
    /// It names a type.
    Type,
    /// A part of something else: a declared name, a parameter, a list of arguments.
    Other,
}

/// The role of every node.
pub(crate) fn roles(tree: &Tree, language: Language, symbols: &Symbols) -> Vec<Role> {
    let chains = ["&&", "||"].map(|operator| symbols.find(operator));
    let mut roles = vec![Role::Other; tree.len()];
    for id in tree.ids() {
        let above = roles.get(id.index()).copied().unwrap_or(Role::Other);
        for (position, child) in tree.children(id).enumerate() {
            let is_inner =
                language == Language::Python && position == 0 && is_start_of_chain(tree, id, child);
            let role = if is_inner && chains.contains(&Some(tree.text(child))) {
                Role::Other
            } else {
                role(tree, language, id, above, position, child)
            };
            if let Some(slot) = roles.get_mut(child.index()) {
                *slot = role;
            }
        }
    }
    roles
}

fn role(
    tree: &Tree,
    language: Language,
    parent: NodeId,
    above: Role,
    position: usize,
    child: NodeId,
) -> Role {
    if tree.kind(child) == Kind::Absent {
        return Role::Other;
    }
    match tree.kind(parent) {
        Kind::File | Kind::Block | Kind::ClassBody | Kind::Export | Kind::Label => Role::Statement,
        Kind::For | Kind::ForEach if position == 0 && tree.kind(child) == Kind::VarDef => Role::Other,
        Kind::If | Kind::While | Kind::ForEach | Kind::For | Kind::DoWhile => control_role(tree, child),
        Kind::Try | Kind::Catch | Kind::Switch | Kind::Case | Kind::With => part_role(tree, child),
        Kind::FunctionDef => match position {
            4 => Role::Type,
            5 => Role::Statement,
            _ => Role::Other,
        },
        Kind::Lambda => match position {
            2 => Role::Type,
            3 => control_role(tree, child),
            _ => Role::Other,
        },
        Kind::VarDef | Kind::Param => match position {
            2 => Role::Type,
            3 => Role::Expression,
            1 if is_assigned(tree, parent) => Role::Expression,
            _ if matches!(tree.kind(child), Kind::Array | Kind::Tuple | Kind::Record) => Role::Expression,
            _ => Role::Other,
        },
        Kind::Member if position == 0 => above,
        Kind::Member => dynamic_name(tree, child),
        Kind::Pair if position == 0 && language.is_script() => dynamic_name(tree, child),
        Kind::Pair => Role::Expression,
        Kind::Cast | Kind::New | Kind::TypedMetavariable if position == 0 => Role::Type,
        Kind::GenericType | Kind::ArrayType | Kind::PointerType | Kind::SuperType | Kind::TypeAlias => {
            Role::Type
        }
        Kind::Attribute if position == 0 => Role::Expression,
        Kind::Import | Kind::ImportFrom | Kind::ImportAll | Kind::ImportName | Kind::Package => Role::Other,
        Kind::ClassDef | Kind::Attributes | Kind::Params | Kind::TypeParams | Kind::Supers => Role::Other,
        Kind::Xml if position == 0 => Role::Other,
        Kind::Other if above == Role::Type => Role::Type,
        _ => part_role(tree, child),
    }
}

/// Whether an operand is the first part of one chain: `a and b` in `a and b and c`, but not in `(a and b) and c`.
fn is_start_of_chain(tree: &Tree, chain: NodeId, operand: NodeId) -> bool {
    let (Some(first), Some(last)) = (tree.child(operand, 0), tree.child(operand, 1)) else { return false };
    let (whole, start, end) = (tree.span(operand), tree.span(first).start, tree.span(last).end);
    // Parentheses widen what stands in them.
    let is_apart = whole.start < start && end < whole.end;
    tree.kind(operand) == Kind::Binary && tree.text(operand) == tree.text(chain) && !is_apart
}

/// Whether a definition is one of a variable that gets a value at once, as an assignment would give it.
fn is_assigned(tree: &Tree, definition: NodeId) -> bool {
    tree.kind(definition) == Kind::VarDef
        && tree.child(definition, 3).is_some_and(|value| tree.kind(value) != Kind::Absent)
}

/// A loop's or condition's part is a statement if it can be nothing else.
fn control_role(tree: &Tree, child: NodeId) -> Role {
    if is_statement(tree.kind(child)) { Role::Statement } else { Role::Expression }
}

/// A part that may be a list of its own, a statement or an expression.
fn part_role(tree: &Tree, child: NodeId) -> Role {
    match tree.kind(child) {
        Kind::Args
        | Kind::Keyword
        | Kind::Catch
        | Kind::Case
        | Kind::WithItem
        | Kind::ClassBody
        | Kind::Pair
        | Kind::ComprehensionFor
        | Kind::ComprehensionIf
        | Kind::XmlAttribute
        | Kind::XmlText
        | Kind::Params
        | Kind::TypeParams
        | Kind::Supers
        | Kind::Attributes => Role::Other,
        kind if is_statement(kind) => Role::Statement,
        _ => Role::Expression,
    }
}

/// A name after a dot is a part; anything else there is evaluated.
fn dynamic_name(tree: &Tree, child: NodeId) -> Role {
    match tree.kind(child) {
        Kind::Name | Kind::Str | Kind::Member => Role::Other,
        _ => Role::Expression,
    }
}

fn is_statement(kind: Kind) -> bool {
    kind >= Kind::ExprStatement
        && !matches!(kind, Kind::Catch | Kind::Case | Kind::WithItem)
        && !matches!(kind, Kind::Receiver | Kind::Params | Kind::Param | Kind::TypeParams | Kind::Supers)
        && !matches!(kind, Kind::SuperType | Kind::ClassBody | Kind::Attributes | Kind::Attribute)
        && !matches!(kind, Kind::Modifier | Kind::ImportName)
}
