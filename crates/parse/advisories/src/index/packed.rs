//! Lists of ranges and of versions, packed so that walking through them allocates nothing.

use crate::osv::{Event, Range, RangeKind};

/// Ranges one behind the other: a byte for the order, the length of the events, and for each event a byte for its kind
/// and its version behind its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranges<'a> {
    packed: &'a [u8],
}

/// A range of versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<'a> {
    /// How versions are ordered.
    pub order: RangeKind,
    events: &'a [u8],
}

/// What happened at a version; as [`Event`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark<'a> {
    /// From here on affected.
    Introduced(&'a str),
    /// From here on not affected.
    Fixed(&'a str),
    /// Affected up to and with this one.
    LastAffected(&'a str),
    /// The range speaks of versions before this one only.
    Limit(&'a str),
}

/// A list of versions, each behind its length, so that looking for one compares bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions<'a> {
    packed: &'a [u8],
}

impl<'a> Ranges<'a> {
    pub(super) fn new(packed: &'a [u8]) -> Self {
        Self { packed }
    }

    /// The form in which they are stored.
    pub(super) fn pack(ranges: &[Range]) -> Vec<u8> {
        let mut packed = Vec::new();
        for range in ranges {
            let mut events = Vec::new();
            for event in &range.events {
                let (kind, version) = match event {
                    Event::Introduced(version) => (0, version),
                    Event::Fixed(version) => (1, version),
                    Event::LastAffected(version) => (2, version),
                    Event::Limit(version) => (3, version),
                };
                events.push(kind);
                // One that is too long for its length becomes one that cannot be read: undetermined, not clean.
                push(&mut events, version);
            }
            packed.push(match range.order {
                RangeKind::Semver => 0,
                RangeKind::Ecosystem => 1,
                RangeKind::Git => 2,
            });
            push_long(&mut packed, &events);
        }
        packed
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.packed.is_empty()
    }

    /// Whether every length is right.
    pub(super) fn is_whole(&self) -> bool {
        let lengths = self.iter().try_fold(0_usize, |sum, span| {
            span.is_whole().then(|| sum.saturating_add(span.events.len()).saturating_add(5))
        });
        lengths == Some(self.packed.len())
    }

    /// The ranges; ends at the first that is cut off.
    pub fn iter(&self) -> impl Iterator<Item = Span<'a>> + use<'a> {
        let mut rest = self.packed;
        std::iter::from_fn(move || {
            let (order, after) = rest.split_first()?;
            let (events, after) = pull_long(after)?;
            rest = after;
            let order = match order {
                0 => RangeKind::Semver,
                1 => RangeKind::Ecosystem,
                _ => RangeKind::Git,
            };
            Some(Span { order, events })
        })
    }
}

impl<'a> Span<'a> {
    /// Whether every length is right. That a text is one is seen when it is read.
    fn is_whole(&self) -> bool {
        let mut rest = self.events;
        while let Some((_, after)) = rest.split_first() {
            let Some((_, after)) = pull(after) else { return false };
            rest = after;
        }
        true
    }

    /// Whether it is all versions: introduced at `0`, and nothing else.
    pub(crate) fn is_everything(&self) -> bool {
        self.events == [0, 1, 0, b'0']
    }

    /// What happened, in the record's order. A version that is no text becomes empty, which none can be read as.
    pub fn events(&self) -> impl Iterator<Item = Mark<'a>> + use<'a> {
        let mut rest = self.events;
        std::iter::from_fn(move || {
            let (kind, after) = rest.split_first()?;
            let (version, after) = pull(after)?;
            rest = after;
            let version = std::str::from_utf8(version).unwrap_or_default();
            Some(match kind {
                0 => Mark::Introduced(version),
                1 => Mark::Fixed(version),
                2 => Mark::LastAffected(version),
                _ => Mark::Limit(version),
            })
        })
    }
}

impl<'a> Versions<'a> {
    pub(super) fn new(packed: &'a [u8]) -> Self {
        Self { packed }
    }

    /// The form in which they are stored.
    pub(super) fn pack(versions: &[String]) -> Vec<u8> {
        let mut packed = Vec::new();
        // Nobody's version is too long; one that claims so can equal no installed one.
        versions.iter().filter(|version| fits(version)).for_each(|version| push(&mut packed, version));
        packed
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.packed.is_empty()
    }

    /// Whether every length is right.
    pub(super) fn is_whole(&self) -> bool {
        self.iter().map(|version| version.len().saturating_add(2)).sum::<usize>() == self.packed.len()
    }

    /// The versions' bytes; ends at the first that is cut off.
    pub fn iter(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let mut rest = self.packed;
        std::iter::from_fn(move || {
            let (version, after) = pull(rest)?;
            rest = after;
            Some(version)
        })
    }

    /// Whether exactly this text is listed.
    pub fn contains(&self, version: &str) -> bool {
        self.iter().any(|each| each == version.as_bytes())
    }
}

fn fits(version: &str) -> bool {
    version.len() <= usize::from(u16::MAX)
}

/// Appends a text behind its length in two bytes; one that is too long becomes empty.
pub(super) fn push(packed: &mut Vec<u8>, text: &str) {
    let text = if fits(text) { text } else { "" };
    packed.extend_from_slice(&u16::try_from(text.len()).unwrap_or_default().to_le_bytes());
    packed.extend_from_slice(text.as_bytes());
}

/// The text that some bytes begin with, behind its length in two bytes, and what follows.
pub(super) fn pull(packed: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, after) = packed.split_first_chunk::<2>()?;
    after.split_at_checked(usize::from(u16::from_le_bytes(*length)))
}

/// As [`push`], with a length in four bytes.
pub(super) fn push_long(packed: &mut Vec<u8>, bytes: &[u8]) {
    let bytes = if u32::try_from(bytes.len()).is_ok() { bytes } else { &[] };
    packed.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or_default().to_le_bytes());
    packed.extend_from_slice(bytes);
}

/// As [`pull`], with a length in four bytes.
pub(super) fn pull_long(packed: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, after) = packed.split_first_chunk::<4>()?;
    after.split_at_checked(u32::from_le_bytes(*length) as usize)
}
