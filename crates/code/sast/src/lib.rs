//! Static analysis of source code by rules in Semgrep's format.

pub mod matching;
