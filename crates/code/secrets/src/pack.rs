//! Our own rules, carried inside the program.

use crate::config::{self, RuleSet};

include!(concat!(env!("OUT_DIR"), "/pack.rs"));

/// The files of our own pack: name and content.
pub fn own_pack_files() -> &'static [(&'static str, &'static str)] {
    FILES
}

/// Our own rules. A file that does not load is named among the rejected rules; the tests keep that from happening.
pub fn own_pack() -> RuleSet {
    let mut pack = RuleSet::default();
    for (name, text) in FILES {
        match config::load_pack(text, PACK, env!("CARGO_PKG_VERSION")) {
            Ok(set) => pack.append(set),
            Err(error) => pack.rejected.push(andon_model::RejectedRule {
                id: (*name).to_owned(),
                pack: PACK.to_owned(),
                reason: error.to_string(),
            }),
        }
    }
    pack.packs = vec![PACK.to_owned()];
    pack
}

/// The name under which our own rules run.
const PACK: &str = "andon";
