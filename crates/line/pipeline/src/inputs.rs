//! What steps read: the files of the workspace, their digests, and the set of them that a step declares.

mod digests;
mod listing;
mod set;

pub(crate) use digests::Digests;
pub(crate) use listing::{Listed, Listing};
pub(crate) use set::{InputSet, InputSets, set_digest};
