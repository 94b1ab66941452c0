//! How bad a finding is, and how sure.

use andon_model::{Confidence, Severity};

use crate::config::Rule;
use crate::facts::Validation;
use crate::noise;
use crate::validate::{self, Proof};

/// Severity and confidence of a finding: proof makes sure, expiry makes harmless, a path of tests or of other people's
/// code makes unsure. `now` is in Unix seconds.
pub(super) fn weigh(rule: &Rule, validation: &Validation, path: &str, now: i64) -> (Severity, Confidence) {
    let meta = &rule.meta;
    let proof = match (validation, &meta.validate) {
        (Validation::None, _) | (_, None) => Proof::None,
        (_, Some(kind)) => validate::proof(kind),
    };
    let doubtful = rule.ours && (noise::is_test_path(path) || noise::is_noise_path(path));
    let confidence = confidence(meta.confidence, proof, doubtful);
    match validation {
        Validation::Expires(at, _) if *at <= now => (meta.severity.min(Severity::Low), confidence),
        _ => (meta.severity, confidence),
    }
}

/// A rule of low confidence doubts something else than the form, so that proof of the form does not help it.
fn confidence(base: Confidence, proof: Proof, doubtful: bool) -> Confidence {
    match (base, proof, doubtful) {
        (Confidence::Low, ..) => Confidence::Low,
        (_, Proof::Checksum, _) | (_, Proof::Key, false) => Confidence::High,
        (Confidence::High, _, true) => Confidence::Medium,
        (Confidence::Medium, _, true) => Confidence::Low,
        (_, _, false) => base,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proof_and_path_decide_how_sure_a_finding_is() {
        use Confidence::{High, Low, Medium};
        let cases = [
            (High, Proof::None, false, High),
            (High, Proof::None, true, Medium),
            (Medium, Proof::None, false, Medium),
            (Medium, Proof::None, true, Low),
            (Medium, Proof::Key, false, High),
            (High, Proof::Key, true, Medium),
            (Medium, Proof::Checksum, false, High),
            (Medium, Proof::Checksum, true, High),
            (Low, Proof::Checksum, false, Low),
            (Low, Proof::Key, true, Low),
        ];
        for (base, proof, doubtful, expected) in cases {
            assert_eq!(confidence(base, proof, doubtful), expected, "{base:?} {proof:?} {doubtful}");
        }
    }
}
