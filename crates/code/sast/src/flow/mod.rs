//! Functions as graphs of simple instructions, to follow data through them.
//!
//! A call inside an expression becomes an instruction of its own that leaves its result in a temporary variable, so that
//! effects stand in the order in which they happen. A lambda's body stands where the lambda is used, as if it might be
//! run there, with what is known of the variables around it; it is also a function of its own.

mod build;
mod code;
mod functions;
mod graph;
#[cfg(test)]
mod tests;
mod variables;

use andon_syntax::NodeId;

use crate::matching::Source;

pub use code::{
    Argument, Base, Expression, ExpressionId, ExpressionKind, Instruction, InstructionKind, Offset, Origin,
    Place, Step,
};
pub use graph::{Graph, PointKind};
pub use variables::Variable;

/// Every function of a file.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The functions, in the order of the source; last the file's own statements.
    pub functions: Vec<Function>,
    /// The variables of the file that are set once, outside functions, in the order of the source.
    pub constants: Vec<Definition>,
    pub(crate) expressions: Vec<Expression>,
}

/// A function, or what is run as if it were one.
#[derive(Clone, Debug)]
pub struct Function {
    /// What it is.
    pub kind: FunctionKind,
    /// Its definition.
    pub node: NodeId,
    /// Its definition's place.
    pub origin: Origin,
    /// Its parameters in order; a pattern gives one for each of its names.
    pub parameters: Vec<Parameter>,
    /// What it does.
    pub graph: Graph,
    /// The places of all its expressions and instructions that can be run, each once, in order.
    pub origins: Vec<Origin>,
}

/// The kinds of functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// A function, method or lambda.
    Function,
    /// The statements of a class's body.
    Class,
    /// The statements of the file.
    File,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The variable.
    pub variable: Variable,
    /// Where its name stands.
    pub origin: Origin,
    /// Its name's node.
    pub node: NodeId,
    /// Its position among the parameters, from 0.
    pub position: u32,
    /// What sets it to its default, if it has one.
    pub default: Option<Graph>,
}

/// A variable that is set once, outside functions.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The variable.
    pub variable: Variable,
    /// Where its name stands.
    pub origin: Origin,
    /// What sets it.
    pub graph: Graph,
}

impl Program {
    /// Reads the functions of a file. Its names are told apart as far as the source's facts do.
    pub fn new(source: &Source<'_>) -> Self {
        functions::program(source)
    }

    /// An expression by its number.
    pub fn expression(&self, id: ExpressionId) -> Option<&Expression> {
        self.expressions.get(id.index())
    }
}
