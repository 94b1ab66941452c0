use std::{collections::HashMap, iter};

use super::{
    PomFacts, PomParent,
    pom::project_file,
    properties::{Budget, Lineage},
};

/// Generations of parents that are followed.
const GENERATIONS: usize = 32;
/// Projects of the same coordinates that are compared.
const NAMESAKES: usize = 16;

/// The projects that are at hand, and how they are found.
pub(super) struct Workspace<'a> {
    pub(super) poms: &'a [(&'a str, &'a PomFacts)],
    pub(super) budget: Budget,
    by_path: HashMap<String, usize>,
    by_name: HashMap<(String, String), Vec<usize>>,
    /// For each project, itself and those it inherits from, and the parent that is not at hand.
    ancestries: Vec<Ancestry<'a>>,
    versions: Vec<Option<String>>,
}

/// A project and those it inherits from, itself first.
#[derive(Default)]
pub(super) struct Ancestry<'a> {
    pub(super) members: Vec<usize>,
    /// The parent that the last of them names and that is not at hand.
    pub(super) missing: Option<&'a PomParent>,
    /// Whether they inherit from each other, or are too many to follow.
    pub(super) endless: bool,
}

impl<'a> Workspace<'a> {
    pub(super) fn new(poms: &'a [(&'a str, &'a PomFacts)], budget: Budget) -> Self {
        let mut workspace = Self {
            poms,
            budget,
            by_path: HashMap::new(),
            by_name: HashMap::new(),
            ancestries: Vec::new(),
            versions: Vec::new(),
        };
        for (index, (path, facts)) in poms.iter().enumerate() {
            workspace.by_path.entry(join("", path)).or_insert(index);
            if let Some((group, artifact, _)) = effective_coordinates(facts) {
                workspace.by_name.entry((group, artifact)).or_default().push(index);
            }
        }
        workspace.versions = poms.iter().map(|(_, facts)| effective_coordinates(facts)?.2).collect();
        // The second time, versions that parents tell are known.
        workspace.find_parents();
        workspace.find_parents();
        workspace
    }

    fn find_parents(&mut self) {
        let all = 0..self.poms.len();
        let parents: Vec<Option<usize>> = all.clone().map(|index| self.parent(index)).collect();
        self.ancestries = all.clone().map(|index| ancestry(self.poms, &parents, index)).collect();
        self.versions = all.map(|index| self.version(index)).collect();
    }

    pub(super) fn facts(&self, index: usize) -> Option<&'a PomFacts> {
        self.poms.get(index).map(|&(_, facts)| facts)
    }

    pub(super) fn ancestry(&self, index: usize) -> Option<&Ancestry<'a>> {
        self.ancestries.get(index)
    }

    pub(super) fn lineage(&self, index: usize) -> Lineage<'a> {
        let members = self.ancestry(index).map(|ancestry| ancestry.members.as_slice()).unwrap_or_default();
        Lineage { levels: members.iter().filter_map(|&member| self.facts(member)).collect() }
    }

    /// The project of these coordinates; of any version when none is told.
    pub(super) fn find(&self, group: &str, artifact: &str, version: Option<&str>) -> Option<usize> {
        self.namesakes(group, artifact).find(|&index| {
            version.is_none_or(|version| self.versions.get(index).and_then(Option::as_deref) == Some(version))
        })
    }

    /// The folder of a project, relative to the root of the scan; `.` for the root itself.
    pub(super) fn folder(&self, index: usize) -> String {
        let path = self.poms.get(index).map_or("", |&(path, _)| path);
        path.rsplit_once('/').map_or(".", |(folder, _)| folder).to_owned()
    }

    fn namesakes(&self, group: &str, artifact: &str) -> impl Iterator<Item = usize> {
        let key = (group.to_owned(), artifact.to_owned());
        self.by_name.get(&key).into_iter().flatten().copied().take(NAMESAKES)
    }

    /// The parent, where `relativePath` has it or any file of its coordinates is. As for Maven, a file in the right
    /// place is the parent only when its coordinates are the right ones.
    fn parent(&self, index: usize) -> Option<usize> {
        let &(path, facts) = self.poms.get(index)?;
        let parent = facts.parent.as_ref()?;
        let relative = parent.relative_path.as_deref().unwrap_or("../pom.xml");
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let beside = if relative.is_empty() {
            None
        } else {
            // A folder may have any name, one that ends in `.xml` too.
            let exact = self.by_path.get(&join(folder, relative));
            exact.or_else(|| self.by_path.get(&join(folder, &project_file(relative)))).copied()
        };
        let group = alone(facts, &parent.group);
        let artifact = alone(facts, &parent.artifact);
        let candidates = beside.into_iter().chain(self.namesakes(&group, &artifact));
        candidates.filter(|&candidate| candidate != index).find(|&candidate| {
            let version = self.versions.get(candidate).and_then(Option::as_deref);
            self.facts(candidate)
                .is_some_and(|at| is_parent(facts, parent, (&group, &artifact), (at, version)))
        })
    }

    fn version(&self, index: usize) -> Option<String> {
        let lineage = self.lineage(index);
        lineage.expand("${project.version}", &self.budget).ok().map(std::borrow::Cow::into_owned)
    }
}

