use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use andon_system::files::{self, Appended, Lock, LockError};
use andon_system::{FileKind, System};
use sha2::{Digest, Sha256};

use crate::hash::hex;
use crate::{Entry, Event, Failure, Observer, RunHead, RunOutcome, RunRecord};

/// The records of runs of one workspace, each a folder with `events.jsonl`, `record.json` and `logs/`.
pub struct Runs<'a> {
    system: &'a dyn System,
    folder: PathBuf,
}

const EVENTS: &str = "events.jsonl";
const RECORD: &str = "record.json";
const LOGS: &str = "logs";
const LOCK: &str = "lock";
const LARGEST: u64 = 512 << 20;
/// Runs that are kept.
const KEPT: usize = 100;

impl<'a> Runs<'a> {
    /// The runs of the workspace at `root`, below the folder `data` (see [`System::data_dir`]).
    pub fn new(system: &'a dyn System, data: &Path, root: &Path) -> Self {
        let name = hex(&Sha256::digest(root.as_os_str().as_encoded_bytes()));
        Self { system, folder: data.join("runs").join(name.get(..16).unwrap_or_default()) }
    }

    /// Their identifiers, the latest first.
    pub fn list(&self) -> Vec<String> {
        let entries = self.system.list(&self.folder).unwrap_or_default();
        let folders = entries.into_iter().filter(|entry| entry.kind == FileKind::Folder);
        let mut ids: Vec<String> = folders.filter_map(|entry| entry.name.into_string().ok()).collect();
        ids.sort_unstable_by(|one, other| other.cmp(one));
        ids
    }

    /// The folder of a run; the files that its record names are in there.
    pub fn folder(&self, id: &str) -> PathBuf {
        self.folder.join(id)
    }

    /// The record of a run. One whose process ended without a word is [`RunOutcome::Interrupted`].
    ///
    /// # Errors
    /// When there is no such run, or its record cannot be read.
    pub fn load(&self, id: &str) -> Result<RunRecord, Failure> {
        let folder = self.folder(id);
        let none =
            |reason: &dyn std::fmt::Display| Failure(format!("there is no record of a run `{id}`: {reason}"));
        if id.is_empty() || id.contains(['/', '\\']) || id.starts_with('.') {
            return Err(none(&"this is no identifier of a run"));
        }
        if let Ok(capped) = self.system.read_capped(&folder.join(RECORD), LARGEST)
            && let Ok(record) = serde_json::from_slice(&capped.bytes)
        {
            return Ok(record);
        }
        let events = self.system.read_capped(&folder.join(EVENTS), LARGEST).map_err(|error| none(&error))?;
        let (mut record, begun) = read_events(&events.bytes).ok_or_else(|| none(&"it is empty"))?;
        if record.outcome == RunOutcome::Running && self.is_free(&folder) {
            record.interrupt(&begun);
        }
        Ok(record)
    }

    /// Runs that neither ended nor are running, the latest first, among the latest few.
    pub fn interrupted(&self) -> Vec<String> {
        const LOOKED_AT: usize = 5;
        let unended = |id: &String| {
            let folder = self.folder(id);
            self.system.metadata(&folder.join(RECORD)).is_err() && self.is_free(&folder)
        };
        self.list().into_iter().take(LOOKED_AT).filter(unended).collect()
    }

    fn is_free(&self, folder: &Path) -> bool {
        !matches!(files::lock(&folder.join(LOCK), ""), Err(LockError::Held { .. }))
    }

    /// Makes the folder of a new run. Old runs are removed.
    pub(crate) fn begin(&self) -> Result<(String, PathBuf, Lock), Failure> {
        const ATTEMPTS: u32 = 100;
        let failed =
            |error: &dyn std::fmt::Display| Failure(format!("cannot begin the record of a run: {error}"));
        self.system.create_folder(&self.folder).map_err(|error| failed(&error))?;
        files::make_private(&self.folder).map_err(|error| failed(&error))?;
        for old in self.list().into_iter().skip(KEPT) {
            let folder = self.folder(&old);
            if self.is_free(&folder) {
                // What cannot be removed now will be tried again.
                let _ = files::remove_all(&folder);
            }
        }
        let now = self.system.now();
        for attempt in 0..ATTEMPTS {
            let unique = format!("{} {} {attempt}", now.as_nanosecond(), std::process::id());
            let unique = hex(&Sha256::digest(unique));
            let id = format!("{}-{}", now.strftime("%Y%m%d-%H%M%S"), unique.get(..6).unwrap_or_default());
            let folder = self.folder(&id);
            self.system.create_folder(&folder.join(LOGS)).map_err(|error| failed(&error))?;
            match files::lock(&folder.join(LOCK), &format!("process {}", std::process::id())) {
                Ok(lock) if self.system.metadata(&folder.join(EVENTS)).is_err() => {
                    return Ok((id, folder, lock));
                }
                Ok(_) | Err(LockError::Held { .. }) => {}
                Err(LockError::Write(error)) => return Err(failed(&error)),
            }
        }
        Err(failed(&"every name is taken"))
    }
}

