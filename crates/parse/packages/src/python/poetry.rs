use andon_model::{Relation, Scope};
use toml::de::{DeTable, DeValue};

use super::pep508::{exact, is_plain};
use super::pypi;
use crate::support::origin::without_credentials;
use crate::support::reach::is_commit;
use crate::support::toml::{Piece, in_order, is_true, string, table};
use crate::{Listing, Package, Project, Source};

/// Reads Poetry's own tables: `[tool.poetry]` and what stands below it.
pub(super) fn tables(poetry: &DeTable<'_>, piece: &Piece<'_>, listing: &mut Listing) {
    if let (Some(name), None) = (string(poetry, "name"), &listing.project) {
        let purl = pypi(name).with_version(string(poetry, "version").unwrap_or_default());
        let licenses = string(poetry, "license").map(str::to_owned).into_iter().collect();
        listing.project = Some(Project { purl: Some(purl), licenses });
    }
    let mut add = |table: Option<&DeTable<'_>>, scope| {
        for (name, value, span) in table.map(in_order).unwrap_or_default() {
            for mut package in dependencies(name, value, scope) {
                package.region = Some(piece.region(span.clone()));
                listing.packages.push(package);
            }
        }
    };
    add(table(poetry, "dependencies"), Scope::Runtime);
    add(table(poetry, "dev-dependencies"), Scope::Development);
    for (name, group, _) in table(poetry, "group").map(in_order).unwrap_or_default() {
        let Some(group) = group.as_table() else { continue };
        let scope = if name == "main" { Scope::Runtime } else { Scope::Development };
        add(table(group, "dependencies"), scope);
    }
}

/// A dependency: a constraint, a table with one, or several tables with a marker each.
fn dependencies(name: &str, value: &DeValue<'_>, scope: Scope) -> Vec<Package> {
    if name == "python" {
        return Vec::new();
    }
    match value {
        DeValue::String(constraint) => vec![dependency(name, Some(constraint), None, scope)],
        DeValue::Table(table) => vec![dependency(name, string(table, "version"), Some(table), scope)],
        DeValue::Array(several) => {
            let tables = several.iter().filter_map(|item| item.get_ref().as_table());
            tables.map(|table| dependency(name, string(table, "version"), Some(table), scope)).collect()
        }
        _ => Vec::new(),
    }
}

fn dependency(name: &str, constraint: Option<&str>, table: Option<&DeTable<'_>>, scope: Scope) -> Package {
    let mut package = Package::new(pypi(name));
    package.scope = scope;
    package.relation = Relation::Direct;
    if let Some(constraint) = constraint {
        set_constraint(&mut package, constraint);
    }
    let Some(table) = table else { return package };
    if is_true(table, "optional") && scope == Scope::Runtime {
        package.scope = Scope::Optional;
    }
    if let Some(source) = source(table) {
        package.source = source;
    }
    package
}

/// A bare version (`1.2.3`) admits only itself, as does `==1.2.3`.
fn set_constraint(package: &mut Package, constraint: &str) {
    let constraint = constraint.trim();
    match exact(constraint).or_else(|| is_plain(constraint).then_some(constraint)) {
        Some(version) => package.purl = package.purl.clone().with_version(version),
        None => package.requirement = Some(constraint.to_owned()),
    }
}

/// The source of a dependency as Poetry's and Pipenv's tables write it.
pub(super) fn source(table: &DeTable<'_>) -> Option<Source> {
    if let Some(url) = string(table, "git") {
        let revision = string(table, "rev").or_else(|| string(table, "ref"));
        let commit = revision.filter(|revision| is_commit(revision)).map(str::to_owned);
        return Some(Source::Git { url: without_credentials(url), commit });
    }
    if let Some(path) = string(table, "path") {
        return Some(Source::Local(path.to_owned()));
    }
    let url = string(table, "url").or_else(|| string(table, "file"))?;
    Some(if url.contains("://") {
        Source::Archive(without_credentials(url))
    } else {
        Source::Local(url.to_owned())
    })
}
