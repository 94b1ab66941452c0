//! The usual engine of the generic mode. A text is a tree of words and signs; a pattern is compared with it from each of
//! them on.

mod build;
mod lexer;
mod matcher;
mod pattern;
mod search;
mod tree;

pub(super) use pattern::Pattern;
pub(super) use search::search;
pub(super) use tree::Tree;
