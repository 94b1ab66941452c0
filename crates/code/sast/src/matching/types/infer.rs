use andon_syntax::{Kind, Language, NodeId};

use super::{Builtin, Known};
use crate::facts::Constant;
use crate::matching::Matcher;

/// An expression's type is looked for in its parts this deep.
const MOST_DEEP: u32 = 16;

impl Matcher<'_> {
    /// What is known of the type of an expression.
    pub(super) fn type_of(&self, t: NodeId) -> Known {
        self.infer(t, MOST_DEEP).unwrap_or_default()
    }

    fn infer(&self, t: NodeId, depth: u32) -> Option<Known> {
        let depth = depth.checked_sub(1)?;
        match self.kind(t) {
            Kind::Str | Kind::Template | Kind::Int | Kind::Float | Kind::Bool => Some(self.literal_type(t)),
            Kind::Name => Some(self.type_of_name(t, t)),
            Kind::Member => self.type_of_member(t),
            Kind::New | Kind::Cast => self
                .child(t, 0)
                .filter(|made| self.kind(*made) != Kind::Absent)
                .map(|made| self.written(made)),
            Kind::Binary => self.type_of_operation(t, depth),
            Kind::Unary => match self.source.name(t) {
                "!" => Some(builtin(Builtin::Truth)),
                "-" => self.infer(self.child(t, 0)?, depth).filter(|known| known.builtin.is_some()),
                _ => None,
            },
            Kind::Call => self.type_of_call(t, depth),
            Kind::Conditional => {
                let then = self.infer(self.child(t, 1)?, depth)?;
                let otherwise = self.infer(self.child(t, 2)?, depth)?;
                self.is_same(then, otherwise).then_some(then)
            }
            _ => None,
        }
    }

    /// The type of the value that a name is known to have, of its declaration, or else the name as that of a class.
    fn type_of_name(&self, t: NodeId, name: NodeId) -> Known {
        let value = match self.source.facts.constants.get(&t) {
            Some(Constant::Text(_) | Constant::SomeText) => Some(Builtin::Text),
            Some(Constant::Integer(_) | Constant::SomeInteger) => Some(self.integer_type()),
            Some(Constant::Number(_)) => Some(Builtin::Float),
            Some(Constant::Bool(_) | Constant::SomeBool) => Some(Builtin::Truth),
            Some(Constant::Literal(_)) | None => None,
        };
        let declared = self.source.facts.types.get(&t).map(|declared| self.written(*declared));
        match (value, declared) {
            (Some(value), _) => builtin(value),
            (None, Some(declared)) => declared,
            (None, None) => Known { node: Some(name), ..Known::default() },
        }
    }

    fn type_of_member(&self, t: NodeId) -> Option<Known> {
        let name = self.child(t, 1).filter(|name| self.kind(*name) == Kind::Name)?;
        let is_typed =
            self.source.facts.types.contains_key(&t) || self.source.facts.constants.contains_key(&t);
        if !is_typed && self.is_java() && self.source.name(name) == "length" {
            return Some(builtin(Builtin::Integer));
        }
        Some(self.type_of_name(t, name))
    }

    fn type_of_operation(&self, t: NodeId, depth: u32) -> Option<Known> {
        let known = |position| self.child(t, position).and_then(|part| self.infer(part, depth)?.builtin);
        let is_number = |builtin| matches!(builtin, Some(Builtin::Integer | Builtin::Float));
        let is_java = self.is_java();
        let found = match self.source.name(t) {
            "==" | "!=" | "<" | ">" | "<=" | ">=" | "&&" | "===" | "!==" => Builtin::Truth,
            "in" | "not in" | "is" | "is not" | "instanceof" => Builtin::Truth,
            "||" if is_java || known(0) == Some(Builtin::Truth) || known(1) == Some(Builtin::Truth) => {
                Builtin::Truth
            }
            "|" | "&" | "^"
                if is_java && (known(0) == Some(Builtin::Truth) || known(1) == Some(Builtin::Truth)) =>
            {
                Builtin::Truth
            }
            "+" | "-" | "*" if self.source.language == Language::Python => {
                if !is_number(known(0)) && !is_number(known(1)) {
                    return None;
                }
                Builtin::Number
            }
            "+" | "-" if known(0) == Some(Builtin::Integer) && known(1) == Some(Builtin::Integer) => {
                Builtin::Integer
            }
            _ => return None,
        };
        Some(builtin(found))
    }

    /// What methods of Java's library return, whose declarations are elsewhere.
    fn type_of_call(&self, t: NodeId, depth: u32) -> Option<Known> {
        let callee =
            self.child(t, 0).filter(|callee| self.kind(*callee) == Kind::Member && self.is_java())?;
        let method = self.child(callee, 1).filter(|name| self.kind(*name) == Kind::Name)?;
        let receiver = || self.infer(self.child(callee, 0)?, depth);
        let method = self.source.name(method);
        let found = match method {
            "isEmpty" | "equals" | "contains" | "containsKey" | "containsValue" => Builtin::Truth,
            "size" | "length" | "compareTo" | "compareToIgnoreCase" => Builtin::Integer,
            "get" => return self.element_type(receiver()?),
            _ => match (self.class_name(receiver()?), method) {
                ("String" | "java.lang.String", "matches") => Builtin::Truth,
                ("Boolean" | "java.lang.Boolean" | "boolean", "valueOf" | "parseBoolean") => Builtin::Truth,
                ("Integer" | "java.lang.Integer", "decode" | "valueOf" | "parseInt" | "parseUnsignedInt") => {
                    Builtin::Integer
                }
                ("Long" | "java.lang.Long", "decode" | "valueOf" | "parseLong" | "parseUnsignedLong") => {
                    Builtin::Integer
                }
                ("Float" | "java.lang.Float", "valueOf" | "parseFloat") => Builtin::Float,
                _ => return None,
            },
        };
        Some(builtin(found))
    }

    /// What a generic container holds: the last of one or two type arguments.
    fn element_type(&self, container: Known) -> Option<Known> {
        let generic = container.node.filter(|node| self.kind(*node) == Kind::GenericType)?;
        let arguments = self.children(generic);
        let last = arguments.last().filter(|_| matches!(arguments.len(), 2 | 3))?;
        Some(self.written(*last))
    }

    fn class_name(&self, known: Known) -> &str {
        match (known.builtin, known.node) {
            (_, Some(node)) => self.source.text.get(self.source.tree.span(node)).unwrap_or_default(),
            (Some(Builtin::Text), None) => "String",
            (Some(Builtin::Truth), None) => "Boolean",
            _ => "",
        }
    }

    fn is_same(&self, a: Known, b: Known) -> bool {
        let text = |node: Option<NodeId>| {
            node.map(|node| self.source.text.get(self.source.tree.span(node)).unwrap_or_default())
        };
        match (a.builtin, b.builtin) {
            (None, None) => a.is_pointer == b.is_pointer && text(a.node) == text(b.node),
            (a, b) => a == b,
        }
    }
}

fn builtin(builtin: Builtin) -> Known {
    Known { builtin: Some(builtin), ..Known::default() }
}
