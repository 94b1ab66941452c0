use std::io::BufReader;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use andon_network::{Client, NetworkError, Page, Problem, Request};
use andon_system::atomic;
use jiff::Timestamp;
use serde::Deserialize;

use crate::archive::LARGEST_RECORD;
use crate::modified::{self, Changes};
use crate::outcome::Ecosystem;
use crate::source::{FetchError, Item, Source};
use crate::store::Kept;

/// More changed records than these are not worth fetching one by one.
const MOST: usize = 2000;
/// Records that are fetched at the same time.
const AT_ONCE: usize = 8;
/// Bytes of the longest list of changes that is read.
const LARGEST_LIST: u64 = 256 << 20;

/// Asks what changed since `position`. A source without such a list, or with a broken one, has changed much.
pub(crate) fn list(
    source: &Source,
    client: &Client,
    ecosystem: &str,
    position: Timestamp,
) -> Result<Changes, FetchError> {
    let Some(url) = source.url(Item::Changes(ecosystem)) else { return Ok(Changes::Many) };
    let response = match client.open(&Request::new(&url), LARGEST_LIST) {
        Err(NetworkError { problem: Problem::NotFound(_), .. }) => return Ok(Changes::Many),
        response => response?,
    };
    Ok(modified::since(&mut BufReader::new(response), position, MOST).unwrap_or(Changes::Many))
}

/// Fetches records one by one into the folder of changes. Those that the source does not have any more, or that are not
/// what they should be, are told in `outcome`.
pub(crate) fn fetch(
    source: &Source,
    client: &Client,
    kept: &Kept,
    ids: &[String],
    outcome: &mut Ecosystem,
    progress: &(dyn Fn(u64, Option<u64>) + Sync),
) -> Result<(), FetchError> {
    let work = Work {
        source,
        client,
        kept,
        ecosystem: outcome.name.clone(),
        ids,
        next: AtomicUsize::new(0),
        broken: Mutex::default(),
        failed: Mutex::default(),
    };
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(ids.len()) {
            scope.spawn(|| work.run(progress));
        }
    });
    let mut broken = work.broken.into_inner().unwrap_or_else(PoisonError::into_inner);
    broken.sort();
    for (id, reason) in broken {
        outcome.broken(&id, &reason);
    }
    work.failed.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
}

struct Work<'a> {
    source: &'a Source,
    client: &'a Client,
    kept: &'a Kept,
    ecosystem: String,
    ids: &'a [String],
    next: AtomicUsize,
    broken: Mutex<Vec<(String, String)>>,
    failed: Mutex<Option<FetchError>>,
}

impl Work<'_> {
    /// Takes one record after the other until there are none, or somebody failed.
    fn run(&self, progress: &(dyn Fn(u64, Option<u64>) + Sync)) {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(id) = self.ids.get(number) else { return };
            if self.failed.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
                return;
            }
            progress(count(number), Some(count(self.ids.len())));
            match self.one(id) {
                Ok(None) => {}
                Ok(Some(reason)) => {
                    let mut broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
                    broken.push((id.clone(), reason));
                }
                Err(error) => {
                    let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
                    failed.get_or_insert(error);
                    return;
                }
            }
        }
    }

    /// Fetches a record; what is wrong with it, if it is the record's own fault.
    fn one(&self, id: &str) -> Result<Option<String>, FetchError> {
        let Some(url) = self.source.url(Item::Record(&self.ecosystem, id)) else { return Ok(None) };
        let bytes = match self.client.fetch(&Request::new(&url), LARGEST_RECORD) {
            Ok(Page::Content { bytes, .. }) => bytes,
            Ok(Page::Unchanged) => return Ok(None),
            Err(NetworkError { problem: Problem::NotFound(_), .. }) => {
                return Ok(Some("the source names it but does not have it".to_owned()));
            }
            Err(NetworkError { problem: problem @ Problem::TooLarge(_), .. }) => {
                return Ok(Some(problem.to_string()));
            }
            Err(error) => return Err(error.into()),
        };
        match serde_json::from_slice::<Named>(&bytes) {
            Ok(record) if record.id == id => {
                atomic::write(&self.kept.record(id), &bytes)?;
                Ok(None)
            }
            Ok(_) => Ok(Some("it has another id".to_owned())),
            Err(error) => Ok(Some(format!("it is no record: {error}"))),
        }
    }
}

#[derive(Deserialize)]
struct Named {
    id: String,
}
