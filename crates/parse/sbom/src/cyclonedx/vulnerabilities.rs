use std::collections::BTreeMap;

use andon_model::{Finding, Severity, State, Subject};
use serde::Serialize;

use crate::output::Prepared;

/// A vulnerability and the components that it is in.
#[derive(Serialize)]
pub(super) struct Vulnerability<'a> {
    id: &'a str,
    ratings: [Rating; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cwes: Vec<u32>,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    recommendation: Option<&'a str>,
    affects: Vec<Affects<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property<'a>>,
}

#[derive(Serialize)]
struct Rating {
    severity: &'static str,
}

#[derive(Serialize)]
struct Affects<'a> {
    #[serde(rename = "ref")]
    reference: &'a str,
}

#[derive(Serialize)]
struct Property<'a> {
    name: &'static str,
    value: &'a str,
}

/// The findings about listed components that rest on an advisory, each advisory once, sorted by its identifier. One
/// that is suppressed is listed with the reason; what that means for exploitability is not claimed.
pub(super) fn vulnerabilities<'a>(prepared: &'a Prepared<'a>) -> Vec<Vulnerability<'a>> {
    let mut by_advisory: BTreeMap<(&str, Option<&str>), Vulnerability<'a>> = BTreeMap::new();
    for finding in prepared.document.findings.iter().filter(|finding| finding.state != State::Fixed) {
        let (Some(Subject::Component(purl)), Some(id)) = (&finding.subject, &finding.advisory) else {
            continue;
        };
        if !prepared.has(purl) {
            continue;
        }
        let suppressed = finding.suppression.as_ref().map(|suppression| suppression.reason.as_str());
        let entry =
            by_advisory.entry((id, suppressed)).or_insert_with(|| vulnerability(id, finding, suppressed));
        if !entry.affects.iter().any(|affects| affects.reference == purl) {
            entry.affects.push(Affects { reference: purl });
        }
    }
    by_advisory.into_values().collect()
}

fn vulnerability<'a>(id: &'a str, finding: &'a Finding, suppressed: Option<&'a str>) -> Vulnerability<'a> {
    Vulnerability {
        id,
        ratings: [Rating { severity: severity(finding.severity) }],
        cwes: finding.cwe.iter().copied().filter(|cwe| *cwe > 0).collect(),
        description: &finding.title,
        recommendation: finding.fix.as_ref().map(|fix| fix.description.as_str()),
        affects: Vec::new(),
        properties: suppressed
            .map(|value| Property { name: "andon:suppressed", value })
            .into_iter()
            .collect(),
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
        Severity::Info => "info",
    }
}
