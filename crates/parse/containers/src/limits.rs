use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use thiserror::Error;

/// How much work and memory one walk may cost, whatever it meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How deep archives in archives are opened; the outermost one is at depth 1.
    pub depth: usize,
    /// Entries in all, of every kind and every depth.
    pub entries: u64,
    /// Bytes of the names of all entries, those of the archives that they are in included: visitors keep them.
    pub name_bytes: u64,
    /// Bytes of one file that is handed to the visitor.
    pub entry_bytes: u64,
    /// Bytes that are decompressed in all.
    pub total_bytes: u64,
    /// Bytes held in memory at once for archives that need random access (a zip in another archive).
    pub held_bytes: u64,
    /// A stream that grows by more than this factor when it is decompressed is given up …
    pub ratio: u64,
    /// … once it has given this many bytes.
    pub ratio_from: u64,
    /// Problems that are told one by one; further ones are only counted.
    pub problems: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 6,
            entries: 1_000_000,
            name_bytes: 512 << 20,
            entry_bytes: 256 << 20,
            total_bytes: 8 << 30,
            held_bytes: 256 << 20,
            ratio: 1000,
            ratio_from: 64 << 20,
            problems: 1000,
        }
    }
}

/// What is left of the [`Limits`]. Clones share it, so that one budget can cover an archive with all that is in it, or
/// every archive of a directory, also from several threads.
#[derive(Clone, Debug, Default)]
pub struct Budget {
    limits: Limits,
    spent: Arc<Spent>,
}

#[derive(Debug, Default)]
struct Spent {
    entries: AtomicU64,
    names: AtomicU64,
    bytes: AtomicU64,
    held: AtomicU64,
    problems: AtomicU64,
}

impl Budget {
    /// A budget of which nothing is spent.
    pub fn new(limits: Limits) -> Self {
        Self { limits, spent: Arc::default() }
    }

    /// The limits that it started with.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Entries met so far.
    pub fn entries(&self) -> u64 {
        self.spent.entries.load(Ordering::Relaxed).min(self.limits.entries)
    }

    /// Bytes decompressed so far.
    pub fn bytes(&self) -> u64 {
        self.spent.bytes.load(Ordering::Relaxed)
    }

    pub(crate) fn take_entry(&self) -> bool {
        self.spent.entries.fetch_add(1, Ordering::Relaxed) < self.limits.entries
    }

    /// Takes what the names of an entry need; false when there is not enough left.
    pub(crate) fn take_names(&self, bytes: u64) -> bool {
        let before = self.spent.names.fetch_add(bytes, Ordering::Relaxed);
        before.saturating_add(bytes) <= self.limits.name_bytes
    }

    pub(crate) fn take_problem(&self) -> bool {
        self.spent.problems.fetch_add(1, Ordering::Relaxed) < self.limits.problems
    }

    pub(crate) fn take_bytes(&self, bytes: u64) -> Result<(), Stop> {
        let before = self.spent.bytes.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) <= self.limits.total_bytes {
            Ok(())
        } else {
            Err(Stop::Total(self.limits.total_bytes))
        }
    }

    /// Memory that is held from now on: nothing at first.
    pub(crate) fn hold(&self) -> Held {
        Held { spent: Arc::clone(&self.spent), bytes: 0, most: self.limits.held_bytes }
    }
}

/// Memory that is held; given back when dropped.
pub(crate) struct Held {
    spent: Arc<Spent>,
    bytes: u64,
    most: u64,
}

impl Held {
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Holds more; false when that is more than all threads together may hold.
    pub(crate) fn grow(&mut self, bytes: u64) -> bool {
        let before = self.spent.held.fetch_add(bytes, Ordering::Relaxed);
        self.bytes = self.bytes.saturating_add(bytes);
        before.saturating_add(bytes) <= self.most
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.spent.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// Why a stream was given up although it may be sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum Stop {
    #[error("more than {0} bytes were decompressed in all; raise the limit to read on")]
    Total(u64),
    #[error("grows by more than a factor of {0} when it is decompressed; raise the limit to read on")]
    Ratio(u64),
}
