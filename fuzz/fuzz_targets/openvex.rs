//! OpenVEX documents, and which statement holds.
#![no_main]

use andon_purl::Purl;
use andon_sbom::vex::{applies, latest, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|rest: &str| {
    let text = format!("{{\"@context\":\"https://openvex.dev/ns/v0.2.0\",{rest}");
    let Ok(document) = read(text.as_bytes()) else { return };
    let purl = Purl::parse("pkg:npm/a@1").expect("a package URL");
    for statement in &document.statements {
        assert!(!statement.products.is_empty() && !statement.vulnerability.is_empty());
        let ids: Vec<&str> = statement.vulnerability.iter().map(String::as_str).collect();
        let holds = latest(&document.statements, &ids, &purl, &[]);
        assert!(!applies(statement, &ids, &purl, &[]) || holds.is_some());
    }
});
