use std::collections::BTreeSet;

use andon_model::{Component, ComponentKind, Confidence, Finding, Location, Severity};
use andon_packages::{Distribution, Source, end_of_life};
use andon_purl::Purl;
use jiff::Timestamp;

use super::finding::Draft;
use crate::inventory::Part;

/// Distributions that get no security updates any more.
pub(super) fn findings(distributions: &[(Distribution, Location)], now: Timestamp) -> Vec<Finding> {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let over = distributions.iter().filter_map(|(distribution, location)| {
        let end = end_of_life(distribution).filter(|end| *end < today)?;
        let name = distribution.pretty_name.clone().unwrap_or_else(|| distribution.id.clone());
        let version = distribution.version_id.clone();
        let purl = Purl::new("generic", &distribution.id).with_version(version.as_deref().unwrap_or_default());
        let component = Component {
            purl: purl.to_string(),
            name: distribution.id.clone(),
            version: version.clone(),
            kind: ComponentKind::OperatingSystem,
            locations: vec![location.clone()],
            ..Component::default()
        };
        let part = Part { component, purl, source: Source::Registry, formats: BTreeSet::new() };
        let draft = Draft {
            rule: "end-of-life-distribution",
            parts: vec![&part],
            ids: vec![version.unwrap_or_default()],
            severity: Severity::High,
            confidence: Confidence::High,
            title: format!("{name} has had no security updates since {end}"),
            message: format!(
                "{name} reached the end of its standard support on {end}; vulnerabilities found since then are \
                 neither mended nor listed for it"
            ),
        };
        Some(draft.finding())
    });
    let mut findings: Vec<Finding> = Vec::new();
    for finding in over {
        // A folder may hold the same release several times.
        let same = |known: &&mut Finding| known.fingerprints.primary == finding.fingerprints.primary;
        match findings.iter_mut().find(same) {
            Some(known) => known.locations.extend(finding.locations),
            None => findings.push(finding),
        }
    }
    findings
}
