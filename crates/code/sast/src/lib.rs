//! Static analysis of source code by rules in Semgrep's format.

pub mod formula;
pub mod generic;
pub mod matching;
pub mod rule;
pub mod testing;
