//! Reading of rules in the format of gitleaks 8.28, and of `.gitleaksignore`. No file is opened here: see [`Source`].

mod allowlist;
mod error;
mod extend;
mod ignore;
mod load;
mod meta;
mod pattern;
mod read;
mod rule;
mod set;
mod stopwords;
mod table;
mod warnings;

use andon_model::RejectedRule;
use serde::{Deserialize, Serialize};

pub use allowlist::{Allowlist, RegexTarget};
pub use error::ConfigError;
pub use ignore::IgnoreFile;
pub use load::{load, load_pack, load_packs};
pub use meta::{Example, Meta};
pub(crate) use pattern::Reach;
#[cfg(test)]
pub(crate) use pattern::Shape;
pub use pattern::{Pattern, PatternError, PatternSet};
pub use stopwords::Stopwords;

/// Rules that run together, and what is known of those that do not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleSet {
    /// The rules: in the order of the file, or by identifier if it extends another.
    pub rules: Vec<Rule>,
    /// What no rule reports.
    pub allowlists: Vec<Allowlist>,
    /// The rules that cannot run.
    pub rejected: Vec<RejectedRule>,
    /// The packs and files that the rules came from, the file itself first.
    pub packs: Vec<String>,
    /// What was ignored or is doubtful, for the user.
    pub warnings: Vec<String>,
    /// BLAKE3 over all texts that the set was read from.
    pub digest: [u8; 32],
}

/// What to look for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Unique in its set.
    pub id: String,
    /// One line, for people.
    pub description: String,
    /// Matches the secret with its surroundings. A rule without one reports every file that `path` matches.
    pub regex: Option<Pattern>,
    /// The rule examines only files whose path it matches.
    pub path: Option<Pattern>,
    /// The group of `regex` that is the secret; 0 means the first that is not empty, or the whole match.
    pub secret_group: usize,
    /// The Shannon entropy in bits per character that a secret must exceed; 0 means any.
    pub entropy: f64,
    /// In lower case. A text with none of them is not examined; without keywords all are.
    pub keywords: Vec<String>,
    /// For people.
    pub tags: Vec<String>,
    /// What it does not report.
    pub allowlists: Vec<Allowlist>,
    /// Rules of which each must match nearby.
    pub required: Vec<Required>,
    /// Matches serve other rules' `required` only and are not reported.
    pub skip_report: bool,
    /// The pack or file it came from.
    pub pack: String,
    /// The pack's version; of a file, the beginning of its BLAKE3 digest.
    pub pack_version: String,
    /// Part of our own pack, and its regular expression not replaced by a file that extends it.
    pub ours: bool,
    /// What `[rules.andon]` says.
    pub meta: Meta,
}

/// A rule that must match too. Without a distance, anywhere in the same text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Required {
    /// The other rule.
    pub id: String,
    /// How many lines their starts may be apart at most.
    pub within_lines: Option<u32>,
    /// How many columns their starts may be apart at most.
    pub within_columns: Option<u32>,
}

/// How the files named by `[extend] path` are read.
pub trait Source {
    /// Reads the file as UTF-8 text.
    ///
    /// # Errors
    /// Why it cannot be read, for the user.
    fn read(&self, path: &str) -> Result<String, String>;
}

#[cfg(test)]
mod tests;
