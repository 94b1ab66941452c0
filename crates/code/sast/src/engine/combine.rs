use std::collections::BTreeMap;

use ::ignore::gitignore::{Gitignore, GitignoreBuilder};
use andon_model::{
    Finding, Fingerprint, Fingerprints, Fix, FlowStep, Location, Occurrence, Outcome, Snapshot, Stage, State,
    Suppression, SuppressionKind, Unit,
};

use crate::engine::facts::{self, Seen};
use crate::engine::{NAME, Sast, describe};

const IGNORE_FILE: &str = ".semgrepignore";

/// Turns facts and their occurrences into findings.
pub(super) fn combine(engine: &Sast, units: &[Unit], snapshot: &dyn Snapshot) -> Outcome {
    let ignored = ignored_paths(snapshot);
    let mut findings = Vec::new();
    for unit in units {
        let seen = facts::decode(&unit.facts);
        for place in &unit.occurrences {
            let is_ignored = ignored.matched_path_or_any_parents(&place.path, false).is_ignore();
            findings.extend(seen.iter().filter_map(|seen| finding(engine, seen, place, is_ignored)));
        }
    }
    Outcome { findings, ..Outcome::default() }
}

/// The paths that the project's `.semgrepignore` names. What it includes of other files is not followed.
fn ignored_paths(snapshot: &dyn Snapshot) -> Gitignore {
    let mut builder = GitignoreBuilder::new("");
    let text = snapshot.read(IGNORE_FILE).unwrap_or_default();
    for line in String::from_utf8_lossy(&text).lines().filter(|line| !line.starts_with(':')) {
        // A line that is no glob ignores nothing.
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

fn finding(engine: &Sast, seen: &Seen, place: &Occurrence, is_ignored: bool) -> Option<Finding> {
    let index = seen.rule as usize;
    let rule = engine.rules.rules.get(index)?;
    if !engine.filters.get(index).is_none_or(|filter| filter.reads(&place.path)) {
        return None;
    }
    let suppression = match (seen.ignored, is_ignored) {
        (true, _) => Some(suppression(SuppressionKind::Inline, "a `nosemgrep` comment")),
        (false, true) => Some(suppression(SuppressionKind::IgnoreFile, "an entry of .semgrepignore")),
        (false, false) => None,
    };
    Some(Finding {
        fingerprints: fingerprints(&rule.id, seen, place),
        rule: describe::reference(rule, &engine.origin(index)),
        stage: Stage::Code,
        engine: NAME.to_owned(),
        severity: describe::severity(rule.severity),
        confidence: describe::confidence(rule),
        title: describe::title(rule),
        message: seen.message.trim().to_owned(),
        locations: vec![location(seen, place)],
        flow: flow(seen, place),
        subject: None,
        cwe: describe::cwe(rule),
        controls: describe::controls(rule),
        advisory: None,
        fix: seen.fix.as_ref().map(|fix| Fix { description: format!("Write instead:\n\n```\n{fix}\n```") }),
        evidence: Vec::new(),
        context: seen.context.clone(),
        state: State::New,
        suppression,
        tags: Vec::new(),
        properties: properties(seen),
    })
}

/// The code itself identifies it, wherever it stands; its file as well, for when it is edited elsewhere alike.
fn fingerprints(rule: &str, seen: &Seen, place: &Occurrence) -> Fingerprints {
    let parts = [rule.as_bytes(), &seen.code, seen.symbol.as_bytes()];
    let mut fingerprints = Fingerprints::only(Fingerprint::new("code/1", &parts));
    let in_file = [rule.as_bytes(), &seen.code, seen.symbol.as_bytes(), place.path.as_bytes()];
    fingerprints.alternates.insert(Fingerprint::new("code-file/1", &in_file));
    fingerprints
}

fn location(seen: &Seen, place: &Occurrence) -> Location {
    Location { region: Some(seen.region), snippet: Some(seen.snippet.clone()), ..place.location() }
}

fn flow(seen: &Seen, place: &Occurrence) -> Vec<FlowStep> {
    let step = |step: &facts::Step| FlowStep {
        location: Location {
            region: Some(step.region),
            snippet: Some(step.snippet.clone()),
            ..place.location()
        },
        message: step.message.clone(),
    };
    seen.flow.iter().map(step).collect()
}

fn properties(seen: &Seen) -> BTreeMap<String, String> {
    let mut properties = BTreeMap::new();
    if !seen.symbol.is_empty() {
        properties.insert("symbol".to_owned(), seen.symbol.clone());
    }
    properties
}

fn suppression(kind: SuppressionKind, reason: &str) -> Suppression {
    Suppression::new(kind, reason)
}
