/// How a rule's patterns match, from its `options`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// A name stands for the constant that it holds.
    pub constant_propagation: bool,
    /// A name stands for the expression that it holds.
    pub symbolic_propagation: bool,
    /// Metavariables of sources and sinks must agree.
    pub taint_unify_mvars: bool,
    /// Truth values are never tainted.
    pub taint_assume_safe_booleans: bool,
    /// Numbers are never tainted.
    pub taint_assume_safe_numbers: bool,
    /// An element is not tainted by its index.
    pub taint_assume_safe_indexes: bool,
    /// A call is not tainted by its arguments.
    pub taint_assume_safe_functions: bool,
    /// A comparison is not tainted by what is compared.
    pub taint_assume_safe_comparisons: bool,
    /// Only assignments carry taint on.
    pub taint_only_propagate_through_assignments: bool,
    /// Operands of associative and commutative operators may stand in any order.
    pub ac_matching: bool,
    /// Operands of `and` and `or` may change places.
    pub commutative_boolop: bool,
    /// Both sides of `==` and `!=` may change places.
    pub commutative_compop: bool,
    /// Both sides of `==` may change places.
    pub symmetric_eq: bool,
    /// A definition of a variable is matched by an assignment.
    pub vardef_assign: bool,
    /// A definition of a field is matched by an assignment.
    pub flddef_assign: bool,
    /// An annotation is matched as an expression.
    pub attr_expr: bool,
    /// An arrow function is matched as a function.
    pub arrow_is_function: bool,
    /// `let` is matched as `var`.
    pub let_is_var: bool,
    /// `foo;` matches in expressions of statements, however deep.
    pub implicit_deep_exprstmt: bool,
    /// What a pattern leaves out at the end of objects and bodies may be there.
    pub implicit_ellipsis: bool,
    /// Decorators must stand in the order of the pattern.
    pub decorators_order_matters: bool,
    /// Attributes of an element that the pattern leaves out may be there.
    pub xml_attrs_implicit_ellipsis: bool,
    /// `<a/>` matches `<a></a>`.
    pub xml_singleton_loose_matching: bool,
    /// Children of an element must stand in the order of the pattern.
    pub xml_children_ordered: bool,
    /// Two names are one only if they resolve alike.
    pub unify_ids_strictly: bool,
    /// In generic mode, the other of the two engines.
    pub generic_aliengrep: bool,
    /// In generic mode, how many lines `...` spans at most.
    pub generic_ellipsis_max_span: u32,
    /// In generic mode, comments that are passed over.
    pub generic_comment_style: Option<CommentStyle>,
    /// In the other generic engine, whether `...` goes over the end of a line.
    pub generic_multiline: bool,
    /// In the other generic engine, whether upper and lower case are alike.
    pub generic_caseless: bool,
    /// In the other generic engine, the brackets, instead of the usual ones.
    pub generic_braces: Option<Vec<(String, String)>>,
    /// In the other generic engine, further brackets.
    pub generic_extra_braces: Vec<(String, String)>,
    /// In the other generic engine, further characters of words.
    pub generic_extra_word_characters: Vec<String>,
}

/// Comments in generic mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommentStyle {
    /// `/* … */`.
    C,
    /// `/* … */` and `// …`.
    Cpp,
    /// `# …`.
    Shell,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            constant_propagation: true,
            symbolic_propagation: false,
            taint_unify_mvars: false,
            taint_assume_safe_booleans: false,
            taint_assume_safe_numbers: false,
            taint_assume_safe_indexes: false,
            taint_assume_safe_functions: false,
            taint_assume_safe_comparisons: false,
            taint_only_propagate_through_assignments: false,
            ac_matching: true,
            commutative_boolop: false,
            commutative_compop: false,
            symmetric_eq: false,
            vardef_assign: true,
            flddef_assign: false,
            attr_expr: true,
            arrow_is_function: true,
            let_is_var: true,
            implicit_deep_exprstmt: true,
            implicit_ellipsis: true,
            decorators_order_matters: false,
            xml_attrs_implicit_ellipsis: true,
            xml_singleton_loose_matching: true,
            xml_children_ordered: true,
            unify_ids_strictly: true,
            generic_aliengrep: false,
            generic_ellipsis_max_span: 10,
            generic_comment_style: None,
            generic_multiline: true,
            generic_caseless: false,
            generic_braces: None,
            generic_extra_braces: Vec::new(),
            generic_extra_word_characters: Vec::new(),
        }
    }
}

impl Options {
    /// The option that is on or off, by its name.
    pub(crate) fn switch(&mut self, name: &str) -> Option<&mut bool> {
        Some(match name {
            "constant_propagation" => &mut self.constant_propagation,
            "symbolic_propagation" => &mut self.symbolic_propagation,
            "taint_unify_mvars" => &mut self.taint_unify_mvars,
            "taint_assume_safe_booleans" => &mut self.taint_assume_safe_booleans,
            "taint_assume_safe_numbers" => &mut self.taint_assume_safe_numbers,
            "taint_assume_safe_indexes" => &mut self.taint_assume_safe_indexes,
            "taint_assume_safe_functions" => &mut self.taint_assume_safe_functions,
            "taint_assume_safe_comparisons" => &mut self.taint_assume_safe_comparisons,
            "taint_only_propagate_through_assignments" => &mut self.taint_only_propagate_through_assignments,
            "ac_matching" => &mut self.ac_matching,
            "commutative_boolop" => &mut self.commutative_boolop,
            "commutative_compop" => &mut self.commutative_compop,
            "symmetric_eq" => &mut self.symmetric_eq,
            "vardef_assign" => &mut self.vardef_assign,
            "flddef_assign" => &mut self.flddef_assign,
            "attr_expr" => &mut self.attr_expr,
            "arrow_is_function" => &mut self.arrow_is_function,
            "let_is_var" => &mut self.let_is_var,
            "implicit_deep_exprstmt" => &mut self.implicit_deep_exprstmt,
            "implicit_ellipsis" => &mut self.implicit_ellipsis,
            "decorators_order_matters" => &mut self.decorators_order_matters,
            "xml_attrs_implicit_ellipsis" => &mut self.xml_attrs_implicit_ellipsis,
            "xml_singleton_loose_matching" => &mut self.xml_singleton_loose_matching,
            "xml_children_ordered" => &mut self.xml_children_ordered,
            "unify_ids_strictly" => &mut self.unify_ids_strictly,
            "generic_multiline" => &mut self.generic_multiline,
            "generic_caseless" => &mut self.generic_caseless,
            _ => return None,
        })
    }
}
