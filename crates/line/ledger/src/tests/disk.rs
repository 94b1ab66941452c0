use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use andon_system::{ReadError, ReadProblem, WriteError, WriteProblem};

use crate::disk::{Disk, Held};

/// A disk in memory that knows what was synced, and that fails when it is told to.
#[derive(Clone, Default)]
pub(super) struct MemoryDisk(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Clone, Default)]
struct State {
    files: BTreeMap<String, Stored>,
    held: BTreeSet<String>,
    fault: Option<Fault>,
    /// Calls that succeed before the fault.
    left: u64,
    met: bool,
}

/// A file as processes see it, and as it is on the disk for certain; `None` where it is not there.
#[derive(Clone, Default)]
struct Stored {
    seen: Option<Vec<u8>>,
    synced: Option<Vec<u8>>,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// One call fails and changes nothing.
    Once,
    /// All calls fail from then on and change nothing.
    Forever,
    /// One call is done by half, and no further one is done: the process is dead.
    Kill,
}

/// Whether a call is done.
enum Extent {
    Whole,
    Half,
    Nothing,
}

impl MemoryDisk {
    /// A disk of its own with the same content.
    pub(super) fn copy(&self) -> Self {
        let state = self.state().clone();
        Self(Arc::new(Shared { state: Mutex::new(state), freed: Condvar::new() }))
    }

    pub(super) fn fail_at(&self, call: u64, fault: Fault) {
        let mut state = self.state();
        (state.fault, state.left, state.met) = (Some(fault), call, false);
    }

    /// Whether the fault was met.
    pub(super) fn met(&self) -> bool {
        self.state().met
    }

    pub(super) fn heal(&self) {
        self.state().fault = None;
    }

