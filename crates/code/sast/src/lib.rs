//! Static analysis of source code by rules in Semgrep's format.

pub mod check;
mod engine;
pub mod facts;
pub mod formula;
pub mod matching;
pub mod rule;
pub mod testing;

pub use engine::{NAME, Origin, Sast};
