//! Our SBOMs and VEX documents against the published schemas. The schemas are not part of this repository: take
//! `bom-1.6.schema.json`, `spdx.schema.json` and `jsf-0.82.schema.json` from the CycloneDX specification's repository,
//! `spdx-schema.json` of the SPDX specification 2.3 (as `spdx-schema-2.3.json`) and, if wanted,
//! `openvex_json_schema.json` of the OpenVEX specification, all in one folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use andon_model::{Component, Finding, Tool};
use andon_sbom::vex::{self, VexDraft, VexStatus};
use andon_sbom::{Document, Format, Sbom, SbomKind};
use anyhow::{Context, Result};
use clap::Args;
use jsonschema::Validator;

use super::examples;
use super::schema::{self, validator};

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

impl SbomDocuments {
    pub(super) fn run(&self) -> Result<bool> {
        let schemas = Schemas::load(&self.schemas)?;
        let (subject, components) = (examples::subject(), examples::components());
        let mut good = schemas.check_both("examples", &subject, &components, &examples::findings())?;
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
        let subject = sbom.subject.clone().unwrap_or_else(examples::subject);
        self.check_both(name, &subject, &sbom.components, &[])
    }

    fn check_both(
        &self,
        name: &str,
        subject: &Component,
        components: &[Component],
        findings: &[Finding],
    ) -> Result<bool> {
        let tool = Tool { name: "andon".to_owned(), version: "0".to_owned() };
        let timestamp = "2026-01-02T03:04:05Z";
        let document = Document { subject, components, tool: &tool, timestamp, complete: true, findings };
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
    let value = serde_json::from_slice(bytes).with_context(|| format!("{name} is no JSON"))?;
    Ok(schema::report(&format!("{name}, {} bytes", bytes.len()), validator, &value))
}
