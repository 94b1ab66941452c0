use std::collections::BTreeMap;

use andon_model::{Gap, GapKind, Scope};
use andon_packages::{Format, Package, Source};

use super::family::Family;
use super::file::File;

/// What no file pins, by what has to be done about it.
#[derive(Default)]
pub(super) struct Unpinned {
    /// Kind of manifest and whether a lock file belongs to it -> the manifests.
    manifests: BTreeMap<(Family, bool), Vec<Manifest>>,
    workflows: Vec<Manifest>,
}

struct Manifest {
    path: String,
    names: Vec<String>,
    scopes: Vec<Scope>,
}

/// More examples are not named in one line.
const EXAMPLES: usize = 5;
/// So many manifests have a gap each; more share one.
const ALONE: usize = 3;

impl Unpinned {
    /// Notes what a manifest asks for and nothing pins.
    pub(super) fn add(&mut self, file: &File, own: &[Package], has_lock: bool) {
        let format = file.listing.format;
        // Projects of Maven say themselves which version is open and why.
        if format == Format::Pom {
            return;
        }
        let open: Vec<&Package> = own
            .iter()
            .filter(|package| package.purl.version().is_none() && package.source == Source::Registry)
            // The version of Go is the builder's; `go` in a go.mod is the lowest that will do.
            .filter(|package| format != Format::GoMod || package.purl.name() != "stdlib")
            .collect();
        if open.is_empty() {
            return;
        }
        let workflow = format == Format::Workflow;
        let manifest = Manifest {
            path: file.path.clone(),
            names: open
                .iter()
                .map(|package| if workflow { used(package) } else { package.purl.native_name() })
                .collect(),
            scopes: open.iter().map(|package| package.scope).collect(),
        };
        match workflow {
            true => self.workflows.push(manifest),
            false => self.manifests.entry((Family::of(format), has_lock)).or_default().push(manifest),
        }
    }

    pub(super) fn gaps(self) -> Vec<Gap> {
        let mut gaps: Vec<Gap> = workflows(&self.workflows).into_iter().collect();
        for ((family, has_lock), manifests) in self.manifests {
            match manifests.len() {
                0..=ALONE => {
                    gaps.extend(manifests.iter().filter_map(|manifest| alone(family, has_lock, manifest)));
                }
                _ => gaps.push(together(family, has_lock, &manifests)),
            }
        }
        gaps
    }
}

/// `actions/checkout@v4`.
fn used(package: &Package) -> String {
    match &package.requirement {
        Some(reference) if package.purl.kind() == "docker" => {
            format!("{}:{reference}", package.purl.native_name())
        }
        Some(reference) => format!("{}@{reference}", package.purl.native_name()),
        None => package.purl.native_name(),
    }
}

/// Hardly any repository pins all its actions: one gap for all of them, whatever the number of workflows.
fn workflows(files: &[Manifest]) -> Option<Gap> {
    let mut names: Vec<&str> = files.iter().flat_map(|file| file.names.iter().map(String::as_str)).collect();
    names.sort_unstable();
    names.dedup();
    let count = match names.len() {
        0 => return None,
        1 => "1 action is".to_owned(),
        count => format!("{count} actions are"),
    };
    let detail = format!(
        "{count} named by a branch or a tag that moves, so that nobody can tell what runs ({}); pin each by a full \
         version or by a commit with the version behind it: `@COMMIT # v4.1.2`",
        examples(&names)
    );
    Some(Gap { kind: GapKind::Unpinned, subject: subject(files), detail })
}

fn alone(family: Family, has_lock: bool, manifest: &Manifest) -> Option<Gap> {
    let advice = family.advice();
    let (first, count) = (manifest.names.first()?, manifest.names.len());
    let names = examples(&manifest.names.iter().map(String::as_str).collect::<Vec<_>>());
    let what = requirements(&manifest.scopes);
    let detail = match (has_lock, count) {
        (true, 1) => format!("{first} is not in the lock file, so that its version is open; {advice}"),
        (true, _) => format!("{count} {what} are not in the lock file ({names}); {advice}"),
        (false, 1) => format!("{first} names no exact version, and no lock file knows it; {advice}"),
        (false, _) => {
            format!("{count} {what} name no exact version, and no lock file knows them ({names}); {advice}")
        }
    };
    Some(Gap { kind: GapKind::Unpinned, subject: manifest.path.clone(), detail })
}

fn together(family: Family, has_lock: bool, manifests: &[Manifest]) -> Gap {
    let count: usize = manifests.iter().map(|manifest| manifest.names.len()).sum();
    let subject = subject(manifests);
    let paths = manifests.iter().map(|manifest| {
        let inside = manifest.path.strip_prefix(&subject).and_then(|path| path.strip_prefix('/'));
        inside.unwrap_or(&manifest.path)
    });
    let paths: Vec<&str> = paths.collect();
    let scopes: Vec<Scope> = manifests.iter().flat_map(|manifest| manifest.scopes.iter().copied()).collect();
    let what = requirements(&scopes);
    let how = match has_lock {
        true => "that are not in their lock files",
        false => "without an exact version that no lock file knows",
    };
    let detail = format!(
        "{} manifests have {count} {what} {how} ({}); {}",
        manifests.len(),
        examples(&paths),
        family.advice()
    );
    Gap { kind: GapKind::Unpinned, subject, detail }
}

fn requirements(scopes: &[Scope]) -> &'static str {
    match scopes.first() {
        Some(Scope::Development) if scopes.iter().all(|scope| *scope == Scope::Development) => {
            "requirements for development"
        }
        Some(Scope::Optional) if scopes.iter().all(|scope| *scope == Scope::Optional) => {
            "optional requirements"
        }
        _ => "requirements",
    }
}

fn examples(names: &[&str]) -> String {
    let more = names.len().saturating_sub(EXAMPLES);
    let named = names.get(..EXAMPLES).unwrap_or(names).join(", ");
    if more > 0 { format!("{named} and {more} more") } else { named }
}

/// The file, or the folder that all of them are in.
fn subject(files: &[Manifest]) -> String {
    let Some((first, others)) = files.split_first() else { return String::new() };
    if others.is_empty() {
        return first.path.clone();
    }
    let mut folder = first.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_in =
        |path: &str, folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    while !folder.is_empty() && !others.iter().all(|other| is_in(&other.path, folder)) {
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
    if folder.is_empty() { ".".to_owned() } else { folder.to_owned() }
}