/// Group, artifact and version of a project as far as its own file tells them; none when it does not tell the first two.
pub(super) fn effective_coordinates(facts: &PomFacts) -> Option<(String, String, Option<String>)> {
    let group = alone(facts, facts.group_or_inherited()?);
    let artifact = alone(facts, facts.artifact.as_deref()?);
    let version = facts.version_or_inherited().map(|version| alone(facts, version));
    let known =
        !group.is_empty() && !artifact.is_empty() && !group.contains("${") && !artifact.contains("${");
    known.then(|| (group, artifact, version.filter(|version| !version.is_empty() && !version.contains("${"))))
}

fn is_parent(
    child: &PomFacts,
    parent: &PomParent,
    name: (&str, &str),
    (candidate, version): (&PomFacts, Option<&str>),
) -> bool {
    let Some((group, artifact, _)) = effective_coordinates(candidate) else { return false };
    let range = parent.version.starts_with(['[', '(']);
    let same_text = candidate.version_or_inherited() == Some(parent.version.as_str());
    let same_version = range || same_text || version == Some(&alone(child, &parent.version));
    (group.as_str(), artifact.as_str()) == name && same_version
}

fn ancestry<'a>(poms: &[(&str, &'a PomFacts)], parents: &[Option<usize>], index: usize) -> Ancestry<'a> {
    let mut ancestry = Ancestry::default();
    let mut next = Some(index);
    while let Some(member) = next {
        if ancestry.members.contains(&member) || ancestry.members.len() >= GENERATIONS {
            ancestry.endless = true;
            return ancestry;
        }
        ancestry.members.push(member);
        next = parents.get(member).copied().flatten();
    }
    let last = ancestry.members.last().and_then(|&member| poms.get(member));
    ancestry.missing = last.and_then(|(_, facts)| facts.parent.as_ref());
    ancestry
}

/// A text with the properties of its own file; as it is written when those do not tell it.
fn alone(facts: &PomFacts, text: &str) -> String {
    let lineage = Lineage { levels: vec![facts] };
    lineage.expand(text, &Budget::new(1000)).map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}

/// A path relative to a folder, without `.` and `..`; one that leads out of the root keeps its `..`.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(iter::once(path).flat_map(|path| path.split(['/', '\\']))) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn paths() {
        let rows = [
            ("", "pom.xml", "pom.xml"),
            ("", "./a//b/pom.xml", "a/b/pom.xml"),
            ("a/b", "../pom.xml", "a/pom.xml"),
            ("a", "..\\..\\x/pom.xml", "../x/pom.xml"),
            ("", "../../x", "../../x"),
        ];
        for (folder, path, expected) in rows {
            assert_eq!(join(folder, path), expected, "{folder} {path}");
        }
    }
}
