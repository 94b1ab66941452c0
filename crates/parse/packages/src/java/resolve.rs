use std::collections::HashSet;

use andon_model::{Region, Relation};

use super::{
    PomDependency, PomFacts,
    coordinates::{self, Version, is_id, shown},
    managed::{Key, Library, View, key},
    properties::{Budget, Lineage},
    unpinned::{Reason, Unpinned},
    workspace::{Ancestry, Workspace},
};
use crate::{Package, Problem, Source};

/// The work that one call may do: a few seconds. Honest projects of a thousand modules need a hundredth of it.
const BUDGET: u64 = 20_000_000;
/// What an inherited dependency costs of it, so that a few files cannot inherit without end.
const INHERITED: u64 = 64;

/// Puts projects together: for every `pom.xml`, by its position, the dependencies that it has itself or inherits, with
/// the versions that its properties, its parents and the imports of `dependencyManagement` give them, as far as these
/// are among the files. Paths are relative to one root, `/` between components. Follows Maven's model builder: parents
/// by `relativePath` or by coordinates, then properties, then management; no plugins, no transitive dependencies.
///
/// A dependency whose version is not told by the files at hand has none in its package URL; a range is its
/// requirement. The problems say which parent, import or property is missing. What is inherited has the place of the
/// `parent` element. Dependencies on another of the projects are [`Source::Local`].
pub fn resolve(poms: &[(&str, &PomFacts)]) -> Vec<(usize, Vec<Package>, Vec<Problem>)> {
    within(poms, BUDGET)
}

pub(super) fn within(poms: &[(&str, &PomFacts)], budget: u64) -> Vec<(usize, Vec<Package>, Vec<Problem>)> {
    let workspace = Workspace::new(poms, Budget::new(budget));
    let mut library = Library::default();
    (0..poms.len())
        .map(|index| {
            let lineage = workspace.lineage(index);
            let mut project = Resolving {
                workspace: &workspace,
                index,
                lineage: &lineage,
                view: library.view(&workspace, index, &lineage),
                packages: Vec::new(),
                problems: Vec::new(),
                unpinned: Unpinned::default(),
            };
            project.run();
            (index, project.packages, project.problems)
        })
        .collect()
}

struct Resolving<'r, 'a> {
    workspace: &'r Workspace<'a>,
    index: usize,
    lineage: &'r Lineage<'a>,
    view: View<'r, 'a>,
    packages: Vec<Package>,
    problems: Vec<Problem>,
    unpinned: Unpinned,
}

