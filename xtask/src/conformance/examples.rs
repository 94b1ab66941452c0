//! Components and findings that have one of everything that our documents can say.

use andon_model::{
    Component, ComponentKind, Confidence, Evidence, Finding, Fingerprint, Fingerprints, Fix, Inventory,
    Location, Region, Relation, RuleRef, ScanReport, Scope, Severity, Stage, State, Subject, Suppression,
    SuppressionKind, Target, TargetKind, Tool, Upstream,
};

/// A report of all of them.
pub(super) fn report() -> ScanReport {
    let target = Target {
        kind: TargetKind::Directory,
        name: "example".to_owned(),
        base: None,
        head: None,
        branch: None,
        image: None,
        commits: None,
    };
    ScanReport {
        schema: ScanReport::SCHEMA.to_owned(),
        tool: Tool { name: "andon".to_owned(), version: "0".to_owned() },
        target,
        started: "2026-01-02T03:04:05.678+01:00".to_owned(),
        duration_ms: 1500,
        findings: findings(),
        rules: Vec::new(),
        coverage: Default::default(),
        inventory: Some(Inventory { components: components(), advisories: None, upgrades: Vec::new() }),
        protected_changes: Vec::new(),
        exception_issues: Vec::new(),
        gate: None,
    }
}

/// What the components belong to.
pub(super) fn subject() -> Component {
    Component { name: "example".to_owned(), kind: ComponentKind::Application, ..Component::default() }
}

/// One component for each thing that a document can say.
pub(super) fn components() -> Vec<Component> {
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

/// One finding for each thing that can be said of a vulnerability, and a credential.
pub(super) fn findings() -> Vec<Finding> {
    let mut odd = about("MAL-2026-1", "pkg:npm/left-pad@1.3.0", Severity::Critical, "nobody has rated it");
    odd.properties.insert("ids".to_owned(), "MAL-2026-1 odd\u{e9}\"id".to_owned());
    odd.evidence.push(evidence("reference", "https://example.org/a b"));
    let mut many = about("CVE-2026-2", "pkg:pypi/unpinned", Severity::Info, "0.0 CVSS:3.0/AV:N/AC:L");
    let ids: Vec<String> = (0..40).map(|number| format!("GHSA-{number}")).collect();
    many.properties.insert("ids".to_owned(), ids.join(" "));
    many.cwe = (0..30).collect();
    many.locations.clear();
    let mut accepted =
        about("CVE-2026-3", "pkg:cargo/odd@0.1.0", Severity::Low, "2.1 AV:N/AC:L/Au:N/C:N/I:N/A:P");
    accepted.suppression = Some(Suppression {
        kind: SuppressionKind::Exception,
        reason: "only in tests".to_owned(),
        owner: None,
        expires: None,
        requester: None,
        approver: None,
    });
    let mut several =
        about("CVE-2026-4", "pkg:npm/%40scope/name@2.0.0", Severity::Medium, "6.9 CVSS:4.0/AV:N");
    let purls = "pkg:npm/%40scope/name@2.0.0 pkg:npm/left-pad@1.3.0 pkg:npm/none@1";
    several.properties.insert("components".to_owned(), purls.to_owned());
    let secret = Finding { engine: "secrets".to_owned(), subject: None, advisory: None, ..several.clone() };
    let full = about(
        "GHSA-aaaa-bbbb-cccc",
        "pkg:maven/org.example/a@1",
        Severity::Critical,
        "7.5 CVSS:3.1/AV:N/AC:L",
    );
    vec![full, odd, many, accepted, several, secret]
}

fn about(id: &str, purl: &str, severity: Severity, cvss: &str) -> Finding {
    let print = Fingerprint(format!("example/1:{id}#0"));
    let ids = format!("{id} CVE-2026-9 PYSEC-2026-9");
    let facts = [
        ("ids", ids.as_str()),
        ("score", "7.5"),
        ("fixed", "2"),
        ("epss", "0.01234"),
        ("exploited", "2026-01-01"),
    ];
    let region = Region { start_line: 7, end_line: 9, ..Region::default() };
    Finding {
        fingerprints: Fingerprints::only(print),
        rule: RuleRef { id: "example".to_owned(), pack: "andon".to_owned(), version: "0".to_owned() },
        stage: Stage::Build,
        engine: "dependencies".to_owned(),
        severity,
        confidence: Confidence::High,
        title: format!("{purl}: an example ({id})"),
        message: "An example.".to_owned(),
        locations: vec![Location { path: "lock".to_owned(), region: Some(region), ..Location::default() }],
        flow: Vec::new(),
        subject: Some(Subject::Component(purl.to_owned())),
        cwe: vec![79, 0],
        controls: Vec::new(),
        advisory: Some(id.to_owned()),
        fix: Some(Fix { description: "Update it.".to_owned() }),
        evidence: vec![evidence("cvss", cvss), evidence("reference", "https://example.org/page?a=b")],
        context: String::new(),
        state: State::New,
        suppression: None,
        tags: Vec::new(),
        properties: facts.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
    }
}

fn evidence(kind: &str, value: &str) -> Evidence {
    Evidence { kind: kind.to_owned(), value: value.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_distinct_components() {
        let mut purls: Vec<String> = components().into_iter().map(|component| component.purl).collect();
        let all = purls.len();
        purls.sort();
        purls.dedup();
        assert_eq!(purls.len(), all);
    }

    #[test]
    fn examples_are_about_components_that_there_are() {
        let purls: Vec<String> = components().into_iter().map(|component| component.purl).collect();
        for finding in findings().into_iter().filter(|finding| finding.engine == "dependencies") {
            let Some(Subject::Component(purl)) = finding.subject else { panic!("{}", finding.title) };
            assert!(purls.contains(&purl), "{purl}");
        }
    }
}