    /// Loses, of what was not synced, all, nothing, or a part: of files that grew an end or its content, of files that
    /// were replaced the old content or all content.
    pub(super) fn cut_power(&self, seed: u64) {
        let mut state = self.state();
        let mut random = seed.wrapping_mul(2).wrapping_add(1);
        for (path, file) in &mut state.files {
            for byte in path.bytes() {
                random = (random ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
            let number = usize::try_from(random >> 33).unwrap();
            file.seen = lose(file, number);
            file.synced.clone_from(&file.seen);
        }
        state.files.retain(|_, file| file.seen.is_some());
    }

    pub(super) fn remove_all(&self, prefix: &str) {
        let exact = !prefix.ends_with('/');
        self.state().files.retain(|path, _| if exact { path != prefix } else { !path.starts_with(prefix) });
    }

    pub(super) fn shorten(&self, path: &str, length: usize) {
        let mut state = self.state();
        let file = state.files.get_mut(path).unwrap();
        file.seen.as_mut().unwrap().truncate(length);
        file.synced.clone_from(&file.seen);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap()
    }

    /// Changes a file as far as the fault lets it: with true whole, with false by half.
    fn change(&self, path: &str, change: impl FnOnce(&mut Stored, bool)) -> Result<(), WriteError> {
        let mut state = self.state();
        let extent = state.extent();
        match extent {
            Extent::Whole => change(state.files.entry(path.to_owned()).or_default(), true),
            Extent::Half => change(state.files.entry(path.to_owned()).or_default(), false),
            Extent::Nothing => {}
        }
        let full = || WriteError { path: path.into(), problem: WriteProblem::Full };
        if matches!(extent, Extent::Whole) { Ok(()) } else { Err(full()) }
    }
}

impl State {
    fn extent(&mut self) -> Extent {
        let Some(fault) = self.fault else { return Extent::Whole };
        if self.left > 0 {
            self.left -= 1;
            return Extent::Whole;
        }
        let first = !std::mem::replace(&mut self.met, true);
        match fault {
            Fault::Once if first => Extent::Nothing,
            Fault::Once => Extent::Whole,
            Fault::Kill if first => Extent::Half,
            Fault::Forever | Fault::Kill => Extent::Nothing,
        }
    }
}

fn lose(file: &Stored, number: usize) -> Option<Vec<u8>> {
    let synced = file.synced.as_deref().unwrap_or_default();
    match &file.seen {
        Some(seen) if seen.starts_with(synced) && !synced.is_empty() => {
            let kept = synced.len() + number / 4 % (seen.len() - synced.len() + 1);
            let mut bytes = seen.clone();
            match number % 4 {
                0 => bytes.truncate(synced.len()),
                1 => bytes.truncate(kept),
                2 => bytes.iter_mut().skip(kept).for_each(|byte| *byte = 0),
                _ => {}
            }
            Some(bytes)
        }
        seen => match number % 3 {
            0 => file.synced.clone(),
            1 => seen.as_ref().map(|_| Vec::new()),
            _ => seen.clone(),
        },
    }
}

impl Disk for MemoryDisk {
    fn length(&self, path: &str) -> Result<Option<u64>, ReadError> {
        let state = self.state();
        let seen = state.files.get(path).and_then(|file| file.seen.as_ref());
        Ok(seen.map(|bytes| u64::try_from(bytes.len()).unwrap()))
    }

    fn read_at(&self, path: &str, offset: u64, length: u64) -> Result<Vec<u8>, ReadError> {
        let state = self.state();
        let missing = || ReadError { path: path.into(), problem: ReadProblem::NotFound };
        let bytes = state.files.get(path).and_then(|file| file.seen.as_ref()).ok_or_else(missing)?;
        let from = usize::try_from(offset).unwrap().min(bytes.len());
        let length = usize::try_from(length).unwrap_or(usize::MAX).min(bytes.len() - from);
        Ok(bytes[from..from + length].to_vec())
    }

    fn write_at(&self, path: &str, at: u64, bytes: &[u8]) -> Result<(), WriteError> {
        self.change(path, |file, whole| {
            let seen = file.seen.get_or_insert_default();
            seen.truncate(usize::try_from(at).unwrap());
            seen.extend_from_slice(if whole { bytes } else { &bytes[..bytes.len() / 2] });
        })
    }

    fn truncate(&self, path: &str, length: u64) -> Result<(), WriteError> {
        self.change(path, |file, whole| {
            if let Some(seen) = file.seen.as_mut().filter(|_| whole) {
                seen.truncate(usize::try_from(length).unwrap());
            }
            // What is cut off may come back with a power cut, but nobody relies on that it does.
            let seen = file.seen.clone().unwrap_or_default();
            if file.synced.as_ref().is_some_and(|synced| synced.len() > seen.len()) {
                file.synced = Some(seen);
            }
        })
    }

    fn sync(&self, path: &str) -> Result<(), WriteError> {
        self.change(path, |file, whole| {
            if whole {
                file.synced.clone_from(&file.seen);
            }
        })
    }

    fn sync_named(&self, path: &str) -> Result<(), WriteError> {
        self.sync(path)
    }

    fn replace(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        self.change(path, |file, whole| {
            if whole {
                file.seen = Some(bytes.to_vec());
                file.synced.clone_from(&file.seen);
            }
        })
    }

    fn overwrite(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        self.change(path, |file, whole| {
            let seen = file.seen.get_or_insert_default();
            let written = if whole { bytes.len() } else { bytes.len() / 2 };
            let behind = if whole { Vec::new() } else { seen.split_off(written.min(seen.len())) };
            *seen = [&bytes[..written], &behind].concat();
        })
    }

    fn remove_file(&self, path: &str) -> Result<(), WriteError> {
        self.change(path, |file, whole| {
            if whole {
                *file = Stored::default();
            }
        })
    }

    fn lock(&self, path: &str) -> Result<Box<dyn Held>, WriteError> {
        let mut state = self.state();
        while !state.held.insert(path.to_owned()) {
            state = self.0.freed.wait(state).unwrap();
        }
        Ok(Box::new(HeldHere { disk: self.clone(), path: path.to_owned() }))
    }

    fn name(&self, path: &str) -> PathBuf {
        path.into()
    }
}

struct HeldHere {
    disk: MemoryDisk,
    path: String,
}

impl Held for HeldHere {}

impl Drop for HeldHere {
    fn drop(&mut self) {
        self.disk.state().held.remove(&self.path);
        self.disk.0.freed.notify_all();
    }
}
