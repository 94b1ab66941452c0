//! Whether a version is affected: the evaluation of the OSV specification,
//! <https://ossf.github.io/osv-schema/#evaluation>.

use andon_versions::Version;

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

/// Walks the events in their order without sorting them: what holds at a version is what the last event says that
/// comes into force at or before it. Of events at one version the later one in the list is the last.
fn in_range(subject: &Subject<'_>, range: Span<'_>) -> Result<bool, Unordered> {
    let mut events = range.events();
    if let (Some(Mark::Introduced("0")), None) = (events.next(), events.next()) {
        return Ok(true);
    }
    let version = subject.version(range.order)?;
    let read = |text: &str| subject.other(range.order, text);
    let mut last: Option<(Option<Version>, bool)> = None;
    let (mut limits, mut within) = (false, false);
    for event in range.events() {
        let (at, affected) = match event {
            Mark::Introduced("0") => (None, true),
            Mark::Introduced(text) => (Some(read(text)?).filter(|at| version >= at), true),
            Mark::Fixed(text) => (Some(read(text)?).filter(|at| version >= at), false),
            Mark::LastAffected(text) => (Some(read(text)?).filter(|at| version > at), false),
            Mark::Limit(text) => {
                limits = true;
                within |= text == "*" || *version < read(text)?;
                continue;
            }
        };
        let in_force = at.is_some() || matches!(event, Mark::Introduced("0"));
        // `None` is the version before all others, and sorts before them.
        if in_force && last.as_ref().is_none_or(|(before, _)| at >= *before) {
            last = Some((at, affected));
        }
    }
    Ok((!limits || within) && last.is_some_and(|(_, affected)| affected))
}
