use andon_syntax::{Kind, NodeId};

use super::{Context, Resolver};
use crate::facts::scopes::{Binding, Place};

impl Resolver<'_> {
    /// A function, whose parameters are seen in all of it.
    pub(super) fn function(&mut self, id: NodeId) {
        if self.kind(id) == Kind::FunctionDef {
            self.name_function(id);
        }
        let outer = std::mem::replace(&mut self.context, Context::Function);
        self.scopes.open();
        for child in self.tree.children(id) {
            match self.kind(child) {
                Kind::Params => self.declare_parameters(child),
                Kind::Attributes => self.declare_receiver(child),
                _ => {}
            }
        }
        let (name, result) = if self.kind(id) == Kind::FunctionDef { (Some(1), 4) } else { (None, 2) };
        for (position, child) in self.tree.children(id).enumerate() {
            if Some(position) == name && self.kind(child) == Kind::Name {
                continue;
            }
            if position == result { self.visit_type(child) } else { self.visit_part(child) }
        }
        self.scopes.close();
        self.context = outer;
    }

    /// Where functions are values, their names are variables; an import of the same name stands behind them.
    fn name_function(&mut self, id: NodeId) {
        let name = self.tree.child(id, 1).filter(|name| self.kind(*name) == Kind::Name);
        let Some(name) = name.filter(|_| self.language.is_script()) else { return };
        let place = match self.context {
            Context::File => Place::Global,
            Context::Class => Place::Field,
            Context::Function => Place::Local,
        };
        let binding = self.add_binding(Binding::new(place, None));
        self.scopes.add_imported(self.tree.text(name), binding);
        self.define(name, binding);
    }

    fn declare_receiver(&mut self, attributes: NodeId) {
        for receiver in self.tree.children(attributes).filter(|id| self.tree.kind(*id) == Kind::Receiver) {
            if let Some(parameters) = self.tree.child(receiver, 0) {
                self.declare_parameters(parameters);
            }
        }
    }

    fn declare_parameters(&mut self, parameters: NodeId) {
        for parameter in self.tree.children(parameters) {
            let name = if self.kind(parameter) == Kind::Param { self.tree.child(parameter, 1) } else { None };
            let declared = self.tree.child(parameter, 2).filter(|_| name.is_some());
            self.declare_parameter(name.unwrap_or(parameter), declared);
        }
    }

    fn declare_parameter(&mut self, id: NodeId, declared: Option<NodeId>) {
        if self.kind(id) != Kind::Name {
            return self.declare_target(id, None);
        }
        let declared = declared.filter(|declared| self.kind(*declared) != Kind::Absent);
        let binding = self.add_binding(Binding::new(Place::Parameter, declared));
        self.scopes.add(self.tree.text(id), binding);
        self.define(id, binding);
    }

    /// Parts of a function; of parameters what is not declared already.
    fn visit_part(&mut self, id: NodeId) {
        match self.kind(id) {
            Kind::Params => self.visit_parameters(id),
            Kind::Attributes => {
                for child in self.tree.children(id) {
                    if self.kind(child) != Kind::Receiver {
                        self.visit(child);
                    }
                }
            }
            _ => self.visit(id),
        }
    }

    fn visit_parameters(&mut self, id: NodeId) {
        for parameter in self.tree.children(id).filter(|id| self.tree.kind(*id) == Kind::Param) {
            self.visit_child(parameter, 0);
            if let Some(declared) = self.tree.child(parameter, 2) {
                self.visit_type(declared);
            }
            self.visit_child(parameter, 3);
        }
    }

    pub(super) fn class(&mut self, id: NodeId) {
        let outer = std::mem::replace(&mut self.context, Context::Class);
        self.scopes.open();
        if self.is_injectable(id) {
            self.declare_injected(id);
        }
        for (position, child) in self.tree.children(id).enumerate() {
            match self.kind(child) {
                Kind::Name if position == 1 => {}
                Kind::ClassBody => self.members(child),
                _ => self.visit(child),
            }
        }
        self.scopes.close();
        self.context = outer;
    }

    /// The members of a class, among them a record's parameters.
    fn members(&mut self, id: NodeId) {
        for member in self.tree.children(id) {
            if self.kind(member) == Kind::Params {
                self.declare_parameters(member);
                self.visit_parameters(member);
            } else {
                self.visit(member);
            }
        }
    }

    /// Angular's classes see what their constructors are given.
    fn is_injectable(&self, id: NodeId) -> bool {
        let attributes = self.tree.child(id, 0).filter(|_| self.language.is_script());
        let Some(attributes) = attributes else { return false };
        self.tree.children(attributes).any(|attribute| {
            let name = self.tree.child(attribute, 0);
            name.is_some_and(|name| matches!(self.text(name), "Injectable" | "Component"))
        })
    }

    fn declare_injected(&mut self, id: NodeId) {
        let Some(body) = self.tree.children(id).last() else { return };
        for member in self.tree.children(body).filter(|id| self.tree.kind(*id) == Kind::FunctionDef) {
            let is_constructor = self.text(member) == "constructor"
                || self.tree.child(member, 1).is_some_and(|name| self.text(name) == "constructor");
            let parameters = self.tree.child(member, 3).filter(|_| is_constructor);
            if let Some(parameters) = parameters {
                self.declare_parameters(parameters);
            }
        }
    }

    /// A variable or field, declared after its value has been read.
    pub(super) fn variable(&mut self, id: NodeId) {
        let children: Vec<_> = self.tree.children(id).collect();
        let [attributes, target, declared, value] = children.as_slice() else {
            return self.visit_children(id);
        };
        self.visit(*attributes);
        self.visit_type(*declared);
        self.visit(*value);
        if self.require(*target, *value) {
            return;
        }
        if self.kind(*target) != Kind::Name {
            return self.declare_target(*target, None);
        }
        if !self.can_hold_names() {
            return self.declare_target(*target, None);
        }
        let declared = self.declared_type(*declared).or_else(|| self.type_of_value(*value));
        let binding = self.declare(*target, declared);
        self.mark_variable(id, *attributes, *value, binding);
    }

    fn mark_variable(&mut self, id: NodeId, attributes: NodeId, value: NodeId, binding: u32) {
        let has = |wanted: &[&str]| {
            let mut modifiers = self.tree.children(attributes).filter(|id| self.kind(*id) == Kind::Modifier);
            modifiers.any(|modifier| wanted.contains(&self.text(modifier)))
        };
        let is_constant = self.text(id) == "const" || has(&["final", "const", "readonly"]);
        let is_private = has(&["private"]);
        let is_set = self.kind(value) != Kind::Absent || self.is_loop_variable(id);
        if let Some(binding) = self.found.bindings.get_mut(binding as usize) {
            binding.is_constant = is_constant;
            binding.is_private = is_private;
            binding.sets = u32::from(is_set);
        }
    }

    fn is_loop_variable(&self, id: NodeId) -> bool {
        self.tree.parent(id).is_some_and(|parent| self.kind(parent) == Kind::ForEach)
    }
}
