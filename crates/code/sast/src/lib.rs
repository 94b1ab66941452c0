//! Static analysis.

pub mod formula;
pub mod matching;
pub mod rule;
pub mod testing;
