//! Static analysis of source code by rules in Semgrep's format.

pub mod check;
mod engine;
pub mod facts;
pub mod flow;
pub mod formula;
pub mod generic;
pub mod matching;
mod pack;
pub mod rule;
pub mod taint;
pub mod testing;

pub use engine::{NAME, Origin, Sast};
pub use pack::own_pack_files;
