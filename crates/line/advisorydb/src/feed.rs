use std::io::BufReader;
use std::path::Path;

use andon_advisories::Builder;
use andon_system::{OsSystem, System, files};
use flate2::bufread::MultiGzDecoder;

use crate::ecosystem::Context;
use crate::outcome::{Feed, How};
use crate::source::{FetchError, Item};
use crate::store::{self, State};
use crate::update::Progress;

/// Bytes of the largest list as it is fetched, and unpacked.
const LARGEST: u64 = 64 << 20;
const LARGEST_UNPACKED: u64 = 512 << 20;

/// One of the two lists about vulnerabilities.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Exploited,
    Probabilities,
}

impl Kind {
    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::Exploited => "known_exploited_vulnerabilities.json",
            Self::Probabilities => "epss_scores-current.csv.gz",
        }
    }

    fn item(self) -> Item<'static> {
        match self {
            Self::Exploited => Item::Exploited,
            Self::Probabilities => Item::Probabilities,
        }
    }

    /// Puts a file into an index.
    pub(crate) fn read<S: std::io::Read + std::io::Write + std::io::Seek>(
        self,
        path: &Path,
        builder: &mut Builder<S>,
    ) -> Result<(), String> {
        let failed = |error: andon_advisories::BuildError| error.to_string();
        match self {
            Self::Exploited => {
                let file = OsSystem.read_capped(path, LARGEST).map_err(|error| error.to_string())?;
                builder.kev(&file.bytes).map_err(failed)
            }
            Self::Probabilities => {
                use std::io::Read as _;
                let file = files::open_read(path).map_err(|error| error.to_string())?;
                let unpacked = MultiGzDecoder::new(BufReader::new(file)).take(LARGEST_UNPACKED);
                builder.epss(&mut BufReader::new(unpacked)).map_err(failed)
            }
        }
    }
}

/// Brings a list up to date. Whatever goes wrong, the one from before stays.
pub(crate) fn refresh(context: &Context<'_>, kind: Kind) -> Result<Feed, FetchError> {
    let path = context.store.feed(kind.file());
    let note = context.store.feed_state(kind.file());
    let before = store::read_state(&note).filter(|_| OsSystem.metadata(&path).is_ok());
    let same = before.as_ref().filter(|state| state.origin == context.origin);
    let known = same.map(State::validators);
    let mut next = path.clone();
    next.set_extension("next");
    let progress = |done, total| (context.progress)(Progress { what: kind.file(), done, total });
    let kept = |problem: String| Feed {
        how: if before.is_some() { How::Kept } else { How::Missing },
        problem: Some(problem),
        excused: false,
    };
    let fetched =
        context.source.fetch(context.client, kind.item(), known.as_ref(), &next, LARGEST, &progress);
    let validators = match fetched {
        Ok(Some(validators)) => validators,
        Ok(None) => {
            if let Some(state) = same {
                store::write_state(
                    &note,
                    &State { fetched: context.now, whole: context.now, ..state.clone() },
                )?;
            }
            return Ok(Feed { how: How::Unchanged, problem: None, excused: false });
        }
        Err(error) if error.is_missing() => return Ok(missing(context, before.is_some())),
        Err(FetchError::Write(error)) => return Err(error.into()),
        Err(error) => return Ok(kept(error.to_string())),
    };
    if let Err(reason) = kind.read(&next, &mut Builder::in_memory()) {
        OsSystem.remove_file(&next)?;
        return Ok(kept(reason));
    }
    context.store.mark_stale()?;
    files::rename(&next, &path)?;
    let state = State {
        name: kind.file().to_owned(),
        origin: context.origin.to_owned(),
        etag: validators.etag,
        last_modified: validators.last_modified,
        whole: context.now,
        fetched: context.now,
        position: None,
    };
    store::write_state(&note, &state)?;
    Ok(Feed { how: How::Whole, problem: None, excused: false })
}

/// A mirror need not have the lists; the data of another source then serve on, and it is said.
fn missing(context: &Context<'_>, has_previous: bool) -> Feed {
    let (how, rest) = match has_previous {
        true => (How::Unchanged, "; the one from before is still used"),
        false => (How::Missing, ""),
    };
    let problem = Some(format!("{} does not have it{rest}", context.origin));
    Feed { how, problem, excused: context.mirror }
}
