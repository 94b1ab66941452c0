use andon_syntax::{Kind, Language, NodeId};

use crate::matching::Matcher;
use crate::matching::envs::{Env, Envs, either, given, none, one, or_else, then};
use crate::matching::inner::inner;

/// Names are replaced by their expressions at most this often on the way to a node.
const MOST_REPLACED: u32 = 50;

impl Matcher<'_> {
    pub(super) fn expression(&self, p: NodeId, t: NodeId, is_whole: bool, env: &Env) -> Envs {
        let found = self.plainly(p, t, env);
        let found = match self.kind(t) {
            Kind::Name | Kind::Member => or_else(found, || self.by_full_name(p, t, env)),
            Kind::Cast => or_else(found, || self.cast_away(p, t, env)),
            _ => found,
        };
        if is_whole { found } else { or_else(found, || self.replaced(p, t, env)) }
    }

    /// A cast expression is also what is cast.
    fn cast_away(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        self.child(t, 1).map_or_else(none, |inner| self.node(p, inner, env))
    }

    /// A name is also the expression it was assigned.
    pub(super) fn replaced(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        self.behind_name(t, |expression| self.node(p, expression, env))
    }

    fn plainly(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        match self.pattern_kind(p) {
            Kind::Name => self.name(p, t, env),
            Kind::Str | Kind::Int | Kind::Float | Kind::Bool | Kind::Char | Kind::Imaginary => {
                self.literal(p, t, env)
            }
            Kind::Regex => self.regex_literal(p, t, env),
            Kind::Call => self.call(p, t, env),
            Kind::New => self.creation(p, t, env),
            Kind::Args => self.args(p, t, env),
            Kind::Member => self.member(p, t, env),
            Kind::Binary => self.binary(p, t, env),
            Kind::Unary => self.unary(p, t, env),
            Kind::Assign => self.assign(p, t, env),
            Kind::Template => self.template(p, t, env),
            Kind::Pair => self.pair(p, t, env),
            Kind::XmlAttribute => self.xml_attribute(p, t, env),
            Kind::Set | Kind::Dict | Kind::Record => self.container(p, t, env),
            Kind::Array | Kind::Tuple => self.sequence(p, t, env),
            Kind::Xml => self.xml(p, t, env),
            Kind::XmlText => self.xml_text(p, t, env),
            Kind::GenericType => self.alike(p, t, env),
            _ => self.alike(p, t, env),
        }
    }

    /// `key: value`. A key in quotes may say more: `"..."`, `"=~/…/"`. `key: ...` stands for a method too.
    fn pair(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let (Some(p_key), Some(p_value)) = (self.pattern_child(p, 0), self.pattern_child(p, 1)) else {
            return none();
        };
        let (key, value) = match self.kind(t) {
            Kind::Pair => (self.child(t, 0), self.child(t, 1)),
            Kind::FunctionDef if self.pattern_kind(p_value) == Kind::Ellipsis => {
                (self.child(t, 1), self.child(t, 5))
            }
            _ => return none(),
        };
        let (Some(key), Some(value)) = (key, value) else { return none() };
        let envs = match (self.pattern_kind(p_key), self.kind(key)) {
            (Kind::Str, Kind::Name) => self.string(p_key, key, env),
            _ => self.optional(p_key, key, env),
        };
        then(envs, |env| self.optional(p_value, value, env))
    }

    fn member(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let (Some(object), Some(name)) = (self.pattern_child(p, 0), self.pattern_child(p, 1)) else {
            return none();
        };
        if self.pattern_kind(name) == Kind::Ellipsis {
            return self.chain(object, t, env);
        }
        if self.kind(t) != Kind::Member || !self.same_chaining(p, t, object) {
            return none();
        }
        if (self.pattern_text(p) == "::") != (self.source.name(t) == "::") {
            return none();
        }
        let (Some(inner), Some(field)) = (self.child(t, 0), self.child(t, 1)) else { return none() };
        let envs = either(self.node(object, inner, env), || match self.open_chain(object) {
            Some(start) => self.node(start, inner, env),
            None => none(),
        });
        then(envs, |env| self.field_name(name, field, env))
    }

    /// `a?.b` is not `a.b`, though `$X.b` is both.
    fn same_chaining(&self, p: NodeId, t: NodeId, object: NodeId) -> bool {
        let is_optional = self.source.name(t) == "?";
        match self.pattern_text(p) {
            "?" => is_optional,
            _ => {
                !is_optional
                    || matches!(
                        self.pattern_kind(object),
                        Kind::Metavariable | Kind::Ellipsis | Kind::DeepEllipsis
                    )
            }
        }
    }

    /// What stands before `...` in `a. ... .b`.
    fn open_chain(&self, p: NodeId) -> Option<NodeId> {
        let name = self.pattern_child(p, 1).filter(|_| self.pattern_kind(p) == Kind::Member)?;
        self.pattern_child(p, 0).filter(|_| self.pattern_kind(name) == Kind::Ellipsis)
    }

    /// `a. ...` against a chain of members, calls and indexes: `a` is any start of it.
    fn chain(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let mut found = none();
        let mut at = Some(t);
        while let Some(link) = at.filter(|link| self.is_link(*link)) {
            at = self.child(link, 0);
            if let Some(start) = at {
                found = either(found, || self.node(p, start, env));
            }
        }
        found
    }

    fn is_link(&self, t: NodeId) -> bool {
        matches!(self.kind(t), Kind::Member | Kind::Call | Kind::Index)
    }

    fn field_name(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        match self.pattern_kind(p) {
            Kind::Name => self.name(p, t, env),
            _ => self.node(p, t, env),
        }
    }

    /// `x = y` against an assignment, or a declaration with a value.
    fn assign(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        // What Go declares with `:=` is declared by no other sign, but is assigned too.
        if self.source.language == Language::Go && self.pattern_text(p) == ":=" && self.source.name(t) != ":="
        {
            return none();
        }
        let parts = match self.kind(t) {
            Kind::Assign => (self.child(t, 0), self.child(t, 1)),
            Kind::VarDef if self.options.vardef_assign => (self.child(t, 1), self.child(t, 3)),
            Kind::FunctionDef if self.options.flddef_assign => return self.assigned_function(p, t, env),
            _ => return none(),
        };
        let (Some(target), Some(value)) = parts else { return none() };
        if self.kind(value) == Kind::Absent {
            return none();
        }
        or_else(self.assigned(p, target, value, env), || self.one_of_several(p, target, value, env))
    }

    fn assigned(&self, p: NodeId, target: NodeId, value: NodeId, env: &Env) -> Envs {
        let (Some(left), Some(right)) = (self.pattern_child(p, 0), self.pattern_child(p, 1)) else {
            return none();
        };
        then(self.node(left, target, env), |env| self.node(right, value, env))
    }

    /// `a, b = c, d` is also `a = c` and `b = d`.
    fn one_of_several(&self, p: NodeId, target: NodeId, value: NodeId, env: &Env) -> Envs {
        if self.kind(target) != Kind::Tuple || self.kind(value) != Kind::Tuple {
            return none();
        }
        let (targets, values) = (self.children(target), self.children(value));
        if targets.len() != values.len() {
            return none();
        }
        let pairs = targets.into_iter().zip(values);
        pairs.fold(none(), |found, (target, value)| either(found, || self.assigned(p, target, value, env)))
    }

    /// `f = function (…) {…}` against a method `f`.
    fn assigned_function(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let (Some(left), Some(right)) = (self.pattern_child(p, 0), self.pattern_child(p, 1)) else {
            return none();
        };
        let Some(name) = self.child(t, 1) else { return none() };
        then(self.node(left, name, env), |env| match self.pattern_kind(right) {
            Kind::Metavariable => self.bind(right, self.whole(t), env),
            Kind::Ellipsis => one(env),
            Kind::Lambda => self.function(right, t, env),
            _ => none(),
        })
    }

    /// A dictionary, set or object: the order of the elements does not matter.
    fn container(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let kind = self.pattern_kind(p);
        let (ps, ts) = (self.pattern_children(p), self.children(t));
        if let [only] = ps.as_slice()
            && self.pattern_kind(*only) == Kind::Ellipsis
        {
            let name = if kind == Kind::Set { "set" } else { "dict" };
            let built = self.kind(t) == Kind::Comprehension && self.source.name(t) == name;
            return given(
                built || matches!(self.kind(t), Kind::Set | Kind::Dict) || self.kind(t) == kind,
                env,
            );
        }
        if kind != self.kind(t) {
            return none();
        }
        let less_is_ok = kind == Kind::Record && self.options.implicit_ellipsis;
        self.unordered(&ps, &ts, env, less_is_ok)
    }

    fn sequence(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let ps = self.pattern_children(p);
        if self.kind(t) == Kind::Comprehension {
            let any = matches!(ps.as_slice(), [only] if self.pattern_kind(*only) == Kind::Ellipsis);
            return given(any && self.source.name(t) == "list", env);
        }
        if self.kind(t) != self.pattern_kind(p) {
            return none();
        }
        self.list(&ps, &self.children(t), env, false)
    }

    /// `<... p ...>`: the expression or any in it.
    pub(super) fn deep(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let mut found = none();
        let mut open = vec![t];
        while let Some(id) = open.pop() {
            found = either(found, || self.whole_node(p, id, env));
            found = either(found, || self.behind_name(id, |expression| self.deep(p, expression, env)));
            let from = open.len();
            open.extend(inner(self.source, id));
            open.get_mut(from..).unwrap_or_default().reverse();
        }
        found
    }

    /// What holds for the expression that a name was assigned.
    pub(super) fn behind_name(&self, t: NodeId, look: impl FnOnce(NodeId) -> Envs) -> Envs {
        if !self.options.symbolic_propagation || self.replaced.get() >= MOST_REPLACED {
            return none();
        }
        let Some(expression) = self.source.facts.expressions.get(&t) else { return none() };
        self.replaced.set(self.replaced.get() + 1);
        let envs = look(*expression);
        self.replaced.set(self.replaced.get() - 1);
        envs
    }
}
