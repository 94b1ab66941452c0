/// How patterns are compared with code; rules set these under `options`. The names and the defaults are Semgrep's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the rule format")]
pub struct Options {
    /// Literals match what is known to have their value.
    pub constant_propagation: bool,
    /// Names match as the expressions that were assigned to them.
    pub symbolic_propagation: bool,
    /// `x = 1` matches `var x = 1`.
    pub vardef_assign: bool,
    /// `f = function () {}` matches a method `f`.
    pub flddef_assign: bool,
    /// `f(x)` matches the decorator `@f(x)`.
    pub attr_expr: bool,
    /// A function expression matches an arrow function.
    pub arrow_is_function: bool,
    /// `var x` matches `let x` and `const x`.
    pub let_is_var: bool,
    /// `&&` and the like match whatever the grouping.
    pub ac_matching: bool,
    /// `a && b` matches `b && a`.
    pub commutative_boolop: bool,
    /// `a == b` matches `b == a`.
    pub symmetric_eq: bool,
    /// `...` between statements reaches into nested blocks.
    pub go_deeper_stmt: bool,
    /// An expression that is a statement of a pattern matches inside a statement's expression.
    pub implicit_deep_exprstmt: bool,
    /// Members and fields that a pattern does not name may be there.
    pub implicit_ellipsis: bool,
    /// JSX attributes that a pattern does not name may be there.
    pub xml_attrs_implicit_ellipsis: bool,
    /// `<a></a>` matches `<a />`.
    pub xml_singleton_loose_matching: bool,
    /// JSX children are compared in order.
    pub xml_children_ordered: bool,
    /// Decorators are compared in order.
    pub decorators_order_matters: bool,
    /// `return x` matches the body of an arrow function.
    pub implicit_return: bool,
    /// A metavariable met twice must be the same variable, not only the same name.
    pub unify_ids_strictly: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            constant_propagation: true,
            symbolic_propagation: false,
            vardef_assign: true,
            flddef_assign: false,
            attr_expr: true,
            arrow_is_function: true,
            let_is_var: true,
            ac_matching: true,
            commutative_boolop: false,
            symmetric_eq: false,
            go_deeper_stmt: true,
            implicit_deep_exprstmt: true,
            implicit_ellipsis: true,
            xml_attrs_implicit_ellipsis: true,
            xml_singleton_loose_matching: true,
            xml_children_ordered: true,
            decorators_order_matters: false,
            implicit_return: true,
            unify_ids_strictly: true,
        }
    }
}
