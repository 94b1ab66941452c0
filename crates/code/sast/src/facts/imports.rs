use std::sync::Arc;

use andon_syntax::{Kind, Language, NodeId, Symbol};

use crate::facts::resolve::Resolver;
use crate::facts::scopes::{Binding, Place};

impl Resolver<'_> {
    /// `import a.b as c`, `import c "a/b"`, `import a.b.C`.
    pub(super) fn import(&mut self, id: NodeId) {
        let (Some(module), Some(alias)) = (self.tree.child(id, 0), self.tree.child(id, 1)) else { return };
        if self.kind(module) == Kind::Str {
            let path = [self.package(module)];
            return self.imported(alias, &path);
        }
        let Some(path) = self.dotted(module) else { return };
        if self.kind(alias) == Kind::Name {
            self.imported(alias, &path);
        } else if self.language == Language::Java
            && let Some(last) = path.last()
        {
            self.bind_import(*last, &path);
        }
    }

    /// `from a import b as c`.
    pub(super) fn import_from(&mut self, id: NodeId) {
        let mut children = self.tree.children(id);
        let Some(module) = children.next() else { return };
        let path =
            if self.kind(module) == Kind::Str { Some(vec![self.base(module)]) } else { self.dotted(module) };
        let Some(path) = path else { return };
        for entry in children {
            let (Some(name), Some(alias)) = (self.tree.child(entry, 0), self.tree.child(entry, 1)) else {
                continue;
            };
            let is_default = self.kind(module) == Kind::Str && self.text(name) == "default";
            if self.kind(name) != Kind::Name || is_default {
                continue;
            }
            let full: Vec<_> = path.iter().copied().chain([self.tree.text(name)]).collect();
            let local = if self.kind(alias) == Kind::Name { alias } else { name };
            self.imported(local, &full);
        }
    }

    /// `from a import *`, `import * as b from 'a'`.
    pub(super) fn import_all(&mut self, id: NodeId) {
        let (Some(module), Some(alias)) = (self.tree.child(id, 0), self.tree.child(id, 1)) else { return };
        if self.kind(module) == Kind::Str {
            let path = [self.package(module)];
            return self.imported(alias, &path);
        }
        if let Some(path) = self.dotted(module) {
            self.wildcard(&path);
        }
    }

    /// `const a = require('b')`, `const {a, b: c} = require('d')`; whether it was one.
    pub(super) fn require(&mut self, target: NodeId, value: NodeId) -> bool {
        let Some(module) = self.required(value) else { return false };
        match self.kind(target) {
            Kind::Name => self.local_import(target, &[module]),
            Kind::Record => {
                let pairs: Vec<_> = self.tree.children(target).collect();
                for pair in pairs {
                    let (Some(key), Some(local)) = (self.tree.child(pair, 0), self.tree.child(pair, 1))
                    else {
                        continue;
                    };
                    if self.kind(key) == Kind::Name && self.kind(local) == Kind::Name {
                        self.local_import(local, &[module, self.tree.text(key)]);
                    } else {
                        self.declare_target(local, None);
                    }
                }
            }
            _ => return false,
        }
        true
    }

    fn required(&self, value: NodeId) -> Option<Symbol> {
        let is_require = self.language.is_script() && self.kind(value) == Kind::Call;
        let callee = self.tree.child(value, 0).filter(|_| is_require)?;
        if self.kind(callee) != Kind::Name || self.text(callee) != "require" {
            return None;
        }
        let mut arguments = self.tree.children(self.tree.child(value, 1)?);
        match (arguments.next(), arguments.next()) {
            (Some(only), None) if self.kind(only) == Kind::Str => Some(self.tree.text(only)),
            _ => None,
        }
    }

    fn imported(&mut self, local: NodeId, path: &[Symbol]) {
        if self.kind(local) == Kind::Name {
            let binding = self.bind_import(self.tree.text(local), path);
            self.define(local, binding);
        }
    }

    fn bind_import(&mut self, local: Symbol, path: &[Symbol]) -> u32 {
        let binding = self.import_binding(path);
        self.scopes.add_imported(local, binding);
        binding
    }

    fn local_import(&mut self, local: NodeId, path: &[Symbol]) {
        let binding = self.import_binding(path);
        self.scopes.add(self.tree.text(local), binding);
        self.define(local, binding);
        self.count_set(binding);
    }

    fn import_binding(&mut self, path: &[Symbol]) -> u32 {
        let mut binding = Binding::new(Place::Imported, None);
        binding.path = Some(Arc::from(path));
        self.add_binding(binding)
    }

    /// The parts of a dotted name; none for a relative one.
    fn dotted(&self, id: NodeId) -> Option<Vec<Symbol>> {
        let mut path = Vec::new();
        let mut at = id;
        while self.kind(at) == Kind::Member {
            path.push(self.tree.text(self.tree.child(at, 1)?));
            at = self.tree.child(at, 0)?;
        }
        if self.kind(at) != Kind::Name || self.text(at).starts_with('.') {
            return None;
        }
        path.push(self.tree.text(at));
        path.reverse();
        Some(path)
    }

    /// What a JavaScript module is called: the end of its path, without extension.
    fn base(&mut self, module: NodeId) -> Symbol {
        let text = self.text(module);
        let last = text.rsplit('/').next().unwrap_or_default();
        let base = last.rsplit_once('.').map_or(last, |(base, _)| base).to_owned();
        self.symbols.intern(&base)
    }

    /// What a Go package is called by convention: the end of its path, without a version, `-go` and what follows.
    fn package(&mut self, module: NodeId) -> Symbol {
        let package = package_name(self.text(module)).to_owned();
        self.symbols.intern(&package)
    }
}

fn package_name(path: &str) -> &str {
    let (folder, last) = path.rsplit_once('/').map_or((None, path), |(folder, last)| (Some(folder), last));
    let is_version =
        last.strip_prefix('v').is_some_and(|rest| rest.starts_with(|digit: char| digit.is_ascii_digit()));
    match folder {
        Some(folder) if is_version => folder.rsplit('/').next().unwrap_or(folder),
        _ if is_version => last,
        _ => last.rfind("-go").filter(|at| *at > 0).and_then(|at| last.get(..at)).unwrap_or(last),
    }
}
