use andon_syntax::{Kind, Language, NodeId};

use super::{Context, Resolver};
use crate::facts::scopes::{Binding, Place};

impl Resolver<'_> {
    /// `a = b`, which may declare `a`.
    pub(super) fn assign(&mut self, id: NodeId) {
        let (Some(target), Some(value)) = (self.tree.child(id, 0), self.tree.child(id, 1)) else { return };
        if self.text(id) == ":=" && self.language == Language::Go {
            return self.define_new(target, value);
        }
        let declares = self.kind(target) == Kind::Name
            && self.may_declare()
            && self.scopes.find(self.tree.text(target)).is_none();
        if declares {
            self.visit(value);
            let declared = self.type_of_value(value);
            self.declare_implicitly(target, declared);
        } else {
            self.assign_target(target);
            self.visit(value);
        }
    }

    /// Go's `a := b`.
    fn define_new(&mut self, target: NodeId, value: NodeId) {
        self.visit(value);
        if self.kind(target) == Kind::Name {
            let declared = self.type_of_value(value);
            self.declare_target(target, declared);
        } else {
            self.declare_new(target);
        }
    }

    /// `a += b`.
    pub(super) fn change(&mut self, id: NodeId) {
        if let Some(target) = self.tree.child(id, 0) {
            self.assign_target(target);
        }
        self.visit_child(id, 1);
    }

    /// `a++` changes `a`.
    pub(super) fn unary(&mut self, id: NodeId) {
        self.visit_children(id);
        let changes = matches!(self.text(id), "p++" | "p--" | "++" | "--");
        let operand = self.tree.child(id, 0).filter(|_| changes);
        if let Some(binding) = operand.and_then(|operand| self.found.of(operand)) {
            self.count_set(binding);
        }
    }

    /// `for a in b`; in Python the names are new ones.
    pub(super) fn each(&mut self, id: NodeId) {
        for (position, child) in self.tree.children(id).enumerate() {
            match (position, self.kind(child)) {
                (0, Kind::VarDef) | (1.., _) => self.visit(child),
                _ if self.language == Language::Python => self.declare_target(child, None),
                _ => self.assign_target(child),
            }
        }
    }

    pub(super) fn catch(&mut self, id: NodeId) {
        for (position, child) in self.tree.children(id).enumerate() {
            match position {
                0 => self.visit_type(child),
                1 => self.declare_target(child, None),
                _ => self.visit(child),
            }
        }
    }

    pub(super) fn with_item(&mut self, id: NodeId) {
        self.visit_child(id, 0);
        if let Some(target) = self.tree.child(id, 1) {
            self.declare_target(target, None);
        }
    }

    /// Names that are assigned, and expressions in what is.
    fn assign_target(&mut self, id: NodeId) {
        match self.kind(id) {
            Kind::Name => self.assign_name(id),
            Kind::Tuple | Kind::Array | Kind::Spread => self.each_part(id, Self::assign_target),
            Kind::Record => {
                self.each_part(id, |resolver, part| resolver.part_of_record(part, Self::assign_target))
            }
            Kind::Assign if self.language.is_script() => self.defaulted(id, Self::assign_target),
            _ => {
                self.visit(id);
                if let Some(binding) = self.found.of(id) {
                    self.mark_target(id);
                    self.count_set(binding);
                }
            }
        }
    }

    fn assign_name(&mut self, id: NodeId) {
        let symbol = self.tree.text(id);
        let found = if self.language == Language::Python {
            self.scopes.find_here(symbol)
        } else {
            self.scopes.find(symbol)
        };
        match found {
            Some(binding) => {
                self.define(id, binding);
                self.count_set(binding);
            }
            None if self.may_declare() => self.declare_implicitly(id, None),
            None => self.mark_target(id),
        }
    }

    /// Names that are declared, one or in a pattern.
    pub(in crate::facts) fn declare_target(&mut self, id: NodeId, declared: Option<NodeId>) {
        match self.kind(id) {
            Kind::Name if self.can_hold_names() => {
                self.declare(id, declared);
            }
            Kind::Name => {
                self.read(id);
                self.mark_target(id);
            }
            Kind::Tuple | Kind::Array | Kind::Spread => {
                self.each_part(id, |resolver, part| resolver.declare_target(part, None));
            }
            Kind::Record => self.each_part(id, |resolver, part| {
                resolver.part_of_record(part, |resolver, part| resolver.declare_target(part, None));
            }),
            Kind::Assign => self.defaulted(id, |resolver, part| resolver.declare_target(part, None)),
            _ => self.visit(id),
        }
    }

    /// Names of `a, b := c`, of which only some may be new.
    fn declare_new(&mut self, id: NodeId) {
        if self.kind(id) != Kind::Name {
            return self.each_part(id, Self::declare_new);
        }
        match self.scopes.find(self.tree.text(id)) {
            Some(binding) => {
                self.define(id, binding);
                self.count_set(binding);
            }
            None => self.declare_target(id, None),
        }
    }

    /// Declares a name where the walk stands, and counts that as its first assignment.
    pub(super) fn declare(&mut self, id: NodeId, declared: Option<NodeId>) -> u32 {
        let place = match self.context {
            Context::File => Place::Global,
            Context::Class => Place::Field,
            Context::Function => Place::Local,
        };
        let binding = self.add_binding(Binding::new(place, declared));
        self.scopes.add(self.tree.text(id), binding);
        self.define(id, binding);
        self.count_set(binding);
        binding
    }

    /// Whether an assignment can declare what it assigns.
    fn may_declare(&self) -> bool {
        let may = self.language == Language::Python || self.language.is_script();
        may && self.can_hold_names()
    }

    /// Whether names declared here can be used without `self.`.
    pub(super) fn can_hold_names(&self) -> bool {
        self.context != Context::Class || self.language == Language::Java || self.language.is_script()
    }

    /// What JavaScript assigns without declaring it is global.
    fn declare_implicitly(&mut self, id: NodeId, declared: Option<NodeId>) {
        if !self.language.is_script() {
            self.declare(id, declared);
            return;
        }
        let binding = self.add_binding(Binding::new(Place::Global, declared));
        self.scopes.add_global(self.tree.text(id), binding);
        self.define(id, binding);
        self.count_set(binding);
    }

    fn each_part(&mut self, id: NodeId, visit: impl Fn(&mut Self, NodeId)) {
        for part in self.tree.children(id) {
            visit(self, part);
        }
    }

    fn part_of_record(&mut self, part: NodeId, visit: impl Fn(&mut Self, NodeId)) {
        if self.kind(part) != Kind::Pair {
            return visit(self, part);
        }
        let (Some(key), Some(value)) = (self.tree.child(part, 0), self.tree.child(part, 1)) else { return };
        if self.kind(key) != Kind::Name {
            self.visit(key);
        }
        visit(self, value);
    }

    /// `a = 1` in a pattern.
    fn defaulted(&mut self, id: NodeId, visit: impl Fn(&mut Self, NodeId)) {
        self.visit_child(id, 1);
        if let Some(target) = self.tree.child(id, 0) {
            visit(self, target);
        }
    }
}
