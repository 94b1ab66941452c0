use andon_syntax::{Kind, NodeId};

use super::Builder;
use crate::flow::{Argument, ExpressionId, ExpressionKind, InstructionKind, Origin, Place};

impl Builder<'_> {
    pub(super) fn call(&mut self, id: NodeId, is_unused: bool) -> ExpressionId {
        let Some(callee) = self.part(id, 0) else { return self.nothing() };
        if self.is_built_in(callee, "eval") {
            let arguments = self.arguments(self.part(id, 1));
            return self.special_call(arguments, id);
        }
        if self.is_concatenation(callee) {
            let object = self.value_or_nothing(self.part(callee, 0));
            let mut arguments = self.arguments(self.part(id, 1));
            arguments.insert(0, Argument { name: None, value: object });
            return self.special_call(arguments, id);
        }
        let callee = self.value(callee);
        let arguments = self.arguments(self.part(id, 1));
        self.called(callee, arguments, id, is_unused)
    }

    fn called(
        &mut self,
        callee: ExpressionId,
        arguments: Vec<Argument>,
        id: NodeId,
        is_unused: bool,
    ) -> ExpressionId {
        let to = (!is_unused).then(|| self.temporary());
        let kind = InstructionKind::Call { to: to.clone(), callee, arguments: arguments.into() };
        let origin = self.origin(id);
        self.instruction(kind, origin);
        match to {
            Some(place) => self.read(place, Origin::NONE, Some(id)),
            None => self.nothing(),
        }
    }

    fn special_call(&mut self, arguments: Vec<Argument>, id: NodeId) -> ExpressionId {
        let (to, origin) = (self.temporary(), self.origin(id));
        self.instruction(
            InstructionKind::Special { to: Some(to.clone()), arguments: arguments.into() },
            origin,
        );
        self.read(to, Origin::NONE, Some(id))
    }

    fn is_built_in(&self, callee: NodeId, name: &str) -> bool {
        self.kind(callee) == Kind::Name
            && self.text(callee) == name
            && !self.source.facts.declarations.contains_key(&callee)
            && !self.source.facts.full_names.contains_key(&callee)
    }

    /// `x.concat(y)`, which is taken for joining strings.
    fn is_concatenation(&self, callee: NodeId) -> bool {
        let name = self.part(callee, 1).filter(|_| self.kind(callee) == Kind::Member);
        name.is_some_and(|name| self.kind(name) == Kind::Name && self.text(name) == "concat")
    }

    fn arguments(&mut self, list: Option<NodeId>) -> Vec<Argument> {
        let Some(list) = list else { return Vec::new() };
        let mut arguments = Vec::new();
        for part in self.parts(list) {
            let name = (self.kind(part) == Kind::Keyword).then(|| self.source.tree.text(part));
            let value = self.value(part);
            arguments.push(Argument { name, value });
        }
        arguments
    }

    /// `new T(a)`; the object goes to `to`, or to a temporary.
    pub(super) fn creation(&mut self, id: NodeId, to: Option<Place>) -> ExpressionId {
        let list = self.part(id, 1);
        let arguments = match list.map(|list| self.kind(list)) {
            None => Vec::new(),
            Some(Kind::Args) => self.arguments(list),
            Some(Kind::Array | Kind::Tuple | Kind::Dict | Kind::Record) => {
                let parts: Vec<_> = list.map(|list| self.flat_parts(list)).unwrap_or_default();
                let values = self.values(&parts);
                Self::unnamed(&values).into_vec()
            }
            Some(_) => {
                let value = self.value_or_nothing(list);
                vec![Argument { name: None, value }]
            }
        };
        let to = match to {
            Some(to) => to,
            None => self.temporary(),
        };
        let origin = self.origin(id);
        self.instruction(InstructionKind::New { to: to.clone(), arguments: arguments.into() }, origin);
        self.read(to, Origin::NONE, Some(id))
    }

    /// The elements of a literal, and the values of its pairs.
    fn flat_parts(&self, list: NodeId) -> Vec<NodeId> {
        let value = |part| if self.kind(part) == Kind::Pair { self.part(part, 1) } else { Some(part) };
        self.parts(list).into_iter().filter_map(value).collect()
    }

    /// `<A b={c}>d</A>`, which calls `A` with a record of `b` and the children.
    pub(super) fn element(&mut self, id: NodeId, is_unused: bool) -> ExpressionId {
        let parts = self.source.tree.children(id).skip(1).collect::<Vec<_>>();
        let (mut values, mut children) = (Vec::new(), Vec::new());
        for part in parts {
            match self.kind(part) {
                Kind::XmlAttribute => {
                    if let Some(value) = self.part(part, 0) {
                        let given = self.value(value);
                        let kept = self.keep(given, Origin::NONE);
                        let origin = self.origin(value);
                        values.push(self.read(kept, origin, Some(value)));
                    }
                }
                Kind::Spread => values.push(self.value_or_nothing(self.part(part, 0))),
                Kind::XmlText | Kind::Absent => {}
                _ => children.push(self.child_of_element(part)),
            }
        }
        let body = self.made(ExpressionKind::Tuple(children.into()), Origin::NONE, None);
        values.push(body);
        match self.part(id, 0) {
            Some(name) => {
                let record = self.made(ExpressionKind::Group(values.into()), Origin::NONE, None);
                let callee = self.value(name);
                self.called(callee, vec![Argument { name: None, value: record }], id, is_unused)
            }
            None => self.expression_at(ExpressionKind::Tuple(values.into()), id),
        }
    }

    fn child_of_element(&mut self, id: NodeId) -> ExpressionId {
        let value = self.value(id);
        if self.kind(id) == Kind::Xml {
            return value;
        }
        let kept = self.keep(value, Origin::NONE);
        let origin = self.origin(id);
        self.read(kept, origin, Some(id))
    }
}
