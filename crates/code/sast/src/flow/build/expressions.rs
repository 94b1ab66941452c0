use andon_syntax::{Kind, NodeId};

use super::{Builder, RED_ZONE, STACK};
use crate::flow::{Base, ExpressionId, ExpressionKind, InstructionKind, Offset, Origin, Place, Step};

impl Builder<'_> {
    /// The value of an expression; what it does before that is added to the graph.
    pub(super) fn value(&mut self, id: NodeId) -> ExpressionId {
        stacker::maybe_grow(RED_ZONE, STACK, || self.evaluate(id, false))
    }

    /// What an expression does, as a statement.
    pub(super) fn effect(&mut self, id: NodeId) -> ExpressionId {
        stacker::maybe_grow(RED_ZONE, STACK, || self.evaluate(id, true))
    }

    pub(super) fn value_or_nothing(&mut self, id: Option<NodeId>) -> ExpressionId {
        match id {
            Some(id) => self.value(id),
            None => self.nothing(),
        }
    }

    pub(super) fn values(&mut self, ids: &[NodeId]) -> Box<[ExpressionId]> {
        ids.iter().map(|id| self.value(*id)).collect()
    }

    fn evaluate(&mut self, id: NodeId, is_unused: bool) -> ExpressionId {
        match self.kind(id) {
            Kind::Name | Kind::This | Kind::Super | Kind::Member | Kind::Index => {
                let place = self.place(id);
                let origin = self.origin(id);
                self.read(place, origin, Some(id))
            }
            Kind::Call => self.call(id, is_unused),
            Kind::New => self.creation(id, None),
            Kind::Xml => self.element(id, is_unused),
            Kind::Template | Kind::Await | Kind::Spread => {
                let parts = self.parts(id);
                let values = self.values(&parts);
                self.special(&values, id, is_unused)
            }
            Kind::Yield => self.yielded(id),
            Kind::Unary => self.unary(id, is_unused),
            Kind::Binary => self.binary(id),
            Kind::Conditional => self.conditional(id),
            Kind::Assign => self.assignment(id),
            Kind::AugmentedAssign => self.augmented(id),
            Kind::Sequence => self.sequence(id),
            Kind::Lambda | Kind::AnonymousClass | Kind::FunctionDef | Kind::ClassDef => self.definition(id),
            Kind::Cast => {
                let value = self.value_or_nothing(self.part(id, 1));
                self.expression_at(ExpressionKind::Cast(value), id)
            }
            Kind::Array | Kind::Tuple => {
                let parts = self.parts(id);
                let values = self.values(&parts);
                self.expression_at(ExpressionKind::Tuple(values), id)
            }
            Kind::Record => {
                let fields = self.record(id);
                self.expression_at(ExpressionKind::Record(fields), id)
            }
            Kind::Set | Kind::Dict | Kind::Pair => {
                let values = self.members(id);
                self.expression_at(ExpressionKind::Group(values), id)
            }
            Kind::Comprehension => self.comprehension(id),
            Kind::Keyword => self.value_or_nothing(self.part(id, 0)),
            Kind::Slice | Kind::GenericType => {
                let value = self.value_or_nothing(self.part(id, 0));
                self.expression_at(ExpressionKind::Unknown(Box::new([value])), id)
            }
            Kind::VarDef => {
                self.statement(id);
                self.target_value(id)
            }
            Kind::Other | Kind::DeepEllipsis => self.unknown(id),
            kind if kind < Kind::Template => self.expression_at(ExpressionKind::Literal, id),
            kind if kind >= Kind::ExprStatement && kind < Kind::FunctionDef => {
                self.statement(id);
                self.expression_at(ExpressionKind::Unknown(Box::new([])), id)
            }
            _ => self.expression_at(ExpressionKind::Unknown(Box::new([])), id),
        }
    }

    fn unknown(&mut self, id: NodeId) -> ExpressionId {
        let is_part = |kind: Kind| kind < Kind::GenericType || kind == Kind::ExprStatement;
        let parts: Vec<_> = self.parts(id).into_iter().filter(|part| is_part(self.kind(*part))).collect();
        let values = self.values(&parts);
        self.expression_at(ExpressionKind::Unknown(values), id)
    }

    /// What a declaration in an expression declares.
    fn target_value(&mut self, id: NodeId) -> ExpressionId {
        match self.part(id, 1).filter(|target| self.kind(*target) == Kind::Name) {
            Some(target) => self.value(target),
            None => self.nothing(),
        }
    }

    /// The fields of a record.
    fn record(&mut self, id: NodeId) -> Box<[(Option<andon_syntax::Symbol>, ExpressionId)]> {
        let mut fields = Vec::new();
        for part in self.parts(id) {
            match (self.kind(part), self.part(part, 0), self.part(part, 1)) {
                (Kind::Pair, Some(key), Some(value)) => {
                    let has_name = matches!(self.kind(key), Kind::Name | Kind::Str);
                    if !has_name {
                        fields.push((None, self.value(key)));
                    }
                    let name = has_name.then(|| self.source.tree.text(key));
                    fields.push((name, self.value(value)));
                }
                (Kind::Spread, Some(value), _) => fields.push((None, self.value(value))),
                _ => fields.push((None, self.value(part))),
            }
        }
        fields.into()
    }

    /// The values of a dictionary or set.
    fn members(&mut self, id: NodeId) -> Box<[ExpressionId]> {
        let mut values = Vec::new();
        for part in self.parts(id) {
            match self.kind(part) {
                Kind::Pair => {
                    for each in self.parts(part) {
                        values.push(self.value(each));
                    }
                }
                Kind::Spread => values.push(self.value_or_nothing(self.part(part, 0))),
                _ => values.push(self.value(part)),
            }
        }
        values.into()
    }

    pub(super) fn special(&mut self, values: &[ExpressionId], id: NodeId, is_unused: bool) -> ExpressionId {
        let to = (!is_unused).then(|| self.temporary());
        let (arguments, origin) = (Self::unnamed(values), self.origin(id));
        self.instruction(InstructionKind::Special { to: to.clone(), arguments }, origin);
        match to {
            Some(place) => self.read(place, Origin::NONE, Some(id)),
            None => self.nothing(),
        }
    }

    fn yielded(&mut self, id: NodeId) -> ExpressionId {
        let values: Vec<_> = self.part(id, 0).map(|part| self.value(part)).into_iter().collect();
        self.special(&values, id, true)
    }

    fn sequence(&mut self, id: NodeId) -> ExpressionId {
        let mut last = None;
        for part in self.parts(id) {
            last = Some(self.value(part));
        }
        match last {
            Some(last) => last,
            None => self.nothing(),
        }
    }

    /// The place that an expression stands for; a temporary if it is none.
    pub(super) fn place(&mut self, id: NodeId) -> Place {
        stacker::maybe_grow(RED_ZONE, STACK, || self.place_at(id))
    }

    fn place_at(&mut self, id: NodeId) -> Place {
        match self.kind(id) {
            Kind::Name if self.text(id) == "_" => self.temporary(),
            Kind::Name => Place::of(self.variable(id), self.origin(id), Some(id)),
            Kind::This | Kind::Super => {
                Place { base: Base::This { origin: self.origin(id), field: None }, offsets: Vec::new() }
            }
            Kind::Member => match self.part(id, 1) {
                Some(name) if self.kind(name) == Kind::Name => self.member(id, name),
                Some(name) => self.element_of(id, name),
                None => self.temporary(),
            },
            Kind::Index => match self.part(id, 1) {
                Some(index) => self.element_of(id, index),
                None => self.nested(id),
            },
            Kind::Unary if self.text(id) == "*" => {
                let pointer = self.value_or_nothing(self.part(id, 0));
                Place { base: Base::Pointer(pointer), offsets: Vec::new() }
            }
            _ => {
                let value = self.value(id);
                let origin = self.origin(id);
                self.place_of(value, origin)
            }
        }
    }

    /// The place of the object of a member or element.
    fn nested(&mut self, id: NodeId) -> Place {
        match self.part(id, 0) {
            Some(object) => self.place(object),
            None => self.temporary(),
        }
    }

    fn member(&mut self, id: NodeId, name: NodeId) -> Place {
        let mut place = self.nested(id);
        if let Base::This { field, .. } = &mut place.base
            && place.offsets.is_empty()
        {
            *field = Some(self.field(id, name));
        }
        let step = Step::Field(self.source.tree.text(name));
        place.offsets.push(Offset { step, origin: self.origin(id), node: Some(id) });
        place
    }

    /// The variable that stands for a field of `this`.
    fn field(&mut self, id: NodeId, name: NodeId) -> crate::flow::Variable {
        let symbol = self.source.tree.text(name);
        let declarations = &self.source.facts.declarations;
        let known = declarations.get(&id).or_else(|| declarations.get(&name)).map(|number| number + 1);
        let declared = || self.class.and_then(|class| self.shared.fields.get(&(class, symbol)).copied());
        let declaration = known.or_else(declared).unwrap_or(0);
        self.shared.variables.named(symbol, declaration)
    }

    fn element_of(&mut self, id: NodeId, index: NodeId) -> Place {
        let mut place = self.nested(id);
        let index = self.value(index);
        place.offsets.push(Offset { step: Step::Index(index), origin: self.origin(id), node: Some(id) });
        place
    }
}
