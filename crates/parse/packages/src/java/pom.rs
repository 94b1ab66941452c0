use std::collections::BTreeMap;

use andon_model::Region;

use super::{
    PomDependency, PomFacts, PomParent, PomProfile, coordinates,
    resolve::resolve,
    workspace::effective_coordinates,
    xml::{Node, Tree},
};
use crate::{
    Format, Listing, Problem, Project,
    support::{position::Lines, text},
};

/// Reads a `pom.xml`. [`Listing::pom`] has what it says; the packages are what it says on its own, and stand only
/// until [`resolve_poms`](crate::resolve_poms) has seen the parents and imports that are at hand. Build plugins and
/// reports are passed over. Follows the POM reference, model version 4.0.0.
pub(crate) fn pom(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::Pom);
    let (text, replaced) = text::decode(bytes);
    if replaced {
        listing.problem("it has bytes that are not UTF-8, replaced by U+FFFD: save the file as UTF-8");
    }
    let lines = Lines::new(&text);
    let tree = Tree::read(&text, is_skipped);
    let reader = PomReader { tree: &tree, lines: &lines };
    for (detail, at) in &tree.problems {
        let region = Some(lines.region(*at..*at));
        listing.problems.push(Problem { detail: detail.clone(), region });
    }
    let Some(root) = tree.root() else { return listing };
    if root.name != "project" {
        listing.problem(format!(
            "its root element is <{}>, not <project>: it is no Maven project",
            coordinates::shown(root.name)
        ));
        return listing;
    }
    let facts = reader.facts(root);
    listing.project = project(&facts, reader.licenses(root));
    listing.includes = includes(&facts);
    listing.problems.extend(facts.profiles.iter().filter_map(unused_profile));
    // Parents and imports may be in other files: what is missing is said when they are put together.
    if let Some((_, packages, _)) = resolve(&[("pom.xml", &facts)]).pop() {
        listing.packages = packages;
    }
    listing.pom = Some(Box::new(facts));
    listing
}

/// Parts of a project that have nothing to do with its dependencies, and may be large.
fn is_skipped(depth: usize, parent: &str, name: &str) -> bool {
    let in_project = depth == 1 || (depth == 3 && parent == "profile");
    let unused = matches!(
        name,
        "build"
            | "reporting"
            | "reports"
            | "distributionManagement"
            | "developers"
            | "contributors"
            | "mailingLists"
    );
    in_project && unused
}

struct PomReader<'t, 'a> {
    tree: &'t Tree<'a>,
    lines: &'t Lines<'t>,
}

impl PomReader<'_, '_> {
    fn facts(&self, project: &Node<'_>) -> PomFacts {
        let own = |name| self.own_text(project, name);
        PomFacts {
            group: own("groupId"),
            artifact: own("artifactId"),
            version: own("version"),
            packaging: own("packaging"),
            parent: self
                .tree
                .children(project)
                .find(|node| node.name == "parent")
                .map(|node| self.parent(node)),
            modules: self.modules(project),
            properties: self.properties(project),
            managed: self.managed(project),
            dependencies: self.dependencies(project),
            profiles: self.profiles(project),
        }
    }

