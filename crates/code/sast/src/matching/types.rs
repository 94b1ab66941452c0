use std::cell::Cell;

use andon_syntax::{Kind, NodeId, Pattern};

use crate::matching::{Matcher, Source};
use crate::rule::Options;
use crate::matching::envs::{Env, Envs, none, or_else, then};

/// Whether an expression is known to have a type.
pub(crate) fn has_type(wanted: &Pattern, source: &Source<'_>, options: &Options, node: NodeId) -> bool {
    let fuel = Cell::new(10_000);
    let matcher = Matcher::new(&wanted.tree, source, options, &fuel);
    let Some(root) = wanted.roots.first() else { return false };
    let env = Env::default();
    !matcher.has_type(*root, node, &env).is_empty() || !matcher.has_builtin_type(*root, node, &env).is_empty()
}

impl Matcher<'_> {
    /// `($X : T)`: an expression whose type is known to be `T`.
    pub(super) fn typed_metavariable(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let Some(wanted) = self.pattern_child(p, 0) else { return none() };
        let envs = or_else(self.has_type(wanted, t, env), || self.has_builtin_type(wanted, t, env));
        then(envs, |env| self.bind(p, self.whole(t), env))
    }

    fn has_type(&self, wanted: NodeId, t: NodeId, env: &Env) -> Envs {
        if let Some(declared) = self.source.facts.types.get(&t) {
            let found = self.type_of_value(wanted, *declared, env);
            return or_else(found, || self.node(wanted, *declared, env));
        }
        self.type_of_value(wanted, t, env)
    }

    /// The type that a value shows: what is made, or points to what is made.
    fn type_of_value(&self, wanted: NodeId, t: NodeId, env: &Env) -> Envs {
        match self.kind(t) {
            Kind::New | Kind::Cast => self.child(t, 0).map_or_else(none, |made| self.node(wanted, made, env)),
            Kind::Unary if self.source.name(t) == "&" && self.pattern_kind(wanted) == Kind::PointerType => {
                match (self.pattern_child(wanted, 0), self.child(t, 0)) {
                    (Some(wanted), Some(pointed)) => self.has_type(wanted, pointed, env),
                    _ => none(),
                }
            }
            _ => none(),
        }
    }

    /// A literal, and what operators make of literals, has a type that languages spell differently.
    fn has_builtin_type(&self, wanted: NodeId, t: NodeId, env: &Env) -> Envs {
        let Some(found) = self.builtin(t) else { return none() };
        let holds = match self.pattern_kind(wanted) {
            Kind::Name => names_of(found).contains(&self.pattern_text(wanted)),
            _ => false,
        };
        crate::matching::envs::given(holds, env)
    }

    fn builtin(&self, t: NodeId) -> Option<Builtin> {
        match self.kind(t) {
            Kind::Str | Kind::Template => Some(Builtin::Text),
            Kind::Int => Some(Builtin::Integer),
            Kind::Float => Some(Builtin::Number),
            Kind::Bool => Some(Builtin::Truth),
            Kind::Binary => self.builtin_of_operator(t),
            Kind::Unary if self.source.name(t) == "!" => Some(Builtin::Truth),
            Kind::Unary if self.source.name(t) == "-" => self.builtin(self.child(t, 0)?),
            _ => self.builtin_of_declaration(t),
        }
    }

    fn builtin_of_operator(&self, t: NodeId) -> Option<Builtin> {
        let (left, right) = (self.child(t, 0)?, self.child(t, 1)?);
        match self.source.name(t) {
            "==" | "!=" | "<" | ">" | "<=" | ">=" | "&&" | "||" | "in" | "instanceof" | "===" | "!==" => {
                Some(Builtin::Truth)
            }
            "+" => {
                let (left, right) = (self.builtin(left), self.builtin(right));
                if left == Some(Builtin::Text) || right == Some(Builtin::Text) {
                    return Some(Builtin::Text);
                }
                left.filter(|_| left == right)
            }
            "-" | "*" | "/" | "%" => self.builtin(left).filter(|left| self.builtin(right) == Some(*left)),
            _ => None,
        }
    }

    fn builtin_of_declaration(&self, t: NodeId) -> Option<Builtin> {
        let declared = self.source.facts.types.get(&t)?;
        match self.kind(*declared) {
            Kind::Name => {}
            Kind::Str | Kind::Int | Kind::Float | Kind::Bool => return self.builtin(*declared),
            _ => return None,
        }
        let name = self.source.name(*declared);
        [Builtin::Text, Builtin::Integer, Builtin::Number, Builtin::Truth]
            .into_iter()
            .find(|builtin| names_of(*builtin).contains(&name))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Builtin {
    Text,
    Integer,
    Number,
    Truth,
}

fn names_of(builtin: Builtin) -> &'static [&'static str] {
    match builtin {
        Builtin::Text => &["str", "string", "String"],
        Builtin::Integer => &["int", "number", "long", "Integer", "Long"],
        Builtin::Number => &["float", "number", "double", "float64", "Double", "Float"],
        Builtin::Truth => &["bool", "boolean", "Boolean"],
    }
}
