//! An SBOM with very many components.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use andon_advisories::osv;
use andon_purl::Purl;
use anyhow::{Context, Result, ensure};
use clap::Args;
use serde_json::json;

use super::Binary;
use super::advisories::{named, shuffle};
use super::measure::{measure, must_have_run};
use super::table::Table;
use super::tools::{andon_scan, words};
use crate::conformance::{dumps, each_record};

/// Wall time that a scan may take, in seconds.
const SECONDS: f64 = 10.0;
/// Peak memory that a scan may use, in KiB.
const MEMORY: u64 = 500 << 10;

/// A CycloneDX document whose names and versions are those of advisories.
#[derive(Args)]
pub(crate) struct LargeSbom {
    /// A folder with one folder an ecosystem, each with an `all.zip`, as OSV publishes them. The database that the
    /// scan uses is made of it too, unless ANDON_DATA_DIR names one.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Components of the document.
    #[arg(long, default_value_t = 100_000)]
    components: usize,
    /// How many of a hundred components have a version that an advisory names; the others are newer than all.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u8).range(0..=100))]
    affected: u8,
    #[command(flatten)]
    binary: Binary,
}

impl LargeSbom {
    pub(super) fn run(&self) -> Result<Table> {
        let andon = self.binary.andon()?;
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("bom.cdx.json");
        std::fs::write(&file, document(&self.purls()?)?)?;
        let size = std::fs::metadata(&file)?.len() as f64 / f64::from(1 << 20);
        let mut table = Table::new(format!("an SBOM of {} components ({size:.1} MiB)", self.components));
        let data = match std::env::var_os("ANDON_DATA_DIR") {
            Some(data) => PathBuf::from(data),
            None => self.database(&mut table, &andon, folder.path())?,
        };
        let more = ["--no-cache", "--engine", "dependencies"];
        let usage = measure(&andon_scan(&andon, &file, &more), &[("ANDON_DATA_DIR", &data)], folder.path())?;
        must_have_run("andon", usage, &[0])?;
        table.add("andon scan", usage);
        table.note(format!(
            "{:.2} s (less than {SECONDS}), {} MiB (less than {})",
            usage.wall,
            usage.peak / 1024,
            MEMORY / 1024
        ));
        Ok(table)
    }

    fn database(&self, table: &mut Table, andon: &Path, folder: &Path) -> Result<PathBuf> {
        let source = self.data.canonicalize()?;
        let data = folder.join("data");
        let mut command = words(andon, &["db", "update", "--from"]);
        command.push(source.to_string_lossy().into_owned());
        let usage = measure(&command, &[("ANDON_DATA_DIR", &data)], folder)?;
        must_have_run("andon db update", usage, &[0])?;
        table.add("andon db update", usage);
        Ok(data)
    }

    /// Package URLs, each once, the same in every run.
    fn purls(&self) -> Result<Vec<String>> {
        let known = Known::read(&self.data)?;
        let old = self.components * usize::from(self.affected) / 100;
        let mut purls: BTreeSet<String> = known
            .by_turns()
            .into_iter()
            .take(old)
            .map(|(name, version)| format!("{name}@{version}"))
            .collect();
        ensure!(purls.len() == old, "{} names {} versions, not {old}", self.data.display(), purls.len());
        let names = known.mended();
        ensure!(!names.is_empty(), "{} names no package with a mended version", self.data.display());
        let mut release = 0;
        while purls.len() < self.components {
            let missing = self.components - purls.len();
            // Greater than what advisories name, in each ecosystem's order.
            purls.extend(names.iter().take(missing).map(|purl| format!("{purl}@90000.{release}.0")));
            release += 1;
        }
        Ok(purls.into_iter().collect())
    }
}

/// What advisories say of packages, the package as a package URL without version.
#[derive(Default)]
struct Known {
    /// Packages and versions that advisories name, in an order that is the same in every run and mixes ecosystems.
    versions: Vec<(String, String)>,
    /// Packages of which an advisory says that the newest version is affected.
    open: BTreeSet<String>,
}

impl Known {
    fn read(data: &Path) -> Result<Self> {
        let mut known = Self::default();
        for (ecosystem, archive) in dumps(data)? {
            let Some(kind) = purl_type(&ecosystem) else { continue };
            each_record(&archive, |json| {
                if let Ok((advisory, _)) = osv::parse(json) {
                    advisory.affected.iter().for_each(|affected| known.take(kind, affected));
                }
                Ok(())
            })?;
        }
        known.versions.sort();
        known.versions.dedup();
        shuffle(&mut known.versions);
        Ok(known)
    }

