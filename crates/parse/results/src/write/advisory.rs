//! Advisories as rules of SARIF.

use andon_model::{Finding, RuleDescription, Severity, Subject};

use super::rules::{is_web_address, security_severity};

/// The rule that an advisory is: what ours says, with the advisory's title, severity, weaknesses and pages.
pub(super) fn described(base: RuleDescription, finding: &Finding, id: &str) -> RuleDescription {
    let names = finding.properties.get("ids").map(|ids| ids.replace(' ', ", "));
    let names = names.unwrap_or_else(|| id.to_owned());
    let pages = finding.evidence.iter().filter(|evidence| evidence.kind == "reference");
    let mut references: Vec<String> =
        pages.map(|page| page.value.clone()).filter(|page| is_web_address(page)).collect();
    references.extend(base.references);
    let labelled = matches!(finding.subject, Some(Subject::Component(_)));
    let about = about(&finding.title, id, labelled);
    RuleDescription {
        explanation: format!("{about} ({names}). {}", base.explanation),
        title: about,
        severity: finding.severity,
        confidence: finding.confidence,
        cwe: if finding.cwe.is_empty() { base.cwe } else { finding.cwe.clone() },
        references,
        ..base
    }
}

/// Takes in another finding of the same advisory: the worst one counts.
pub(super) fn absorb(description: &mut RuleDescription, score: &mut String, finding: &Finding) {
    let other = self::score(finding);
    let number = |text: &str| text.parse::<f64>().unwrap_or(0.0);
    description.severity = description.severity.max(finding.severity);
    if number(&other) > number(score) {
        *score = other;
    }
}

/// The CVSS score, raised to what the severity means to a reader of scores: what is exploited ranks above its score.
/// Empty where there is none.
pub(super) fn score(finding: &Finding) -> String {
    let lowest = match finding.severity {
        Severity::Critical => 9.0,
        Severity::High => 7.0,
        Severity::Medium => 4.0,
        Severity::Low => 0.1,
        Severity::Info => return String::new(),
    };
    let score = finding.properties.get("score").and_then(|score| score.parse::<f64>().ok());
    match score.filter(|score| (0.0..=10.0).contains(score)) {
        Some(score) => format!("{:.1}", score.max(lowest)),
        None => security_severity(finding.severity).unwrap_or_default().to_owned(),
    }
}

/// `lodash 4.17.20: Command injection (CVE-2021-23337)` without the component, of which there may be several.
fn about(title: &str, id: &str, labelled: bool) -> String {
    let rest = title.strip_suffix(&format!("({id})")).unwrap_or(title);
    // No name has a blank after a colon.
    let rest = rest.split_once(": ").filter(|_| labelled).map_or(rest, |(_, rest)| rest).trim();
    if rest.is_empty() { id.to_owned() } else { rest.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_says_what_not_where() {
        let check = |title: &str, labelled: bool, expected: &str| {
            assert_eq!(about(title, "CVE-1", labelled), expected);
        };
        check("lodash 4.17.20: Command injection (CVE-1)", true, "Command injection");
        check("g:a 1.0: XML: external entities (CVE-1)", true, "XML: external entities");
        check("lodash 4.17.20:  (CVE-1)", true, "CVE-1");
        check("XML: external entities", false, "XML: external entities");
    }
}
