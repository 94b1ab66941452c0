use andon_syntax::{Kind, NodeId};

use super::{Builder, RED_ZONE, STACK};
use crate::flow::{Base, ExpressionId, ExpressionKind, Offset, Origin, Place, Step};

impl Builder<'_> {
    /// `a = b` as an expression.
    pub(super) fn assignment(&mut self, id: NodeId) -> ExpressionId {
        let value = self.value_or_nothing(self.part(id, 1));
        let origin = self.origin(id);
        match self.part(id, 0) {
            Some(target) => self.give(target, value, origin),
            None => value,
        }
    }

    /// `a += b`.
    pub(super) fn augmented(&mut self, id: NodeId) -> ExpressionId {
        let value = self.value_or_nothing(self.part(id, 1));
        let Some(target) = self.part(id, 0) else { return value };
        let place = self.place(target);
        let origin = self.origin(target);
        let before = self.read(place.clone(), origin, Some(target));
        let kind = ExpressionKind::Operator { is_comparison: false, operands: Box::new([before, value]) };
        let after = self.made(kind, Origin::NONE, None);
        let origin = self.origin(id);
        self.assign(place, after, origin);
        before
    }

    /// Assigns a value to a target, which may be a pattern, and gives what the target then is.
    pub(super) fn give(&mut self, target: NodeId, value: ExpressionId, origin: Origin) -> ExpressionId {
        stacker::maybe_grow(RED_ZONE, STACK, || self.give_at(target, value, origin))
    }

    fn give_at(&mut self, target: NodeId, value: ExpressionId, origin: Origin) -> ExpressionId {
        match self.kind(target) {
            Kind::Tuple | Kind::Array => self.give_elements(target, value, origin),
            Kind::Record => self.give_fields(target, value),
            Kind::VarDef => match self.part(target, 1) {
                Some(inner) => self.give(inner, value, origin),
                None => value,
            },
            Kind::Assign | Kind::Spread | Kind::Cast | Kind::Param => {
                let position = usize::from(matches!(self.kind(target), Kind::Cast | Kind::Param));
                match self.part(target, position) {
                    Some(inner) => self.give(inner, value, origin),
                    None => value,
                }
            }
            Kind::Other | Kind::Pair => {
                for part in self.parts(target) {
                    if !matches!(self.kind(part), Kind::Str | Kind::Int | Kind::Block) {
                        self.give(part, value, origin);
                    }
                }
                value
            }
            Kind::Name | Kind::Member | Kind::Index | Kind::Unary | Kind::This => {
                let place = self.place(target);
                self.assign(place.clone(), value, origin);
                let origin = self.origin(target);
                self.read(place, origin, Some(target))
            }
            _ => {
                let place = self.temporary();
                self.assign(place, value, origin);
                value
            }
        }
    }

    /// `a, b = value`.
    fn give_elements(&mut self, target: NodeId, value: ExpressionId, origin: Origin) -> ExpressionId {
        let whole = self.keep(value, origin);
        let mut values = Vec::new();
        for part in self.parts(target) {
            let index = self.nothing();
            let mut place = whole.clone();
            place.offsets.push(Offset { step: Step::Index(index), origin: Origin::NONE, node: None });
            let at = self.origin(part);
            let element = self.read(place, at, None);
            values.push(self.give(part, element, origin));
        }
        self.expression_at(ExpressionKind::Tuple(values.into()), target)
    }

    /// `{ a, b: c } = value`.
    fn give_fields(&mut self, target: NodeId, value: ExpressionId) -> ExpressionId {
        let whole = match self.kind_of(value) {
            Some(ExpressionKind::Read(place)) if place.variable().is_some() => place.clone(),
            _ => self.keep(value, Origin::NONE),
        };
        let values = self.fields(target, &whole);
        self.expression_at(ExpressionKind::Group(values.into()), target)
    }

    fn fields(&mut self, target: NodeId, whole: &Place) -> Vec<ExpressionId> {
        let mut values = Vec::new();
        for part in self.parts(target) {
            let at = self.origin(part);
            match (self.kind(part), self.part(part, 0), self.part(part, 1)) {
                (Kind::Pair, Some(key), Some(inner)) => {
                    let place = self.field_of(whole, key);
                    let at = self.origin(key);
                    let inner = self.bound(key, inner);
                    let field = self.read(place, at, None);
                    values.push(self.give(inner, field, at));
                }
                (Kind::Spread, Some(rest), _) => {
                    let all = self.read(whole.clone(), at, None);
                    values.push(self.give(rest, all, at));
                }
                (Kind::Name, ..) => {
                    let place = self.field_of(whole, part);
                    let field = self.read(place, at, None);
                    values.push(self.give(part, field, at));
                }
                _ => {}
            }
        }
        values
    }

    /// What a field is bound to: in `{ a = 1 }` the name itself.
    fn bound(&self, key: NodeId, value: NodeId) -> NodeId {
        let is_target = matches!(
            self.kind(value),
            Kind::Name
                | Kind::Record
                | Kind::Array
                | Kind::Assign
                | Kind::Member
                | Kind::Index
                | Kind::Spread
        );
        if is_target { value } else { key }
    }

    fn field_of(&mut self, whole: &Place, key: NodeId) -> Place {
        let mut place = whole.clone();
        if let Base::This { field, .. } = &mut place.base {
            *field = None;
        }
        let step = match self.kind(key) {
            Kind::Name | Kind::Str => Step::Field(self.source.tree.text(key)),
            _ => Step::Index(self.nothing()),
        };
        place.offsets.push(Offset { step, origin: Origin::NONE, node: None });
        place
    }

    /// A variable, constant or field with a value.
    pub(super) fn declaration(&mut self, id: NodeId) {
        let (Some(target), Some(value)) = (self.part(id, 1), self.part(id, 3)) else { return };
        if self.kind(value) == Kind::New && self.kind(target) == Kind::Name {
            let place = self.place(target);
            self.creation(value, Some(place));
            return;
        }
        let value = self.value(value);
        let origin = self.origin(id);
        self.give(target, value, origin);
    }

    /// Sets a variable to the value of an expression.
    pub(in crate::flow) fn set(&mut self, name: NodeId, value: NodeId) {
        let value = self.value(value);
        let place = self.place(name);
        let origin = self.origin(name);
        self.assign(place, value, origin);
    }
}
