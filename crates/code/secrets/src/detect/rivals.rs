//! Several rules may see the same secret: which of them speaks.

use super::candidate::Candidate;
use crate::config::{Rule, RuleSet};

/// Sorts candidates by position and drops those for which a better one speaks. A generic rule is silent where a
/// specific one sees the same secret on the same line, as in gitleaks. Of the rules of our own pack only the surest
/// speaks of an overlapping stretch of text.
pub(crate) fn settle(set: &RuleSet, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| (a.span.start, a.span.end, a.rule).cmp(&(b.span.start, b.span.end, b.rule)));
    candidates.dedup_by(|b, a| a.rule == b.rule && a.span == b.span && a.secret == b.secret);
    let keep: Vec<bool> = (0..candidates.len()).map(|index| !is_silenced(set, &candidates, index)).collect();
    let mut keep = keep.into_iter();
    candidates.retain(|_| keep.next().unwrap_or(true));
    candidates
}

fn is_silenced(set: &RuleSet, candidates: &[Candidate], index: usize) -> bool {
    /// Candidates are sorted by position; rivals are near.
    const NEAR: usize = 64;
    let Some((candidate, rule)) = with_rule(set, candidates, index) else { return true };
    let rivals = index.saturating_sub(NEAR)..(index + NEAR).min(candidates.len());
    rivals.filter(|other| *other != index).filter_map(|other| with_rule(set, candidates, other)).any(
        |(rival, rival_rule)| {
            let specific = rule.is_generic()
                && !rival_rule.is_generic()
                && candidate.match_line == rival.match_line
                && memchr::memmem::find(&rival.secret, &candidate.secret).is_some();
            let surer = rule.ours
                && rival_rule.ours
                && candidate.span.start < rival.span.end
                && rival.span.start < candidate.span.end
                && rank(rival_rule, rival) > rank(rule, candidate);
            specific || surer
        },
    )
}

/// Higher speaks. The last parts only break ties.
fn rank(rule: &Rule, candidate: &Candidate) -> impl Ord + use<> {
    let plain = candidate.tags.is_empty();
    (
        !rule.is_generic(),
        rule.meta.confidence,
        plain,
        candidate.span.len(),
        rule.meta.severity,
        std::cmp::Reverse(candidate.rule),
        std::cmp::Reverse(candidate.span.start),
    )
}

fn with_rule<'a>(set: &'a RuleSet, candidates: &'a [Candidate], index: usize) -> Option<(&'a Candidate, &'a Rule)> {
    let candidate = candidates.get(index)?;
    Some((candidate, set.rules.get(candidate.rule)?))
}
