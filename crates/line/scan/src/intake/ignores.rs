use std::borrow::Cow;
use std::path::Path;
use std::rc::Rc;

use andon_system::{System, paths};
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::IntakeError;

/// The ignore files that apply in a folder, nearest first: gitignore(5) without the user's own `core.excludesFile`,
/// so that the same tree is listed on every machine.
#[derive(Clone, Default)]
pub(super) struct Ignores(Option<Rc<Layer>>);

/// The patterns of one file.
struct Layer {
    patterns: Gitignore,
    /// Length of the folder's path, with its last `/`: the patterns see what comes after.
    base: usize,
    /// Bytes of this file and those above.
    bytes: usize,
    above: Ignores,
}

/// Larger ignore files (bytes, with those above them) are not believed: a compiled pattern takes some five hundred
/// times its size.
const LARGEST: usize = 256 * 1024;

impl Ignores {
    /// With the patterns of one more file, which belongs to the folder whose path (bytes, from the working tree's
    /// root, ending in `/` unless empty) is `folder`. A missing or unreadable file ignores nothing, nor does a
    /// pattern that is none: more is examined then, not less.
    pub(super) fn with(&self, system: &dyn System, file: &Path, folder: &[u8]) -> Self {
        let above = self.0.as_ref().map_or(0, |layer| layer.bytes);
        let limit = u64::try_from(LARGEST.saturating_sub(above)).unwrap_or(0);
        let Ok(content) = system.read_capped(file, limit) else { return self.clone() };
        let text = String::from_utf8_lossy(&content.bytes);
        let mut builder = GitignoreBuilder::new("");
        for line in text.trim_start_matches('\u{feff}').lines() {
            let _ = builder.add_line(None, &without_braces(line));
        }
        match builder.build() {
            Ok(patterns) if !patterns.is_empty() => {
                let bytes = above.saturating_add(content.bytes.len());
                Self(Some(Rc::new(Layer { patterns, base: folder.len(), bytes, above: self.clone() })))
            }
            _ => self.clone(),
        }
    }

    /// Whether the path (bytes, from the working tree's root) is ignored, its folders not being.
    pub(super) fn ignores(&self, path: &[u8], is_folder: bool) -> bool {
        let mut next = self;
        while let Some(layer) = &next.0 {
            let rest = machine_path(path.get(layer.base..).unwrap_or_default());
            let verdict = layer.patterns.matched(&rest, is_folder);
            if !verdict.is_none() {
                return verdict.is_ignore();
            }
            next = &layer.above;
        }
        false
    }
}

/// Git knows no `{a,b}`, the matcher does. Inside of `[…]` a brace is a brace for both.
fn without_braces(pattern: &str) -> Cow<'_, str> {
    if pattern.contains(['{', '}']) && !pattern.contains('[') {
        pattern.replace('{', "[{]").replace('}', "[}]").into()
    } else {
        pattern.into()
    }
}

/// The user's own patterns of what to leave out.
pub(super) struct Excludes(Gitignore);

impl Excludes {
    pub(super) fn new(patterns: &[String]) -> Result<Self, IntakeError> {
        let mut builder = GitignoreBuilder::new("");
        let failed = |pattern: &str, error: ignore::Error| IntakeError::Pattern {
            pattern: pattern.to_owned(),
            detail: error.to_string(),
        };
        for pattern in patterns {
            builder.add_line(None, pattern).map_err(|error| failed(pattern, error))?;
        }
        builder.build().map(Self).map_err(|error| failed(&patterns.join(", "), error))
    }

    /// Whether a report path is left out, its folders not being.
    pub(super) fn excludes(&self, path: &str, is_folder: bool) -> bool {
        !self.0.is_empty() && self.0.matched(paths::to_path(path), is_folder).is_ignore()
    }

    /// Whether a report path or one of its folders is left out.
    pub(super) fn excludes_within(&self, path: &str) -> bool {
        let folders = path.match_indices('/').filter_map(|(end, _)| path.get(..end));
        !self.0.is_empty()
            && (self.excludes(path, false) || folders.into_iter().any(|folder| self.excludes(folder, true)))
    }
}

#[cfg(unix)]
fn machine_path(bytes: &[u8]) -> Cow<'_, Path> {
    use std::os::unix::ffi::OsStrExt;
    Path::new(std::ffi::OsStr::from_bytes(bytes)).into()
}

#[cfg(not(unix))]
fn machine_path(bytes: &[u8]) -> Cow<'_, Path> {
    std::path::PathBuf::from(String::from_utf8_lossy(bytes).into_owned()).into()
}
