//! Requirements files that others include (`-r`) or take versions from (`-c`).

use std::collections::{BTreeSet, HashMap, HashSet};

use andon_model::{Gap, GapKind};
use andon_packages::{Format, format_of};

use super::file::{File, Files};

/// More files that constrain one file are not heeded.
const MOST_CONSTRAINTS: usize = 16;

/// What requirements files have to do with each other.
#[derive(Debug, Default)]
pub(crate) struct Includes {
    /// Path of a file -> paths of the files whose versions hold for it.
    constraints: HashMap<String, BTreeSet<String>>,
    /// Files that ask for nothing themselves.
    only_constrain: HashSet<String>,
    /// Path of a file -> paths of those that include it.
    by: HashMap<String, Vec<String>>,
}

impl Includes {
    /// Adds to the files what they include under names that say nothing, and tells what is not there.
    pub(crate) fn resolve(files: &mut Files) -> (Self, Vec<Gap>) {
        let is_one = |file: &File| file.listing.format == Format::Requirements;
        let mut known: HashSet<String> =
            files.present.iter().filter(|file| is_one(file)).map(|file| file.path.clone()).collect();
        let mut links = Links::default();
        let mut gaps = Vec::new();
        let mut at = 0;
        while let Some(file) = files.present.get(at) {
            at += 1;
            if !is_one(file) {
                continue;
            }
            for (path, named) in wanted(file, &file.listing.constraints) {
                links.constrain(file, path, named);
            }
            for (path, named) in wanted(file, &file.listing.includes) {
                if !known.contains(&path) && !files.includable.contains_key(&path) {
                    gaps.push(missing(file, named));
                }
                links.include(file, path);
            }
            for path in links.take_new() {
                if let Some(more) = files.includable.remove(&path)
                    && known.insert(path)
                {
                    files.present.push(more);
                }
            }
        }
        files.present.sort_by(|a, b| a.path.cmp(&b.path));
        (links.finish(), gaps)
    }

    /// The files whose versions hold for one.
    pub(crate) fn constraints(&self, path: &str) -> impl Iterator<Item = &str> {
        self.constraints.get(path).into_iter().flatten().map(String::as_str)
    }

    /// The files that include one.
    pub(crate) fn by(&self, path: &str) -> impl Iterator<Item = &str> {
        self.by.get(path).into_iter().flatten().map(String::as_str)
    }

    /// Whether a file only says which versions are taken of what others ask for.
    pub(crate) fn only_constrains(&self, path: &str) -> bool {
        self.only_constrain.contains(path)
    }
}

/// Which file names which, while they are read.
#[derive(Default)]
struct Links {
    includes: HashMap<String, Vec<String>>,
    constraints: HashMap<String, BTreeSet<String>>,
    included: HashSet<String>,
    constraining: HashSet<String>,
    new: Vec<String>,
}

impl Links {
    fn include(&mut self, by: &File, path: String) {
        self.included.insert(path.clone());
        self.new.push(path.clone());
        self.includes.entry(by.path.clone()).or_default().push(path);
    }

    fn constrain(&mut self, by: &File, path: String, named: &str) {
        // Files that are called requirements ask for what they name, whoever else looks at their versions.
        let name = named.rsplit('/').next().unwrap_or(named);
        if name.contains("constraint") || format_of(&path) != Some(Format::Requirements) {
            self.constraining.insert(path.clone());
        }
        self.new.push(path.clone());
        self.constraints.entry(by.path.clone()).or_default().insert(path);
    }

    fn take_new(&mut self) -> Vec<String> {
        std::mem::take(&mut self.new)
    }

    /// What constrains a file constrains what it includes: pip takes them as one.
    fn finish(mut self) -> Includes {
        let own = self.constraints.iter();
        let mut open: Vec<(String, String)> =
            own.flat_map(|(by, all)| all.iter().map(|path| (by.clone(), path.clone()))).collect();
        open.sort_unstable();
        while let Some((by, constraint)) = open.pop() {
            for inner in self.includes.get(&by).into_iter().flatten() {
                let all = self.constraints.entry(inner.clone()).or_default();
                if all.len() < MOST_CONSTRAINTS && all.insert(constraint.clone()) {
                    open.push((inner.clone(), constraint.clone()));
                }
            }
        }
        let only_constrain = self.constraining.difference(&self.included).cloned().collect();
        let mut by: HashMap<String, Vec<String>> = HashMap::new();
        for (including, included) in self.includes {
            for path in included {
                by.entry(path).or_default().push(including.clone());
            }
        }
        Includes { constraints: self.constraints, only_constrain, by }
    }
}

/// The files that a file names, by their full paths.
fn wanted<'a>(file: &'a File, named: &'a [String]) -> impl Iterator<Item = (String, &'a str)> {
    let is_requirements = |named: &&String| !named.ends_with("pyproject.toml");
    named.iter().filter(is_requirements).map(|named| {
        let path = joined(file.folder(), named).unwrap_or_else(|| named.clone());
        (path, named.as_str())
    })
}

fn missing(file: &File, named: &str) -> Gap {
    let detail = format!(
        "`-r {named}` names a file that was not read as requirements, so that what it asks for is not listed; \
         bring it into the scan, or rename it to end in requirements.txt"
    );
    Gap { kind: GapKind::NotAudited, subject: file.path.clone(), detail }
}

/// A path from a folder; `None` where it leads out of the target.
pub(super) fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    if path.starts_with('/') {
        return None;
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_target() {
        let check = |folder, path, expected: Option<&str>| {
            assert_eq!(joined(folder, path).as_deref(), expected, "{folder} {path}");
        };
        check("", "base.txt", Some("base.txt"));
        check("a/b", "../base.txt", Some("a/base.txt"));
        check("a", "./x/../y.in", Some("a/y.in"));
        check("a", "../../y.in", None);
        check("a", "/etc/y.in", None);
    }
}
