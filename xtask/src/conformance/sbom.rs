//! Our SBOMs and VEX documents against the published schemas. The schemas are not part of this repository: take
//! `bom-1.6.schema.json`, `spdx.schema.json` and `jsf-0.82.schema.json` from the CycloneDX specification's repository,
//! `spdx-schema.json` of the SPDX specification 2.3 (as `spdx-schema-2.3.json`) and, if wanted,
//! `openvex_json_schema.json` of the OpenVEX specification, all in one folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use andon_model::{Component, ComponentKind, Location, Region, Relation, Scope, Tool, Upstream};
use andon_sbom::vex::{self, VexDraft, VexStatus};
use andon_sbom::{Document, Format, Sbom, SbomKind};
use anyhow::{Context, Result, anyhow};
use clap::Args;
use jsonschema::{Retrieve, Uri, Validator};
use serde_json::Value;

/// Write examples, read the given documents and write them again; check everything written against the schemas.
#[derive(Args)]
pub(crate) struct SbomDocuments {
    /// Folder with the schemas.
    #[arg(long, value_name = "DIR")]
    schemas: PathBuf,
    /// Documents of other tools, CycloneDX or SPDX, JSON.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    documents: Vec<PathBuf>,
}

/// Violations that are printed of each document; more would say nothing more.
const SHOWN: usize = 5;

impl SbomDocuments {
    pub(super) fn run(&self) -> Result<bool> {
        let schemas = Schemas::load(&self.schemas)?;
        let mut good = schemas.check_both("examples", &subject(), &examples())?;
        good &= schemas.check_vex()?;
        for file in &self.documents {
            let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            let name = file.display().to_string();
            match andon_sbom::read(&bytes) {
                Ok(sbom) => good &= schemas.check_again(&name, &sbom)?,
                Err(error) => println!("{name}: not read: {error}"),
            }
        }
        Ok(good)
    }
}

/// The schemas, ready to use.
struct Schemas {
    cyclonedx: Validator,
    spdx: Validator,
    openvex: Option<Validator>,
}

impl Schemas {
    fn load(folder: &Path) -> Result<Self> {
        let openvex = folder.join("openvex_json_schema.json");
        Ok(Self {
            cyclonedx: validator(&folder.join("bom-1.6.schema.json"))?,
            spdx: validator(&folder.join("spdx-schema-2.3.json"))?,
            openvex: openvex.exists().then(|| validator(&openvex)).transpose()?,
        })
    }

    /// Writes what was read of a document in both formats, and compares what is read of that with it.
    fn check_again(&self, name: &str, sbom: &Sbom) -> Result<bool> {
        let mut problems = BTreeMap::new();
        for problem in &sbom.problems {
            problems.entry(problem.kind).or_insert((0_usize, &problem.detail)).0 += 1;
        }
        let edges: usize = sbom.components.iter().map(|component| component.depends_on.len()).sum();
        println!(
            "{name}: {} {}, {} components, {edges} dependencies",
            sbom.kind.name(),
            sbom.version,
            sbom.components.len()
        );
        for (kind, (count, first)) in problems {
            println!("  {count} × {kind:?}, the first: {first}");
        }
        self.check_both(name, &sbom.subject.clone().unwrap_or_else(subject), &sbom.components)
    }

    fn check_both(&self, name: &str, subject: &Component, components: &[Component]) -> Result<bool> {
        let tool = Tool { name: "andon".to_owned(), version: "0".to_owned() };
        let timestamp = "2026-01-02T03:04:05Z";
        let document =
            Document { subject, components, tool: &tool, timestamp, complete: true, findings: &[] };
        let mut good = true;
        for (format, kind, validator) in [
            (Format::CycloneDx, SbomKind::CycloneDx, &self.cyclonedx),
            (Format::Spdx, SbomKind::Spdx, &self.spdx),
        ] {
            let mut bytes = Vec::new();
            andon_sbom::write(&document, format, &mut bytes)?;
            good &= report(&format!("{name} as {}", kind.name()), validator, &bytes)?;
            let again = andon_sbom::read(&bytes)?;
            let (found, expected) = (purls(&again.components), purls(components));
            let kept = found == expected;
            if !kept {
                let missing = expected.iter().find(|purl| !found.contains(purl));
                println!("{name} as {}: other components when read again; missing: {missing:?}", kind.name());
            }
            good &= kept;
        }
        Ok(good)
    }

