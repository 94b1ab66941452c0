use std::cell::Cell;

use andon_syntax::{Kind, Language, NodeId, Pattern};

use crate::matching::envs::{Env, Envs, given, none, or_else, then};
use crate::matching::{Matcher, Source};
use crate::rule::Options;

mod infer;

/// Whether an expression is known to have a type.
pub(crate) fn has_type(wanted: &Pattern, source: &Source<'_>, options: &Options, node: NodeId) -> bool {
    let fuel = Cell::new(10_000);
    let matcher = Matcher::new(&wanted.tree, source, options, &fuel);
    let Some(root) = wanted.roots.first().copied() else { return false };
    let root = match matcher.pattern_kind(root) {
        Kind::TypedMetavariable => matcher.pattern_child(root, 0).unwrap_or(root),
        _ => root,
    };
    !matcher.has_type(root, node, &Env::default()).is_empty()
}

/// What is known of the type of an expression.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// A type that languages have built in and spell differently.
    builtin: Option<Builtin>,
    /// Where the type is written, or the name of an expression of which nothing else is known: the name of a class.
    node: Option<NodeId>,
    /// Whether it is a pointer to that type.
    is_pointer: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Builtin {
    Text,
    Integer,
    Float,
    /// An integer or not.
    Number,
    Truth,
}

impl Builtin {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "int" | "long" | "Integer" | "Long" => Self::Integer,
            "float" | "double" | "Float" => Self::Float,
            "str" | "string" | "String" => Self::Text,
            "bool" | "boolean" | "Boolean" => Self::Truth,
            "number" => Self::Number,
            _ => return None,
        })
    }

    /// Whether a value of this type is one of what a pattern asks for.
    fn is(self, wanted: Self) -> bool {
        self == wanted || (wanted == Self::Number && matches!(self, Self::Integer | Self::Float))
    }
}

impl Matcher<'_> {
    /// `($X : T)`: an expression whose type is known to be `T`.
    pub(super) fn typed_metavariable(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let Some(wanted) = self.pattern_child(p, 0) else { return none() };
        then(self.has_type(wanted, t, env), |env| self.bind(p, self.whole(t), env))
    }

    fn has_type(&self, wanted: NodeId, t: NodeId, env: &Env) -> Envs {
        let known = self.type_of(t);
        let found = self.is_type(wanted, known, env);
        match self.source.facts.types.get(&t) {
            // What was written, also where the value tells a type that is spelled otherwise.
            Some(declared) => or_else(found, || self.is_type(wanted, self.written(*declared), env)),
            None => found,
        }
    }

    fn is_type(&self, wanted: NodeId, known: Known, env: &Env) -> Envs {
        let Known { builtin, node, is_pointer } = known;
        if is_pointer {
            return match (self.pattern_kind(wanted), node) {
                (Kind::PointerType, Some(_)) => {
                    let pointed = Known { is_pointer: false, ..known };
                    self.pattern_child(wanted, 0).map_or_else(none, |inner| self.is_type(inner, pointed, env))
                }
                (Kind::Metavariable, Some(node)) => self.bind(wanted, self.whole(node), env),
                _ => none(),
            };
        }
        let named = match (builtin, self.pattern_kind(wanted)) {
            (Some(found), Kind::Name) => {
                let wanted = Builtin::of(self.pattern_text(wanted));
                given(wanted.is_some_and(|wanted| found.is(wanted)), env)
            }
            _ => none(),
        };
        or_else(named, || node.map_or_else(none, |node| self.node(wanted, node, env)))
    }

    /// The type that something written says: a type, or a value that it was declared with.
    fn written(&self, node: NodeId) -> Known {
        match self.kind(node) {
            Kind::Str | Kind::Int | Kind::Float | Kind::Bool => self.literal_type(node),
            Kind::Unary => {
                let made = self.child(node, 0).filter(|made| self.kind(*made) == Kind::New);
                let made = made.and_then(|made| self.child(made, 0));
                Known {
                    is_pointer: made.is_some(),
                    ..made.map(|made| self.written(made)).unwrap_or_default()
                }
            }
            Kind::Name => {
                Known { builtin: Builtin::of(self.source.name(node)), node: Some(node), is_pointer: false }
            }
            _ => Known { node: Some(node), ..Known::default() },
        }
    }

    fn literal_type(&self, literal: NodeId) -> Known {
        let builtin = match self.kind(literal) {
            Kind::Str | Kind::Template => Some(Builtin::Text),
            Kind::Int => Some(self.integer_type()),
            Kind::Float => Some(Builtin::Float),
            Kind::Bool => Some(Builtin::Truth),
            _ => None,
        };
        Known { builtin, ..Known::default() }
    }

    /// The type of `1`; scripts have one type of numbers.
    fn integer_type(&self) -> Builtin {
        if self.source.language.is_script() { Builtin::Float } else { Builtin::Integer }
    }

    fn is_java(&self) -> bool {
        self.source.language == Language::Java
    }
}
