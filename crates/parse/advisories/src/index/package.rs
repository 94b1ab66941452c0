//! What one record says about one package, packed so that evaluating it allocates nothing.
//!
//! The ecosystem and the name, each behind its length; then the entries, each behind its length in four bytes: the
//! suffix behind its length, ranges and versions each behind its length in four bytes, and the severities in postcard's
//! form, which only a reader of the match asks for.

use andon_model::Severity;

use super::packed::{Ranges, Versions, pull, pull_long, push, push_long};
use crate::ecosystem;
use crate::osv::Affected;

/// What one record says about one package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Package<'a> {
    /// The ecosystem without a suffix.
    pub base: &'a str,
    /// The package's name, as the record writes it.
    pub name: &'a str,
    entries: &'a [u8],
}

/// An entry of `affected`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The ecosystem's suffix; empty when there is none.
    pub suffix: &'a str,
    /// Ranges of versions.
    pub ranges: Ranges<'a>,
    /// Single versions.
    pub versions: Versions<'a>,
    ratings: &'a [u8],
}

impl<'a> Package<'a> {
    /// The form in which it is stored.
    pub(super) fn pack(base: &str, name: &str, entries: &[&Affected]) -> Vec<u8> {
        let mut packed = Vec::new();
        push(&mut packed, base);
        push(&mut packed, name);
        for affected in entries {
            let mut entry = Vec::new();
            push(&mut entry, ecosystem::split(&affected.ecosystem).1);
            push_long(&mut entry, &Ranges::pack(&affected.ranges));
            push_long(&mut entry, &Versions::pack(&affected.versions));
            let vectors: Vec<(&str, &str)> =
                affected.severity.iter().map(|each| (&*each.method, &*each.score)).collect();
            entry = postcard::to_extend(&(vectors, affected.rating), entry).unwrap_or_default();
            push_long(&mut packed, &entry);
        }
        packed
    }

    /// Reads it; `None` when it contradicts itself anywhere.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (base, rest) = pull(bytes)?;
        let (name, entries) = pull(rest)?;
        let package =
            Self { base: std::str::from_utf8(base).ok()?, name: std::str::from_utf8(name).ok()?, entries };
        let mut rest = entries;
        while !rest.is_empty() {
            let (entry, after) = pull_long(rest)?;
            let entry = Entry::read(entry)?;
            if !entry.ranges.is_whole() || !entry.versions.is_whole() {
                return None;
            }
            rest = after;
        }
        Some(package)
    }

    /// Its entries: one, or one a release or module.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let mut rest = self.entries;
        std::iter::from_fn(move || {
            let (entry, after) = pull_long(rest)?;
            rest = after;
            Entry::read(entry)
        })
    }
}

impl<'a> Entry<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (suffix, rest) = pull(bytes)?;
        let (ranges, rest) = pull_long(rest)?;
        let (versions, ratings) = pull_long(rest)?;
        let suffix = std::str::from_utf8(suffix).ok()?;
        Some(Self { suffix, ranges: Ranges::new(ranges), versions: Versions::new(versions), ratings })
    }

    /// Methods and vectors for this package, and the database's own word for it.
    pub fn ratings(&self) -> (Vec<(&'a str, &'a str)>, Option<Severity>) {
        postcard::from_bytes(self.ratings).unwrap_or_default()
    }
}
