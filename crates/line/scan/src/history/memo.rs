//! A history that has not changed need not be looked at again: the whole answer is kept under all that it depends on.

use std::sync::atomic::Ordering;

use andon_model::{Gap, GapKind, SkipReason, Unit};
use gix::ObjectId;
use serde::{Deserialize, Serialize};

use super::objects::Objects;
use super::{HistoryOutcome, HistoryRequest};

/// The parts of an outcome that a whole history has.
#[derive(Serialize, Deserialize)]
struct Kept {
    units: Vec<Vec<Unit>>,
    files: u64,
    bytes: u64,
    skipped: Vec<(SkipReason, u64, u64, String)>,
    gaps: Vec<Gap>,
    commits: u64,
}

const KIND: &str = "history";

/// Digest of all that the answer depends on: the objects that are there, what references them, the engines and limits.
pub(super) fn key(
    request: &HistoryRequest<'_>,
    objects: &Objects,
    tips: &[ObjectId],
    head: Option<ObjectId>,
    shallow: &[ObjectId],
) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"andon history v1");
    hasher.update(request.repository.common_dir().as_os_str().as_encoded_bytes());
    let mut list = |ids: &mut dyn Iterator<Item = ObjectId>| {
        for id in ids {
            hasher.update(&[1]).update(id.as_bytes());
        }
        hasher.update(&[0]);
    };
    list(&mut objects.packs.iter().map(|pack| pack.index.pack_checksum()));
    list(&mut objects.loose.ids.iter().copied());
    list(&mut tips.iter().copied());
    list(&mut head.into_iter());
    list(&mut shallow.iter().copied());
    hasher.update(&request.max_file_size.to_le_bytes()).update(&[u8::from(request.unreachable)]);
    for engine in request.engines {
        let info = engine.info();
        hasher
            .update(&(info.name.len() as u64).to_le_bytes())
            .update(info.name.as_bytes())
            .update(&info.digest);
    }
    *hasher.finalize().as_bytes()
}

/// The answer as it was, with every blob counted as answered from the cache.
pub(super) fn recall(request: &HistoryRequest<'_>, key: &[u8; 32]) -> Option<HistoryOutcome> {
    let bytes = request.store.as_ref()?.get(KIND, key)?;
    let Kept { units, files, bytes, skipped, gaps, commits } = postcard::from_bytes(&bytes).ok()?;
    let fits = units.len() == request.engines.len();
    let outcome =
        HistoryOutcome { units, files, bytes, cached: files, skipped, gaps, commits, ..Default::default() };
    fits.then_some(outcome)
}

/// Keeps an answer, unless it was cut short, or something was damaged: the key does not see a repair.
pub(super) fn keep(request: &HistoryRequest<'_>, key: &[u8; 32], outcome: &HistoryOutcome) {
    let damaged = outcome.gaps.iter().any(|gap| gap.kind == GapKind::Corrupt);
    if damaged || request.interrupted.load(Ordering::Relaxed) {
        return;
    }
    let Some(store) = &request.store else { return };
    let kept = Kept {
        units: outcome.units.clone(),
        files: outcome.files,
        bytes: outcome.bytes,
        skipped: outcome.skipped.clone(),
        gaps: outcome.gaps.clone(),
        commits: outcome.commits,
    };
    if let Ok(bytes) = postcard::to_stdvec(&kept)
        && let Err(error) = store.put(KIND, key, &bytes)
    {
        request.progress.note(&format!("the cache was not written: {error}"));
    }
}
