use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Finding, Fingerprint, Location, context_similarity};

/// Where a finding stands against a baseline.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Not in the baseline, or there is no baseline.
    #[default]
    New,
    /// In the baseline, in the same place.
    Existing,
    /// In the baseline, in another file.
    Moved,
    /// In the baseline as fixed, and here again.
    Reopened,
    /// In the baseline, and here no more.
    Fixed,
}

/// New path -> old path, as git sees the renames between baseline and target.
pub type Renames = HashMap<String, String>;

/// Schemes whose fingerprints follow from the thing itself, and from the thing and its file. Two findings that each have
/// one and share none are about two things, however alike the surroundings. (A thing whose line was edited in a file that
/// was renamed is one of them; better that it counts as new than that a new secret passes for an old one.)
const OF_THING: &str = "secret/";
const OF_THING_IN_FILE: &str = "secret-file/";

/// Below this similarity of contexts two findings are not the same.
const SIMILAR: f64 = 0.5;

/// Gives every finding of `current` its state against `baseline`, and appends those of `baseline` that are gone, as
/// fixed. Two phases, each one to one: findings with an equal fingerprint first, the primary ones before the alternates;
/// then, among what is left over, those of the same rule in the same or a renamed file whose context is similar, or
/// which are about a renamed file itself. A secret replaced by another one in the same place is a new finding.
pub fn match_baseline(current: &mut Vec<Finding>, baseline: Vec<Finding>, renames: &Renames) {
    let mut old: Vec<Option<Finding>> = baseline.into_iter().map(Some).collect();
    let mut matched = vec![false; current.len()];
    match_fingerprints(current, &mut old, &mut matched, renames, |finding| {
        vec![&finding.fingerprints.primary]
    });
    match_fingerprints(current, &mut old, &mut matched, renames, |finding| {
        finding.fingerprints.all().collect()
    });
    match_similar(current, &mut old, &mut matched, renames);
    for finding in old.into_iter().flatten().filter(|finding| finding.suppression.is_none()) {
        current.push(Finding { state: State::Fixed, ..finding });
    }
}

fn match_fingerprints(
    current: &mut [Finding],
    old: &mut [Option<Finding>],
    matched: &mut [bool],
    renames: &Renames,
    fingerprints: fn(&Finding) -> Vec<&Fingerprint>,
) {
    let mut index: HashMap<String, Vec<usize>> = HashMap::new();
    for (position, finding) in old.iter().enumerate() {
        for fingerprint in finding.iter().flat_map(fingerprints) {
            index.entry(fingerprint.0.clone()).or_default().push(position);
        }
    }
    for (finding, matched) in current.iter_mut().zip(matched).filter(|(_, matched)| !**matched) {
        let fingerprints = fingerprints(finding);
        let candidates = fingerprints.iter().filter_map(|fingerprint| index.get(&fingerprint.0)).flatten();
        let best = candidates.copied().filter(|position| old[*position].is_some()).min_by_key(|position| {
            let other = old[*position].as_ref();
            (other.is_none_or(|other| !same_file(finding, other, renames)), *position)
        });
        if let Some(other) = best.and_then(|position| old[position].take()) {
            finding.state = state_after(finding, &other);
            *matched = true;
        }
    }
}

fn match_similar(
    current: &mut [Finding],
    old: &mut [Option<Finding>],
    matched: &mut [bool],
    renames: &Renames,
) {
    let mut by_rule: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, finding) in old.iter().enumerate() {
        if let Some(finding) = finding {
            by_rule.entry(finding.rule.id.as_str()).or_default().push(position);
        }
    }
    let mut pairs = Vec::new();
    for (new_position, finding) in current.iter().enumerate().filter(|(position, _)| !matched[*position]) {
        for &old_position in by_rule.get(finding.rule.id.as_str()).into_iter().flatten() {
            let Some(other) = &old[old_position] else { continue };
            let similarity = similarity(finding, other, renames);
            if similarity >= SIMILAR && same_file(finding, other, renames) && !told_apart(finding, other) {
                pairs.push((similarity, new_position, old_position));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    for (_, new_position, old_position) in pairs {
        if !matched[new_position]
            && let Some(other) = old[old_position].take()
        {
            current[new_position].state = state_after(&current[new_position], &other);
            current[new_position].fingerprints.alternates.extend(other.fingerprints.all().cloned());
            matched[new_position] = true;
        }
    }
}

/// How alike two findings are, 0.0 to 1.0. One about a file as a whole has no context; its file must have been renamed.
fn similarity(new: &Finding, old: &Finding, renames: &Renames) -> f64 {
    if !new.context.is_empty() || !old.context.is_empty() {
        return context_similarity(&new.context, &old.context);
    }
    let renamed = new.locations.iter().any(|location| {
        let whole =
            |other: &Location| other.region.is_none() && renames.get(&location.path) == Some(&other.path);
        location.region.is_none() && old.locations.iter().any(whole)
    });
    if renamed { 1.0 } else { 0.0 }
}

/// Whether their fingerprints, known to differ, say that two findings are not the same.
fn told_apart(new: &Finding, old: &Finding) -> bool {
    let both = |scheme: &str| {
        [new, old].iter().all(|finding| finding.fingerprints.all().any(|print| print.0.starts_with(scheme)))
    };
    both(OF_THING) || both(OF_THING_IN_FILE)
}

fn state_after(new: &Finding, old: &Finding) -> State {
    let paths = |finding: &Finding| -> Vec<String> {
        finding.locations.iter().map(|location| location.path.clone()).collect()
    };
    let (new_paths, old_paths) = (paths(new), paths(old));
    if old.state == State::Fixed {
        State::Reopened
    } else if new_paths.is_empty() || new_paths.iter().any(|path| old_paths.contains(path)) {
        State::Existing
    } else {
        State::Moved
    }
}

fn same_file(new: &Finding, old: &Finding, renames: &Renames) -> bool {
    new.locations.iter().any(|location| {
        let before = renames.get(&location.path).unwrap_or(&location.path);
        old.locations.iter().any(|other| other.path == *before || other.path == location.path)
    })
}
