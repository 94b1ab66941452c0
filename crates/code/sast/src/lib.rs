//! Static analysis of source code by rules in Semgrep's format.

pub mod check;
pub mod flow;
pub mod facts;
pub mod formula;
pub mod matching;
pub mod rule;
pub mod taint;
pub mod testing;
