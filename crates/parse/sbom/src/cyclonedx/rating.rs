//! How bad a vulnerability is, in CycloneDX's words.

use andon_model::{Finding, Severity};
use serde::Serialize;

/// A judgement of a vulnerability by somebody.
#[derive(Serialize)]
pub(super) struct Rating<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    severity: &'static str,
    method: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    vector: Option<&'a str>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

/// The CVSS score as the advisory gives it, if it does, and what we make of it: what is exploited ranks above its score.
pub(super) fn ratings(finding: &Finding) -> Vec<Rating<'_>> {
    let own = Rating {
        source: Some(Source { name: "Andon" }),
        score: None,
        severity: severity(finding.severity),
        method: "other",
        vector: None,
    };
    let given = finding.evidence.iter().find(|evidence| evidence.kind == "cvss");
    given.and_then(|evidence| cvss(&evidence.value)).into_iter().chain([own]).collect()
}

/// `9.8 CVSS:3.1/AV:N/…`.
fn cvss(text: &str) -> Option<Rating<'_>> {
    let (score, vector) = text.split_once(' ')?;
    let score: f64 = score.parse().ok().filter(|score| (0.0..=10.0).contains(score))?;
    let methods = [("CVSS:4.", "CVSSv4"), ("CVSS:3.1/", "CVSSv31"), ("CVSS:3.", "CVSSv3"), ("AV:", "CVSSv2")];
    let (_, method) = methods.into_iter().find(|(start, _)| vector.starts_with(start))?;
    let severity = match score {
        // Version 2 knows neither.
        score if score >= 9.0 && method != "CVSSv2" => "critical",
        score if score <= 0.0 && method != "CVSSv2" => "none",
        score if score >= 7.0 => "high",
        score if score >= 4.0 => "medium",
        _ => "low",
    };
    Some(Rating { source: None, score: Some(score), severity, method, vector: Some(vector) })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_told_with_their_version() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            assert_eq!(cvss(text).map(|rating| (rating.method, rating.severity)), expected, "{text}");
        };
        check("9.8 CVSS:3.1/AV:N", Some(("CVSSv31", "critical")));
        check("7.0 CVSS:3.0/AV:N", Some(("CVSSv3", "high")));
        check("0.0 CVSS:4.0/AV:N", Some(("CVSSv4", "none")));
        check("10.0 AV:N/AC:L", Some(("CVSSv2", "high")));
        check("0.0 AV:N/AC:L", Some(("CVSSv2", "low")));
        check("11.0 CVSS:3.1/AV:N", None);
        check("NaN CVSS:3.1/AV:N", None);
        check("nobody has rated it", None);
    }
}
