//! How bad an advisory is: from its vectors, otherwise its database's word, otherwise a guess that says it is one.

use andon_model::Severity;

use crate::cvss;
use crate::osv::{Kind, rating_word};

/// How bad.
#[derive(Clone, Debug, PartialEq)]
pub struct Rating<'a> {
    /// In words.
    pub severity: Severity,
    /// CVSS score, 0.0 to 10.0, where a vector gave it.
    pub score: Option<f64>,
    /// The vectors, the decisive one first.
    pub vectors: Vec<&'a str>,
    /// Nobody has rated it: the severity is what its kind usually is.
    pub unscored: bool,
}

impl<'a> Rating<'a> {
    /// The worst of the vectors; without any that can be read, the database's words; without these, by kind. A
    /// malicious package is always critical.
    pub(crate) fn of(
        kind: Kind,
        severities: impl IntoIterator<Item = (&'a str, &'a str)>,
        words: impl IntoIterator<Item = Severity>,
    ) -> Self {
        let mut scored: Vec<(cvss::Score, &'a str)> = Vec::new();
        let mut word: Option<Severity> = words.into_iter().max();
        for (method, text) in severities {
            match cvss::score(text) {
                Some(score) => scored.push((score, text)),
                // Ubuntu's priorities are words.
                None if !method.starts_with("CVSS") => word = word.max(rating_word(text)),
                None => {}
            }
        }
        scored.sort_by(|(one, a), (other, b)| {
            other.severity.cmp(&one.severity).then(other.value.total_cmp(&one.value)).then(a.cmp(b))
        });
        scored.dedup();
        let worst = scored.first().map(|(score, _)| *score);
        let known = worst.map(|score| score.severity).or(word);
        Self {
            severity: if kind == Kind::Malicious { Severity::Critical } else { known.unwrap_or(usual(kind)) },
            score: worst.map(|score| score.value),
            vectors: scored.into_iter().map(|(_, vector)| vector).collect(),
            unscored: known.is_none() && kind != Kind::Malicious,
        }
    }
}

/// What nobody rated.
fn usual(kind: Kind) -> Severity {
    match kind {
        Kind::Malicious => Severity::Critical,
        Kind::Vulnerability | Kind::Unsound => Severity::Medium,
        Kind::Unmaintained => Severity::Low,
        Kind::Notice => Severity::Info,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HIGH: (&str, &str) = ("CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H");
    const LOW: (&str, &str) = ("CVSS_V3", "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N");

    fn check(
        kind: Kind,
        severities: &[(&str, &str)],
        words: &[Severity],
        expected: (Severity, Option<f64>, bool),
    ) {
        let rating = Rating::of(kind, severities.iter().copied(), words.iter().copied());
        assert_eq!((rating.severity, rating.score, rating.unscored), expected, "{severities:?} {words:?}");
    }

    #[test]
    fn the_worst_vector_decides_then_the_word_then_the_kind() {
        let vulnerability = Kind::Vulnerability;
        check(vulnerability, &[LOW, HIGH], &[Severity::Critical], (Severity::High, Some(7.5), false));
        check(vulnerability, &[("CVSS_V3", "nonsense")], &[Severity::High], (Severity::High, None, false));
        check(vulnerability, &[("Ubuntu", "negligible")], &[], (Severity::Info, None, false));
        check(vulnerability, &[], &[], (Severity::Medium, None, true));
        check(Kind::Unmaintained, &[], &[], (Severity::Low, None, true));
        check(Kind::Malicious, &[LOW], &[], (Severity::Critical, Some(1.6), false));
    }
}
