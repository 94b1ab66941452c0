use andon_purl::Purl;
use andon_sbom::ProblemKind;
use andon_sbom::vex::{self, VexDraft, VexError, VexStatus};

fn draft<'a>(status: VexStatus) -> VexDraft<'a> {
    VexDraft {
        ids: vec!["CVE-1", "GHSA-1"],
        purl: "pkg:npm/a@1",
        status,
        justification: None,
        impact: None,
        action: None,
        timestamp: None,
    }
}

#[test]
fn what_is_written_is_read_again() {
    let drafts = [
        VexDraft {
            justification: Some("vulnerable_code_not_present"),
            impact: Some("not compiled in"),
            timestamp: Some("2025-05-05T05:05:05Z"),
            ..draft(VexStatus::NotAffected)
        },
        draft(VexStatus::NotAffected),
        draft(VexStatus::Affected),
        draft(VexStatus::UnderInvestigation),
        draft(VexStatus::Fixed),
    ];
    let mut bytes = Vec::new();
    vex::write(&drafts, "security@a.example", "2026-01-02T03:04:05Z", "andon 1", &mut bytes)
        .expect("a document");
    let document = vex::read(&bytes).expect("a document");
    assert_eq!(document.problems, []);
    assert_eq!(document.author, "security@a.example");
    assert!(document.id.starts_with("urn:uuid:"));
    let statuses: Vec<VexStatus> = document.statements.iter().map(|statement| statement.status).collect();
    assert_eq!(statuses, drafts.iter().map(|draft| draft.status).collect::<Vec<_>>());
    let first = &document.statements[0];
    assert_eq!(first.vulnerability, ["CVE-1", "GHSA-1"]);
    assert_eq!(first.timestamp, "2025-05-05T05:05:05Z");
    assert_eq!(first.impact.as_deref(), Some("not compiled in"));
    assert_eq!(document.statements[4].timestamp, "2026-01-02T03:04:05Z");
    let purl = Purl::parse("pkg:npm/a@1").expect("a package URL");
    let holds = vex::latest(&document.statements, &["GHSA-1"], &purl, &[]).expect("a statement");
    assert_eq!(holds.status, VexStatus::Fixed);
}

#[test]
fn incomplete_statements_do_not_count() {
    let check = |statement: &str, why: &str| {
        let text = format!(
            r#"{{"@context": "https://openvex.dev/ns/v0.2.0", "author": "A", "timestamp": "2026-01-01T00:00:00Z",
                "statements": [{statement}]}}"#
        );
        let document = vex::read(text.as_bytes()).expect("a document");
        assert_eq!(document.statements, [], "{statement}");
        assert_eq!(document.problems[0].kind, ProblemKind::Incomplete);
        assert!(document.problems[0].detail.contains(why), "{:?}", document.problems);
    };
    let (vulnerability, products) =
        (r#""vulnerability": {"name": "CVE-1"}"#, r#""products": [{"@id": "pkg:npm/a"}]"#);
    check(&format!(r#"{{{vulnerability}, {products}, "status": "not_affected"}}"#), "needs a justification");
    check(&format!(r#"{{{vulnerability}, {products}, "status": "harmless"}}"#), "no status");
    check(&format!(r#"{{{vulnerability}, "status": "fixed"}}"#), "names no product");
    check(&format!(r#"{{{products}, "status": "fixed"}}"#), "names no vulnerability");
    check(
        &format!(r#"{{{vulnerability}, {products}, "status": "fixed", "timestamp": "soon"}}"#),
        "no timestamp",
    );
    check(
        &format!(r#"{{{vulnerability}, {products}, "status": "not_affected", "justification": "trust_me"}}"#),
        "no justification",
    );
    // Subcomponents that cannot be told do not make it a statement about the whole product.
    for parts in [r#""pkg:npm/b""#, "[{}]"] {
        let product = format!(r#""products": [{{"@id": "pkg:npm/a", "subcomponents": {parts}}}]"#);
        check(&format!(r#"{{{vulnerability}, {product}, "status": "fixed"}}"#), "names no product");
    }
}

#[test]
fn other_documents_are_refused() {
    assert_eq!(vex::read(b"{}"), Err(VexError::NotOpenVex));
    assert_eq!(vex::read(br#"{"@context": "https://a.example"}"#), Err(VexError::NotOpenVex));
}
