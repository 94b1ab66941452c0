//! Names to what they stand for, in the order in which the code stands.

mod assign;
mod define;
mod types;

use std::sync::Arc;

use andon_syntax::{Kind, Language, NodeId, Symbol, Symbols, Tree};
use rustc_hash::FxHashMap;

use crate::facts::scopes::{Binding, Place, Scopes};
use crate::facts::{RED_ZONE, STACK};

/// What the names of a file stand for.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) bindings: Vec<Binding>,
    pub(crate) wildcards: Vec<Arc<[Symbol]>>,
    pub(crate) types: FxHashMap<NodeId, NodeId>,
    uses: Vec<Use>,
}

/// What is known of a node that is a name.
#[derive(Clone, Copy, Debug, Default)]
struct Use {
    /// Its binding and one, or zero.
    binding: u32,
    /// Whether it is assigned or declared here, not read.
    is_target: bool,
}

impl Resolved {
    /// The binding of a name, by number.
    pub(crate) fn of(&self, id: NodeId) -> Option<u32> {
        self.uses.get(id.index())?.binding.checked_sub(1)
    }

    pub(crate) fn binding(&self, id: NodeId) -> Option<&Binding> {
        self.bindings.get(self.of(id)? as usize)
    }

    pub(crate) fn is_target(&self, id: NodeId) -> bool {
        self.uses.get(id.index()).is_some_and(|found| found.is_target)
    }
}

/// Resolves the names of a file.
pub(crate) fn resolve(language: Language, tree: &Tree, symbols: &mut Symbols) -> Resolved {
    let found = Resolved {
        bindings: Vec::new(),
        wildcards: Vec::new(),
        types: FxHashMap::default(),
        uses: vec![Use::default(); tree.len()],
    };
    let scopes = Scopes::default();
    let mut resolver =
        Resolver { language, tree, symbols, scopes, found, context: Context::File, in_type: false };
    resolver.visit(tree.root());
    resolver.found
}

/// Walks the tree and resolves names.
pub(crate) struct Resolver<'a> {
    pub(super) language: Language,
    pub(super) tree: &'a Tree,
    pub(super) symbols: &'a mut Symbols,
    pub(super) scopes: Scopes,
    pub(super) found: Resolved,
    context: Context,
    in_type: bool,
}

/// What stands around.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Context {
    File,
    Class,
    Function,
}

