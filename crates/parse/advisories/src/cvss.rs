//! Scores of the Common Vulnerability Scoring System from its vectors.

use andon_model::Severity;
use cvss::Cvss;

/// What a vector comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// 0.0 to 10.0, one decimal.
    pub value: f64,
    /// In words, by the qualitative scale of version 3.1, section 5. Version 2 has the same bounds but no `critical`.
    pub severity: Severity,
}

/// The longest vector that can mean anything: version 4 with every metric has some 190 bytes.
const LONGEST: usize = 512;
/// Metrics without which version 3 has no base score.
const BASE_V3: &[&str] = &["AV", "AC", "PR", "UI", "S", "C", "I", "A"];

/// The score of a vector: the base score of versions 2, 3.0 and 3.1; of version 4.0 the one score that its
/// specification defines, which takes the threat metrics in where the vector has them.
/// `None` when it is no complete vector.
pub fn score(vector: &str) -> Option<Score> {
    let vector = vector.trim();
    if vector.len() > LONGEST {
        return None;
    }
    let bare = vector.strip_prefix("CVSS:2.0/").unwrap_or(vector);
    let bare = bare.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(bare);
    let (value, second) = match bare.trim_end_matches('/').parse::<Cvss>().ok()? {
        Cvss::CvssV20(vector) => (vector.score().value(), true),
        Cvss::CvssV30(mut vector) | Cvss::CvssV31(mut vector) => {
            let has = |name: &&str| bare.split('/').any(|part| part.split(':').next() == Some(name));
            if !BASE_V3.iter().all(has) {
                return None;
            }
            // Version 3.0 rounds up too, but left open how a computer does so; 3.1, appendix A, says it.
            vector.minor_version = 1;
            (vector.base_score().value(), false)
        }
        Cvss::CvssV40(vector) => (vector.score().value(), false),
        _ => return None,
    };
    let value = (value * 10.0).round() / 10.0;
    let severity = severity(value);
    Some(Score { value, severity: if second { severity.min(Severity::High) } else { severity } })
}

fn severity(value: f64) -> Severity {
    match value {
        value if value >= 9.0 => Severity::Critical,
        value if value >= 7.0 => Severity::High,
        value if value >= 4.0 => Severity::Medium,
        value if value > 0.0 => Severity::Low,
        _ => Severity::Info,
    }
}
