use std::collections::BTreeMap;

use andon_network::{Client, Page, Request, Settings};
use andon_system::{System, files};

use crate::assemble::assemble;
use crate::ecosystem::{self, Context};
use crate::error::UpdateError;
use crate::feed;
use crate::outcome::{Ecosystem, Feed, How, Updated};
use crate::source::{FetchError, Item, Source};
use crate::sources::DEFAULT_ECOSYSTEMS;
use crate::status;
use crate::store::Store;

/// What to update, and from where.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// A folder or an address laid out as OSV's bucket is; `None` for the public data.
    pub from: Option<&'a str>,
    /// The ecosystems, as OSV names them and without a release. None means [`DEFAULT_ECOSYSTEMS`] as far as the source
    /// has them; of a folder, all that it has. Others that are there from earlier are kept as they are.
    pub ecosystems: &'a [String],
    /// How patient to be with the network.
    pub settings: &'a Settings,
    /// Told what is being done.
    pub progress: &'a (dyn Fn(Progress<'_>) + Sync),
}

impl Default for Options<'_> {
    fn default() -> Self {
        static SETTINGS: std::sync::LazyLock<Settings> = std::sync::LazyLock::new(Settings::default);
        Self { from: None, ecosystems: &[], settings: &SETTINGS, progress: &|_| {} }
    }
}

/// How far a part of an update is.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// What is being fetched or done.
    pub what: &'a str,
    /// Bytes or records that are there.
    pub done: u64,
    /// Bytes or records in all, when known.
    pub total: Option<u64>,
}

/// Brings the data of this machine up to date and builds a new index. Readers of the old one are not disturbed. What
/// cannot be fetched is kept as it was and told in the result; see [`Updated::complete`].
///
/// # Errors
/// When there is no update at all: another is running, the folder or an ecosystem's name is wrong, or the disk is full.
/// Everything from before is then still there.
pub fn update(system: &dyn System, options: &Options<'_>) -> Result<Updated, UpdateError> {
    let store = Store::of(system).ok_or(UpdateError::NoFolder)?;
    store.create()?;
    let now = system.now();
    let _lock = files::lock(&store.lock(), &format!("process {}, since {now}", std::process::id()))?;
    let source = Source::of(options.from);
    let client = if source.is_web() { Some(Client::new(system, options.settings.clone())?) } else { None };
    let names = names(&source, client.as_ref(), options)?;
    let origin = source.name();
    let context = Context {
        source: &source,
        origin: &origin,
        mirror: options.from.is_some(),
        client: client.as_ref(),
        store: &store,
        now,
        progress: options.progress,
    };
    let mut updated = fetch(&context, &names, !options.ecosystems.is_empty())?;
    if is_stale(system, &store) {
        (options.progress)(Progress { what: "index", done: 0, total: None });
        assemble(&store, now, &mut updated)?;
        store.unmark_stale()?;
    }
    status::note_checked(system, &store)?;
    Ok(updated)
}

/// Fetches everything. After the first sign that the source cannot be reached, nothing more is asked of it.
fn fetch(context: &Context<'_>, names: &[String], wanted: bool) -> Result<Updated, UpdateError> {
    let mut ecosystems = Vec::new();
    let mut unreachable: Option<String> = None;
    for name in names {
        if let Some(problem) = &unreachable {
            ecosystems.push(not_reached(context, name, problem));
            continue;
        }
        match ecosystem::refresh(context, name, wanted) {
            Ok(outcome) => ecosystems.push(outcome),
            Err(FetchError::Write(error)) => return Err(error.into()),
            Err(error) => {
                ecosystems.push(not_reached(context, name, &error.to_string()));
                unreachable = Some("not tried, since the source cannot be reached".to_owned());
            }
        }
    }
    let feed = |kind| match feed::refresh(context, kind) {
        Ok(feed) => Ok(feed),
        Err(FetchError::Write(error)) => Err(UpdateError::Write(error)),
        Err(error) => Ok(Feed { how: How::Missing, problem: Some(error.to_string()), excused: false }),
    };
    let exploited = feed(feed::Kind::Exploited)?;
    let probabilities = feed(feed::Kind::Probabilities)?;
    Ok(Updated { source: context.origin.to_owned(), ecosystems, exploited, probabilities, built: None })
}

fn not_reached(context: &Context<'_>, name: &str, problem: &str) -> Ecosystem {
    let how = if context.store.ecosystem(name).state().is_some() { How::Kept } else { How::Missing };
    Ecosystem { problem: Some(problem.to_owned()), ..Ecosystem::new(name, how) }
}

/// Whether the index is not what the store would give now.
fn is_stale(system: &dyn System, store: &Store) -> bool {
    if store.is_stale() {
        return true;
    }
    let Ok(Some(opened)) = status::open(system) else { return true };
    let held: Vec<String> = opened.metadata().ecosystems.iter().map(|each| each.name.clone()).collect();
    let kept: Vec<String> = store.ecosystems().into_iter().map(|(state, _)| state.name).collect();
    held != kept
}

fn names(
    source: &Source,
    client: Option<&Client>,
    options: &Options<'_>,
) -> Result<Vec<String>, UpdateError> {
    if let Some(wrong) = options.ecosystems.iter().find(|name| !is_name(name)) {
        return Err(UpdateError::Name(wrong.clone()));
    }
    let names = match (source, client) {
        _ if !options.ecosystems.is_empty() => options.ecosystems.to_vec(),
        (Source::Folder(folder), _) => {
            let names: Vec<_> = Source::list(folder)
                .map_err(UpdateError::Source)?
                .into_iter()
                .filter(|name| is_name(name))
                .collect();
            if names.is_empty() {
                return Err(UpdateError::Empty(folder.display().to_string()));
            }
            names
        }
        (Source::Web(_), client) => offered(source, client),
    };
    // A name twice is an ecosystem once.
    let unique: BTreeMap<String, ()> = names.into_iter().map(|name| (name, ())).collect();
    Ok(unique.into_keys().collect())
}

/// The default ecosystems that a source on the web lists; all of them when it has no list.
fn offered(source: &Source, client: Option<&Client>) -> Vec<String> {
    const LIMIT: u64 = 1 << 20;
    let all = || DEFAULT_ECOSYSTEMS.iter().map(|name| (*name).to_owned()).collect();
    let (Some(client), Some(url)) = (client, source.url(Item::Ecosystems)) else { return all() };
    let Ok(Page::Content { bytes, .. }) = client.fetch(&Request::new(&url), LIMIT) else { return all() };
    let text = String::from_utf8_lossy(&bytes);
    let listed = |name: &&&str| text.lines().any(|line| line.trim() == **name);
    DEFAULT_ECOSYSTEMS.iter().filter(listed).map(|name| (*name).to_owned()).collect()
}

/// Whether a text can name an ecosystem: it becomes the name of a folder.
fn is_name(name: &str) -> bool {
    const LONGEST: usize = 60;
    let fine = |letter: char| letter.is_ascii_alphanumeric() || " -_.".contains(letter);
    !name.is_empty()
        && name.len() <= LONGEST
        && name.trim() == name
        && !name.starts_with('.')
        && name.chars().all(fine)
}
