use serde_json::json;

use super::{components, gaps, known};
use crate::world::{World, each};

#[test]
fn the_components_that_an_sbom_lists_are_audited() {
    let world = World::plain();
    world.advisories(&known());
    let cyclonedx = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "shop", "bom-ref": "shop"}},
        "components": [
            {"type": "library", "name": "app", "version": "2.0.0", "purl": "pkg:npm/app@2.0.0", "bom-ref": "app"},
            {"type": "library", "name": "left", "version": "1.0.0", "purl": "pkg:npm/left@1.0.0", "bom-ref": "left"},
        ],
        "dependencies": [
            {"ref": "shop", "dependsOn": ["app"]},
            {"ref": "app", "dependsOn": ["left"]},
        ],
    });
    let package = |name: &str, version: &str| {
        json!({
            "name": name,
            "SPDXID": format!("SPDXRef-{name}"),
            "versionInfo": version,
            "downloadLocation": "NOASSERTION",
            "externalRefs": [{
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": format!("pkg:npm/{name}@{version}"),
            }],
        })
    };
    let relation = |from: &str, kind: &str, to: &str| {
        json!({"spdxElementId": format!("SPDXRef-{from}"), "relationshipType": kind,
            "relatedSpdxElement": format!("SPDXRef-{to}")})
    };
    let spdx = json!({
        "spdxVersion": "SPDX-2.3",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": "shop",
        "packages": [package("shop", "1.0.0"), package("app", "2.0.0"), package("left", "1.0.0")],
        "relationships": [
            relation("DOCUMENT", "DESCRIBES", "shop"),
            relation("shop", "DEPENDS_ON", "app"),
            relation("left", "DEPENDENCY_OF", "app"),
        ],
    });
    for (name, document) in [("bom.json", cyclonedx), ("shop.spdx.json", spdx)] {
        world.write(name, document.to_string());
        let (report, code) = world.report(name);
        assert_eq!((code, each(&report, "/advisory").len()), (1, 1), "{name}: {report:#}");
        assert_eq!(components(&report), ["pkg:npm/app@2.0.0", "pkg:npm/left@1.0.0"], "{name}");
        assert_eq!(report["coverage"]["complete"], true, "{name}: {report:#}");
        assert_eq!(report["target"]["name"], name);
        world.andon(&format!("why left {name}")).is(0, &["app 2.0.0, runtime, direct"]);
    }
}

#[test]
fn what_of_an_sbom_cannot_be_judged_is_a_gap() {
    let world = World::plain();
    world.advisories(&known());
    let text = r#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": [
        {"type": "library", "name": "left", "version": "1.0.0", "purl": "pkg:npm/left@1.0.0"},
        {"type": "library", "name": "nameless", "version": "1.0.0"}]}"#;
    world.write("bom.json", text);
    let (report, code) = world.report("bom.json");
    assert_eq!((code, report["coverage"]["complete"].as_bool()), (1, Some(false)));
    assert!(gaps(&report, "not-audited").concat().contains("bom.json: "), "{report:#}");
    world.write("bom.json", &text[..text.len() - 40]);
    let (report, code) = world.report("bom.json");
    assert_eq!(code, 1);
    assert!(gaps(&report, "unparsable").concat().contains("bom.json: "), "{report:#}");
    world.write("bom.xml", r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1"></bom>"#);
    world.andon("scan bom.xml").is(0, &["warning[incomplete]", "CycloneDX JSON"]);
    world.write("vex.json", r#"{"@context": "https://openvex.dev/ns/v0.2.0", "statements": []}"#);
    world.andon("scan vex.json").is(0, &["nothing to do"]);
}
