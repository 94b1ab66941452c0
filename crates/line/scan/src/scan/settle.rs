use std::cmp::Reverse;
use std::collections::HashMap;

use andon_model::{Engine, Finding, Fingerprint, RuleDescription};

/// Tells findings with an equal primary fingerprint apart: the first by path and position keeps it, the others get
/// an ordinal.
pub(crate) fn number_equal_findings(findings: &mut [Finding]) {
    findings.sort_by(|a, b| place(a).cmp(&place(b)));
    let mut seen: HashMap<Fingerprint, u32> = HashMap::new();
    for finding in findings {
        let ordinal = seen.entry(finding.fingerprints.primary.clone()).or_default();
        finding.fingerprints.primary = finding.fingerprints.primary.with_ordinal(*ordinal);
        *ordinal += 1;
    }
}

/// Sorts worst first: what counts before what is suppressed or fixed, then by severity, confidence, path, position
/// and rule. The order depends on the findings alone.
pub(crate) fn sort_worst_first(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| {
            (Reverse(finding.counts()), Reverse(finding.severity), Reverse(finding.confidence))
        };
        key(a).cmp(&key(b)).then_with(|| place(a).cmp(&place(b)))
    });
}

/// The descriptions of the rules that made `findings`, in order of engine and rule.
pub(crate) fn rules_of(findings: &[Finding], engines: &[Box<dyn Engine>]) -> Vec<RuleDescription> {
    let named: std::collections::BTreeSet<_> =
        findings.iter().map(|finding| (finding.rule.id.as_str(), finding.rule.pack.as_str())).collect();
    let mut rules: Vec<RuleDescription> = engines
        .iter()
        .flat_map(|engine| super::contain::contained(|| engine.rules()).unwrap_or_default())
        .filter(|description| named.contains(&(description.rule.id.as_str(), description.rule.pack.as_str())))
        .collect();
    rules.sort_by(|a, b| (&a.engine, &a.rule).cmp(&(&b.engine, &b.rule)));
    rules.dedup();
    rules
}

fn place(finding: &Finding) -> impl Ord + '_ {
    let location = finding.locations.first();
    (
        location.map(|location| (location.path.as_str(), location.nested.as_slice(), location.region)),
        &finding.rule,
        &finding.fingerprints.primary,
        finding.message.as_str(),
    )
}

#[cfg(test)]
mod tests {
    use andon_model::Severity;

    use super::*;
    use crate::testing::finding;

    #[test]
    fn equal_fingerprints_get_ordinals_in_order_of_place() {
        let mut findings = vec![
            finding("r", "t/1:aa", "b.txt"),
            finding("r", "t/1:aa", "a.txt"),
            finding("r", "t/1:bb", "a.txt"),
        ];
        number_equal_findings(&mut findings);
        let named: Vec<_> = findings
            .iter()
            .map(|finding| (finding.locations[0].path.as_str(), finding.fingerprints.primary.0.as_str()))
            .collect();
        assert_eq!(named, [("a.txt", "t/1:aa"), ("a.txt", "t/1:bb"), ("b.txt", "t/1:aa#1")]);
    }

    #[test]
    fn the_worst_comes_first_and_what_does_not_count_last() {
        let mut findings = vec![
            Finding { severity: Severity::Low, ..finding("r", "t/1:1", "a") },
            Finding { state: andon_model::State::Fixed, ..finding("r", "t/1:2", "a") },
            Finding { severity: Severity::Critical, ..finding("r", "t/1:3", "z") },
        ];
        sort_worst_first(&mut findings);
        let order: Vec<_> = findings.iter().map(|finding| finding.fingerprints.primary.0.as_str()).collect();
        assert_eq!(order, ["t/1:3", "t/1:1", "t/1:2"]);
    }
}
