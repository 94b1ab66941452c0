//! Rules that count only beside other rules (`[[rules.required]]`).

use std::collections::HashMap;

use super::candidate::Candidate;
use crate::config::{Required, RuleSet};
use crate::facts::Pending;

/// Drops the candidates whose required companions are not near, and notes the companions of the others. `find` runs
/// one rule over the same text, whatever its keywords.
pub(crate) fn require(
    set: &RuleSet,
    candidates: Vec<Candidate>,
    mut find: impl FnMut(usize) -> Vec<Candidate>,
) -> Vec<Candidate> {
    let mut found: HashMap<&str, (u32, Vec<Candidate>)> = HashMap::new();
    let mut kept = Vec::with_capacity(candidates.len());
    for mut candidate in candidates {
        let Some(rule) = set.rules.get(candidate.rule) else { continue };
        if rule.skip_report {
            continue;
        }
        for required in &rule.required {
            let (index, others) = found.entry(required.id.as_str()).or_insert_with(|| {
                let index = set.rules.iter().position(|other| other.id == required.id);
                index.map_or((0, Vec::new()), |index| (index as u32, find(index)))
            });
            let near = others.iter().filter(|other| near(&candidate, other, required));
            if let Some(other) = near.min_by_key(|other| other.pending.len()) {
                candidate.companions.push(*index);
                candidate.pending.extend(other.pending.iter().map(|pending| of_companion(*index, *pending)));
            }
        }
        if candidate.companions.len() == rule.required.len() {
            kept.push(candidate);
        }
    }
    kept
}

/// What may still allow the companion may still leave the candidate without one.
fn of_companion(rule: u32, pending: Pending) -> Pending {
    match pending {
        Pending::Rule(list) => Pending::Required(rule, list),
        Pending::Global(_) | Pending::Required(..) => pending,
    }
}

fn near(candidate: &Candidate, other: &Candidate, required: &Required) -> bool {
    let lines = candidate.match_line.abs_diff(other.match_line);
    let columns = candidate.match_column.abs_diff(other.match_column);
    required.within_lines.is_none_or(|limit| lines <= limit)
        && required.within_columns.is_none_or(|limit| columns <= limit)
}