    fn check_vex(&self) -> Result<bool> {
        let Some(validator) = &self.openvex else { return Ok(true) };
        let drafts: Vec<VexDraft<'_>> = VexStatus::ALL
            .iter()
            .map(|status| VexDraft {
                ids: vec!["CVE-2026-0001", "GHSA-aaaa-bbbb-cccc"],
                purl: "pkg:npm/%40a/b@1.0.0",
                status: *status,
                justification: Some("vulnerable_code_not_present"),
                impact: None,
                action: None,
                timestamp: None,
            })
            .collect();
        let mut bytes = Vec::new();
        vex::write(&drafts, "security@team.example", "2026-01-02T03:04:05Z", "andon", &mut bytes)?;
        report("examples as OpenVEX", validator, &bytes)
    }
}

fn purls(components: &[Component]) -> Vec<&str> {
    let mut purls: Vec<&str> = components.iter().map(|component| component.purl.as_str()).collect();
    purls.sort_unstable();
    purls
}

fn report(name: &str, validator: &Validator, bytes: &[u8]) -> Result<bool> {
    let value: Value = serde_json::from_slice(bytes).with_context(|| format!("{name} is no JSON"))?;
    let violations: Vec<String> =
        validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    println!("{name}: {} bytes, {} violations of the schema", bytes.len(), violations.len());
    violations.iter().take(SHOWN).for_each(|violation| println!("  {violation:.400}"));
    Ok(violations.is_empty())
}

fn validator(file: &Path) -> Result<Validator> {
    let folder = file.parent().unwrap_or(Path::new(".")).to_owned();
    jsonschema::options()
        .should_validate_formats(true)
        .with_retriever(Neighbours(folder))
        .build(&read(file)?)
        .map_err(|error| anyhow!("{} is no JSON Schema that can be used: {error}", file.display()))
}

/// Finds the schemas that a schema refers to in its own folder, by the last part of their addresses.
struct Neighbours(PathBuf);

impl Retrieve for Neighbours {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let name = uri.path().as_str().rsplit('/').next().unwrap_or_default();
        Ok(read(&self.0.join(name))?)
    }
}

fn read(file: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON", file.display()))
}

fn subject() -> Component {
    Component { name: "example".to_owned(), kind: ComponentKind::Application, ..Component::default() }
}

/// One component for each thing that a document can say.
fn examples() -> Vec<Component> {
    let component = |purl: &str, name: &str, version: &str, licenses: &[&str]| Component {
        purl: purl.to_owned(),
        name: name.to_owned(),
        version: Some(version.to_owned()).filter(|version| !version.is_empty()),
        licenses: licenses.iter().map(|&text| text.to_owned()).collect(),
        ..Component::default()
    };
    let long = "9".repeat(2000);
    let region = Region { start_line: 7, end_line: 9, ..Region::default() };
    let place = Location { path: "app/a.jar".to_owned(), region: Some(region), ..Location::default() };
    vec![
        Component {
            relation: Relation::Direct,
            locations: vec![Location { nested: vec!["b.jar".to_owned()], ..place }],
            depends_on: vec!["pkg:npm/left-pad@1.3.0".to_owned()],
            checksums: vec![format!("sha256:{}", "ab".repeat(32)), "unknown:x".to_owned()],
            ..component("pkg:maven/org.example/a@1", "org.example:a", "1", &["Apache License 2.0", "MIT"])
        },
        Component {
            scope: Scope::Development,
            relation: Relation::Direct,
            ..component("pkg:npm/%40scope/name@2.0.0", "@scope/name", "2.0.0", &["MIT OR Apache-2.0", "Zlib"])
        },
        Component {
            scope: Scope::Optional,
            relation: Relation::Direct,
            requirement: Some(">= 1, < 2".to_owned()),
            ..component("pkg:pypi/unpinned", "unpinned", "", &[])
        },
        Component {
            upstream: Some(Upstream { name: "acl".to_owned(), version: "1:2.3".to_owned() }),
            ..component("pkg:deb/debian/libacl1@2.3?distro=debian-12", "libacl1", "2.3", &["GPL-2+", "ü"])
        },
        component("pkg:npm/left-pad@1.3.0", "left-pad", "1.3.0", &["WTFPL"]),
        component(
            "pkg:cargo/odd@0.1.0",
            "odd",
            "0.1.0",
            &["Bugroff", "GPL-2.0-only WITH Classpath-exception-2.0"],
        ),
        component("pkg:cargo/young@0.1.0", "young", "0.1.0", &["Bugroff"]),
        component(&format!("pkg:generic/long@{long}"), "long", &long, &[]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_distinct_components() {
        let mut purls: Vec<String> = examples().into_iter().map(|component| component.purl).collect();
        let all = purls.len();
        purls.sort();
        purls.dedup();
        assert_eq!(purls.len(), all);
    }
}
