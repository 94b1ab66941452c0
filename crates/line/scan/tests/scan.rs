//! The scan as a whole, with a tiny engine whose findings need two files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "scan/answers.rs"]
mod answers;
#[path = "scan/archive.rs"]
mod archive;
#[path = "scan/change.rs"]
mod change;
#[path = "scan/large.rs"]
mod large;
#[path = "scan/pair.rs"]
mod pair;
#[path = "scan/parts.rs"]
mod parts;
#[path = "scan/project.rs"]
mod project;
#[path = "scan/trouble.rs"]
mod trouble;
