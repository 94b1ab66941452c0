use std::cmp::Reverse;

use andon_model::{Finding, Severity};

use super::groups::Labels;

/// What one line says of a finding about a component.
pub(crate) struct Line {
    /// The advisory; of findings without one the rule.
    pub(crate) id: String,
    /// CVSS score.
    pub(crate) score: String,
    /// Whether attackers are known to use it.
    pub(crate) exploited: bool,
    /// `EPSS 94 %`, where that is 1 % or more.
    pub(crate) likely: Option<String>,
    /// What it is, without the component's name.
    pub(crate) about: String,
}

impl Line {
    pub(crate) fn of(finding: &Finding, labels: &Labels<'_>) -> Self {
        let id = finding.advisory.as_deref().unwrap_or(&finding.rule.id).to_owned();
        let about = about(&finding.title, &labels.label(super::purl(finding)), &id);
        Self {
            score: finding.properties.get("score").cloned().unwrap_or_default(),
            exploited: exploited(finding),
            likely: likelihood(finding).filter(|share| *share >= 0.01).map(epss),
            about: if about.is_empty() { finding.rule.id.clone() } else { about },
            id,
        }
    }

    /// `exploited, EPSS 94 %`.
    pub(crate) fn signals(&self) -> String {
        let exploited = self.exploited.then(|| "exploited".to_owned());
        exploited.into_iter().chain(self.likely.clone()).collect::<Vec<_>>().join(", ")
    }
}

pub(crate) fn exploited(finding: &Finding) -> bool {
    finding.properties.contains_key("exploited") || finding.tags.iter().any(|tag| tag == "exploited")
}

/// Probability of exploitation within 30 days, 0 to 1.
pub(crate) fn likelihood(finding: &Finding) -> Option<f64> {
    finding.properties.get("epss")?.parse().ok().filter(|share: &f64| (0.0..=1.0).contains(share))
}

/// Worst first: exploited before likely before what only scores high.
pub(super) fn urgency(finding: &Finding) -> impl Ord + use<> {
    let per = |share: f64, whole: f64| (share * whole) as u64;
    let score = finding.properties.get("score").and_then(|score| score.parse().ok()).unwrap_or(0.0);
    (
        Reverse::<Severity>(finding.severity),
        !exploited(finding),
        Reverse(per(likelihood(finding).unwrap_or(0.0), 100_000.0)),
        Reverse(per(score, 10.0)),
    )
}

fn epss(share: f64) -> String {
    let share = share * 100.0;
    if share >= 10.0 { format!("EPSS {share:.0} %") } else { format!("EPSS {share:.1} %") }
}

/// `lodash 4.17.20: Command injection (CVE-2021-23337)` without what stands beside it anyway.
fn about(title: &str, label: &str, id: &str) -> String {
    let rest = title.strip_prefix(label).map_or(title, |rest| rest.trim_start_matches([':', ' ']));
    let rest = rest.strip_suffix(&format!("({id})")).unwrap_or(rest);
    rest.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_lose_what_is_said_beside_them() {
        let check = |title: &str, expected: &str| assert_eq!(about(title, "a 1.2", "CVE-1"), expected);
        check("a 1.2: Stack overflow (CVE-1)", "Stack overflow");
        check("a 1.2 is under GPL-3.0-only", "is under GPL-3.0-only");
        check("Something else", "Something else");
        check("a 1.2:  (CVE-1)", "");
    }

    #[test]
    fn probabilities_are_as_exact_as_they_matter() {
        for (share, expected) in [(0.94358, "EPSS 94 %"), (0.0123, "EPSS 1.2 %"), (1.0, "EPSS 100 %")] {
            assert_eq!(epss(share), expected);
        }
    }
}
