use std::collections::HashMap;

use andon_model::{Region, Relation, Scope};
use andon_purl::Purl;
use toml::de::{DeTable, DeValue};

use crate::support::origin;
use crate::support::reach::is_commit;
use crate::support::toml::{Piece, descend, in_order, is_true, read, string, strings, table};
use crate::{Change, Format, Listing, Package, Project, Source};

/// Reads `Cargo.toml`. What `[workspace.dependencies]` declares is listed with an unknown relation, since no package asks
/// for it yet; what inherits it with `workspace = true` takes over what this very file declares, and else stays
/// without a requirement, to be found in the workspace's own manifest. Where that gives a package another name, the
/// listing of the workspace has a change that says so.
pub(crate) fn cargo_toml(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::CargoToml);
    let mut manifest = Manifest::default();
    read(bytes, None, &mut listing, &mut |piece, listing| manifest.piece(piece, listing));
    manifest.inherit(&mut listing);
    listing
}

#[derive(Default)]
struct Manifest {
    /// Positions of what the workspace declares, by the name it is used under.
    declared: HashMap<String, usize>,
    /// Positions of what inherits, and the name to look for.
    inheriting: Vec<(usize, String)>,
    /// `license` and `version` for all members.
    license: Option<String>,
    version: Option<String>,
    inherits_license: bool,
    inherits_version: bool,
}

/// Tables of dependencies, in both spellings that Cargo takes.
const TABLES: &[(&str, Scope)] = &[
    ("dependencies", Scope::Runtime),
    ("build-dependencies", Scope::Development),
    ("build_dependencies", Scope::Development),
    ("dev-dependencies", Scope::Development),
    ("dev_dependencies", Scope::Development),
];

impl Manifest {
    fn piece(&mut self, piece: &Piece<'_>, listing: &mut Listing) {
        let root = &piece.table;
        if let Some(package) = table(root, "package").or_else(|| table(root, "project")) {
            self.package(package, listing);
        }
        if let Some(workspace) = table(root, "workspace") {
            self.workspace(workspace, piece, listing);
        }
        self.tables(root, piece, listing);
        for (_, target, _) in table(root, "target").map(in_order).unwrap_or_default() {
            if let Some(target) = target.as_table() {
                self.tables(target, piece, listing);
            }
        }
        for (registry, patches, _) in table(root, "patch").map(in_order).unwrap_or_default() {
            for (key, value, span) in patches.as_table().map(in_order).unwrap_or_default() {
                let by = dependency(key, value, piece.region(span));
                let of = Purl::new("cargo", by.purl.name());
                // A patch of a Git source concerns only what comes from there.
                if !registry.contains("://") {
                    listing.changes.push(Change { of, by: Some(by) });
                }
            }
        }
    }

    fn package(&mut self, package: &DeTable<'_>, listing: &mut Listing) {
        if let Some(name) = string(package, "name") {
            let purl = Purl::new("cargo", name).with_version(string(package, "version").unwrap_or_default());
            let licenses = string(package, "license").map(str::to_owned).into_iter().collect();
            listing.project = Some(Project { purl: Some(purl), licenses });
        }
        let inherits = |key| table(package, key).is_some_and(|inner| is_true(inner, "workspace"));
        self.inherits_license = inherits("license");
        self.inherits_version = inherits("version");
        if let Some(workspace) = string(package, "workspace") {
            listing.includes.push(manifest_in(workspace));
        }
    }

    fn workspace(&mut self, workspace: &DeTable<'_>, piece: &Piece<'_>, listing: &mut Listing) {
        listing.includes.extend(strings(workspace, "members").map(manifest_in));
        if let Some(package) = table(workspace, "package") {
            self.license = string(package, "license").map(str::to_owned);
            self.version = string(package, "version").map(str::to_owned);
        }
        for (key, value, span) in table(workspace, "dependencies").map(in_order).unwrap_or_default() {
            let mut package = dependency(key, value, piece.region(span));
            package.relation = Relation::Unknown;
            if package.purl.name() != key {
                listing.changes.push(Change { of: Purl::new("cargo", key), by: Some(package.clone()) });
            }
            self.declared.insert(key.to_owned(), listing.packages.len());
            listing.packages.push(package);
        }
    }

    fn tables(&mut self, owner: &DeTable<'_>, piece: &Piece<'_>, listing: &mut Listing) {
        for (name, scope) in TABLES {
            for (key, value, span) in descend(owner, &[name]).map(in_order).unwrap_or_default() {
                let mut package = dependency(key, value, piece.region(span));
                let optional = value.as_table().is_some_and(|table| is_true(table, "optional"));
                package.scope = if optional && *scope == Scope::Runtime { Scope::Optional } else { *scope };
                if value.as_table().is_some_and(|table| is_true(table, "workspace")) {
                    self.inheriting.push((listing.packages.len(), key.to_owned()));
                }
                if let Source::Local(path) = &package.source {
                    listing.includes.push(manifest_in(path));
                }
                listing.packages.push(package);
            }
        }
    }

    fn inherit(self, listing: &mut Listing) {
        for (position, key) in self.inheriting {
            let declared =
                self.declared.get(&key).and_then(|declared| listing.packages.get(*declared)).cloned();
            if let (Some(declared), Some(package)) = (declared, listing.packages.get_mut(position)) {
                package.purl = declared.purl;
                package.requirement = declared.requirement;
                package.source = declared.source;
            }
        }
        let Some(project) = &mut listing.project else { return };
        if self.inherits_license {
            project.licenses.extend(self.license);
        }
        if let (true, Some(version)) = (self.inherits_version, self.version) {
            project.purl = project.purl.take().map(|purl| purl.with_version(&version));
        }
        listing.includes.sort();
        listing.includes.dedup();
    }
}

/// A dependency of a table: `key = "1.2"` or `key = { version = "1.2", package = "real-name", … }`.
fn dependency(key: &str, value: &DeValue<'_>, region: Region) -> Package {
    let detail = value.as_table();
    let name = detail.and_then(|table| string(table, "package")).unwrap_or(key);
    let requirement = value.as_str().or_else(|| detail.and_then(|table| string(table, "version")));
    let mut package = Package::new(Purl::new("cargo", name));
    match requirement.map(|text| (text, exact(text))) {
        Some((_, Some(version))) => package.purl = package.purl.with_version(version),
        Some((text, None)) => package.requirement = Some(text.to_owned()),
        None => {}
    }
    package.region = Some(region);
    package.relation = Relation::Direct;
    let of = |key: &str| detail.and_then(|table| string(table, key));
    if let Some(url) = of("git") {
        let commit = of("rev").filter(|rev| is_commit(rev)).map(str::to_owned);
        package.source = Source::Git { url: origin::without_credentials(url), commit };
    } else if let Some(path) = of("path") {
        package.source = Source::Local(path.to_owned());
    }
    package
}

/// The version of a requirement that admits only one: `=1.2.3`.
fn exact(requirement: &str) -> Option<&str> {
    let version = requirement.trim().strip_prefix('=')?.trim();
    let core = version.split(['-', '+']).next().unwrap_or_default();
    let numbers =
        core.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    (numbers && core.split('.').count() == 3 && !version.contains(',')).then_some(version)
}

fn manifest_in(folder: &str) -> String {
    let folder = folder.trim_end_matches('/');
    match folder.strip_prefix("./").unwrap_or(folder) {
        "" | "." => "Cargo.toml".to_owned(),
        folder => format!("{folder}/Cargo.toml"),
    }
}
