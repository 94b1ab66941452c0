use std::borrow::Cow;
use std::fmt;

use andon_model::Scope;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{checksum, pep508, pypi};
use crate::support::merges::blank;
use crate::support::origin::without_credentials;
use crate::support::position::Lines;
use crate::support::tell::tell;
use crate::support::text::decode;
use crate::{Format, Listing, Package, Problem, Source};

/// Reads `Pipfile.lock`: `default`, `develop` and categories of other names. Which packages the project asks for itself
/// is in the `Pipfile` alone, and which need which nothing tells.
pub(crate) fn pipfile_lock(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::PipfileLock);
    let (text, _) = decode(bytes);
    let lines = Lines::new(&text);
    let (text, conflicts) = blank(Cow::Borrowed(&text));
    if let Some(first) = conflicts.into_iter().next() {
        let detail = "unresolved merge conflicts; what stands before the first that breaks the file was read: resolve them";
        listing.problems.push(Problem { detail: detail.to_owned(), region: Some(lines.region(first)) });
    }
    let mut entries = Vec::new();
    let mut deserializer = serde_json::Deserializer::from_str(&text);
    if let Err(error) = File(&mut entries).deserialize(&mut deserializer) {
        listing.problem(format!(
            "the JSON breaks off ({error}); the packages before that were read: run `pipenv lock`"
        ));
    }
    let mut after = 0;
    for (category, name, raw) in entries {
        // The raw text is a part of the whole: how far it stands behind the beginning is its place.
        let value = (raw.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let before = text.get(after..value).unwrap_or_default();
        // The key's quotes are the last two before the value.
        let key = before.rmatch_indices('"').nth(1);
        let start = key.map_or(value, |(quote, _)| after + quote);
        after = value + raw.get().len();
        match serde_json::from_str::<Entry<'_>>(raw.get()) {
            Ok(entry) => {
                let mut package = package(&name, &entry);
                package.scope = if category == "default" { Scope::Runtime } else { Scope::Development };
                package.region = Some(lines.region(start..after));
                listing.packages.push(package);
            }
            Err(_) => {
                let detail = format!(
                    "the entry of {name} is not as Pipenv writes it and was left out; run `pipenv lock`"
                );
                tell(&mut listing, detail, Some(lines.region(start..after)));
            }
        }
    }
    listing
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    version: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    hashes: Vec<Cow<'a, str>>,
    git: Option<String>,
    #[serde(rename = "ref")]
    reference: Option<String>,
    path: Option<String>,
    file: Option<String>,
}

fn package(name: &str, entry: &Entry<'_>) -> Package {
    let mut package = Package::new(pypi(name));
    match entry.version.as_deref().map(|version| (version, pep508::exact(version))) {
        Some((_, Some(version))) => package.purl = package.purl.with_version(version),
        Some((range, None)) => package.requirement = Some(range.to_owned()),
        None => {}
    }
    package.checksums = entry.hashes.iter().filter_map(|hash| checksum(hash)).collect();
    package.source = match (&entry.git, &entry.path, &entry.file) {
        (Some(url), ..) => Source::Git { url: without_credentials(url), commit: entry.reference.clone() },
        (None, Some(path), _) => Source::Local(path.clone()),
        (None, None, Some(file)) => super::reference::source_of(file),
        _ => Source::Registry,
    };
    package
}

type Entries<'de> = Vec<(String, String, &'de RawValue)>;

/// The file's object; every member but `_meta` is a category. Entries are kept as they are read, so that a file that
/// breaks off gives what stands before.
struct File<'e, 'de>(&'e mut Entries<'de>);

impl<'de> DeserializeSeed<'de> for File<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for File<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of categories")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if name == "_meta" {
                map.next_value::<IgnoredAny>()?;
            } else {
                map.next_value_seed(Category { name: &name, entries: self.0 })?;
            }
        }
        Ok(())
    }
}

struct Category<'n, 'e, 'de> {
    name: &'n str,
    entries: &'e mut Entries<'de>,
}

impl<'de> DeserializeSeed<'de> for Category<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Category<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of packages")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((package, value)) = map.next_entry::<String, &'de RawValue>()? {
            self.entries.push((self.name.to_owned(), package, value));
        }
        Ok(())
    }
}
