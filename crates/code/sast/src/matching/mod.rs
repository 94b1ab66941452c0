//! Patterns against trees.

mod bindings;

pub use bindings::{Bindings, Match, Value};
