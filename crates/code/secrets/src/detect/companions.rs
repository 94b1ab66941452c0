//! Rules that count only beside other rules (`[[rules.required]]`).

use std::collections::HashMap;

use super::candidate::Candidate;
use crate::config::{Required, RuleSet};

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
            if others.iter().any(|other| near(&candidate, other, required)) {
                candidate.companions.push(*index);
            }
        }
        if candidate.companions.len() == rule.required.len() {
            kept.push(candidate);
        }
    }
    kept
}

fn near(candidate: &Candidate, other: &Candidate, required: &Required) -> bool {
    let lines = candidate.match_line.abs_diff(other.match_line);
    let columns = candidate.match_column.abs_diff(other.match_column);
    required.within_lines.is_none_or(|limit| lines <= limit)
        && required.within_columns.is_none_or(|limit| columns <= limit)
}