impl Resolver<'_> {
    pub(super) fn kind(&self, id: NodeId) -> Kind {
        self.tree.kind(id)
    }

    pub(super) fn text(&self, id: NodeId) -> &str {
        self.symbols.text(self.tree.text(id))
    }

    fn visit(&mut self, id: NodeId) {
        stacker::maybe_grow(RED_ZONE, STACK, || self.dispatch(id));
    }

    fn dispatch(&mut self, id: NodeId) {
        match self.kind(id) {
            Kind::Name => self.read(id),
            Kind::Member => self.member(id),
            Kind::FunctionDef | Kind::Lambda => self.function(id),
            Kind::ClassDef => self.class(id),
            Kind::VarDef => self.variable(id),
            Kind::Assign => self.assign(id),
            Kind::AugmentedAssign => self.change(id),
            Kind::Unary => self.unary(id),
            Kind::ForEach | Kind::ComprehensionFor => self.each(id),
            Kind::Catch => self.catch(id),
            Kind::WithItem => self.with_item(id),
            Kind::Comprehension => self.comprehension(id),
            Kind::If => self.branches(id),
            Kind::Pair => self.pair(id),
            Kind::Keyed => self.keyed(id),
            Kind::Import => self.import(id),
            Kind::ImportFrom => self.import_from(id),
            Kind::ImportAll => self.import_all(id),
            Kind::Package => {}
            Kind::New | Kind::Cast => self.typed_expression(id),
            Kind::SuperType | Kind::TypeParams | Kind::TypeAlias | Kind::GenericType => self.visit_type(id),
            _ => self.visit_children(id),
        }
    }

    fn visit_children(&mut self, id: NodeId) {
        for child in self.tree.children(id) {
            self.visit(child);
        }
    }

    fn visit_child(&mut self, id: NodeId, position: usize) {
        if let Some(child) = self.tree.child(id, position) {
            self.visit(child);
        }
    }

    /// Visits what is or stands in a type; names there have none themselves.
    fn visit_type(&mut self, id: NodeId) {
        let outer = std::mem::replace(&mut self.in_type, true);
        match self.kind(id) {
            Kind::SuperType | Kind::TypeParams | Kind::TypeAlias | Kind::GenericType => {
                self.visit_children(id)
            }
            _ => self.visit(id),
        }
        self.in_type = outer;
    }

    fn read(&mut self, id: NodeId) {
        if let Some(binding) = self.scopes.find(self.tree.text(id)) {
            self.refer(id, binding);
        }
    }

    /// `a.b`, where only `a` is looked up; `this.x`, which may be a field.
    fn member(&mut self, id: NodeId) {
        let (Some(object), Some(name)) = (self.tree.child(id, 0), self.tree.child(id, 1)) else { return };
        self.visit(object);
        if self.kind(name) != Kind::Name {
            return self.visit(name);
        }
        if self.kind(object) == Kind::This
            && let Some(binding) = self.field(self.tree.text(name))
        {
            self.refer(id, binding);
            self.refer(name, binding);
        }
    }

    fn field(&self, symbol: Symbol) -> Option<u32> {
        let bindings = &self.found.bindings;
        let is_field =
            |at: u32| bindings.get(at as usize).is_some_and(|binding| binding.place == Place::Field);
        self.scopes.find_such(symbol, is_field)
    }

    fn comprehension(&mut self, id: NodeId) {
        self.scopes.open();
        let mut children = self.tree.children(id);
        let element = children.next();
        for part in children {
            self.visit(part);
        }
        if let Some(element) = element {
            self.visit(element);
        }
        self.scopes.close();
    }

    /// `if`, whose branches are scopes of their own where blocks are.
    fn branches(&mut self, id: NodeId) {
        let is_scope = !self.language.is_script() && self.language != Language::Python;
        for (position, child) in self.tree.children(id).enumerate() {
            if is_scope && position > 0 {
                self.scopes.open();
                self.visit(child);
                self.scopes.close();
            } else {
                self.visit(child);
            }
        }
    }

    /// A property's name is no variable.
    fn pair(&mut self, id: NodeId) {
        let Some(key) = self.tree.child(id, 0) else { return };
        if !(self.language.is_script() && self.kind(key) == Kind::Name) {
            self.visit(key);
        }
        self.visit_child(id, 1);
    }

    /// `global a` and `nonlocal a` bring in a name from outside.
    fn keyed(&mut self, id: NodeId) {
        let is_global = match self.text(id) {
            "global" => true,
            "nonlocal" => false,
            _ => return self.visit_children(id),
        };
        for name in self.tree.children(id) {
            let symbol = self.tree.text(name);
            let found =
                if is_global { self.scopes.find_global(symbol) } else { self.scopes.find_outside(symbol) };
            if let Some(binding) = found {
                self.scopes.add(symbol, binding);
                self.define(name, binding);
            }
        }
    }

    fn typed_expression(&mut self, id: NodeId) {
        for (position, child) in self.tree.children(id).enumerate() {
            if position == 0 { self.visit_type(child) } else { self.visit(child) }
        }
    }

    pub(super) fn add_binding(&mut self, binding: Binding) -> u32 {
        let number = u32::try_from(self.found.bindings.len()).unwrap_or(u32::MAX);
        self.found.bindings.push(binding);
        number
    }

    /// A node refers to a binding.
    fn refer(&mut self, id: NodeId, binding: u32) {
        if let Some(slot) = self.found.uses.get_mut(id.index()) {
            slot.binding = binding + 1;
        }
        let declared = self.found.bindings.get(binding as usize).and_then(|binding| binding.declared);
        if let Some(declared) = declared.filter(|_| !self.in_type) {
            self.found.types.insert(id, declared);
        }
    }

    /// A node declares or assigns a binding.
    pub(super) fn define(&mut self, id: NodeId, binding: u32) {
        self.refer(id, binding);
        self.mark_target(id);
    }

    fn mark_target(&mut self, id: NodeId) {
        if let Some(slot) = self.found.uses.get_mut(id.index()) {
            slot.is_target = true;
        }
    }

    pub(super) fn count_set(&mut self, binding: u32) {
        if let Some(binding) = self.found.bindings.get_mut(binding as usize) {
            binding.sets += 1;
        }
    }

    pub(super) fn wildcard(&mut self, path: &[Symbol]) {
        // What is imported inside a function is known there alone.
        if self.context == Context::File {
            self.found.wildcards.push(Arc::from(path));
        }
    }
}
