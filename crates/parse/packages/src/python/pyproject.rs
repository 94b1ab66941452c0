use std::collections::HashMap;
use std::ops::Range;

use andon_model::{Relation, Scope};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::pep508::requirement;
use super::{poetry, pypi};
use crate::support::origin::without_credentials;
use crate::support::reach::is_commit;
use crate::support::tell::tell;
use crate::support::toml::{Piece, array, descend, in_order, read, string, strings, table};
use crate::{Change, Format, Listing, Project, Source};

/// Reads `pyproject.toml`: PEP 621's tables, PEP 735's groups, what the build itself needs, and the tables of Poetry, uv
/// and PDM. uv's overrides are changes, its constraints say nothing here.
pub(crate) fn pyproject(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::Pyproject);
    let mut sources = HashMap::new();
    read(bytes, None, &mut listing, &mut |piece, listing| {
        project(piece, listing);
        groups(piece, listing);
        if let Some(poetry) = descend(&piece.table, &["tool", "poetry"]) {
            poetry::tables(poetry, piece, listing);
        }
        if let Some(uv) = descend(&piece.table, &["tool", "uv"]) {
            uv_tables(uv, piece, listing, &mut sources);
        }
        dynamic(&piece.table, listing);
    });
    for package in &mut listing.packages {
        if let Some(source) = sources.get(package.purl.name()) {
            package.source = Source::clone(source);
        }
    }
    listing
}

fn project(piece: &Piece<'_>, listing: &mut Listing) {
    if let Some(build) = table(&piece.table, "build-system") {
        let first = listing.packages.len();
        requirements(array(build, "requires"), Scope::Development, piece, listing);
        // No lock file has what the build itself takes, and ranges are the custom: only an exact version says something.
        let asked = listing.packages.split_off(first);
        listing.packages.extend(asked.into_iter().filter(|package| package.purl.version().is_some()));
    }
    let Some(project) = table(&piece.table, "project") else { return };
    if let Some(name) = string(project, "name") {
        let purl = pypi(name).with_version(string(project, "version").unwrap_or_default());
        listing.project = Some(Project { purl: Some(purl), licenses: licenses(project) });
    }
    requirements(array(project, "dependencies"), Scope::Runtime, piece, listing);
    for (_, extra, _) in table(project, "optional-dependencies").map(in_order).unwrap_or_default() {
        requirements(items(extra), Scope::Optional, piece, listing);
    }
}

/// An SPDX expression, or the text of the older table; a file's name says nothing.
fn licenses(project: &DeTable<'_>) -> Vec<String> {
    let text = string(project, "license")
        .or_else(|| table(project, "license").and_then(|license| string(license, "text")))
        .filter(|text| !text.is_empty() && !text.contains('\n'));
    if let Some(text) = text {
        return vec![text.to_owned()];
    }
    let classifiers = strings(project, "classifiers").filter_map(super::metadata::license_of_classifier);
    classifiers.map(str::to_owned).collect()
}

/// PEP 735's groups, and the older tables of uv and PDM that mean the same.
fn groups(piece: &Piece<'_>, listing: &mut Listing) {
    let pdm = descend(&piece.table, &["tool", "pdm", "dev-dependencies"]);
    for groups in [table(&piece.table, "dependency-groups"), pdm].into_iter().flatten() {
        for (_, group, _) in in_order(groups) {
            requirements(items(group), Scope::Development, piece, listing);
        }
    }
}

fn items<'t, 'i>(value: &'t DeValue<'i>) -> &'t [Spanned<DeValue<'i>>] {
    value.as_array().map_or(&[], |items| items)
}

fn requirements(items: &[Spanned<DeValue<'_>>], scope: Scope, piece: &Piece<'_>, listing: &mut Listing) {
    for item in items {
        match item.get_ref() {
            DeValue::String(text) => asked(text, scope, item.span(), piece, listing),
            // `{ include-group = "test" }` names what is listed on its own.
            DeValue::Table(table) if table.contains_key("include-group") => {}
            _ => odd(item.span(), piece, listing),
        }
    }
}

fn asked(text: &str, scope: Scope, span: Range<usize>, piece: &Piece<'_>, listing: &mut Listing) {
    // PDM's groups name folders as pip does.
    let text = text.strip_prefix("-e ").unwrap_or(text);
    let package = match requirement(text) {
        Some(requirement) => Some(requirement.package()),
        None if super::reference::is_reference(text) => super::reference::reference(text),
        None => return odd(span, piece, listing),
    };
    let Some(mut package) = package else { return };
    package.scope = scope;
    package.relation = Relation::Direct;
    package.region = Some(piece.region(span));
    listing.packages.push(package);
}

fn odd(span: Range<usize>, piece: &Piece<'_>, listing: &mut Listing) {
    let detail = "this is no requirement as PEP 508 writes it and was left out; write \"name>=version\"";
    tell(listing, detail, Some(piece.region(span)));
}

fn uv_tables(
    uv: &DeTable<'_>,
    piece: &Piece<'_>,
    listing: &mut Listing,
    sources: &mut HashMap<String, Source>,
) {
    requirements(array(uv, "dev-dependencies"), Scope::Development, piece, listing);
    for item in array(uv, "override-dependencies") {
        let Some(requirement) = item.get_ref().as_str().and_then(requirement) else { continue };
        let mut by = requirement.package();
        by.region = Some(piece.region(item.span()));
        listing.changes.push(Change { of: pypi(requirement.name), by: Some(by) });
    }
    if let Some(workspace) = table(uv, "workspace") {
        let members = strings(workspace, "members")
            .map(|member| format!("{}/pyproject.toml", member.trim_end_matches('/')));
        listing.includes.extend(members);
    }
    for (name, value, _) in table(uv, "sources").map(in_order).unwrap_or_default() {
        // One table, or several with a marker each.
        let first = value.as_table().or_else(|| items(value).first()?.get_ref().as_table());
        if let Some(source) = first.and_then(uv_source) {
            sources.insert(pypi(name).name().to_owned(), source);
        }
    }
}

fn uv_source(table: &DeTable<'_>) -> Option<Source> {
    if let Some(url) = string(table, "git") {
        let commit = string(table, "rev").filter(|rev| is_commit(rev)).map(str::to_owned);
        return Some(Source::Git { url: without_credentials(url), commit });
    }
    if let Some(url) = string(table, "url") {
        return Some(Source::Archive(without_credentials(url)));
    }
    let workspace = table.contains_key("workspace").then_some("");
    string(table, "path").or(workspace).map(|path| Source::Local(path.to_owned()))
}

/// Requirements that setuptools reads from files of their own.
fn dynamic(root: &DeTable<'_>, listing: &mut Listing) {
    let Some(dynamic) = descend(root, &["tool", "setuptools", "dynamic"]) else { return };
    let extras = table(dynamic, "optional-dependencies").map(in_order).unwrap_or_default();
    let extras = extras.iter().filter_map(|(_, value, _)| value.as_table());
    for table in table(dynamic, "dependencies").into_iter().chain(extras) {
        let file = string(table, "file").into_iter().chain(strings(table, "file"));
        listing.includes.extend(file.map(str::to_owned));
    }
}
