//! `.andon/exceptions.yaml`: findings that somebody accepted, for a reason and for a time.
//!
//! An entry names a fingerprint (primary or alternate), or a rule together with a path; `path` and `context` narrow
//! it further. An entry that is expired, matches nothing or cannot be applied is reported and suppresses nothing;
//! the others still hold.
//!
//! ```
//! let text = b"- fingerprint: secret/1:ab\n  reason: test data\n  owner: sam\n  expires: 2030-01-31\n";
//! let exceptions = andon_scan::exceptions::parse(".andon/exceptions.yaml", text)?;
//! assert_eq!(exceptions.len(), 1);
//! # Ok::<(), andon_scan::exceptions::ExceptionsError>(())
//! ```

mod apply;
mod entry;
mod parse;
#[cfg(test)]
mod tests;

use andon_model::{ExceptionIssue, ExceptionProblem};

use entry::Entry;
pub use parse::{ExceptionsError, parse};

/// Where the file stands in a repository.
pub const PATH: &str = ".andon/exceptions.yaml";

/// The entries of an exceptions file that can be applied, and what is wrong with the others.
#[derive(Clone, Debug, Default)]
pub struct Exceptions {
    entries: Vec<Entry>,
    invalid: Vec<ExceptionIssue>,
}

impl Exceptions {
    /// How many entries can be applied, expired ones included.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the file had no entry at all, not even an invalid one.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.invalid.is_empty()
    }

    /// Entries that cannot be applied as written.
    pub fn invalid(&self) -> &[ExceptionIssue] {
        &self.invalid
    }
}

/// What of a target a scan looked at, as far as unused exceptions are concerned.
#[derive(Clone, Copy, Debug)]
pub enum Reach<'a> {
    /// Everything but these paths (files, or folders with all below).
    AllBut(&'a [String]),
    /// Only a part, so that an entry without a match says nothing.
    Part,
}

impl Reach<'_> {
    fn says_unused(self, entry: &Entry) -> bool {
        match self {
            Self::Part => false,
            Self::AllBut(missed) => {
                missed.is_empty()
                    || (entry.has_path() && !missed.iter().any(|path| entry.may_match_below(path)))
            }
        }
    }
}

fn issue(problem: ExceptionProblem, entry: &Entry, detail: String) -> ExceptionIssue {
    ExceptionIssue { problem, exception: entry.exception.clone(), detail }
}
