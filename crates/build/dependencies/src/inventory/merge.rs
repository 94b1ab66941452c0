use std::collections::{BTreeMap, BTreeSet};

use andon_model::{Component, ComponentKind, Location};
use andon_packages::{Format, Source};

use super::Part;
use super::entry::{Entry, widest};

/// More places of one component are not listed.
const MOST_PLACES: usize = 100;

/// One component for each package URL, with what all its entries say.
pub(crate) fn merge(entries: Vec<Entry>) -> Vec<Part> {
    let mut parts: BTreeMap<String, Part> = BTreeMap::new();
    for entry in entries.into_iter().filter(Entry::is_foreign) {
        let key = entry.package.purl.to_string();
        match parts.get_mut(&key) {
            Some(part) => absorb(part, entry),
            None => {
                parts.insert(key.clone(), part(key, entry));
            }
        }
    }
    let known: BTreeSet<String> = parts.keys().cloned().collect();
    let mut parts: Vec<Part> = parts.into_values().collect();
    for part in &mut parts {
        let component = &mut part.component;
        component.depends_on.retain(|purl| known.contains(purl) && *purl != component.purl);
        component.depends_on.sort();
        component.depends_on.dedup();
        component.locations.sort_by_cached_key(order);
        component.locations.dedup();
        component.locations.truncate(MOST_PLACES);
    }
    parts
}

fn order(location: &Location) -> impl Ord + use<> {
    (location.full_path(), location.region)
}

fn part(key: String, entry: Entry) -> Part {
    let Entry { package, location, format, depends_on } = entry;
    let component = Component {
        purl: key,
        name: package.purl.native_name(),
        version: package.purl.version().map(str::to_owned),
        kind: kind(format),
        scope: package.scope,
        relation: package.relation,
        requirement: package.requirement,
        licenses: package.licenses,
        checksums: package.checksums,
        upstream: package.upstream,
        locations: vec![location],
        depends_on: depends_on.iter().map(ToString::to_string).collect(),
    };
    Part { component, purl: package.purl, source: package.source, formats: BTreeSet::from([format]) }
}

fn kind(format: Format) -> ComponentKind {
    match format {
        Format::Workflow => ComponentKind::Application,
        _ => ComponentKind::Library,
    }
}

fn absorb(part: &mut Part, entry: Entry) {
    let Entry { package, location, format, depends_on } = entry;
    let component = &mut part.component;
    let needed = widest((component.scope, component.relation), (package.scope, package.relation));
    (component.scope, component.relation) = needed;
    component.requirement = component.requirement.take().or(package.requirement);
    add(&mut component.licenses, package.licenses);
    add(&mut component.checksums, package.checksums);
    component.upstream = component.upstream.take().or(package.upstream);
    component.locations.push(location);
    component.depends_on.extend(depends_on.iter().map(ToString::to_string));
    if part.source != Source::Registry && package.source == Source::Registry {
        part.source = package.source;
    }
    part.formats.insert(format);
}

fn add(all: &mut Vec<String>, more: Vec<String>) {
    for each in more {
        if !all.contains(&each) {
            all.push(each);
        }
    }
}
