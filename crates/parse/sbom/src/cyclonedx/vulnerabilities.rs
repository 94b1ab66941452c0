use std::collections::BTreeMap;

use andon_model::{Finding, State, Subject};
use serde::Serialize;

use super::rating::{Rating, ratings};
use crate::output::Prepared;

/// A vulnerability and the components that it is in.
#[derive(Serialize)]
pub(super) struct Vulnerability<'a> {
    id: &'a str,
    /// Its other names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<Reference<'a>>,
    ratings: Vec<Rating<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cwes: Vec<u32>,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    recommendation: Option<&'a str>,
    /// Pages about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    advisories: Vec<Page<'a>>,
    affects: Vec<Affects<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property<'a>>,
}

#[derive(Serialize)]
struct Reference<'a> {
    id: &'a str,
    source: Source,
}

/// Who gave a name, and where it is explained.
#[derive(Serialize)]
struct Source {
    name: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Page<'a> {
    url: &'a str,
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
        // A finding may be about several versions of a package.
        let others = finding.properties.get("components").map(String::as_str).unwrap_or_default();
        let purls = std::iter::once(purl.as_str()).chain(others.split(' ')).filter(|purl| prepared.has(purl));
        for purl in purls {
            let suppressed = finding.suppression.as_ref().map(|suppression| suppression.reason.as_str());
            let entry =
                by_advisory.entry((id, suppressed)).or_insert_with(|| vulnerability(id, finding, suppressed));
            if !entry.affects.iter().any(|affects| affects.reference == purl) {
                entry.affects.push(Affects { reference: purl });
            }
        }
    }
    by_advisory.into_values().collect()
}

fn vulnerability<'a>(id: &'a str, finding: &'a Finding, suppressed: Option<&'a str>) -> Vulnerability<'a> {
    Vulnerability {
        id,
        references: references(id, finding),
        ratings: ratings(finding),
        cwes: finding.cwe.iter().copied().filter(|cwe| *cwe > 0).collect(),
        description: &finding.title,
        recommendation: finding.fix.as_ref().map(|fix| fix.description.as_str()),
        advisories: pages(finding),
        affects: Vec::new(),
        properties: properties(finding, suppressed),
    }
}

fn references<'a>(id: &str, finding: &'a Finding) -> Vec<Reference<'a>> {
    let ids = finding.properties.get("ids").map(String::as_str).unwrap_or_default();
    let others = ids.split(' ').filter(|other| !other.is_empty() && *other != id);
    others.map(|id| Reference { id, source: source(id) }).collect()
}

fn source(id: &str) -> Source {
    let (name, base) = if id.starts_with("CVE-") {
        ("NVD", "https://nvd.nist.gov/vuln/detail/")
    } else if id.starts_with("GHSA-") {
        ("GitHub Advisories", "https://github.com/advisories/")
    } else {
        ("OSV", "https://osv.dev/vulnerability/")
    };
    // Identifiers of records that nobody checked.
    let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte));
    Source { name, url: if plain { format!("{base}{id}") } else { base.to_owned() } }
}

/// Pages as the schema wants them: addresses without blanks and control characters.
fn pages(finding: &Finding) -> Vec<Page<'_>> {
    let given = finding.evidence.iter().filter(|evidence| evidence.kind == "reference");
    let plain = |url: &&str| {
        let web = url.starts_with("https://") || url.starts_with("http://");
        web && url.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}[]".contains(&byte))
    };
    given.map(|evidence| evidence.value.as_str()).filter(plain).map(|url| Page { url }).collect()
}

fn properties<'a>(finding: &'a Finding, suppressed: Option<&'a str>) -> Vec<Property<'a>> {
    let known = |name: &str| finding.properties.get(name).map(String::as_str);
    [
        // The probability that it is exploited within 30 days (FIRST), and since when CISA knows that it is.
        ("andon:epss", known("epss")),
        ("andon:exploited", known("exploited")),
        ("andon:fixed", known("fixed")),
        ("andon:suppressed", suppressed),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some(Property { name, value: value? }))
    .collect()
}