    fn take(&mut self, kind: &str, affected: &osv::Affected) {
        let package = purl(kind, &affected.name);
        if affected.ranges.iter().any(never_ends) {
            self.open.insert(package.to_string());
        }
        for component in named(affected) {
            let text = package.clone().with_version(&component.version).to_string();
            let parts = text.rsplit_once('@');
            self.versions.extend(parts.map(|(name, version)| (name.to_owned(), version.to_owned())));
        }
    }

    /// One version of each package, then a second of each, and so on: an inventory has a package in a few versions,
    /// not in all that advisories know.
    fn by_turns(&self) -> Vec<(&str, &str)> {
        let mut turns: HashMap<&str, usize> = HashMap::new();
        let mut ordered: Vec<(usize, (&str, &str))> = Vec::with_capacity(self.versions.len());
        for (name, version) in &self.versions {
            let turn = turns.entry(name).or_default();
            ordered.push((*turn, (name, version)));
            *turn += 1;
        }
        ordered.sort_by_key(|(turn, _)| *turn);
        ordered.into_iter().map(|(_, version)| version).collect()
    }

    /// Packages of which a version newer than all that are known is not affected, sorted.
    fn mended(&self) -> BTreeSet<&str> {
        let names = self.versions.iter().map(|(name, _)| name.as_str());
        names.filter(|name| !self.open.contains(*name)).collect()
    }
}

fn never_ends(range: &osv::Range) -> bool {
    let ends = |event: &osv::Event| !matches!(event, osv::Event::Introduced(_));
    range.order != osv::RangeKind::Git && !range.events.iter().any(ends)
}

fn purl_type(ecosystem: &str) -> Option<&'static str> {
    Some(match ecosystem {
        "crates.io" => "cargo",
        "Go" => "golang",
        "Maven" => "maven",
        "npm" => "npm",
        "NuGet" => "nuget",
        "Packagist" => "composer",
        "PyPI" => "pypi",
        "RubyGems" => "gem",
        _ => return None,
    })
}

fn purl(kind: &str, name: &str) -> Purl {
    let separator = if kind == "maven" { ':' } else { '/' };
    match name.rsplit_once(separator) {
        Some((namespace, name)) => Purl::new(kind, name).with_namespace(namespace),
        None => Purl::new(kind, name),
    }
}

fn document(purls: &[String]) -> Result<String> {
    let mut text = String::from(r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":["#);
    for (at, purl) in purls.iter().enumerate() {
        let (name, version) = purl.rsplit_once('@').context("a package URL without version")?;
        let name = name.rsplit('/').next().unwrap_or(name);
        let component =
            json!({"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl});
        write!(text, "{}{component}", if at == 0 { "" } else { "," })?;
    }
    text.push_str("]}\n");
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_advisories_become_package_urls() {
        let check = |kind: &str, name: &str, expected: &str| {
            assert_eq!(purl(kind, name).to_string(), expected);
        };
        check("maven", "org.example:core", "pkg:maven/org.example/core");
        check("npm", "@scope/name", "pkg:npm/%40scope/name");
        check("golang", "example.org/a/b", "pkg:golang/example.org/a/b");
        check("pypi", "Some_Name", "pkg:pypi/some-name");
    }

    #[test]
    fn packages_take_turns() {
        let versions = [("a", "1"), ("a", "2"), ("b", "1"), ("a", "3"), ("b", "2")];
        let versions = versions.map(|(name, version)| (name.to_owned(), version.to_owned())).into();
        let known = Known { versions, ..Known::default() };
        assert_eq!(known.by_turns(), [("a", "1"), ("b", "1"), ("a", "2"), ("b", "2"), ("a", "3")]);
    }

    #[test]
    fn the_document_is_json_and_holds_every_component() {
        let purls = ["pkg:npm/a@1.0.0", "pkg:npm/b@2.0.0"].map(str::to_owned);
        let document: serde_json::Value = serde_json::from_str(&document(&purls).unwrap()).unwrap();
        assert_eq!(document["components"].as_array().map(Vec::len), Some(2));
        assert_eq!(document["components"][1]["name"], "b");
    }
}
