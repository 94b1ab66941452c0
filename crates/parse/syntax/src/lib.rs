//! Source code as trees that look alike in every language.
//!
//! A file is parsed by its language's tree-sitter grammar and lowered into one normalised [`Tree`]: a call is a
//! [`Kind::Call`] with a callee and arguments in Python as in Go. What reads the trees (patterns, data flow) is written
//! once, and a language more is one lowering more. Code that does not parse keeps what could be read around it.
//!
//! Patterns, which are code with holes (`$X`, `...`), go through the same lowering, so that both sides agree.
//!
//! This crate knows nothing of rules or findings and does no I/O.
//!
//! ```
//! use andon_syntax::{Kind, Language, Symbols, parse};
//!
//! let mut symbols = Symbols::default();
//! let tree = parse(Language::Python, "print(1)\n", &mut symbols).tree;
//! assert!(tree.ids().any(|id| tree.kind(id) == Kind::Call));
//! ```

mod build;
mod kind;
mod language;
mod lower;
mod parse;
mod pattern;
mod show;
mod symbols;
mod tree;

pub use kind::Kind;
pub use language::Language;
pub use parse::{Parsed, grammar_only, parse};
pub use pattern::{Pattern, PatternError, Shape, parse_pattern};
pub use symbols::{Frozen, Symbol, Symbols};
pub use tree::{NodeId, Tree};
