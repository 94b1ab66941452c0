use andon_model::{Location, Relation, Scope};
use andon_packages::{Format, Package, Source};
use andon_purl::Purl;

/// A package as one file has it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) package: Package,
    pub(crate) location: Location,
    pub(crate) format: Format,
    pub(crate) depends_on: Vec<Purl>,
}

impl Entry {
    /// Whether it is a component of its own: a folder of the project is the project itself.
    pub(crate) fn is_foreign(&self) -> bool {
        !matches!(self.package.source, Source::Local(_))
    }
}

/// What tells a package from others of another name: its package URL without version and qualifiers.
pub(crate) fn name_of(purl: &Purl) -> Purl {
    purl.clone().without_version().without_qualifiers()
}

/// The packages that packages need, folders of the project replaced by what they need themselves.
pub(crate) fn foreign_dependencies(packages: &[Package], of: usize) -> Vec<Purl> {
    let mut found = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut open: Vec<u32> = packages.get(of).map(|package| package.dependencies.clone()).unwrap_or_default();
    while let Some(next) = open.pop() {
        if !seen.insert(next) {
            continue;
        }
        let Some(package) = packages.get(next as usize) else { continue };
        if matches!(package.source, Source::Local(_)) {
            open.extend(&package.dependencies);
        } else {
            found.push(package.purl.clone());
        }
    }
    found.sort();
    found.dedup();
    found
}

/// What several files say of how a component is needed.
pub(crate) fn widest(a: (Scope, Relation), b: (Scope, Relation)) -> (Scope, Relation) {
    (a.0.max(b.0), a.1.max(b.1))
}
