//! A project made of this repository's own source files, with credentials planted in it. Every line knows what was
//! planted in it, so that the truth about identities is known after any change.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::plant;
use crate::random::Random;

/// Where planted credentials are: path and 1-based line; line 0 for a file that is one itself.
pub(super) type Truth = BTreeMap<(String, u32), usize>;

#[derive(Clone)]
pub(super) struct Project {
    pub(super) files: Vec<File>,
    /// What each credential was made from.
    pub(super) templates: Vec<&'static str>,
}

#[derive(Clone)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) lines: Vec<Line>,
    pub(super) crlf: bool,
    /// The file is a credential by its name.
    pub(super) planted: Option<usize>,
}

#[derive(Clone)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) planted: Option<usize>,
    /// The identifier on the line of a credential that people may rename.
    pub(super) name: Option<String>,
}

impl Project {
    /// Source files of this repository with credentials planted in them.
    pub(super) fn planted(random: &mut Random) -> Self {
        let mut project = Self { files: sources(), templates: Vec::new() };
        plant::plant(&mut project, random);
        project
    }

    pub(super) fn truth(&self) -> Truth {
        let mut truth = Truth::new();
        for file in &self.files {
            truth.extend(file.planted.map(|id| ((file.path.clone(), 0), id)));
            for (index, line) in file.lines.iter().enumerate() {
                truth.extend(line.planted.map(|id| ((file.path.clone(), index as u32 + 1), id)));
            }
        }
        truth
    }
}

impl File {
    pub(super) fn new(path: &str, text: &str) -> Self {
        let lines = text.lines().map(Line::plain).collect();
        Self { path: path.to_owned(), lines, crlf: false, planted: None }
    }

    pub(super) fn text(&self) -> String {
        let end = if self.crlf { "\r\n" } else { "\n" };
        self.lines.iter().flat_map(|line| [line.text.as_str(), end]).collect()
    }

    /// A place for new lines that is not inside a credential of several lines.
    pub(super) fn gap(&self, random: &mut Random) -> usize {
        loop {
            let at = random.below(self.lines.len() + 1);
            let before = at.checked_sub(1).and_then(|before| self.lines.get(before));
            let inside = before
                .zip(self.lines.get(at))
                .is_some_and(|(a, b)| a.planted.is_some() && a.planted == b.planted);
            if !inside {
                return at;
            }
        }
    }

    /// The words of the file that may be names, sorted.
    pub(super) fn identifiers(&self) -> Vec<String> {
        let plain = self.lines.iter().filter(|line| line.planted.is_none());
        let words = plain.flat_map(|line| line.text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
        let name = |word: &&str| {
            (4..=20).contains(&word.len()) && word.starts_with(|c: char| c.is_ascii_lowercase())
        };
        words.filter(name).map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

impl Line {
    pub(super) fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), planted: None, name: None }
    }
}

/// The sources of the crates and their manifests, at their own paths.
fn sources() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let mut paths = Vec::new();
    walk(&root.join("crates"), &mut paths);
    paths.sort();
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(&root).ok()?.to_str()?.replace('\\', "/");
        let text = text_of(path)?;
        let fits = (8..400).contains(&text.lines().count()) && !name.contains("test");
        fits.then(|| File::new(&name, &text))
    };
    let files: Vec<File> = paths.iter().filter_map(read).collect();
    let stride = files.len().div_ceil(48).max(1);
    let chosen: Vec<File> = files.into_iter().step_by(stride).collect();
    assert!(chosen.len() >= 20, "too few sources: {}", chosen.len());
    chosen
}

#[expect(clippy::disallowed_methods, reason = "the test reads this repository's sources")]
fn text_of(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok()
}

#[expect(clippy::disallowed_methods, reason = "the test reads this repository's sources")]
fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, found);
        } else if path
            .extension()
            .is_some_and(|end| end == "rs" || end == "toml" || end == "yaml" || end == "md")
        {
            found.push(path);
        }
    }
}