impl<'a> Resolving<'_, 'a> {
    fn run(&mut self) {
        let Some(&own) = self.lineage.levels.first() else { return };
        let parent = own.parent.as_ref().and_then(|parent| parent.region);
        if let Some(ancestry) = self.workspace.ancestry(self.index) {
            self.problems.extend(missing_parent(ancestry, parent));
        }
        let mut seen = HashSet::new();
        let lineage = self.lineage;
        for (generation, level) in lineage.levels.iter().enumerate() {
            for entry in declared(level) {
                if !self.workspace.budget.take(if generation == 0 { 1 } else { INHERITED }) {
                    self.problems.push(overworked());
                    self.report(parent);
                    return;
                }
                let region = if generation == 0 { entry.region } else { parent };
                self.dependency(entry, region, &mut seen);
            }
        }
        self.report(parent);
    }

    fn report(&mut self, parent: Option<Region>) {
        self.problems.extend(self.unpinned.problems(&self.view.missing, parent));
    }

    fn dependency(&mut self, entry: &'a PomDependency, region: Option<Region>, seen: &mut HashSet<Key>) {
        let budget = &self.workspace.budget;
        let key =
            key(entry, self.lineage, budget).filter(|(group, artifact, ..)| is_id(group) && is_id(artifact));
        let Some(key) = key else {
            self.unpinned.add(Reason::Name, &entry.group, &entry.artifact, region);
            return;
        };
        // A child's declaration takes the place of its parent's.
        if seen.contains(&key) {
            return;
        }
        let package = self.package(entry, &key, region);
        seen.insert(key);
        self.packages.push(package);
    }

    fn package(&mut self, entry: &PomDependency, key: &Key, region: Option<Region>) -> Package {
        let (group, artifact, kind, classifier) = key;
        let budget = &self.workspace.budget;
        let managed =
            if entry.version.is_none() || entry.scope.is_none() { self.view.get(key) } else { None };
        let expand = |text: &String| self.lineage.expand(text, budget).map(|text| text.into_owned());
        let version = entry.version.as_ref().map(expand);
        let version = version.or_else(|| managed.as_ref().and_then(|managed| managed.version.clone()));
        let scope = entry.scope.as_ref().and_then(|scope| expand(scope).ok());
        let scope = scope.or_else(|| managed.and_then(|managed| managed.scope));
        let optional = entry.optional.as_ref().is_some_and(|text| expand(text).as_deref() == Ok("true"));

        let mut purl = coordinates::maven(group, artifact);
        if kind != "jar" {
            purl = purl.with_qualifier("type", kind);
        }
        if !classifier.is_empty() {
            purl = purl.with_qualifier("classifier", classifier);
        }
        let mut package = Package::new(purl);
        package.scope = coordinates::scope(scope.as_deref().unwrap_or("compile"), optional);
        package.relation = Relation::Direct;
        package.region = region;
        let told =
            version.as_ref().and_then(|version| version.as_deref().ok()).filter(|text| !text.is_empty());
        package.source = self.source(group, artifact, told, entry, scope.as_deref());
        match told.map(Version::read) {
            Some(Some(Version::Pinned(version))) => package.purl = package.purl.with_version(&version),
            Some(Some(Version::Open(range))) => package.requirement = Some(range),
            Some(None) => self.unpinned.add(Reason::Version, group, artifact, region),
            None if matches!(package.source, Source::Local(_)) => {}
            None => {
                let unknown = version.and_then(Result::err);
                let reason = unknown.map_or(Reason::Unmanaged, Reason::Unknown);
                self.unpinned.add(reason, group, artifact, region);
            }
        }
        package
    }

    fn source(
        &self,
        group: &str,
        artifact: &str,
        version: Option<&str>,
        entry: &PomDependency,
        scope: Option<&str>,
    ) -> Source {
        if scope == Some("system") {
            return Source::Local(entry.system_path.clone().unwrap_or_default());
        }
        let project = self.workspace.find(group, artifact, version);
        project.map_or(Source::Registry, |project| Source::Local(self.workspace.folder(project)))
    }
}

/// What one file declares, what its active profiles add first.
fn declared(facts: &PomFacts) -> impl Iterator<Item = &PomDependency> {
    let of_profiles = facts.active_profiles().flat_map(|profile| profile.dependencies.iter().rev());
    // Within a list the last of two equal ones counts; the order of the file is kept by those that are unique.
    of_profiles.chain(last_of_each(&facts.dependencies))
}

/// The entries of a list, without those that a later one of the same words replaces.
fn last_of_each(entries: &[PomDependency]) -> impl Iterator<Item = &PomDependency> {
    let mut last = std::collections::HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        last.insert((&entry.group, &entry.artifact, &entry.kind, &entry.classifier), index);
    }
    entries.iter().enumerate().filter_map(move |(index, entry)| {
        let key = (&entry.group, &entry.artifact, &entry.kind, &entry.classifier);
        (last.get(&key) == Some(&index)).then_some(entry)
    })
}

/// Said once, by the project that names the parent; those below have their own dependencies.
fn missing_parent(ancestry: &Ancestry<'_>, region: Option<Region>) -> Option<Problem> {
    if ancestry.endless {
        let detail = "its parents inherit from each other, or are more than 32: correct the parent elements";
        return Some(Problem { detail: detail.to_owned(), region });
    }
    let parent = ancestry.missing.filter(|_| ancestry.members.len() == 1)?;
    let detail = format!(
        "the parent {}:{}:{} is not among the files, so what it adds is not listed: scan what the build makes too, or \
         an SBOM of it",
        shown(&parent.group),
        shown(&parent.artifact),
        shown(&parent.version)
    );
    Some(Problem { detail, region })
}

fn overworked() -> Problem {
    let detail = "these projects inherit more from each other than is read: scan their folders one by one";
    Problem { detail: detail.to_owned(), region: None }
}
