//! Comparisons: a small part of Python over metavariables.

mod evaluate;
mod parse;
mod words;

use andon_syntax::{Symbol, Symbols};

use crate::rule::Expression;

pub use evaluate::Constant;

/// A comparison that a rule makes, such as `$BITS < 2048`.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison(Term);

impl Comparison {
    /// Reads a comparison. With `strip`, metavariables are read as numbers even where they are texts.
    ///
    /// # Errors
    /// When it is no Python expression, or one that cannot be evaluated; the text says why.
    pub fn parse(text: &str, strip: bool, symbols: &mut Symbols) -> Result<Self, String> {
        parse::parse(text, strip, symbols).map(Self)
    }

    /// Every metavariable that it names.
    pub fn metavariables(&self) -> Vec<Symbol> {
        let mut found = Vec::new();
        self.0.metavariables(&mut found);
        found
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Term {
    Constant(Constant),
    Metavariable(Symbol),
    List(Vec<Term>),
    Unary(Unary, Box<Term>),
    Binary(Binary, Box<Term>, Box<Term>),
    Call(Function, Box<Term>),
    Matches(Box<Expression>, Box<Term>),
    Today,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unary {
    Not,
    Minus,
    Plus,
    Invert,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Binary {
    Or,
    And,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Equal,
    Unequal,
    In,
    NotIn,
    BitOr,
    BitXor,
    BitAnd,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    /// `int()`
    Integer,
    /// `str()`
    Text,
    /// `strptime()`: a date `YYYY-MM-DD` in seconds.
    Date,
    /// `parse_promql_duration()`: in milliseconds.
    Duration,
}

impl Term {
    fn metavariables(&self, found: &mut Vec<Symbol>) {
        match self {
            Self::Metavariable(name) => found.push(*name),
            Self::List(items) => items.iter().for_each(|item| item.metavariables(found)),
            Self::Unary(_, inner) | Self::Call(_, inner) | Self::Matches(_, inner) => {
                inner.metavariables(found)
            }
            Self::Binary(_, left, right) => {
                left.metavariables(found);
                right.metavariables(found);
            }
            Self::Constant(_) | Self::Today => {}
        }
    }
}

#[cfg(test)]
mod tests;
