use std::collections::{BTreeSet, HashMap};

use andon_config::{Graph, Pipeline};

/// The chosen steps, each after those that it needs, otherwise in the order of the file; no stage before an earlier
/// one has all its steps.
pub(super) fn order(pipeline: &Pipeline, graph: &Graph, chosen: &BTreeSet<usize>) -> Vec<usize> {
    let stages: Vec<usize> = pipeline
        .stages
        .iter()
        .enumerate()
        .flat_map(|(stage, definition)| definition.steps.iter().map(move |_| stage))
        .collect();
    let stage_of = |step: usize| stages.get(step).copied().unwrap_or(0);
    let mut waits: HashMap<usize, usize> = HashMap::new();
    let mut users: HashMap<usize, Vec<usize>> = HashMap::new();
    for step in chosen {
        let needs = graph.needs(*step).iter().filter(|(other, _)| chosen.contains(other));
        let needs: Vec<usize> = needs.map(|(other, _)| *other).collect();
        waits.insert(*step, needs.len());
        for other in needs {
            users.entry(other).or_default().push(*step);
        }
    }
    let free = waits.iter().filter(|(_, count)| **count == 0);
    let mut ready: BTreeSet<(usize, usize)> = free.map(|(step, _)| (stage_of(*step), *step)).collect();
    let mut ordered = Vec::with_capacity(chosen.len());
    while let Some((_, step)) = ready.pop_first() {
        ordered.push(step);
        for user in users.remove(&step).unwrap_or_default() {
            if let Some(count) = waits.get_mut(&user) {
                *count -= 1;
                if *count == 0 {
                    ready.insert((stage_of(user), user));
                }
            }
        }
    }
    ordered
}
