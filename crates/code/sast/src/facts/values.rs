use andon_syntax::{NodeId, Symbol};

/// What is known of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value {
    Text(Symbol),
    Integer(i64),
    Number(f64),
    Bool(bool),
    /// Another literal.
    Literal(NodeId),
    /// A constant of which only the type is known.
    Some(Type),
    /// What this expression is.
    Expression(NodeId),
}

/// The type of a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    Integer,
    Bool,
    Any,
}

impl Value {
    /// The type of a constant; none for what is no constant.
    pub(crate) fn constant_type(self) -> Option<Type> {
        match self {
            Self::Text(_) => Some(Type::Text),
            Self::Integer(_) => Some(Type::Integer),
            Self::Bool(_) => Some(Type::Bool),
            Self::Number(_) | Self::Literal(_) => Some(Type::Any),
            Self::Some(kind) => Some(kind),
            Self::Expression(_) => None,
        }
    }

    /// What is known where either may be.
    pub(crate) fn or(self, other: Self) -> Option<Self> {
        if self == other {
            return Some(self);
        }
        let (a, b) = (self.constant_type()?, other.constant_type()?);
        Some(Self::Some(a.or(b)))
    }

    /// The more precise of two things known of one value; the first if neither is.
    pub(crate) fn refined(self, other: Self) -> Self {
        match (self, other) {
            (Self::Some(_), Self::Some(_) | Self::Expression(_))
            | (Self::Expression(_), Self::Expression(_)) => self,
            (Self::Some(_) | Self::Expression(_), _) => other,
            _ => self,
        }
    }
}

impl Type {
    pub(crate) fn or(self, other: Self) -> Self {
        if self == other { self } else { Self::Any }
    }
}
