//! Whether a version is affected: the evaluation of the OSV specification,
//! <https://ossf.github.io/osv-schema/#evaluation>.

use std::cmp::Ordering;

use crate::index::{Entry, Mark, Span};
use crate::order::{Subject, Unordered};
use crate::osv::RangeKind;

/// What an entry says about a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is in a range or listed.
    Affected,
    /// It is not.
    Clear,
    /// The list does not have it and a range cannot be evaluated.
    Undetermined(Unordered),
    /// The list does not have it and there are only ranges of commits.
    Commits,
}

/// Evaluates one entry.
pub(crate) fn entry(subject: &Subject<'_>, entry: &Entry<'_>) -> Verdict {
    if entry.versions.contains(subject.text) {
        return Verdict::Affected;
    }
    let ordered = || entry.ranges.iter().filter(|span| span.order != RangeKind::Git);
    let mut open = None;
    for range in ordered() {
        match in_range(subject, range) {
            Ok(true) => return Verdict::Affected,
            Ok(false) => {}
            Err(unordered) => open = Some(unordered),
        }
    }
    if let Some(unordered) = open {
        return Verdict::Undetermined(unordered);
    }
    if ordered().next().is_some() {
        return Verdict::Clear;
    }
    // Without ranges the list is all there is, so `1.0` must find a listed `1.0.0` where these are one version.
    if entry.versions.is_empty() {
        return if entry.ranges.is_empty() { Verdict::Clear } else { Verdict::Commits };
    }
    listed(subject, entry)
}

fn listed(subject: &Subject<'_>, entry: &Entry<'_>) -> Verdict {
    let version = match subject.version(RangeKind::Ecosystem) {
        Ok(version) => version,
        Err(unordered) => return Verdict::Undetermined(unordered),
    };
    let equals = |each: &[u8]| {
        let other =
            std::str::from_utf8(each).ok().and_then(|text| subject.other(RangeKind::Ecosystem, text).ok());
        other.is_some_and(|other| other == *version)
    };
    if entry.versions.iter().any(equals) { Verdict::Affected } else { Verdict::Clear }
}

fn in_range(subject: &Subject<'_>, range: Span<'_>) -> Result<bool, Unordered> {
    if range.is_everything() {
        return Ok(true);
    }
    let version = subject.version(range.order)?;
    subject
        .with_keys(|keys| walk(version.key(), range, keys, |text, key| subject.read(range.order, text, key)))
}

/// Walks the events in their order without sorting them: what holds at a version is what the last event says that
/// comes into force at or before it. Of events at one version the later one in the list is the last. Versions are
/// compared by their keys; that of `0`, which is before all others, is empty.
fn walk(
    version: &[u8],
    range: Span<'_>,
    [at, last]: &mut [Vec<u8>; 2],
    read: impl Fn(&str, &mut Vec<u8>) -> Result<(), Unordered>,
) -> Result<bool, Unordered> {
    let (mut limits, mut within) = (false, false);
    let mut affected = None;
    for event in range.events() {
        match event {
            Mark::Introduced("0") => at.clear(),
            Mark::Limit("*") => {}
            Mark::Introduced(text) | Mark::Fixed(text) | Mark::LastAffected(text) | Mark::Limit(text) => {
                read(text, at)?;
            }
        }
        let in_force = match event {
            Mark::Introduced(_) | Mark::Fixed(_) => order(version, at).is_ge(),
            Mark::LastAffected(_) => order(version, at).is_gt(),
            Mark::Limit(text) => {
                limits = true;
                within |= text == "*" || order(version, at).is_lt();
                false
            }
        };
        if in_force && (affected.is_none() || order(at, last).is_ge()) {
            affected = Some(matches!(event, Mark::Introduced(_)));
            std::mem::swap(at, last);
        }
    }
    Ok((!limits || within) && affected.unwrap_or(false))
}

/// Compares two keys byte by byte. One of them was written just now in small pieces, and a processor takes long to read
/// those back in large ones, as a comparison of whole slices does.
fn order(one: &[u8], other: &[u8]) -> Ordering {
    let differing = one.iter().zip(other).find(|(one, other)| one != other);
    differing.map_or_else(|| one.len().cmp(&other.len()), |(one, other)| one.cmp(other))
}
