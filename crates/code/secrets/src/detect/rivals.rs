//! Several rules may see the same secret: which of them speaks. A generic rule is silent where a specific one sees
//! the same secret on the same line, as in gitleaks. Of the rules of our own pack only the surest speaks of an
//! overlapping stretch of text.

use super::candidate::Candidate;
use crate::config::{Allowlist, Rule, RuleSet};

/// Candidates are sorted by position; rivals are near.
const NEAR: usize = 64;

/// Sorts candidates by position and drops those for which a better one always speaks. Where the better one speaks only
/// at some paths or in some commits, both stay, and the other one remembers it.
pub(crate) fn settle(set: &RuleSet, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by_key(|candidate| (candidate.span.start, candidate.span.end, candidate.rule));
    candidates.dedup_by(|b, a| a.rule == b.rule && a.span == b.span && a.secret == b.secret);
    let betters: Vec<Vec<usize>> =
        (0..candidates.len()).map(|index| betters(set, &candidates, index)).collect();
    let depends: Vec<bool> = candidates.iter().map(|candidate| depends_on_place(set, candidate)).collect();
    let stays: Vec<bool> = betters.iter().map(|list| list.iter().all(|better| depends[*better])).collect();
    let mut next = 0;
    let places: Vec<Option<u32>> = stays
        .iter()
        .map(|stays| {
            next += u32::from(*stays);
            stays.then(|| next - 1)
        })
        .collect();
    let each = candidates.into_iter().zip(betters).zip(stays);
    each.filter(|(_, stays)| *stays)
        .map(|((mut candidate, betters), _)| {
            candidate.rivals = betters.iter().filter_map(|better| places[*better]).collect();
            candidate
        })
        .collect()
}

/// Positions of the candidates that speak instead of one.
fn betters(set: &RuleSet, candidates: &[Candidate], index: usize) -> Vec<usize> {
    let Some((candidate, rule)) = with_rule(set, candidates, index) else { return Vec::new() };
    let rivals = index.saturating_sub(NEAR)..(index + NEAR).min(candidates.len());
    let is_better = |other: &usize| {
        let Some((rival, rival_rule)) = with_rule(set, candidates, *other) else { return false };
        let specific = rule.is_generic()
            && !rival_rule.is_generic()
            && candidate.match_line == rival.match_line
            && memchr::memmem::find(&rival.secret, &candidate.secret).is_some();
        let surer = rule.ours
            && rival_rule.ours
            && candidate.span.start < rival.span.end
            && rival.span.start < candidate.span.end
            && rank(rival_rule, rival) > rank(rule, candidate);
        *other != index && (specific || surer)
    };
    rivals.filter(is_better).collect()
}

/// Whether a candidate counts at some places only. What holds for all rules alike makes no difference here.
fn depends_on_place(set: &RuleSet, candidate: &Candidate) -> bool {
    let by_place = |list: &Allowlist| list.has_paths() || list.has_commits();
    let of_rule = |rule: &Rule| {
        rule.path.is_some() || rule.allowlists.iter().any(by_place) || rule.ours && rule.is_generic()
    };
    !candidate.pending.is_empty() || set.rules.get(candidate.rule).is_some_and(of_rule)
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

fn with_rule<'a>(
    set: &'a RuleSet,
    candidates: &'a [Candidate],
    index: usize,
) -> Option<(&'a Candidate, &'a Rule)> {
    let candidate = candidates.get(index)?;
    Some((candidate, set.rules.get(candidate.rule)?))
}
