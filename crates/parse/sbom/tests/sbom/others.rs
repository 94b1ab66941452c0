use andon_model::{Component, Relation, Scope};
use andon_sbom::{ProblemKind, Sbom, SbomError, SbomKind, read};

fn find<'a>(sbom: &'a Sbom, purl: &str) -> &'a Component {
    sbom.components
        .iter()
        .find(|component| component.purl == purl)
        .unwrap_or_else(|| panic!("{purl}: {sbom:#?}"))
}

fn kinds(sbom: &Sbom) -> Vec<ProblemKind> {
    sbom.problems.iter().map(|problem| problem.kind).collect()
}

fn cyclonedx(rest: &str) -> Sbom {
    read(format!(r#"{{"bomFormat": "CycloneDX", "specVersion": "1.5", {rest}}}"#).as_bytes())
        .expect("a document")
}

fn spdx(rest: &str) -> Sbom {
    read(format!(r#"{{"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", {rest}}}"#).as_bytes())
        .expect("a document")
}

#[test]
fn image_in_cyclonedx_with_a_distribution_and_a_lock_file() {
    let sbom = cyclonedx(
        r#""metadata": {"component": {"bom-ref": "img", "type": "container", "name": "app:1"}},
        "components": [
          {"bom-ref": "os", "type": "operating-system", "name": "debian", "version": "12.5",
           "properties": [{"name": "aquasecurity:trivy:Class", "value": "os-pkgs"}]},
          {"bom-ref": "lock", "type": "application", "name": "package-lock.json",
           "properties": [{"name": "aquasecurity:trivy:Type", "value": "npm"}]},
          {"bom-ref": "c", "type": "library", "name": "libacl1", "version": "2.3.1-3",
           "purl": "pkg:deb/debian/libacl1@2.3.1-3?arch=amd64&distro=debian-12.5&epoch=1",
           "licenses": [{"license": {"name": "GPL-2+"}}, {"expression": "MIT AND (ISC OR Zlib)"}],
           "hashes": [{"alg": "SHA-1", "content": "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"}, {"alg": "x", "content": "y"}],
           "properties": [{"name": "aquasecurity:trivy:SrcName", "value": "acl"},
                          {"name": "aquasecurity:trivy:SrcVersion", "value": "2.3.1"},
                          {"name": "aquasecurity:trivy:SrcRelease", "value": "3"}]},
          {"bom-ref": "n", "type": "library", "group": "@a", "name": "b", "version": "1", "scope": "optional",
           "purl": "pkg:npm/%40a/b@1", "components": [
              {"bom-ref": "m", "type": "library", "name": "c", "version": 2.0, "purl": "pkg:npm/c"}]}],
        "dependencies": [{"ref": "img", "dependsOn": ["os", "lock"]}, {"ref": "os", "dependsOn": ["c"]},
          {"ref": "lock", "dependsOn": ["n"]}, {"ref": "n", "dependsOn": ["m", "nowhere"]}],
        "compositions": [{"aggregate": "incomplete"}]"#,
    );
    assert_eq!(sbom.subject.as_ref().map(|subject| subject.name.as_str()), Some("app:1"));
    assert_eq!(
        sbom.distribution.as_ref().map(|d| (d.id.as_str(), d.version.as_str())),
        Some(("debian", "12.5"))
    );
    assert_eq!(sbom.complete, Some(false));
    assert_eq!(sbom.components.len(), 4, "{sbom:#?}");
    let acl = find(&sbom, "pkg:deb/debian/libacl1@2.3.1-3?arch=amd64&distro=debian-12.5&epoch=1");
    assert_eq!(acl.version.as_deref(), Some("1:2.3.1-3"));
    assert_eq!(acl.licenses, ["GPL-2+", "MIT", "ISC OR Zlib"]);
    assert_eq!(acl.checksums, ["sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709"]);
    assert_eq!(
        acl.upstream.as_ref().map(|up| (up.name.as_str(), up.version.as_str())),
        Some(("acl", "2.3.1-3"))
    );
    let scoped = find(&sbom, "pkg:npm/%40a/b@1");
    assert_eq!(
        (scoped.name.as_str(), scoped.scope, scoped.relation),
        ("@a/b", Scope::Optional, Relation::Direct)
    );
    assert_eq!(scoped.depends_on, ["pkg:npm/c@2.0"]);
    assert_eq!(find(&sbom, "pkg:npm/c@2.0").relation, Relation::Transitive);
    assert_eq!(kinds(&sbom), [ProblemKind::Dangling]);
}

#[test]
fn wrong_types_cost_only_what_they_stand_for() {
    let sbom = cyclonedx(
        r#""metadata": [], "components": [7, {"type": "library", "name": "a", "version": null, "licenses": "MIT",
        "purl": ["x"], "hashes": [{"alg": 1}], "properties": {"a": 1}, "evidence": 3},
        {"purl": "pkg:npm/b@1", "purl": "pkg:npm/c@1"}], "dependencies": {"ref": "x"}"#,
    );
    assert_eq!(
        sbom.components.iter().map(|c| c.purl.as_str()).collect::<Vec<_>>(),
        ["pkg:generic/a", "pkg:npm/c@1"]
    );
    assert_eq!(kinds(&sbom), [ProblemKind::NotAuditable, ProblemKind::NotAuditable]);
}

#[test]
fn deep_nesting_ends_the_reading() {
    let deep = format!("{}{}", r#"{"name": "a", "components": ["#.repeat(500), "]}".repeat(500));
    let sbom = cyclonedx(&format!(r#""components": [{{"purl": "pkg:npm/a@1"}}, {deep}]"#));
    assert_eq!(sbom.components.len(), 1);
    assert_eq!(kinds(&sbom), [ProblemKind::Damaged]);
}

#[test]
fn spdx_of_other_tools() {
    let sbom = spdx(
        r#""name": "x", "packages": [
          {"SPDXID": "SPDXRef-root", "name": "project", "downloadLocation": "NONE"},
          {"SPDXID": "SPDXRef-os", "name": "alpine", "versionInfo": "3.19.1", "primaryPackagePurpose": "OPERATING-SYSTEM"},
          {"SPDXID": "SPDXRef-a", "name": "libssl3", "versionInfo": "3.1.4-r5", "licenseDeclared": "NOASSERTION",
           "licenseConcluded": "LicenseRef-1", "sourceInfo": "built package from: openssl 3.1.4-r5",
           "externalRefs": [{"referenceCategory": "PACKAGE_MANAGER", "referenceType": "purl",
             "referenceLocator": "pkg:apk/alpine/libssl3@3.1.4-r5?distro=3.19.1"}],
           "annotations": [{"annotator": "Tool: trivy-0.58", "comment": "PkgType: alpine"}]},
          {"SPDXID": "SPDXRef-b", "name": "jest", "externalRefs": [
             {"referenceType": "purl", "referenceLocator": "pkg:npm/jest@29"},
             {"referenceType": "purl", "referenceLocator": "pkg:npm/jest@30"}]},
          {"SPDXID": "SPDXRef-c", "name": "pretty", "externalRefs": [
             {"referenceType": "http://spdx.org/rdf/references/purl", "referenceLocator": "pkg:npm/pretty@1"}]},
          {"SPDXID": "SPDXRef-d", "name": "bare", "versionInfo": "NOASSERTION"}],
        "hasExtractedLicensingInfos": [{"licenseId": "LicenseRef-1", "name": "OpenSSL-like", "extractedText": "…"}],
        "files": [{"SPDXID": "SPDXRef-f"}],
        "relationships": [
          {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-root"},
          {"spdxElementId": "SPDXRef-b", "relationshipType": "DEV_DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-root"},
          {"spdxElementId": "SPDXRef-b", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-c"},
          {"spdxElementId": "SPDXRef-a", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "NOASSERTION"},
          {"spdxElementId": "SPDXRef-a", "relationshipType": "DYNAMIC_LINK", "relatedSpdxElement": "SPDXRef-f"},
          {"spdxElementId": "SPDXRef-root", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-a"}]"#,
    );
    assert_eq!(sbom.subject.as_ref().map(|subject| subject.name.as_str()), Some("project"));
    assert_eq!(
        sbom.distribution.as_ref().map(|d| (d.id.as_str(), d.version.as_str())),
        Some(("alpine", "3.19.1"))
    );
    let ssl = find(&sbom, "pkg:apk/alpine/libssl3@3.1.4-r5?distro=3.19.1");
    assert_eq!(ssl.licenses, ["OpenSSL-like"]);
    assert_eq!(ssl.upstream.as_ref().map(|up| up.name.as_str()), Some("openssl"));
    let jest = find(&sbom, "pkg:npm/jest@29");
    assert_eq!((jest.scope, jest.relation), (Scope::Development, Relation::Direct));
    let pretty = find(&sbom, "pkg:npm/pretty@1");
    assert_eq!((pretty.scope, pretty.relation), (Scope::Development, Relation::Transitive));
    find(&sbom, "pkg:generic/bare");
    assert_eq!(kinds(&sbom), [ProblemKind::OddPurl, ProblemKind::NotAuditable]);
}

#[test]
fn each_described_package_is_a_component() {
    let sbom = spdx(
        r#""packages": [{"SPDXID": "SPDXRef-a", "name": "a"}, {"SPDXID": "SPDXRef-b", "name": "b"}],
        "documentDescribes": ["SPDXRef-a", "SPDXRef-b"]"#,
    );
    assert_eq!((sbom.subject, sbom.components.len()), (None, 2));
    let alone =
        spdx(r#""packages": [{"SPDXID": "SPDXRef-a", "name": "a"}], "documentDescribes": ["SPDXRef-a"]"#);
    assert_eq!((alone.subject, alone.components.len()), (None, 1));
}

#[test]
fn what_is_not_read_is_refused_by_name() {
    let check = |text: &[u8], words: &str| {
        let error = read(text).expect_err("refused").to_string();
        assert!(error.contains(words), "{error}");
    };
    check(b"<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\"/>", "CycloneDX XML is not read");
    check(b"SPDXVersion: SPDX-2.3\n", "SPDX tag-value is not read");
    check(br#"{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}"#, "SPDX 3 is not read");
    check(br#"{"@context": "https://openvex.dev/ns/v0.2.0"}"#, "OpenVEX is not read");
    check(b"\xff\xfe{\0", "not UTF-8");
    check(b"{}", "neither a CycloneDX nor an SPDX");
    assert_eq!(
        read(b"SPDXVersion: SPDX-2.2"),
        Err(SbomError::Unsupported { kind: SbomKind::SpdxTagValue, instead: "SPDX 2.3 JSON" })
    );
}
