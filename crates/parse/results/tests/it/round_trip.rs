use andon_model::{Finding, RuleRef, State};
use andon_results::{SarifLimits, read_sarif, write_sarif};

use crate::sample::rich;

/// What must survive writing and reading.
fn essence(finding: &Finding) -> impl PartialEq + std::fmt::Debug {
    let places: Vec<_> = finding
        .locations
        .iter()
        .map(|place| {
            let span = place.region.map(|region| (region.start_line, region.start_column, region.end_column));
            let commit = place.commit.as_ref().map(|commit| commit.id.clone());
            (place.path.clone(), place.nested.clone(), span, place.snippet.clone(), commit, place.at_head)
        })
        .collect();
    (
        (
            finding.fingerprints.clone(),
            finding.rule.clone(),
            finding.severity,
            finding.confidence,
            finding.state,
        ),
        (places, finding.flow.len(), finding.cwe.clone(), finding.engine.clone(), finding.stage),
        (finding.suppression.as_ref().map(|found| found.reason.clone()), finding.evidence.clone()),
    )
}

#[test]
fn our_own_log_read_again_gives_the_same_findings() {
    let mut report = rich();
    report.findings[1].rule = RuleRef { id: "alpha".into(), pack: "own.toml".into(), version: String::new() };
    let bytes = write_sarif(&report, &SarifLimits::unlimited()).bytes;
    let read = read_sarif(&bytes, "own.sarif").unwrap();
    assert_eq!(read.findings.len(), report.findings.len());
    for finding in &report.findings {
        let primary = &finding.fingerprints.primary;
        let same = read.findings.iter().find(|other| other.fingerprints.primary == *primary).unwrap();
        assert_eq!(format!("{:?}", essence(same)), format!("{:?}", essence(finding)));
    }
    assert_eq!(read.target.head, report.target.head);
    assert!(!read.coverage.complete);
}

#[test]
fn reading_what_was_read_and_written_changes_no_identity() {
    let first = read_sarif(&write_sarif(&rich(), &SarifLimits::unlimited()).bytes, "a").unwrap();
    let second = read_sarif(&write_sarif(&first, &SarifLimits::unlimited()).bytes, "b").unwrap();
    let ids = |report: &andon_model::ScanReport| -> Vec<String> {
        report.findings.iter().map(|finding| finding.fingerprints.primary.0.clone()).collect()
    };
    assert_eq!(ids(&first), ids(&second));
    assert!(second.findings.iter().any(|finding| finding.state == State::Fixed));
}
