//! From what single files say to what the target is made of.

mod archives;
mod development;
mod distribution;
mod entry;
mod family;
mod file;
mod go;
mod includes;
mod locks;
mod merge;
mod pattern;
mod python;
mod refine;
mod rust;
mod unpinned;

use std::collections::BTreeSet;

use andon_model::{Component, ComponentKind, Gap, GapKind, Location, Unit};
use andon_packages::{Change, Distribution, Format, ListingKind, Package, Source, resolve_poms};
use andon_purl::Purl;

use archives::is_java;
use distribution::{Distributions, FirstLayers, is_system};
use entry::{Entry, foreign_dependencies, name_of};
use file::{File, Files};
use includes::Includes;

/// A component, with what only the judgement of it needs.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) component: Component,
    pub(crate) purl: Purl,
    /// Where it comes from; only what a registry has can be compared with advisories by its name.
    pub(crate) source: Source,
    /// The formats that list it.
    pub(crate) formats: BTreeSet<Format>,
}

/// What a target is made of.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    /// Sorted by package URL, each once.
    pub(crate) parts: Vec<Part>,
    /// The distributions that it is or has in it.
    pub(crate) distributions: Vec<(Distribution, Location)>,
    pub(crate) gaps: Vec<Gap>,
}

/// Puts the facts of all files together.
pub(crate) fn collect(units: &[Unit], listed_by_target: &[Component]) -> Collected {
    let mut files = Files::of(units);
    resolve(&mut files.present);
    go::keep_sums_of_old_modules(&mut files.present);
    rust::take_names_of_workspaces(&mut files.present);
    let (includes, mut gaps) = Includes::resolve(&mut files);
    development::narrow(&mut files.present, &includes);
    let (open, unpinned) = refine::refine(&mut files.present, &includes);
    gaps.extend(unpinned);
    gaps.extend(files.present.iter().flat_map(problems));
    let mut entries = archives::entries(&files);
    let installed = python::Installed::of(&files.present);
    let distributions = Distributions::of(&files);
    let layers = FirstLayers::of(&files);
    for (position, file) in files.present.iter().enumerate() {
        let format = file.listing.format;
        if is_system(format) {
            system_entries(file, &distributions, &layers, &mut entries);
        } else if format.kind() == ListingKind::Manifest {
            let own = open.get(&position).map(Vec::as_slice).unwrap_or_default();
            let own = changed(own, &file.listing.changes);
            entries.extend(own.into_iter().map(|package| entry(file, package, Vec::new())));
        } else if format == Format::PythonMetadata {
            entries.extend(python::installed(file, &installed));
        } else if !is_java(format) {
            entries.extend(listed(file));
        }
    }
    let mut parts = merge::merge(entries);
    parts.extend(listed_by_target.iter().map(given_part));
    let mut systems = Vec::new();
    for (distribution, location) in distributions.all() {
        parts.push(system_part(distribution, location.clone()));
        systems.push((distribution.clone(), location));
    }
    parts.sort_by(|a, b| a.component.purl.cmp(&b.component.purl));
    parts.dedup_by(|later, kept| later.component.purl == kept.component.purl);
    Collected { parts, distributions: systems, gaps }
}

/// Works out what projects of Maven inherit from each other.
fn resolve(files: &mut [File]) {
    let poms: Vec<(usize, &str, &andon_packages::PomFacts)> = files
        .iter()
        .enumerate()
        .filter_map(|(position, file)| Some((position, file.path.as_str(), file.listing.pom.as_deref()?)))
        .collect();
    let named: Vec<(&str, &andon_packages::PomFacts)> =
        poms.iter().map(|(_, path, facts)| (*path, *facts)).collect();
    let resolved: Vec<_> = resolve_poms(&named)
        .into_iter()
        .filter_map(|(index, packages, problems)| Some((poms.get(index)?.0, packages, problems)))
        .collect();
    for (position, packages, problems) in resolved {
        if let Some(file) = files.get_mut(position) {
            file.listing.packages = packages;
            file.listing.problems.extend(problems);
        }
    }
}

fn problems(file: &File) -> Vec<Gap> {
    let kind = match file.listing.format {
        Format::RpmDatabase => GapKind::NotAudited,
        Format::Pom => GapKind::Unpinned,
        _ => GapKind::Unparsable,
    };
    let problems = file.listing.problems.iter().map(|problem| {
        let detail = match problem.region {
            Some(region) => format!("line {}: {}", region.start_line, problem.detail),
            None => problem.detail.clone(),
        };
        Gap { kind, subject: file.path.clone(), detail }
    });
    problems.collect()
}

fn entry(file: &File, package: Package, depends_on: Vec<Purl>) -> Entry {
    let location = file.location(package.region);
    Entry { package, location, format: file.listing.format, depends_on }
}

fn listed(file: &File) -> impl Iterator<Item = Entry> + '_ {
    let packages = &file.listing.packages;
    let entries = packages.iter().enumerate();
    let entries =
        entries.map(|(index, package)| entry(file, package.clone(), foreign_dependencies(packages, index)));
    entries.filter(Entry::is_foreign)
}

fn system_entries(
    file: &File,
    distributions: &Distributions<'_>,
    layers: &FirstLayers<'_>,
    entries: &mut Vec<Entry>,
) {
    let packages = &file.listing.packages;
    for (index, package) in packages.iter().enumerate() {
        let depends_on = foreign_dependencies(packages, index);
        let depends_on = depends_on.iter().map(|purl| distributions.complete(file, purl)).collect();
        let location = layers.correct(file, &package.purl, file.location(package.region));
        let package = Package { purl: distributions.complete(file, &package.purl), ..package.clone() };
        entries.push(Entry { package, location, format: file.listing.format, depends_on });
    }
}

/// The packages of a manifest after what it changes itself.
fn changed(packages: &[Package], changes: &[Change]) -> Vec<Package> {
    let mut result = Vec::with_capacity(packages.len());
    for package in packages {
        let concerns = |change: &&Change| {
            name_of(&change.of) == name_of(&package.purl)
                && change.of.version().is_none_or(|version| package.purl.version() == Some(version))
        };
        match changes.iter().find(concerns) {
            None => result.push(package.clone()),
            Some(Change { by: Some(by), .. }) if !matches!(by.source, Source::Local(_)) => {
                result.push(Package { scope: package.scope, relation: package.relation, ..by.clone() });
            }
            Some(_) => {}
        }
    }
    result
}

/// A component that an SBOM lists.
fn given_part(component: &Component) -> Part {
    let purl = Purl::parse(&component.purl).unwrap_or_else(|_| Purl::new("generic", &component.name));
    Part { component: component.clone(), purl, source: Source::Registry, formats: BTreeSet::new() }
}

fn system_part(distribution: &Distribution, location: Location) -> Part {
    let version = distribution.version_id.clone();
    let purl = Purl::new("generic", &distribution.id).with_version(version.as_deref().unwrap_or_default());
    let component = Component {
        purl: purl.to_string(),
        name: distribution.id.clone(),
        version,
        kind: ComponentKind::OperatingSystem,
        locations: vec![location],
        ..Component::default()
    };
    Part { component, purl, source: Source::Registry, formats: BTreeSet::from([Format::OsRelease]) }
}
