use andon_syntax::{Kind, Language, NodeId};

use crate::matching::Matcher;
use crate::matching::envs::{Env, Envs, given, merge, none, one, then};
use crate::matching::lists::without;

impl Matcher<'_> {
    pub(super) fn call(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let (Some(callee), Some(args)) = (self.pattern_child(p, 0), self.pattern_child(p, 1)) else {
            return none();
        };
        match self.kind(t) {
            Kind::Call => {
                let (Some(called), Some(given)) = (self.child(t, 0), self.child(t, 1)) else {
                    return none();
                };
                then(self.node(callee, called, env), |env| self.args(args, given, env))
            }
            Kind::Attribute if self.options.attr_expr => self.attribute_call(callee, args, t, env),
            _ => none(),
        }
    }

    /// `new T(x)`; in Go `T{x}`, `make(T, x)`.
    pub(super) fn creation(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if self.source.language != Language::Go || self.kind(t) != Kind::New {
            return self.alike(p, t, env);
        }
        let (ps, ts) = (self.pattern_children(p), self.children(t));
        match (ps.as_slice(), ts.as_slice()) {
            ([p_type, p_body, ..], [t_type, t_body, ..]) => {
                let envs = self.optional(*p_type, *t_type, env);
                let (ps, ts) = (self.pattern_children(*p_body), self.children(*t_body));
                then(envs, |env| self.arguments(&ps, &ts, env))
            }
            _ => none(),
        }
    }

    /// `f(x)` against the decorator `@f(x)`.
    fn attribute_call(&self, callee: NodeId, args: NodeId, t: NodeId, env: &Env) -> Envs {
        let (Some(name), Some(given)) = (self.child(t, 0), self.child(t, 1)) else { return none() };
        then(self.node(callee, name, env), |env| self.args(args, given, env))
    }

    /// Arguments; those that are absent altogether are none.
    pub(super) fn args(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let (pattern, code) = (self.pattern_kind(p), self.kind(t));
        if !matches!(pattern, Kind::Args | Kind::Absent) || !matches!(code, Kind::Args | Kind::Absent) {
            return if pattern == code { self.alike(p, t, env) } else { none() };
        }
        self.arguments(&self.pattern_children(p), &self.children(t), env)
    }

    fn arguments(&self, ps: &[NodeId], ts: &[NodeId], env: &Env) -> Envs {
        let Some((p, rest)) = ps.split_first() else { return given(ts.is_empty(), env) };
        match self.pattern_kind(*p) {
            Kind::Ellipsis if rest.is_empty() => one(env),
            Kind::Ellipsis => {
                let mut all = none();
                for from in 0..=ts.len() {
                    merge(&mut all, self.arguments(rest, ts.get(from..).unwrap_or_default(), env));
                    if self.are_keywords(rest) {
                        break;
                    }
                }
                all
            }
            Kind::MetavariableEllipsis => self.runs(*p, ts, env, |ts, env| self.arguments(rest, ts, env)),
            Kind::Keyword => self.keyword(*p, rest, ts, env),
            Kind::Pair if self.is_pattern_field(*p) => self.field(*p, rest, ts, env),
            _ => match ts.split_first() {
                Some((t, ts)) => then(self.argument(*p, *t, env), |env| self.arguments(rest, ts, env)),
                None => none(),
            },
        }
    }

    /// Whether only keyword arguments and ellipses are left, which take from anywhere.
    fn are_keywords(&self, ps: &[NodeId]) -> bool {
        ps.iter().all(|p| {
            matches!(self.pattern_kind(*p), Kind::Keyword | Kind::Ellipsis) || self.is_pattern_field(*p)
        }) && ps.last().is_some_and(|p| self.pattern_kind(*p) == Kind::Ellipsis)
    }

    /// A positional argument does not match a keyword one, whatever its value.
    fn argument(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let is_named = self.kind(t) == Kind::Keyword || self.is_field(t);
        if is_named { none() } else { self.node(p, t, env) }
    }

    /// `A: x` in Go is found wherever it stands.
    fn field(&self, p: NodeId, rest: &[NodeId], ts: &[NodeId], env: &Env) -> Envs {
        let mut all = none();
        for (position, t) in ts.iter().enumerate().filter(|(_, t)| self.is_field(**t)) {
            let envs = self.node(p, *t, env);
            if !envs.is_empty() {
                let others = without(ts, position);
                merge(&mut all, then(envs, |env| self.arguments(rest, &others, env)));
            }
        }
        all
    }

    /// Whether an element of a literal is named; other keys are values.
    fn is_field(&self, t: NodeId) -> bool {
        self.kind(t) == Kind::Pair && self.child(t, 0).is_some_and(|key| self.kind(key) == Kind::Name)
    }

    fn is_pattern_field(&self, p: NodeId) -> bool {
        let key = self.pattern_child(p, 0).filter(|_| self.pattern_kind(p) == Kind::Pair);
        key.is_some_and(|key| matches!(self.pattern_kind(key), Kind::Name | Kind::Metavariable))
    }

    /// A keyword argument is found wherever it stands.
    fn keyword(&self, p: NodeId, rest: &[NodeId], ts: &[NodeId], env: &Env) -> Envs {
        let mut all = none();
        for (position, t) in ts.iter().enumerate() {
            if self.kind(*t) != Kind::Keyword {
                continue;
            }
            let envs = self.keyword_value(p, *t, env);
            if !envs.is_empty() {
                let others = without(ts, position);
                merge(&mut all, then(envs, |env| self.arguments(rest, &others, env)));
            }
        }
        all
    }

    fn keyword_value(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let (Some(value), Some(given)) = (self.pattern_child(p, 0), self.child(t, 0)) else { return none() };
        let name = self.pattern_text(p);
        if name.starts_with('$') {
            let span = self.source.tree.span(t);
            let span = span.start..span.start + self.source.name(t).len();
            let bound = crate::matching::Value { span, nodes: None };
            return then(self.bind(p, bound, env), |env| self.node(value, given, env));
        }
        if !self.same_text(p, t) { none() } else { self.node(value, given, env) }
    }

    /// A string with interpolation. `"..."` in the pattern's stands for any parts, `{...}` for any one.
    pub(super) fn template(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if self.kind(t) != Kind::Template || !self.same_template(p, t) {
            return none();
        }
        let ps = self.pattern_children(p);
        self.template_parts(&ps, &self.children(t), env)
    }

    /// Literals side by side stand for any template, what reads variables for its like alone, a tag for any tag.
    fn same_template(&self, p: NodeId, t: NodeId) -> bool {
        match (self.pattern_text(p), self.source.name(t)) {
            ("", code) => matches!(code, "" | "f"),
            (pattern, code) => pattern == code,
        }
    }

    fn template_parts(&self, ps: &[NodeId], ts: &[NodeId], env: &Env) -> Envs {
        let Some((p, rest)) = ps.split_first() else { return given(ts.is_empty(), env) };
        if self.pattern_kind(*p) == Kind::Str && self.pattern_text(*p) == "..." {
            let mut all = none();
            for from in 0..=ts.len() {
                merge(&mut all, self.template_parts(rest, ts.get(from..).unwrap_or_default(), env));
            }
            return all;
        }
        if self.pattern_kind(*p) == Kind::Str && is_run(self.pattern_text(*p)) {
            return self.runs(*p, ts, env, |ts, env| self.template_parts(rest, ts, env));
        }
        let Some((t, ts)) = ts.split_first() else { return none() };
        let is_hole = matches!(self.pattern_kind(*p), Kind::Ellipsis | Kind::Metavariable);
        if is_hole && self.kind(*t) == Kind::Str {
            return none();
        }
        then(self.node(*p, *t, env), |env| self.template_parts(rest, ts, env))
    }
}

/// Whether the text of a template's part is `$...X`.
fn is_run(text: &str) -> bool {
    text.starts_with("$...") && crate::matching::literals::is_metavariable(text)
}
