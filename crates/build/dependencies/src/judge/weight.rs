use andon_advisories::{Kind, Vulnerability};
use andon_model::Severity;

/// From this probability of exploitation within 30 days on (EPSS), a vulnerability is at least of high severity.
const LIKELY: f64 = 0.1;

/// What is exploited ranks above what only scores high: in CISA's catalogue is critical, likely to be exploited soon
/// is at least high, otherwise CVSS decides.
pub(super) fn severity(found: &Vulnerability<'_>) -> Severity {
    let rated = found.severity();
    if found.exploited.is_some() || found.kind == Kind::Malicious {
        return Severity::Critical;
    }
    match &found.probability {
        Some(score) if score.probability >= LIKELY => rated.max(Severity::High),
        _ => rated,
    }
}
