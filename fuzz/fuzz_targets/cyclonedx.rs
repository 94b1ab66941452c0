//! CycloneDX documents: read, written in both formats, and read again as the same components.
#![no_main]

use andon_model::{Component, Tool};
use andon_sbom::{Document, Format, ProblemKind, read, write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|rest: &str| {
    let text = format!("{{\"bomFormat\":\"CycloneDX\",{rest}");
    let Ok(sbom) = read(text.as_bytes()) else { return };
    let tool = Tool { name: "andon".to_owned(), version: "0".to_owned() };
    let subject = Component { name: "subject".to_owned(), ..Component::default() };
    let document = Document {
        subject: &subject,
        components: &sbom.components,
        tool: &tool,
        timestamp: "2026-01-01T00:00:00Z",
        complete: true,
        findings: &[],
    };
    for format in [Format::CycloneDx, Format::Spdx] {
        let mut bytes = Vec::new();
        write(&document, format, &mut bytes).expect("a vector takes everything");
        let again = read(&bytes).expect("our own document");
        assert!(again.problems.iter().all(|problem| problem.kind != ProblemKind::Damaged));
        let purls =
            |components: &[Component]| components.iter().map(|each| each.purl.clone()).collect::<Vec<_>>();
        assert_eq!(purls(&again.components), purls(&sbom.components));
    }
});
