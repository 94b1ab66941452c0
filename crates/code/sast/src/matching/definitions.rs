use andon_syntax::{Kind, Language, NodeId};

use crate::matching::Matcher;
use crate::matching::envs::{Env, Envs, given, none, one, then};

impl Matcher<'_> {
    pub(super) fn definition(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        match self.pattern_kind(p) {
            Kind::FunctionDef | Kind::Lambda => self.function(p, t, env),
            Kind::ClassDef => self.class(p, t, env),
            Kind::TypeAlias => self.named_type(p, t, env),
            Kind::ClassBody => self.members(p, t, env),
            Kind::Params => self.parameters(p, t, env),
            Kind::Param => self.parameter(p, t, env),
            Kind::VarDef => self.variable(p, t, env),
            Kind::Attributes => self.attributes(p, t, env),
            Kind::Attribute => self.attribute(p, t, env),
            Kind::Supers => self.supers(p, t, env),
            _ => self.alike(p, t, env),
        }
    }

    /// A function against a function, a function expression against an arrow function.
    pub(super) fn function(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let (Some(p_parts), Some(t_parts)) = (self.pattern_function(p), self.code_function(t)) else {
            return none();
        };
        let envs = match (p_parts.name, t_parts.name) {
            (Some(p), Some(t)) => self.node(p, t, env),
            (None, _) => one(env),
            (Some(p), _) if self.pattern_kind(p) == Kind::Ellipsis => one(env),
            (Some(_), None) => none(),
        };
        let envs = then(envs, |env| self.attributes(p_parts.attributes, t_parts.attributes, env));
        let envs = then(envs, |env| self.taken(&p_parts, &t_parts, env));
        let envs = then(envs, |env| self.lenient(p_parts.returns, t_parts.returns, env));
        then(envs, |env| self.function_body(p_parts.body, t_parts.body, env))
    }

    /// Parameters; a receiver is the first of them.
    fn taken(&self, p: &Function, t: &Function, env: &Env) -> Envs {
        let p_receiver =
            self.pattern.children(p.attributes).find(|id| self.pattern_kind(*id) == Kind::Receiver);
        let t_receiver = self.source.tree.children(t.attributes).find(|id| self.kind(*id) == Kind::Receiver);
        if p_receiver.is_none() && t_receiver.is_none() {
            return self.node(p.params, t.params, env);
        }
        let p_receiver = p_receiver.and_then(|receiver| self.pattern_child(receiver, 0));
        let t_receiver = t_receiver.and_then(|receiver| self.child(receiver, 0));
        let ps: Vec<_> =
            p_receiver.into_iter().chain([p.params]).flat_map(|list| self.pattern.children(list)).collect();
        let ts: Vec<_> = t_receiver
            .into_iter()
            .chain([t.params])
            .flat_map(|list| self.source.tree.children(list))
            .collect();
        self.list(&ps, &ts, env, false)
    }

    /// `type T U` against a type, which a struct or interface is too.
    fn named_type(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if self.kind(t) != Kind::ClassDef || self.source.language != Language::Go {
            return self.alike(p, t, env);
        }
        let (ps, ts) = (self.pattern_children(p), self.children(t));
        match (ps.as_slice(), ts.as_slice()) {
            ([p_name, p_types, p_type], [_, t_name, t_types, _, t_body]) if self.is_any_type(*p_type) => {
                let envs =
                    then(self.node(*p_name, *t_name, env), |env| self.lenient(*p_types, *t_types, env));
                then(envs, |env| self.node(*p_type, *t_body, env))
            }
            _ => none(),
        }
    }

    fn is_any_type(&self, p: NodeId) -> bool {
        matches!(self.pattern_kind(p), Kind::Metavariable | Kind::Ellipsis)
    }

    fn function_body(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let expression = self.kind(t) != Kind::Block && self.kind(t) != Kind::Absent;
        match self.pattern_kind(p) {
            Kind::Block if expression => self.returned_expression(p, t, env),
            _ => self.body(p, t, env),
        }
    }

    /// A block against the body of a function that is an expression, which is what the function returns.
    fn returned_expression(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let mut ps = self.pattern_children(p);
        let count = ps.len();
        ps.retain(|p| self.pattern_kind(*p) != Kind::Ellipsis);
        match ps.as_slice() {
            [] => given(count > 0, env),
            [only] if self.pattern_kind(*only) == Kind::ExprStatement => {
                self.pattern_child(*only, 0).map_or_else(none, |inner| self.deep(inner, t, env))
            }
            [only] => self.node(*only, t, env),
            _ => none(),
        }
    }

    fn pattern_function(&self, p: NodeId) -> Option<Function> {
        let parts = self.pattern_children(p);
        Function::new(self.pattern_kind(p), &parts)
    }

    fn code_function(&self, t: NodeId) -> Option<Function> {
        let parts = self.children(t);
        Function::new(self.kind(t), &parts)
    }

    fn class(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if self.kind(t) != Kind::ClassDef || !self.same_text(p, t) {
            return none();
        }
        let (ps, ts) = (self.pattern_children(p), self.children(t));
        let (
            [p_attributes, p_name, p_types, p_supers, p_body],
            [t_attributes, t_name, t_types, t_supers, t_body],
        ) = (ps.as_slice(), ts.as_slice())
        else {
            return none();
        };
        let envs = self.optional(*p_name, *t_name, env);
        let envs = then(envs, |env| self.attributes(*p_attributes, *t_attributes, env));
        let envs = then(envs, |env| self.lenient(*p_types, *t_types, env));
        let envs = then(envs, |env| self.supers(*p_supers, *t_supers, env));
        then(envs, |env| self.optional(*p_body, *t_body, env))
    }

    fn supers(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let of = |word: &str| {
            let ps = self.pattern_children(p).into_iter().filter(|p| {
                let kind = self.pattern_kind(*p);
                let any = word == "extends" && matches!(kind, Kind::Ellipsis | Kind::Keyword);
                any || (kind == Kind::SuperType && self.pattern_text(*p) == word)
            });
            let ts = self.children(t).into_iter().filter(|t| {
                let kind = self.kind(*t);
                (word == "extends" && kind == Kind::Keyword)
                    || (kind == Kind::SuperType && self.source.name(*t) == word)
            });
            (ps.collect::<Vec<_>>(), ts.collect::<Vec<_>>())
        };
        let (ps, ts) = of("extends");
        let envs = self.list(&ps, &ts, env, true);
        let (ps, ts) = of("implements");
        then(envs, |env| self.unordered(&ps, &ts, env, true))
    }

    /// Members in any order; what the pattern does not name may be there.
    fn members(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if self.kind(t) != Kind::ClassBody {
            return none();
        }
        let ps = self.pattern_children(p);
        let has_dots = ps.iter().any(|p| self.pattern_kind(*p) == Kind::Ellipsis);
        self.unordered(&ps, &self.children(t), env, has_dots || self.options.implicit_ellipsis)
    }

    fn parameters(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if self.kind(t) != Kind::Params {
            return none();
        }
        self.list(&self.pattern_children(p), &self.children(t), env, false)
    }

    fn parameter(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let ps = self.pattern_children(p);
        let [p_attributes, p_name, p_type, p_default] = ps.as_slice() else { return none() };
        let bare = [p_type, p_default].iter().all(|part| self.pattern_kind(**part) == Kind::Absent)
            && self.pattern_child(*p_attributes, 0).is_none();
        if self.kind(t) != Kind::Param {
            let any = bare && self.pattern_kind(*p_name) == Kind::Metavariable;
            return if any { self.node(*p_name, t, env) } else { none() };
        }
        let ts = self.children(t);
        let [t_attributes, t_name, t_type, t_default] = ts.as_slice() else { return none() };
        if !self.same_text(p, t) {
            return none();
        }
        let envs = self.optional(*p_name, *t_name, env);
        let envs = then(envs, |env| self.attributes(*p_attributes, *t_attributes, env));
        let envs = then(envs, |env| self.lenient(*p_type, *t_type, env));
        then(envs, |env| self.lenient(*p_default, *t_default, env))
    }

    /// A declaration; `var` stands for `let` and `const` too.
    fn variable(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if self.kind(t) != Kind::VarDef || !self.same_keyword(p, t) {
            return none();
        }
        let (ps, ts) = (self.pattern_children(p), self.children(t));
        let ([p_attributes, p_target, p_type, p_value], [t_attributes, t_target, t_type, t_value]) =
            (ps.as_slice(), ts.as_slice())
        else {
            return none();
        };
        let envs = self.optional(*p_target, *t_target, env);
        let envs = then(envs, |env| self.attributes(*p_attributes, *t_attributes, env));
        let envs = then(envs, |env| self.lenient(*p_type, *t_type, env));
        // `= ...` asks for some value.
        if self.pattern_kind(*p_value) == Kind::Ellipsis && self.kind(*t_value) == Kind::Absent {
            return none();
        }
        then(envs, |env| self.optional(*p_value, *t_value, env))
    }

    fn same_keyword(&self, p: NodeId, t: NodeId) -> bool {
        let (pattern, code) = (self.pattern_text(p), self.source.name(t));
        if self.source.language == Language::Go {
            return pattern == code || (pattern == "var" && code == "const");
        }
        if !self.source.language.is_script() {
            return true;
        }
        pattern == code
            || pattern.is_empty()
            || (self.options.let_is_var && pattern == "var" && code != "field")
    }

    /// Of the attributes a pattern may name some.
    pub(super) fn attributes(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let (mut ps, mut ts) = (self.pattern_children(p), self.children(t));
        ps.retain(|p| self.pattern_kind(*p) != Kind::Receiver);
        ts.retain(|t| self.kind(*t) != Kind::Receiver);
        if ps.is_empty() {
            return one(env);
        }
        if !self.options.decorators_order_matters {
            return self.unordered(&ps, &ts, env, true);
        }
        let (p_words, ps): (Vec<_>, Vec<_>) =
            ps.into_iter().partition(|p| self.pattern_kind(*p) == Kind::Modifier);
        let (t_words, ts): (Vec<_>, Vec<_>) = ts.into_iter().partition(|t| self.kind(*t) == Kind::Modifier);
        then(self.subsequence(&ps, &ts, env), |env| self.unordered(&p_words, &t_words, env, true))
    }

    fn attribute(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if self.kind(t) != Kind::Attribute {
            return none();
        }
        let (ps, ts) = (self.pattern_children(p), self.children(t));
        match (ps.as_slice(), ts.as_slice()) {
            ([p_name, p_args], [t_name, t_args]) => {
                then(self.node(*p_name, *t_name, env), |env| self.args(*p_args, *t_args, env))
            }
            _ => given(ps.len() == ts.len(), env),
        }
    }
}

/// The parts that functions and function expressions share.
struct Function {
    attributes: NodeId,
    name: Option<NodeId>,
    params: NodeId,
    returns: NodeId,
    body: NodeId,
}

impl Function {
    fn new(kind: Kind, parts: &[NodeId]) -> Option<Self> {
        match (kind, parts) {
            (Kind::FunctionDef, [attributes, name, _, params, returns, body]) => Some(Self {
                attributes: *attributes,
                name: Some(*name),
                params: *params,
                returns: *returns,
                body: *body,
            }),
            (Kind::Lambda, [attributes, params, returns, body]) => Some(Self {
                attributes: *attributes,
                name: None,
                params: *params,
                returns: *returns,
                body: *body,
            }),
            _ => None,
        }
    }
}
