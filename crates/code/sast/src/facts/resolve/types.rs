use andon_syntax::{Kind, Language, NodeId};

use super::Resolver;

impl Resolver<'_> {
    /// The type that is written; none where it is left to the value.
    pub(super) fn declared_type(&self, id: NodeId) -> Option<NodeId> {
        let is_left_out = match self.kind(id) {
            Kind::Absent => true,
            Kind::Name => self.language == Language::Java && self.text(id) == "var",
            _ => false,
        };
        (!is_left_out).then_some(id)
    }

    /// What tells the type of a value: the type that is made, the literal, or the type of the variable.
    pub(super) fn type_of_value(&self, id: NodeId) -> Option<NodeId> {
        match self.kind(id) {
            Kind::New => self.tree.child(id, 0).filter(|made| self.kind(*made) != Kind::Absent),
            Kind::Name => self.found.types.get(&id).copied(),
            Kind::Str | Kind::Int | Kind::Float | Kind::Bool | Kind::Char | Kind::Null => Some(id),
            Kind::Regex | Kind::Imaginary => Some(id),
            Kind::Cast if self.language == Language::Go => self.tree.child(id, 0),
            Kind::Unary if self.text(id) == "&" => {
                self.tree.child(id, 0).filter(|made| self.kind(*made) == Kind::New).map(|_| id)
            }
            _ => None,
        }
    }
}
