use andon_syntax::{Kind, NodeId};

use crate::matching::envs::{Env, Envs, given, merge, none, one, or_else, then};
use crate::matching::lists::without;
use crate::matching::{Matcher, Value};

impl Matcher<'_> {
    /// An import, however it is written: `import a.b` matches `from a import b` too.
    pub(super) fn import(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if self.kind(t) == Kind::VarDef {
            return self.required(p, t, env);
        }
        if let Some(module) = self.any_import(p) {
            let path = self.child(t, 0).filter(|_| is_import(self.kind(t)));
            return path.map_or_else(none, |path| self.module(module, path, env));
        }
        if !self.same_text(p, t) {
            return none();
        }
        let plain = match (self.pattern_kind(p), self.kind(t)) {
            (Kind::Import, Kind::Import) => self.module_and_rest(p, t, env),
            (Kind::ImportAll, Kind::ImportAll) => self.module_and_rest(p, t, env),
            (Kind::Import, Kind::ImportAll) if self.has_no_alias(p) => self.module_and_rest(p, t, env),
            (Kind::ImportFrom, Kind::ImportFrom) => self.import_from(p, t, env),
            _ => none(),
        };
        or_else(plain, || self.normalised(p, t, env))
    }

    /// The path in `import "path"`, which stands for every import of it.
    fn any_import(&self, p: NodeId) -> Option<NodeId> {
        let alone = self.pattern_kind(p) == Kind::Import
            && self.pattern_child(p, 1).is_none_or(|alias| self.pattern_kind(alias) == Kind::Absent);
        self.pattern_child(p, 0).filter(|module| alone && self.pattern_kind(*module) == Kind::Str)
    }

    /// An import against `const x = require("path")` or `const {a, b: c} = require("path")`.
    fn required(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let (Some(module), Some(target), Some(call)) =
            (self.pattern_child(p, 0), self.child(t, 1), self.child(t, 3))
        else {
            return none();
        };
        let callee = self.child(call, 0).filter(|_| self.kind(call) == Kind::Call);
        let is_require = callee.is_some_and(|callee| self.source.name(callee) == "require");
        let path = self.child(call, 1).and_then(|args| self.child(args, 0)).filter(|_| is_require);
        let Some(path) = path.filter(|path| self.kind(*path) == Kind::Str) else { return none() };
        let envs = self.node(module, path, env);
        if self.any_import(p).is_some() {
            return envs;
        }
        if self.pattern_kind(p) != Kind::ImportFrom || self.kind(target) != Kind::Record {
            return none();
        }
        let names: Vec<_> = self.pattern.children(p).skip(1).collect();
        then(envs, |env| self.taken_out(&names, &self.children(target), env))
    }

    /// The names of an import against the fields of an object pattern.
    fn taken_out(&self, ps: &[NodeId], ts: &[NodeId], env: &Env) -> Envs {
        let Some((p, rest)) = ps.split_first() else { return one(env) };
        let (Some(name), Some(alias)) = (self.pattern_child(*p, 0), self.pattern_child(*p, 1)) else {
            return self.taken_out(rest, ts, env);
        };
        let mut all = none();
        for (position, t) in ts.iter().enumerate() {
            let (Some(key), Some(local)) = (self.child(*t, 0), self.child(*t, 1)) else { continue };
            let alias = if self.pattern_kind(alias) == Kind::Absent { name } else { alias };
            let envs = then(self.node(name, key, env), |env| self.node(alias, local, env));
            let others = without(ts, position);
            merge(&mut all, then(envs, |env| self.taken_out(rest, &others, env)));
        }
        all
    }

    fn module_and_rest(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let (ps, ts) = (self.pattern_children(p), self.children(t));
        match (ps.as_slice(), ts.as_slice()) {
            ([p_module, p_alias], [t_module, t_alias]) => {
                then(self.module(*p_module, *t_module, env), |env| self.lenient(*p_alias, *t_alias, env))
            }
            _ => none(),
        }
    }

    fn import_from(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let (ps, ts) = (self.pattern_children(p), self.children(t));
        match (ps.split_first(), ts.split_first()) {
            (Some((p_module, ps)), Some((t_module, ts))) => {
                then(self.module(*p_module, *t_module, env), |env| self.imported(ps, ts, env))
            }
            _ => none(),
        }
    }

    fn imported(&self, ps: &[NodeId], ts: &[NodeId], env: &Env) -> Envs {
        let Some((p, rest)) = ps.split_first() else { return one(env) };
        if self.pattern_kind(*p) == Kind::Ellipsis {
            return self.imported(rest, ts, env);
        }
        let mut all = none();
        for (position, t) in ts.iter().enumerate() {
            let (ps, ts_parts) = (self.pattern_children(*p), self.children(*t));
            let ([p_name, p_alias], [t_name, t_alias]) = (ps.as_slice(), ts_parts.as_slice()) else {
                continue;
            };
            let envs = then(self.node(*p_name, *t_name, env), |env| self.lenient(*p_alias, *t_alias, env));
            merge(&mut all, then(envs, |env| self.imported(rest, &without(ts, position), env)));
        }
        all
    }

    /// A module's name; a dotted one may go on in the code.
    fn module(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        match (self.pattern_kind(p), self.kind(t)) {
            (Kind::Str, Kind::Str) => self.module_path(p, t, env),
            (Kind::Str, _) | (_, Kind::Str) => {
                if self.pattern_kind(p) == Kind::Metavariable {
                    self.node(p, t, env)
                } else {
                    none()
                }
            }
            (Kind::Name | Kind::Member, Kind::Name | Kind::Member) => {
                self.dotted_prefix(&parts(self.pattern, p), &parts(&self.source.tree, t), env)
            }
            _ => self.node(p, t, env),
        }
    }

    /// A path; it may go on after a slash in the code.
    fn module_path(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let (pattern, code) = (self.pattern_text(p), self.source.name(t));
        let goes_on = code.strip_prefix(pattern).is_some_and(|rest| rest.starts_with('/'));
        or_else(self.node(p, t, env), || given(goes_on, env))
    }

    /// A dotted name that may go on in the code. What stands in an import is no use of a name.
    fn dotted_prefix(&self, ps: &[NodeId], ts: &[NodeId], env: &Env) -> Envs {
        match (ps, ts) {
            ([], _) => one(env),
            (_, []) => none(),
            ([last], [first, .., end]) if self.pattern_kind(*last) == Kind::Metavariable => {
                let span = self.source.tree.span(*first).start..self.source.tree.span(*end).end;
                self.bind(*last, Value { span, nodes: None }, env)
            }
            ([p, ps @ ..], [t, ts @ ..]) => {
                let envs = if self.pattern_kind(*p) == Kind::Name {
                    self.name(*p, *t, env)
                } else {
                    self.node(*p, *t, env)
                };
                then(envs, |env| self.dotted_prefix(ps, ts, env))
            }
        }
    }

    /// Both as the dotted names they bring in.
    fn normalised(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if !self.has_no_alias(p) || self.pattern_kind(p) == Kind::ImportAll {
            return none();
        }
        let (wanted, brought) = (paths(self.pattern, p), paths(&self.source.tree, t));
        if wanted.is_empty() { none() } else { self.each_path(&wanted, &brought, env) }
    }

    /// Each wanted name begins another one of those that are brought in.
    fn each_path(&self, wanted: &[Vec<NodeId>], brought: &[Vec<NodeId>], env: &Env) -> Envs {
        let Some((path, wanted)) = wanted.split_first() else { return one(env) };
        let mut all = none();
        for (position, code) in brought.iter().enumerate() {
            let envs = self.dotted_prefix(path, code, env);
            if !envs.is_empty() {
                let others: Vec<_> = brought
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| *at != position)
                    .map(|(_, code)| code.clone())
                    .collect();
                merge(&mut all, then(envs, |env| self.each_path(wanted, &others, env)));
            }
        }
        all
    }

    fn has_no_alias(&self, p: NodeId) -> bool {
        let names = self.pattern.children(p).skip(1);
        names.flat_map(|name| self.pattern.subtree(name).skip(1).chain([name])).all(|id| {
            let is_alias =
                self.pattern.parent(id).and_then(|parent| self.pattern_child(parent, 1)) == Some(id);
            !is_alias || self.pattern_kind(id) == Kind::Absent || self.pattern_kind(id) == Kind::ImportName
        })
    }
}

/// The parts of a dotted name.
fn parts(tree: &andon_syntax::Tree, id: NodeId) -> Vec<NodeId> {
    match (tree.kind(id), tree.child(id, 0), tree.child(id, 1)) {
        (Kind::Member, Some(head), Some(last)) => {
            let mut parts = parts(tree, head);
            parts.push(last);
            parts
        }
        _ => vec![id],
    }
}

/// The dotted names that an import brings in; none if it names a path.
fn paths(tree: &andon_syntax::Tree, import: NodeId) -> Vec<Vec<NodeId>> {
    let mut children = tree.children(import);
    let Some(module) = children.next().filter(|module| tree.kind(*module) != Kind::Str) else {
        return Vec::new();
    };
    let module = parts(tree, module);
    match tree.kind(import) {
        Kind::Import | Kind::ImportAll => vec![module],
        Kind::ImportFrom => children
            .filter_map(|name| tree.child(name, 0))
            .map(|name| module.iter().copied().chain([name]).collect())
            .collect(),
        _ => Vec::new(),
    }
}

fn is_import(kind: Kind) -> bool {
    matches!(kind, Kind::Import | Kind::ImportFrom | Kind::ImportAll)
}