/// The record of what was written, and when each step began. A line that was cut off ends it.
fn read_events(bytes: &[u8]) -> Option<(RunRecord, Vec<(String, jiff::Timestamp)>)> {
    let mut lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let read = |line: &[u8]| serde_json::from_slice::<Entry>(line).ok();
    let first = read(lines.next()?)?;
    let Event::RunStarted { run } = first.event else { return None };
    let mut record = RunRecord::begun(*run, first.at);
    let mut begun = Vec::new();
    for entry in lines.map_while(read) {
        if let Event::StepStarted { step, .. } = &entry.event {
            begun.push((step.clone(), entry.at));
        }
        record.add(&entry);
    }
    Some((record, begun))
}

/// Writes down what happens and tells the observer.
pub(crate) struct Journal<'a> {
    system: &'a dyn System,
    observer: &'a dyn Observer,
    pub(crate) id: String,
    pub(crate) folder: PathBuf,
    started: Instant,
    state: Mutex<State>,
    _lock: Lock,
}

struct State {
    file: Appended,
    record: RunRecord,
    broken: Option<Failure>,
}

impl<'a> Journal<'a> {
    pub(crate) fn begin(
        runs: &Runs<'a>,
        observer: &'a dyn Observer,
        head: impl FnOnce(String) -> RunHead,
    ) -> Result<Self, Failure> {
        let (id, folder, lock) = runs.begin()?;
        let failed = |error| Failure(format!("cannot begin the record of a run: {error}"));
        let file = files::open_append(&folder.join(EVENTS)).map_err(failed)?;
        let head = head(id.clone());
        let record = RunRecord::begun(head.clone(), runs.system.now());
        let state = Mutex::new(State { file, record, broken: None });
        let started = Instant::now();
        let journal = Self { system: runs.system, observer, id, folder, started, state, _lock: lock };
        journal.tell(Event::RunStarted { run: Box::new(head) });
        Ok(journal)
    }

    /// Writes down an event and tells the observer.
    pub(crate) fn tell(&self, event: Event) {
        let elapsed_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let entry = Entry { at: self.system.now(), elapsed_ms, event };
        if !matches!(entry.event, Event::Output { .. }) {
            let mut state = self.state();
            state.record.add(&entry);
            let written =
                serde_json::to_vec(&entry).map_err(|error| error.to_string()).and_then(|mut line| {
                    line.push(b'\n');
                    state.file.write_all(&line).map_err(|error| error.to_string())
                });
            if let Err(error) = written {
                let place = self.folder.join(EVENTS);
                let failure = Failure(format!("cannot write the record {}: {error}", place.display()));
                state.broken.get_or_insert(failure);
            }
        }
        self.observer.event(&entry);
    }

    pub(crate) fn note(&self, source: Option<&str>, text: String) {
        self.tell(Event::Note { source: source.map(str::to_owned), text });
    }

    /// Why the record is not whole; `None` while it is.
    pub(crate) fn broken(&self) -> Option<Failure> {
        self.state().broken.clone()
    }

    /// What happened so far.
    pub(crate) fn record(&self) -> RunRecord {
        self.state().record.clone()
    }

    /// The file for the output of a step's attempt, from the folder of the run.
    pub(crate) fn log_name(step: &str, attempt: u32) -> String {
        format!("{LOGS}/{step}-{attempt}.log")
    }

    /// Ends the record. It is on the disk when this returns.
    pub(crate) fn end(self, outcome: RunOutcome, reason: Option<String>) -> RunRecord {
        self.tell(Event::RunEnded { outcome, reason });
        let mut state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(broken) = &state.broken {
            state.record.outcome = RunOutcome::Failed;
            state.record.reason = Some(broken.0.clone());
        }
        if let Ok(bytes) = serde_json::to_vec_pretty(&state.record) {
            // The events say the same.
            let _ = self.system.write_atomic(&self.folder.join(RECORD), &bytes);
        }
        state.record
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
