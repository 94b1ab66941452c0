//! The scan as a whole, with a tiny engine whose findings need two files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "scan/answers.rs"]
mod answers;
#[path = "scan/change.rs"]
mod change;
#[path = "scan/pair.rs"]
mod pair;
#[path = "scan/project.rs"]
mod project;
#[path = "scan/trouble.rs"]
mod trouble;
