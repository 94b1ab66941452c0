use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use andon_config::{globs, literal_folder};
use andon_system::{FileKind, System, files, paths};
use globset::GlobSet;
use sha2::{Digest, Sha256};

use super::{Digests, Listed, Listing};
use crate::hash::hex;
use crate::{Failure, OutputFile, OutputKind};

/// The files that a step reads, by path.
#[derive(Clone, Debug)]
pub(crate) struct InputSet {
    /// SHA-256 over kinds, paths and contents, in hexadecimal.
    pub(crate) digest: String,
    pub(crate) files: Arc<Vec<OutputFile>>,
    /// Globs that match nothing.
    pub(crate) idle: Vec<String>,
}

/// The input sets of a run. The workspace is listed once, and steps that declare the same share their set.
pub(crate) struct InputSets<'a> {
    system: &'a dyn System,
    root: &'a Path,
    digests: &'a Digests<'a>,
    /// What steps make, as sorted paths.
    made: &'a [String],
    /// Folders of ours, which may be in the workspace and are no inputs.
    own: Vec<PathBuf>,
    listing: OnceLock<Result<Listing, Failure>>,
    sets: Mutex<HashMap<Option<Vec<String>>, InputSet>>,
}

impl<'a> InputSets<'a> {
    pub(crate) fn new(
        system: &'a dyn System,
        root: &'a Path,
        digests: &'a Digests<'a>,
        made: &'a [String],
        own: &[&Path],
    ) -> Self {
        let own = own.iter().map(|folder| system.canonical(folder).unwrap_or_else(|_| (*folder).to_owned()));
        let own = own.filter(|folder| folder != root).collect();
        Self { system, root, digests, made, own, listing: OnceLock::new(), sets: Mutex::default() }
    }

    /// The files that globs name, or all of them. What steps make is left out: it is counted where it is made.
    pub(crate) fn of(&self, patterns: Option<&[String]>) -> Result<InputSet, Failure> {
        let key = patterns.map(<[String]>::to_vec);
        let known = |sets: &HashMap<_, InputSet>| sets.get(&key).cloned();
        if let Some(set) = known(&self.sets.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(set);
        }
        let listing = self.listing()?;
        let set = match patterns {
            None => self.set(listing.entries.iter(), Vec::new())?,
            Some(patterns) => self.named(listing, patterns)?,
        };
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(sets.entry(key).or_insert(set).clone())
    }

    /// What could not be looked at, for people.
    pub(crate) fn notes(&self) -> Vec<String> {
        match self.listing.get() {
            Some(Ok(listing)) => listing.notes.clone(),
            _ => Vec::new(),
        }
    }

    /// A file of the set that is not any more what it was when the set was made.
    pub(crate) fn changed(&self, set: &InputSet) -> Option<String> {
        let now = |file: &OutputFile| {
            self.digest(&Listed {
                path: file.path.clone(),
                absolute: self.root.join(paths::to_path(&file.path)),
                stamp: self.system.metadata(&self.root.join(paths::to_path(&file.path))).ok()?.stamp,
                link: file.kind == OutputKind::Link,
            })
            .ok()
        };
        set.files.iter().find(|file| now(file).as_ref() != Some(file)).map(|file| file.path.clone())
    }

    fn listing(&self) -> Result<&Listing, Failure> {
        let listing = self.listing.get_or_init(|| Listing::of_workspace(self.system, self.root));
        listing.as_ref().map_err(Clone::clone)
    }

    fn named(&self, listing: &Listing, patterns: &[String]) -> Result<InputSet, Failure> {
        let matcher = matcher(patterns)?;
        let mut found: Vec<Listed> =
            listing.entries.iter().filter(|entry| matcher.is_match(&entry.path)).cloned().collect();
        let mut idle = Vec::new();
        for pattern in patterns {
            let own = self::matcher(std::slice::from_ref(pattern))?;
            if found.iter().any(|entry| own.is_match(&entry.path)) {
                continue;
            }
            // What git ignores is an input where it is named.
            let before = found.len();
            found.extend(self.ignored(pattern)?.into_iter().filter(|entry| own.is_match(&entry.path)));
            let folder = literal_folder(pattern);
            if before == found.len() && !self.made.iter().any(|made| is_at_or_below(folder, made)) {
                idle.push(pattern.clone());
            }
        }
        found.sort_unstable_by(|one, other| one.path.cmp(&other.path));
        found.dedup_by(|one, other| one.path == other.path);
        self.set(found.iter(), idle)
    }

