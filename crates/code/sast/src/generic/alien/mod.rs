//! The other engine of the generic mode, which Semgrep calls aliengrep: words and brackets, without indentation. What it
//! matches is what Semgrep's translation to a backtracking regular expression does; here, the nesting of brackets is found
//! once for a text, and where an ellipsis is known to fail it is not tried again.

mod characters;
mod matcher;
mod nesting;
mod parse;
mod pattern;
mod search;

pub(super) use pattern::Pattern;
pub(super) use search::search;
