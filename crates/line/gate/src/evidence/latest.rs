use std::collections::BTreeMap;

use super::accept::Candidate;
use super::refusal::Refusal;
use super::types::{Says, Subject};

/// Statements about the same thing: what it is about, and which scan, step or tests.
type Thing = (Subject, &'static str, String);

/// Leaves the newest statement about each thing: a scan that failed later overrides one that passed earlier. Where the
/// ledger's order and the claimed times disagree (a clock went back), both the newest by time and the last of the
/// ledger stay, so that the worse of the two is seen. Approvals and provenance do not replace each other.
pub(super) fn latest(candidates: Vec<Candidate>) -> (Vec<Candidate>, Vec<(Candidate, Refusal)>) {
    let heads = heads(&candidates);
    let mut kept = Vec::new();
    let mut replaced = Vec::new();
    for (position, mut candidate) in candidates.into_iter().enumerate() {
        let things = things(&candidate);
        if things.is_empty() {
            kept.push(candidate);
            continue;
        }
        let is_head =
            |thing: &Thing| heads.get(thing).is_some_and(|heads| heads.positions.contains(&position));
        let (current, old): (Vec<Thing>, Vec<Thing>) = things.into_iter().partition(|thing| is_head(thing));
        if current.is_empty() {
            let newer = old.first().and_then(|thing| heads.get(thing)).map(|heads| heads.origin.clone());
            replaced.push((candidate, Refusal::Superseded(newer.unwrap_or_default())));
            continue;
        }
        if let Says::Scan(scan) = &mut candidate.accepted.says {
            scan.engines = current.into_iter().map(|(_, _, engine)| engine).collect();
        }
        kept.push(candidate);
    }
    (kept, replaced)
}

struct Heads {
    positions: Vec<usize>,
    /// Where the newest by time was.
    origin: String,
}

fn heads(candidates: &[Candidate]) -> BTreeMap<Thing, Heads> {
    let mut groups: BTreeMap<Thing, Vec<usize>> = BTreeMap::new();
    for (position, candidate) in candidates.iter().enumerate() {
        for thing in things(candidate) {
            groups.entry(thing).or_default().push(position);
        }
    }
    let of = |members: Vec<usize>| {
        let each = || members.iter().filter_map(|position| Some((*position, candidates.get(*position)?)));
        let newest = each().map(|(_, candidate)| candidate.at).max();
        let last = each().filter_map(|(_, candidate)| candidate.index).max();
        let is_head = |candidate: &Candidate| {
            Some(candidate.at) == newest || (last.is_some() && candidate.index == last)
        };
        let origin = each().find(|(_, candidate)| Some(candidate.at) == newest);
        Heads {
            positions: each()
                .filter(|(_, candidate)| is_head(candidate))
                .map(|(position, _)| position)
                .collect(),
            origin: origin.map(|(_, candidate)| candidate.accepted.origin.clone()).unwrap_or_default(),
        }
    };
    groups.into_iter().map(|(thing, members)| (thing, of(members))).collect()
}

fn things(candidate: &Candidate) -> Vec<Thing> {
    let about = &candidate.accepted.about;
    let thing = |kind: &'static str, name: &String| (about.clone(), kind, name.clone());
    match &candidate.accepted.says {
        Says::Scan(scan) => scan.engines.iter().map(|engine| thing("scan", engine)).collect(),
        Says::Step(step) => vec![thing("step", &step.name)],
        Says::Tests(tests) => vec![thing("tests", &tests.step)],
        Says::Coverage(coverage) => vec![thing("coverage", &coverage.step)],
        Says::Approval(_) | Says::Build(_) | Says::Other(_) => Vec::new(),
    }
}
