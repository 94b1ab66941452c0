//! Our own rules, carried inside the program.

use crate::config::RuleSet;

include!(concat!(env!("OUT_DIR"), "/pack.rs"));

/// What [`crate::config::load_packs`] made of the files when the program was built.
const PREPARED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/pack.bin"));

/// The files of our own pack: name and content.
pub fn own_pack_files() -> &'static [(&'static str, &'static str)] {
    FILES
}

/// Our own rules, without parsing any of them. What does not load is named among the rejected rules; the tests keep
/// that from happening.
pub fn own_pack() -> RuleSet {
    postcard::from_bytes(PREPARED).unwrap_or_else(|error| {
        let rejected = andon_model::RejectedRule {
            id: "(all rules)".to_owned(),
            pack: "andon".to_owned(),
            reason: format!("reading the rules inside the program: {error}"),
        };
        RuleSet { rejected: vec![rejected], packs: vec!["andon".to_owned()], ..RuleSet::default() }
    })
}

#[cfg(test)]
mod tests;
