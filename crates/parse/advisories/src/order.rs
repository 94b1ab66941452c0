//! Which order the versions of an ecosystem follow.

use std::cell::{Cell, OnceCell};

use andon_versions::{Scheme, Version};

use crate::osv::RangeKind;

/// A version that is compared with many others: parsed once for each order that is asked for.
pub(crate) struct Subject<'a> {
    pub(crate) text: &'a str,
    ecosystem: Option<Scheme>,
    by_ecosystem: OnceCell<Option<Version>>,
    by_semver: OnceCell<Option<Version>>,
    /// Room for keys of other versions, so that each of many needs no memory of its own.
    keys: Cell<[Vec<u8>; 2]>,
}

/// What can be told of two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unordered {
    /// The ecosystem's order is not known here.
    Order,
    /// The version in question is none of the ecosystem's.
    Version,
    /// The advisory's version is none.
    Advisory,
}

impl<'a> Subject<'a> {
    /// A version of a package in an order of its ecosystem, if that has one.
    pub(crate) fn new(ecosystem: Option<Scheme>, text: &'a str) -> Self {
        let (by_ecosystem, by_semver) = (OnceCell::new(), OnceCell::new());
        Self { text, ecosystem, by_ecosystem, by_semver, keys: Cell::default() }
    }

    /// The order that a range of this kind follows.
    fn scheme(&self, kind: RangeKind) -> Option<Scheme> {
        match kind {
            RangeKind::Semver => Some(Scheme::Semver),
            RangeKind::Ecosystem => self.ecosystem,
            RangeKind::Git => None,
        }
    }

    /// The version, read by the order that a range of this kind follows.
    pub(crate) fn version(&self, kind: RangeKind) -> Result<&Version, Unordered> {
        let scheme = self.scheme(kind).ok_or(Unordered::Order)?;
        let cell = if kind == RangeKind::Semver { &self.by_semver } else { &self.by_ecosystem };
        // Most orders have a place for every text, `latest` and `unknown` too; but what is no version has none.
        let versionlike = self.text.bytes().any(|byte| byte.is_ascii_digit());
        let read = || versionlike.then(|| parse(scheme, self.text)).flatten();
        cell.get_or_init(read).as_ref().ok_or(Unordered::Version)
    }

    /// A version of an advisory, read by the same order.
    pub(crate) fn other(&self, kind: RangeKind, text: &str) -> Result<Version, Unordered> {
        let scheme = self.scheme(kind).ok_or(Unordered::Order)?;
        parse(scheme, text).ok_or(Unordered::Advisory)
    }

    /// Puts the key of a version of an advisory, read by the same order, in the place of what `key` holds.
    pub(crate) fn read(&self, kind: RangeKind, text: &str, key: &mut Vec<u8>) -> Result<(), Unordered> {
        let scheme = self.scheme(kind).ok_or(Unordered::Order)?;
        Version::write_key(scheme, text, key).map_err(|_| Unordered::Advisory)
    }

    /// Lends room for two keys; what is in it has no meaning.
    pub(crate) fn with_keys<T>(&self, work: impl FnOnce(&mut [Vec<u8>; 2]) -> T) -> T {
        let mut keys = self.keys.take();
        let answer = work(&mut keys);
        self.keys.set(keys);
        answer
    }
}

/// Sorts versions, lowest first, and leaves each in once; those that cannot be ordered come first, by their letters.
pub(crate) fn sort(ecosystem: Option<Scheme>, versions: &mut Vec<&str>) {
    if versions.len() < 2 {
        return;
    }
    versions.sort_unstable();
    versions.dedup();
    if versions.len() > 1 {
        versions.sort_by_cached_key(|version| ecosystem.and_then(|scheme| parse(scheme, version)));
    }
}

fn parse(scheme: Scheme, text: &str) -> Option<Version> {
    Version::parse(scheme, text).ok()
}
