use andon_syntax::{Kind, NodeId, Symbol};

use crate::matching::envs::{Env, Envs, either, given, none, one, then};
use crate::matching::{Matcher, Value};

/// How the children at a position are compared.
#[derive(Clone, Copy)]
enum Slot {
    /// As they are; what is absent must be absent.
    Exact,
    /// What is absent in the pattern may be there.
    Lenient,
    /// Attributes, of which the pattern may name some.
    Attributes,
    /// A body: `...` for it stands for any.
    Body,
}

impl Matcher<'_> {
    pub(super) fn dispatch(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let is_whole = self.is_whole.replace(false);
        match self.pattern_kind(p) {
            Kind::Ellipsis => one(env),
            Kind::Metavariable => self.metavariable(p, t, is_whole, env),
            Kind::MetavariableEllipsis => self.bind(p, self.whole(t), env),
            Kind::DeepEllipsis => {
                self.pattern_child(p, 0).map_or_else(none, |inner| self.deep(inner, t, env))
            }
            Kind::TypedMetavariable => self.typed_metavariable(p, t, env),
            Kind::ExprStatement
            | Kind::Block
            | Kind::Return
            | Kind::Try
            | Kind::Switch
            | Kind::For
            | Kind::ForEach
            | Kind::Catch => self.statement(p, t, env),
            Kind::Import | Kind::ImportFrom | Kind::ImportAll => self.import(p, t, env),
            Kind::FunctionDef | Kind::ClassDef | Kind::ClassBody | Kind::Params | Kind::Param => {
                self.definition(p, t, env)
            }
            Kind::VarDef
            | Kind::TypeAlias
            | Kind::Lambda
            | Kind::Attribute
            | Kind::Attributes
            | Kind::Supers => self.definition(p, t, env),
            _ => self.expression(p, t, is_whole, env),
        }
    }

    /// Compares kind, text and children, as their positions ask for.
    pub(super) fn alike(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let kind = self.pattern_kind(p);
        if kind != self.kind(t) || !self.same_text(p, t) {
            return none();
        }
        let slots: &[Slot] = match kind {
            Kind::If => &[Slot::Exact, Slot::Body, Slot::Lenient],
            Kind::While => &[Slot::Exact, Slot::Body, Slot::Lenient],
            Kind::ForEach => &[Slot::Exact, Slot::Exact, Slot::Body, Slot::Lenient],
            Kind::For => &[Slot::Exact, Slot::Exact, Slot::Exact, Slot::Body],
            Kind::Throw => &[Slot::Exact, Slot::Lenient],
            Kind::Assert => &[Slot::Exact, Slot::Lenient],
            Kind::VarDef => &[Slot::Attributes, Slot::Exact, Slot::Lenient, Slot::Exact],
            Kind::TypeAlias => &[Slot::Exact, Slot::Lenient, Slot::Exact],
            _ => return self.list(&self.pattern_children(p), &self.children(t), env, false),
        };
        self.slots(slots, p, t, env)
    }

    fn slots(&self, slots: &[Slot], p: NodeId, t: NodeId, env: &Env) -> Envs {
        let (ps, ts) = (self.pattern_children(p), self.children(t));
        let mut envs = one(env);
        for (position, p) in ps.iter().enumerate() {
            let Some(t) = ts.get(position) else {
                return none();
            };
            let slot = slots.get(position).copied().unwrap_or(Slot::Exact);
            envs = then(envs, |env| self.slot(slot, *p, *t, env));
            if envs.is_empty() {
                return envs;
            }
        }
        if ps.len() < ts.len() { none() } else { envs }
    }

    fn slot(&self, slot: Slot, p: NodeId, t: NodeId, env: &Env) -> Envs {
        match slot {
            Slot::Exact => self.optional(p, t, env),
            Slot::Lenient => self.lenient(p, t, env),
            Slot::Attributes => self.attributes(p, t, env),
            Slot::Body => self.body(p, t, env),
        }
    }

    /// What is absent must be absent.
    pub(super) fn optional(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        match (self.pattern_kind(p), self.kind(t)) {
            (Kind::Absent, Kind::Absent) => one(env),
            (Kind::Ellipsis, _) => one(env),
            (Kind::Absent, _) | (_, Kind::Absent) => none(),
            _ => self.node(p, t, env),
        }
    }

    /// What is absent in the pattern may be there.
    pub(super) fn lenient(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if self.pattern_kind(p) == Kind::Absent { one(env) } else { self.optional(p, t, env) }
    }

    fn metavariable(&self, p: NodeId, t: NodeId, is_whole: bool, env: &Env) -> Envs {
        match self.kind(t) {
            Kind::Absent => none(),
            // What is cast, or the cast.
            Kind::Cast if !is_whole => either(
                self.child(t, 1).map_or_else(none, |inner| self.metavariable(p, inner, false, env)),
                || self.bind(p, self.whole(t), env),
            ),
            Kind::Name if !is_whole => either(self.bind(p, self.whole(t), env), || self.replaced(p, t, env)),
            _ => self.bind(p, self.whole(t), env),
        }
    }

    /// A node as what a metavariable is bound to.
    pub(super) fn whole(&self, t: NodeId) -> Value {
        Value { span: self.source.tree.span(t), nodes: Some((t, t)) }
    }

    /// A run of siblings as what a metavariable is bound to.
    pub(super) fn run(&self, ts: &[NodeId], at: usize) -> Value {
        match (ts.first(), ts.last()) {
            (Some(first), Some(last)) => {
                let span = self.source.tree.span(*first).start..self.source.tree.span(*last).end;
                Value { span, nodes: Some((*first, *last)) }
            }
            _ => Value { span: at..at, nodes: None },
        }
    }

    /// Binds a metavariable, or compares with what it is bound to.
    pub(super) fn bind(&self, p: NodeId, value: Value, env: &Env) -> Envs {
        self.bind_name(self.pattern.text(p), value, env)
    }

    pub(super) fn bind_name(&self, name: Symbol, value: Value, env: &Env) -> Envs {
        if self.words.text(name) == "$_" {
            return one(env);
        }
        match env.bindings.get(name) {
            Some(bound) => given(self.same_value(bound, &value), env),
            None => {
                let bindings = env.bindings.with(name, value);
                one(&Env { bindings, end: env.end })
            }
        }
    }
}
