use andon_network::Client;
use andon_system::{OsSystem, System, WriteError, files};
use jiff::{SignedDuration, Timestamp};

use crate::archive;
use crate::changes;
use crate::modified::Changes;
use crate::outcome::{Ecosystem, How};
use crate::source::{FetchError, Item, Source};
use crate::store::{Kept, State, Store};
use crate::update::Progress;

/// After so long the whole dump is looked at again, in case a list of changes left something out.
const WHOLE_AGAIN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What bringing data up to date needs.
pub(crate) struct Context<'a> {
    pub(crate) source: &'a Source,
    pub(crate) origin: &'a str,
    /// Whether it is one that the user named, which need not have everything.
    pub(crate) mirror: bool,
    pub(crate) client: Option<&'a Client>,
    pub(crate) store: &'a Store,
    pub(crate) now: Timestamp,
    pub(crate) progress: &'a (dyn Fn(Progress<'_>) + Sync),
}

/// Brings an ecosystem's dump up to date. Whatever goes wrong, the data from before stay; `Err` only when the source
/// cannot be reached or nothing can be written, so that the next ecosystem is not worth a try.
pub(crate) fn refresh(context: &Context<'_>, name: &str, wanted: bool) -> Result<Ecosystem, FetchError> {
    let kept = context.store.ecosystem(name);
    kept.create()?;
    let state = kept.state();
    let mut outcome = Ecosystem::new(name, How::Unchanged);
    let done = match (fresh(context, state.as_ref()), context.client) {
        (Some((state, position)), Some(client)) => {
            match changes::list(context.source, client, name, position) {
                Ok(Changes::Few { ids, newest }) => {
                    some(context, client, &kept, state, &ids, newest, &mut outcome)
                }
                Ok(Changes::Many) => whole(context, &kept, Some(state), &mut outcome),
                Err(error) => Err(error),
            }
        }
        _ => whole(context, &kept, state.as_ref(), &mut outcome),
    };
    let Err(error) = done else { return Ok(outcome) };
    outcome.how = if state.is_some() { How::Kept } else { How::Missing };
    if !error.is_missing() {
        outcome.problem = Some(error.to_string());
    } else if wanted || state.is_some() {
        outcome.problem = Some(format!("{} has no dump of it", context.origin));
    }
    if error.is_unreachable() || matches!(error, FetchError::Write(_)) { Err(error) } else { Ok(outcome) }
}

/// Data of the same source that were whole not long ago, and up to which moment.
fn fresh<'a>(context: &Context<'_>, state: Option<&'a State>) -> Option<(&'a State, Timestamp)> {
    let state = state.filter(|state| state.origin == context.origin)?;
    let age = context.now.duration_since(state.whole);
    let young = !age.is_negative() && age < WHOLE_AGAIN;
    young.then_some(state).and_then(|state| Some((state, state.position?)))
}

/// Fetches the records that changed.
fn some(
    context: &Context<'_>,
    client: &Client,
    kept: &Kept,
    state: &State,
    ids: &[String],
    newest: Option<Timestamp>,
    outcome: &mut Ecosystem,
) -> Result<(), FetchError> {
    let what = format!("{}: changed records", outcome.name);
    let progress = |done, total| (context.progress)(Progress { what: &what, done, total });
    if !ids.is_empty() {
        context.store.mark_stale()?;
    }
    changes::fetch(context.source, client, kept, ids, outcome, &progress)?;
    // Nothing changes in the future, whatever a record says.
    let newest = newest.map(|newest| newest.min(context.now)).max(state.position);
    kept.set_state(&State { position: newest, fetched: context.now, ..state.clone() })?;
    let count = u64::try_from(ids.len()).unwrap_or(u64::MAX).saturating_sub(outcome.broken);
    outcome.how = if count == 0 { How::Unchanged } else { How::Changes(count) };
    Ok(())
}

/// Fetches the whole dump, unless it is as before.
fn whole(
    context: &Context<'_>,
    kept: &Kept,
    before: Option<&State>,
    outcome: &mut Ecosystem,
) -> Result<(), FetchError> {
    let item = Item::Dump(&outcome.name);
    let what = format!("{}: all records", outcome.name);
    let progress = |done, total| (context.progress)(Progress { what: &what, done, total });
    let same = before.filter(|state| state.origin == context.origin);
    let known = same.map(State::validators);
    let next = kept.next_dump();
    let fetched =
        context.source.fetch(context.client, item, known.as_ref(), &next, archive::LARGEST, &progress)?;
    let Some(validators) = fetched else {
        if let Some(state) = same {
            kept.set_state(&State { whole: context.now, fetched: context.now, ..state.clone() })?;
        }
        return Ok(());
    };
    if let Err(reason) = usable(&next, before.is_some()) {
        outcome.how = if before.is_some() { How::Kept } else { How::Missing };
        outcome.problem = Some(reason);
        OsSystem.remove_file(&next)?;
        return Ok(());
    }
    context.store.mark_stale()?;
    files::rename(&next, &kept.dump())?;
    clear(kept)?;
    kept.set_state(&State {
        name: outcome.name.clone(),
        origin: context.origin.to_owned(),
        etag: validators.etag,
        last_modified: validators.last_modified,
        whole: context.now,
        fetched: context.now,
        position: None,
    })?;
    outcome.how = How::Whole;
    Ok(())
}

/// Why a dump is not to be put in the place of the one before.
fn usable(dump: &std::path::Path, has_previous: bool) -> Result<(), String> {
    match archive::check(dump) {
        Ok(0) if has_previous => Err("the dump is empty now; the one from before is kept".to_owned()),
        Ok(_) => Ok(()),
        Err(error) if has_previous => Err(format!("{error}; the one from before is kept")),
        Err(error) => Err(error.to_string()),
    }
}

/// Removes the records that the new dump contains.
fn clear(kept: &Kept) -> Result<(), WriteError> {
    kept.all_records().iter().try_for_each(|path| OsSystem.remove_file(path))
}
