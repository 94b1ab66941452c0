use std::ops::Range;

use andon_syntax::{NodeId, Symbol};

use crate::flow::Variable;

/// Where something stands in the file, in bytes; nowhere for what was made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    start: u32,
    end: u32,
}

impl Origin {
    /// Nowhere.
    pub const NONE: Self = Self { start: u32::MAX, end: 0 };

    /// A place.
    pub fn new(span: &Range<usize>) -> Self {
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: number(span.start), end: number(span.end) }
    }

    /// Whether it is nowhere.
    pub fn is_none(self) -> bool {
        self.start > self.end
    }

    /// The place; empty if it is nowhere.
    pub fn span(self) -> Range<usize> {
        if self.is_none() { 0..0 } else { self.start as usize..self.end as usize }
    }

    /// Whether another place lies in it; never if either is nowhere.
    pub fn includes(self, inner: Self) -> bool {
        !inner.is_none() && self.start <= inner.start && inner.end <= self.end
    }

    /// Whether two places have something in common, or touch.
    pub fn meets(self, other: Self) -> bool {
        !self.is_none() && !other.is_none() && self.start <= other.end && other.start <= self.end
    }

    /// Its first byte.
    pub fn start(self) -> u32 {
        self.start
    }

    /// The byte after its last.
    pub fn end(self) -> u32 {
        self.end
    }
}

/// An expression of a program, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExpressionId(pub(super) u32);

impl ExpressionId {
    /// Its number.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// An expression without calls or other effects.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Where it stands.
    pub origin: Origin,
    /// What it was read from.
    pub node: Option<NodeId>,
}

/// The kinds of expressions.
#[derive(Clone, Debug)]
pub enum ExpressionKind {
    /// What a place holds.
    Read(Place),
    /// A literal, or nothing.
    Literal,
    /// Elements by their position.
    Tuple(Box<[ExpressionId]>),
    /// Elements that are not told apart: a set, a dictionary.
    Group(Box<[ExpressionId]>),
    /// Fields by their name; what has none is spread or computed.
    Record(Box<[(Option<Symbol>, ExpressionId)]>),
    /// An operator.
    Operator {
        /// Whether it compares.
        is_comparison: bool,
        /// Its operands.
        operands: Box<[ExpressionId]>,
    },
    /// The same value under another type.
    Cast(ExpressionId),
    /// Something not understood, made of these parts.
    Unknown(Box<[ExpressionId]>),
}

/// Something that holds a value: `x`, `x.a.b`, `x[i]`.
#[derive(Clone, Debug)]
pub struct Place {
    /// What it starts from.
    pub base: Base,
    /// The way from there.
    pub offsets: Vec<Offset>,
}

/// What a place starts from.
#[derive(Clone, Copy, Debug)]
pub enum Base {
    /// A variable.
    Variable {
        /// The variable.
        variable: Variable,
        /// Where it stands; nowhere for a temporary.
        origin: Origin,
        /// Its node.
        node: Option<NodeId>,
    },
    /// `this` or `super`.
    This {
        /// Where it stands.
        origin: Origin,
        /// The variable that stands for the field that is taken of it.
        field: Option<Variable>,
    },
    /// What a pointer points to.
    Pointer(ExpressionId),
}

/// A step from an object to a part of it.
#[derive(Clone, Copy, Debug)]
pub struct Offset {
    /// The part.
    pub step: Step,
    /// Where the whole stands, up to and including this part.
    pub origin: Origin,
    /// The node of the whole.
    pub node: Option<NodeId>,
}

/// A part of an object.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A field, by name.
    Field(Symbol),
    /// An element.
    Index(ExpressionId),
}

impl ExpressionKind {
    /// Adds the expressions that it is made of, without those of a place.
    pub(crate) fn parts(&self, parts: &mut Vec<ExpressionId>) {
        match self {
            Self::Read(_) | Self::Literal => {}
            Self::Tuple(all) | Self::Group(all) | Self::Unknown(all) => parts.extend_from_slice(all),
            Self::Record(fields) => parts.extend(fields.iter().map(|(_, value)| *value)),
            Self::Operator { operands, .. } => parts.extend_from_slice(operands),
            Self::Cast(inner) => parts.push(*inner),
        }
    }
}

/// An argument of a call.
#[derive(Clone, Copy, Debug)]
pub struct Argument {
    /// Its name, if it is given by name.
    pub name: Option<Symbol>,
    /// Its value.
    pub value: ExpressionId,
}

/// A step of a function.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// What it does.
    pub kind: InstructionKind,
    /// Where it stands.
    pub origin: Origin,
}

/// What instructions do.
#[derive(Clone, Debug)]
pub enum InstructionKind {
    /// `to = value`.
    Assign {
        /// The place.
        to: Place,
        /// The value.
        value: ExpressionId,
    },
    /// A lambda or class is put into a temporary.
    Define(Place),
    /// A call.
    Call {
        /// Where its result goes, if it is used.
        to: Option<Place>,
        /// What is called.
        callee: ExpressionId,
        /// Its arguments.
        arguments: Box<[Argument]>,
    },
    /// `new T(a)`.
    New {
        /// Where the object goes.
        to: Place,
        /// Its arguments.
        arguments: Box<[Argument]>,
    },
    /// Something that the language does itself: joining strings, awaiting, taking the next element.
    Special {
        /// Where its result goes, if it is used.
        to: Option<Place>,
        /// What it works on.
        arguments: Box<[Argument]>,
    },
}

impl Instruction {
    /// Adds the expressions that it is made of, without those of the place that it sets.
    pub(crate) fn parts(&self, parts: &mut Vec<ExpressionId>) {
        match &self.kind {
            InstructionKind::Assign { value, .. } => parts.push(*value),
            InstructionKind::Call { callee, arguments, .. } => {
                parts.push(*callee);
                parts.extend(arguments.iter().map(|argument| argument.value));
            }
            InstructionKind::New { arguments, .. } | InstructionKind::Special { arguments, .. } => {
                parts.extend(arguments.iter().map(|argument| argument.value));
            }
            InstructionKind::Define(_) => {}
        }
    }

    /// Where its result goes, if it is used.
    pub fn target(&self) -> Option<&Place> {
        match &self.kind {
            InstructionKind::Assign { to, .. }
            | InstructionKind::Define(to)
            | InstructionKind::New { to, .. } => Some(to),
            InstructionKind::Call { to, .. } | InstructionKind::Special { to, .. } => to.as_ref(),
        }
    }
}

impl Place {
    /// A variable as a whole.
    pub(super) fn of(variable: Variable, origin: Origin, node: Option<NodeId>) -> Self {
        Self { base: Base::Variable { variable, origin, node }, offsets: Vec::new() }
    }

    /// Adds the expressions that it is made of.
    pub(crate) fn parts(&self, parts: &mut Vec<ExpressionId>) {
        if let Base::Pointer(value) = self.base {
            parts.push(value);
        }
        parts.extend(self.offsets.iter().filter_map(|offset| match offset.step {
            Step::Index(index) => Some(index),
            Step::Field(_) => None,
        }));
    }

    /// The variable that it is, if it is one as a whole.
    pub(super) fn variable(&self) -> Option<Variable> {
        match self.base {
            Base::Variable { variable, .. } if self.offsets.is_empty() => Some(variable),
            _ => None,
        }
    }
}
