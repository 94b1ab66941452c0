use andon_model::{Relation, Scope};
use toml::de::DeValue;

use super::{pep508, poetry, pypi};
use crate::support::toml::{in_order, read, string};
use crate::{Format, Listing, Package};

/// Tables of a `Pipfile` that are no category of packages.
const OTHERS: &[&str] = &["source", "requires", "scripts", "pipenv", "pipfile"];

/// Reads a `Pipfile`. Categories other than `packages` are installed only when they are asked for by name.
pub(crate) fn pipfile(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::Pipfile);
    read(bytes, None, &mut listing, &mut |piece, listing| {
        for (category, value, _) in in_order(&piece.table) {
            let Some(table) = value.as_table().filter(|_| !OTHERS.contains(&category)) else { continue };
            let scope = if category == "packages" { Scope::Runtime } else { Scope::Development };
            for (name, value, span) in in_order(table) {
                let mut package = package(name, value);
                package.scope = scope;
                package.region = Some(piece.region(span));
                listing.packages.push(package);
            }
        }
    });
    listing
}

fn package(name: &str, value: &DeValue<'_>) -> Package {
    let mut package = Package::new(pypi(name));
    package.relation = Relation::Direct;
    let table = value.as_table();
    let specifier = value.as_str().or_else(|| string(table?, "version")).map(str::trim);
    match specifier.filter(|specifier| *specifier != "*") {
        Some(specifier) => match pep508::exact(specifier) {
            Some(version) => package.purl = package.purl.with_version(version),
            None => package.requirement = Some(specifier.to_owned()),
        },
        None => package.requirement = specifier.map(str::to_owned),
    }
    if let Some(source) = table.and_then(poetry::source) {
        package.source = source;
    }
    package
}