    fn own_text(&self, node: &Node<'_>, name: &str) -> Option<String> {
        self.tree.text(node, name).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn parent(&self, node: &Node<'_>) -> PomParent {
        PomParent {
            group: self.own_text(node, "groupId").unwrap_or_default(),
            artifact: self.own_text(node, "artifactId").unwrap_or_default(),
            version: self.own_text(node, "version").unwrap_or_default(),
            relative_path: self.tree.text(node, "relativePath").map(str::to_owned),
            region: Some(self.region(node)),
        }
    }

    /// `subprojects` is Maven 4's name for `modules`.
    fn modules(&self, node: &Node<'_>) -> Vec<String> {
        let sections =
            ["modules", "subprojects"].into_iter().filter_map(|name| self.tree.section(node, name));
        let entries = sections.flat_map(|section| self.tree.children(section));
        entries.map(|entry| entry.text().to_owned()).filter(|path| !path.is_empty()).collect()
    }

    fn properties(&self, node: &Node<'_>) -> BTreeMap<String, String> {
        let Some(section) = self.tree.section(node, "properties") else { return BTreeMap::new() };
        self.tree.children(section).map(|node| (node.name.to_owned(), node.text().to_owned())).collect()
    }

    fn managed(&self, node: &Node<'_>) -> Vec<PomDependency> {
        let section = self.tree.section(node, "dependencyManagement");
        section.map(|section| self.dependencies(section)).unwrap_or_default()
    }

    fn dependencies(&self, node: &Node<'_>) -> Vec<PomDependency> {
        let Some(section) = self.tree.section(node, "dependencies") else { return Vec::new() };
        let entries = self.tree.children(section).filter(|node| node.name == "dependency");
        entries.map(|entry| self.dependency(entry)).collect()
    }

    fn dependency(&self, node: &Node<'_>) -> PomDependency {
        let own = |name| self.own_text(node, name);
        let exclusions = self.tree.section(node, "exclusions").map(|section| self.exclusions(section));
        PomDependency {
            group: own("groupId").unwrap_or_default(),
            artifact: own("artifactId").unwrap_or_default(),
            version: own("version"),
            scope: own("scope"),
            kind: own("type").filter(|kind| kind != "jar"),
            classifier: own("classifier"),
            optional: own("optional"),
            system_path: own("systemPath"),
            exclusions: exclusions.unwrap_or_default(),
            region: Some(self.region(node)),
        }
    }

    fn exclusions(&self, section: &Node<'_>) -> Vec<String> {
        let part = |node, name| self.tree.text(node, name).filter(|text| !text.is_empty()).unwrap_or("*");
        let entries = self.tree.children(section);
        entries.map(|node| format!("{}:{}", part(node, "groupId"), part(node, "artifactId"))).collect()
    }

    fn profiles(&self, project: &Node<'_>) -> Vec<PomProfile> {
        let Some(section) = self.tree.section(project, "profiles") else { return Vec::new() };
        let profiles = self.tree.children(section).filter(|node| node.name == "profile");
        profiles.map(|profile| self.profile(profile)).collect()
    }

    fn profile(&self, node: &Node<'_>) -> PomProfile {
        let activation = self.tree.section(node, "activation");
        let by_default = activation.and_then(|activation| self.tree.text(activation, "activeByDefault"));
        let dependencies = self.dependencies(node);
        let mut profile = PomProfile {
            id: self.own_text(node, "id").unwrap_or_else(|| "default".to_owned()),
            active_by_default: by_default == Some("true"),
            adds: u32::try_from(dependencies.len()).unwrap_or(u32::MAX),
            region: Some(self.region(node)),
            ..PomProfile::default()
        };
        if profile.active_by_default {
            profile.properties = self.properties(node);
            profile.managed = self.managed(node);
            profile.dependencies = dependencies;
        }
        profile
    }

    fn licenses(&self, project: &Node<'_>) -> Vec<String> {
        let Some(section) = self.tree.section(project, "licenses") else { return Vec::new() };
        let name = |node| self.own_text(node, "name").or_else(|| self.own_text(node, "url"));
        self.tree.children(section).filter_map(name).collect()
    }

    fn region(&self, node: &Node<'_>) -> Region {
        self.lines.region(node.bytes.clone())
    }
}

fn project(facts: &PomFacts, licenses: Vec<String>) -> Option<Project> {
    let purl = effective_coordinates(facts).map(|(group, artifact, version)| {
        let purl = coordinates::maven(&group, &artifact);
        version.map_or_else(|| purl.clone(), |version| purl.clone().with_version(&version))
    });
    (purl.is_some() || !licenses.is_empty()).then_some(Project { purl, licenses })
}

/// The parent and the modules, as files.
fn includes(facts: &PomFacts) -> Vec<String> {
    let parent = facts.parent.as_ref().map(|parent| parent.relative_path.as_deref().unwrap_or("../pom.xml"));
    let parent = parent.filter(|path| !path.is_empty());
    let modules = facts.modules.iter().map(String::as_str);
    parent.into_iter().chain(modules).map(project_file).collect()
}

/// The file that a module or a `relativePath` names: itself, or the `pom.xml` of the folder.
pub(super) fn project_file(path: &str) -> String {
    let path = path.trim_end_matches('/').replace('\\', "/");
    if path.ends_with(".xml") { path } else { format!("{path}/pom.xml") }
}

fn unused_profile(profile: &PomProfile) -> Option<Problem> {
    let (id, adds) = (coordinates::shown(&profile.id), profile.adds);
    let unused = !profile.active_by_default && adds > 0;
    unused.then(|| Problem {
        detail: format!(
            "the profile {id} is not active by default, and what it adds ({adds}) is not listed: scan what is built with it"
        ),
        region: profile.region,
    })
}
