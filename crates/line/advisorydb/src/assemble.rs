use std::io::{BufWriter, Write};

use andon_advisories::osv::ProblemKind;
use andon_advisories::{BuildError, Builder, Built, Index};
use andon_mapped::Mapped;
use andon_system::files::{self, Scratch};
use andon_system::{OsSystem, System, WriteError};
use jiff::Timestamp;

use crate::archive::{self, ArchiveError};
use crate::error::UpdateError;
use crate::feed;
use crate::outcome::{Ecosystem, How, Updated};
use crate::store::{Kept, State, Store};

/// Builds the index of everything in the store and puts it in the place of the old one, which stays until then.
/// What cannot be read is told in `updated`.
pub(crate) fn assemble(store: &Store, now: Timestamp, updated: &mut Updated) -> Result<(), UpdateError> {
    let mut builder = Builder::new(files::scratch(&store.spool())?);
    for (state, kept) in store.ecosystems() {
        let mut outcome = take_outcome(updated, &state.name);
        match add(&mut builder, &state, &kept, &mut outcome) {
            Err(AddError::Build(error)) => return Err(error.into()),
            Err(AddError::Archive(error)) => {
                outcome.how = How::Missing;
                outcome.problem = Some(format!("{error}; it was thrown away, update again"));
                kept.forget()?;
            }
            Ok(()) => {}
        }
        updated.ecosystems.push(outcome);
    }
    updated.ecosystems.sort_by(|one, other| one.name.cmp(&other.name));
    for (kind, outcome) in [
        (feed::Kind::Exploited, &mut updated.exploited),
        (feed::Kind::Probabilities, &mut updated.probabilities),
    ] {
        let path = store.feed(kind.file());
        if OsSystem.metadata(&path).is_err() {
            continue;
        }
        if let Err(reason) = kind.read(&path, &mut builder) {
            (outcome.how, outcome.problem) = (How::Kept, Some(reason));
        }
    }
    let built = write(store, builder, now)?;
    remember(store, &built, now)?;
    updated.built = Some(built);
    Ok(())
}

/// The outcome of an ecosystem; one that was not asked for gets one.
fn take_outcome(updated: &mut Updated, name: &str) -> Ecosystem {
    let at = updated.ecosystems.iter().position(|each| each.name == name);
    at.map_or_else(|| Ecosystem::new(name, How::Unchanged), |at| updated.ecosystems.remove(at))
}

#[derive(Debug)]
enum AddError {
    Build(BuildError),
    Archive(ArchiveError),
}

impl From<ArchiveError> for AddError {
    fn from(error: ArchiveError) -> Self {
        Self::Archive(error)
    }
}

/// Adds the records of the dump, then those that changed since.
fn add(
    builder: &mut Builder<Scratch>,
    state: &State,
    kept: &Kept,
    outcome: &mut Ecosystem,
) -> Result<(), AddError> {
    builder.declare(&state.name, &state.fetched.to_string());
    archive::each::<AddError>(&kept.dump(), &mut |name, content| {
        add_record(builder, &state.name, name, content, outcome)
    })?;
    for path in kept.records() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let content = OsSystem.read_capped(&path, archive::LARGEST_RECORD);
        let content = content.map_err(|error| error.problem.to_string());
        let content = content.as_ref().map(|content| content.bytes.as_slice()).map_err(Clone::clone);
        add_record(builder, &state.name, &name, content, outcome)?;
    }
    Ok(())
}

fn add_record(
    builder: &mut Builder<Scratch>,
    ecosystem: &str,
    name: &str,
    content: archive::Content<'_>,
    outcome: &mut Ecosystem,
) -> Result<(), AddError> {
    let content = match content {
        Ok(content) => content,
        Err(reason) => {
            outcome.broken(name, &reason);
            return Ok(());
        }
    };
    let problems = builder.add_json(ecosystem, content).map_err(AddError::Build)?;
    if let Some(problem) = problems.first() {
        let unusable = matches!(problem.kind, ProblemKind::NoJson | ProblemKind::NoId);
        let count = if unusable { Ecosystem::broken } else { Ecosystem::partial };
        count(outcome, name, &problem.to_string());
    }
    Ok(())
}

/// Writes the index beside, opens it to see that it can be, and renames it.
fn write(store: &Store, builder: Builder<Scratch>, now: Timestamp) -> Result<Built, UpdateError> {
    const BUFFER: usize = 1 << 20;
    let next = store.next_index();
    let failed = |error| WriteError::of(&next, error);
    let mut file = files::open_append(&next)?;
    file.clear().map_err(failed)?;
    let mut writer = BufWriter::with_capacity(BUFFER, file);
    let built = builder.finish(&mut writer, &now.to_string())?;
    writer.flush().map_err(failed)?;
    let mut file = writer.into_inner().map_err(|error| failed(error.into_error()))?;
    file.sync().map_err(failed)?;
    drop(file);
    let unusable = |error: String| UpdateError::Index(error);
    let map = Mapped::open(&next).map_err(|error| unusable(error.to_string()))?;
    let digest = Index::open(&map).map_err(|error| unusable(error.to_string()))?.digest();
    if digest != built.digest {
        return Err(unusable("its digest is wrong".to_owned()));
    }
    drop(map);
    files::rename(&next, &store.index())?;
    Ok(built)
}

/// Notes up to which moment the changes of each dump are known, now that it has been read.
fn remember(store: &Store, built: &Built, now: Timestamp) -> Result<(), WriteError> {
    for (state, kept) in store.ecosystems() {
        let found = built.metadata.ecosystems.iter().find(|each| each.name == state.name);
        let newest: Option<Timestamp> = found.and_then(|each| each.newest.parse().ok());
        if let (None, Some(newest)) = (state.position, newest) {
            kept.set_state(&State { position: Some(newest.min(now)), ..state })?;
        }
    }
    Ok(())
}
