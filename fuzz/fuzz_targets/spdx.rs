//! SPDX documents.
#![no_main]

use andon_sbom::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|rest: &str| {
    let text = format!("{{\"spdxVersion\":\"SPDX-2.3\",{rest}");
    let Ok(sbom) = read(text.as_bytes()) else { return };
    assert!(sbom.components.is_sorted_by(|a, b| a.purl < b.purl));
    for component in &sbom.components {
        assert!(
            component
                .depends_on
                .iter()
                .all(|purl| { sbom.components.binary_search_by(|each| each.purl.cmp(purl)).is_ok() })
        );
    }
});
