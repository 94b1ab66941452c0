use andon_syntax::{Kind, NodeId, Symbol};

use crate::matching::Matcher;
use crate::matching::envs::{Env, Envs, given, none, one, or_else, then};

impl Matcher<'_> {
    /// A name or dotted name of the pattern against what the code calls by another: the full name of what was imported.
    pub(super) fn by_full_name(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if let Some(path) = self.source.facts.full_names.get(&t) {
            return self.path(p, path, t, env);
        }
        if self.kind(t) == Kind::Member {
            return self.member_of_imported(p, t, env);
        }
        if self.source.facts.wildcards.is_empty() || self.kind(t) != Kind::Name {
            return none();
        }
        self.by_wildcard(p, t, env)
    }

    /// `a.b` where `a` was imported under another name: the full name of `a`, and `b`.
    fn member_of_imported(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        match self.dotted(t) {
            Some(path) => self.path(p, &path, t, env),
            None => none(),
        }
    }

    /// The full name that a dotted name starts and goes on with; none unless it starts with something imported.
    fn dotted(&self, t: NodeId) -> Option<Vec<Symbol>> {
        let mut tail = Vec::new();
        let mut at = t;
        while self.kind(at) == Kind::Member {
            let name = self.child(at, 1).filter(|name| self.kind(*name) == Kind::Name)?;
            tail.push(self.source.tree.text(name));
            at = self.child(at, 0)?;
        }
        let head = self.source.facts.full_names.get(&at)?;
        Some(head.iter().copied().chain(tail.into_iter().rev()).collect())
    }

    fn by_wildcard(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let names_only = |id| matches!(self.pattern_kind(id), Kind::Name | Kind::Member);
        let is_dotted = self.pattern_kind(p) == Kind::Member && self.pattern.subtree(p).all(names_only);
        if !is_dotted || self.source.facts.declarations.contains_key(&t) {
            return none();
        }
        for module in &self.source.facts.wildcards {
            let path: Vec<_> = module.iter().copied().chain([self.source.tree.text(t)]).collect();
            let envs = self.path(p, &path, t, env);
            if !envs.is_empty() {
                return envs;
            }
        }
        none()
    }

    /// A pattern against a dotted name that stands in the code as `origin`.
    fn path(&self, p: NodeId, path: &[Symbol], origin: NodeId, env: &Env) -> Envs {
        let Some((last, rest)) = path.split_last() else { return none() };
        match self.pattern_kind(p) {
            Kind::Name => given(rest.is_empty() && self.pattern.text(p) == *last, env),
            Kind::Metavariable => self.bind(p, self.whole(origin), env),
            Kind::Ellipsis => one(env),
            Kind::Member if self.pattern_text(p) != "::" => self.member_path(p, *last, rest, origin, env),
            _ => none(),
        }
    }

    fn member_path(&self, p: NodeId, last: Symbol, rest: &[Symbol], origin: NodeId, env: &Env) -> Envs {
        let (Some(object), Some(name)) = (self.pattern_child(p, 0), self.pattern_child(p, 1)) else {
            return none();
        };
        if rest.is_empty() {
            return none();
        }
        let envs = match self.pattern_kind(name) {
            Kind::Name => given(self.pattern.text(name) == last, env),
            Kind::Metavariable => self.bind(name, self.whole(self.last_name(origin)), env),
            Kind::Ellipsis => {
                return (0..=rest.len()).rev().fold(none(), |found, length| {
                    or_else(found, || self.path(object, rest.get(..length).unwrap_or_default(), origin, env))
                });
            }
            _ => none(),
        };
        then(envs, |env| self.path(object, rest, origin, env))
    }

    /// The name at the end of a dotted name.
    fn last_name(&self, t: NodeId) -> NodeId {
        if self.kind(t) == Kind::Member { self.child(t, 1).unwrap_or(t) } else { t }
    }

    /// A name against a name.
    pub(super) fn name(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if matches!(self.kind(t), Kind::Name) && self.same_text(p, t) {
            return one(env);
        }
        let pattern = self.pattern_text(p);
        if pattern.starts_with("=~/") {
            return given(self.kind(t) == Kind::Name && self.regex(p, self.source.name(t)), env);
        }
        none()
    }
}