    fn ignored(&self, pattern: &str) -> Result<Vec<Listed>, Failure> {
        let place = literal_folder(pattern);
        let absolute = self.root.join(paths::to_path(place));
        if place.is_empty() {
            return Ok(Vec::new());
        }
        let Ok(found) = self.system.metadata(&absolute) else { return Ok(Vec::new()) };
        let entry =
            |link| Listed { path: place.to_owned(), absolute: absolute.clone(), stamp: found.stamp, link };
        match found.kind {
            FileKind::File => Ok(vec![entry(false)]),
            FileKind::SymbolicLink => Ok(vec![entry(true)]),
            FileKind::Folder => Ok(Listing::of_folder(self.system, self.root, place)?.entries),
            FileKind::Special => Ok(Vec::new()),
        }
    }

    fn set<'e>(
        &self,
        entries: impl Iterator<Item = &'e Listed>,
        idle: Vec<String>,
    ) -> Result<InputSet, Failure> {
        let own = entries.filter(|entry| !self.is_made(&entry.path) && !self.is_own(&entry.absolute));
        let files = own.map(|entry| self.digest(entry)).collect::<Result<Vec<_>, _>>()?;
        Ok(InputSet { digest: set_digest(&files), files: Arc::new(files), idle })
    }

    fn is_made(&self, path: &str) -> bool {
        let is = |path: &str| self.made.binary_search_by(|made| made.as_str().cmp(path)).is_ok();
        is(path) || path.match_indices('/').filter_map(|(end, _)| path.get(..end)).any(is)
    }

    fn is_own(&self, place: &Path) -> bool {
        self.own.iter().any(|folder| place.starts_with(folder))
    }

    fn digest(&self, entry: &Listed) -> Result<OutputFile, Failure> {
        if entry.link {
            return link(&entry.path, &entry.absolute);
        }
        let content = self.digests.content(&entry.path, &entry.absolute, entry.stamp)?;
        let kind = if content.executable { OutputKind::Executable } else { OutputKind::File };
        Ok(OutputFile { path: entry.path.clone(), sha256: hex(&content.sha256), bytes: content.bytes, kind })
    }
}

/// A symbolic link counts by where it leads.
pub(super) fn link(path: &str, absolute: &Path) -> Result<OutputFile, Failure> {
    let target = files::read_link(absolute)
        .map_err(|error| Failure(format!("cannot read the link `{path}`: {error}")))?;
    let (sha256, bytes) = (hex(&Sha256::digest(&target)), target.len() as u64);
    Ok(OutputFile { path: path.to_owned(), sha256, bytes, kind: OutputKind::Link })
}

/// SHA-256 over the kinds, paths and contents of files, in hexadecimal.
pub(crate) fn set_digest(files: &[OutputFile]) -> String {
    let mut hasher = Sha256::new();
    for file in files {
        hasher.update([file.kind as u8]);
        hasher.update((file.path.len() as u64).to_le_bytes());
        hasher.update(file.path.as_bytes());
        hasher.update(file.sha256.as_bytes());
    }
    hex(&hasher.finalize())
}

/// A pattern stands for what it matches, and for everything below that.
fn matcher(patterns: &[String]) -> Result<GlobSet, Failure> {
    let mut all = Vec::with_capacity(patterns.len() * 2);
    for pattern in patterns {
        let pattern = pattern.trim_end_matches('/');
        all.push(pattern.to_owned());
        if !pattern.ends_with("**") {
            all.push(format!("{pattern}/**"));
        }
    }
    globs(&all).map_err(|error| Failure(format!("cannot use the inputs {}: {error}", patterns.join(", "))))
}

fn is_at_or_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
