//! Which statements count, and why the others do not.

mod accept;
mod collect;
mod latest;
mod read;
mod refusal;
mod subject;
mod types;

pub use collect::{Offered, collect, concerns};
pub use types::{
    Accepted, ArtefactProvenance, Asked, CommitSignature, Evidence, Figures, OfferedStatement, Refused, Says,
    SaysApproval, SaysCoverage, SaysScan, SaysStep, SaysTests, Subject,
};

#[cfg(test)]
mod tests;
