use andon_model::{Component, ComponentKind, Relation, Scope, Tool};
use andon_sbom::{Document, Format, write};
use serde_json::{Value, json};

fn written(format: Format, complete: bool) -> Value {
    let subject = Component {
        name: "project".to_owned(),
        purl: "pkg:npm/a@1".to_owned(),
        kind: ComponentKind::Application,
        ..Component::default()
    };
    let component = |purl: &str, name: &str, licenses: &[&str]| Component {
        purl: purl.to_owned(),
        name: name.to_owned(),
        version: Some("1".to_owned()),
        licenses: licenses.iter().map(|&text| text.to_owned()).collect(),
        ..Component::default()
    };
    let components = [
        Component {
            relation: Relation::Direct,
            scope: Scope::Development,
            depends_on: vec!["pkg:maven/g/b@1".to_owned(), "pkg:npm/none@1".to_owned()],
            checksums: vec![format!("sha512:{}", "ab".repeat(64)), "sha256:short".to_owned()],
            ..component("pkg:npm/a@1", "a", &["MIT", "see LICENSE"])
        },
        component("pkg:maven/g/b@1", "g:b", &["MIT OR ISC", "Zlib"]),
        component("pkg:npm/c@1", "c", &["MIT"]),
        component("pkg:npm/c@1", "again", &[]),
    ];
    let tool = Tool { name: "andon".to_owned(), version: "9".to_owned() };
    let timestamp = "2026-01-02T03:04:05.9+01:00";
    let findings = &[];
    let document =
        Document { subject: &subject, components: &components, tool: &tool, timestamp, complete, findings };
    let mut bytes = Vec::new();
    write(&document, format, &mut bytes).expect("a document");
    serde_json::from_slice(&bytes).expect("JSON")
}

fn check(document: &Value, pointer: &str, expected: &Value) {
    assert_eq!(document.pointer(pointer), Some(expected), "{pointer}: {document:#}");
}

#[test]
fn cyclonedx_as_its_schema_wants_it() {
    let bom = written(Format::CycloneDx, false);
    check(&bom, "/metadata/timestamp", &json!("2026-01-02T02:04:05Z"));
    check(&bom, "/metadata/component/bom-ref", &json!("andon:subject:pkg:npm/a@1"));
    check(&bom, "/components/0/scope", &json!("excluded"));
    check(&bom, "/components/0/hashes", &json!([{"alg": "SHA-512", "content": "ab".repeat(64)}]));
    check(
        &bom,
        "/components/0/licenses",
        &json!([{"license": {"id": "MIT"}}, {"license": {"name": "see LICENSE"}}]),
    );
    check(&bom, "/components/1/group", &json!("g"));
    check(&bom, "/components/1/name", &json!("b"));
    check(&bom, "/components/1/licenses", &json!([{"expression": "(MIT OR ISC) AND Zlib"}]));
    check(&bom, "/components/2/licenses", &json!([{"license": {"id": "MIT"}}]));
    assert_eq!(bom["components"].as_array().map(Vec::len), Some(3));
    check(
        &bom,
        "/dependencies/0",
        &json!({"ref": "andon:subject:pkg:npm/a@1", "dependsOn": ["pkg:npm/a@1"]}),
    );
    check(&bom, "/dependencies/1", &json!({"ref": "pkg:npm/a@1", "dependsOn": ["pkg:maven/g/b@1"]}));
    check(&bom, "/dependencies/3", &json!({"ref": "pkg:npm/c@1"}));
    check(&bom, "/compositions/0/aggregate", &json!("incomplete"));
}

#[test]
fn serial_numbers_follow_from_the_content() {
    let serial = |complete| written(Format::CycloneDx, complete)["serialNumber"].as_str().map(str::to_owned);
    let number = serial(true).expect("a serial number");
    assert_eq!(serial(true), Some(number.clone()));
    assert_ne!(serial(false), Some(number.clone()));
    let parts: Vec<&str> = number.trim_start_matches("urn:uuid:").split('-').collect();
    assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    assert!(parts[2].starts_with('8') && parts[3].starts_with(['8', '9', 'a', 'b']), "{number}");
}

#[test]
fn spdx_as_its_schema_wants_it() {
    let document = written(Format::Spdx, true);
    check(&document, "/creationInfo/created", &json!("2026-01-02T02:04:05Z"));
    check(&document, "/packages/0/SPDXID", &json!("SPDXRef-Subject"));
    let ids: Vec<&str> =
        document["packages"].as_array().unwrap().iter().filter_map(|p| p["SPDXID"].as_str()).collect();
    assert_eq!(ids.len(), 4);
    assert!(
        ids.iter().all(|id| id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')),
        "{ids:?}"
    );
    let reference =
        document.pointer("/hasExtractedLicensingInfos/0/licenseId").and_then(Value::as_str).unwrap();
    check(&document, "/packages/1/licenseDeclared", &json!(format!("MIT AND {reference}")));
    check(&document, "/packages/2/licenseDeclared", &json!("(MIT OR ISC) AND Zlib"));
    check(&document, "/hasExtractedLicensingInfos/0/extractedText", &json!("see LICENSE"));
    let relationships: Vec<String> = document["relationships"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| {
            format!("{} {} {}", r["spdxElementId"], r["relationshipType"], r["relatedSpdxElement"])
                .replace('"', "")
        })
        .collect();
    let expected = [
        "SPDXRef-DOCUMENT DESCRIBES SPDXRef-Subject".to_owned(),
        format!("{} DEV_DEPENDENCY_OF SPDXRef-Subject", ids[1]),
        format!("{} DEPENDS_ON {}", ids[1], ids[2]),
        format!("SPDXRef-Subject CONTAINS {}", ids[3]),
    ];
    assert_eq!(relationships, expected);
}

#[test]
fn a_time_that_is_none_is_refused() {
    let nothing = Component::default();
    let tool = Tool { name: "andon".to_owned(), version: "9".to_owned() };
    let document = Document {
        subject: &nothing,
        components: &[],
        tool: &tool,
        timestamp: "now",
        complete: true,
        findings: &[],
    };
    let error = write(&document, Format::Spdx, &mut Vec::new()).expect_err("refused");
    assert!(error.to_string().contains("`now` is no time"), "{error}");
}
