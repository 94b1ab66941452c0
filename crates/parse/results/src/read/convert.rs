use andon_model::{
    Finding, Fingerprints, Fix, FlowStep, Location, RuleRef, Stage, State, Subject, Suppression,
    SuppressionKind, Tool,
};

use super::log::{Place, Run, SarifResult};
use super::rules::{self, Resolved};
use super::{identity, place, severity};
use crate::secretive;

/// The name under which `write_sarif` writes our own results.
pub(super) const OURS: &str = "andon";
/// Characters of a message, locations of a result and steps of a flow that are kept.
pub(super) const MESSAGE: usize = 4_000;
const LOCATIONS: usize = 1_000;
const STEPS: usize = 1_000;

/// Turns a result into a finding. Its fingerprints are not yet told apart from equal ones.
pub(super) fn finding(run: &Run, tool: &Tool, result: &SarifResult, rule: &Resolved<'_>) -> Finding {
    let descriptor = rule.descriptor;
    let mut title = rules::title(&rule.id, descriptor);
    let mut tags = descriptor.map(|rule| rules::tags(&rule.properties)).unwrap_or_default();
    tags.extend(rules::tags(&result.properties));
    tags.sort();
    tags.dedup();
    let cwe = descriptor.map(rules::weaknesses).unwrap_or_default();
    let ours = tool.name == OURS;
    let names = [tool.name.as_str(), &rule.id, &title];
    let labels = tags.iter().map(String::as_str);
    let secretive = !ours && secretive::speaks_of_secrets(names.into_iter().chain(labels), &cwe);
    let quoted = quoted(result);
    let message = clip(rules::message(&result.message, descriptor).trim(), MESSAGE);
    let message = if secretive { secretive::redact(&message, quoted) } else { message };
    if title == rules::UNNAMED && !message.is_empty() {
        title = line(&message, 200);
    }
    let locations = locations(run, result, !secretive);
    let engine = engine(tool, result);
    let mut finding = Finding {
        fingerprints: Fingerprints::only(andon_model::Fingerprint(String::new())),
        rule: rule_ref(tool, rule),
        stage: stage(&engine, result),
        engine,
        severity: severity::of_result(result, descriptor),
        confidence: severity::confidence(&bags(result, rule)),
        title,
        message,
        locations,
        flow: flow(run, result, !secretive),
        subject: subject(result),
        cwe,
        controls: Vec::new(),
        advisory: own(result, "advisory").or_else(|| advisory(&rule.id)),
        fix: result
            .fixes
            .iter()
            .find_map(|fix| rules::words(&fix.description))
            .map(|text| Fix { description: clip(text, MESSAGE) }),
        evidence: own(result, "evidence").unwrap_or_default(),
        context: own(result, "context").unwrap_or_default(),
        state: state(result),
        suppression: suppression(result),
        tags,
        properties: own(result, "properties").unwrap_or_default(),
    };
    finding.fingerprints = fingerprints(tool, result, &finding, quoted.filter(|_| !secretive));
    if finding.message.is_empty() {
        finding.message.clone_from(&finding.title);
    }
    finding
}

/// Rules of our own results keep the pack that they came from.
fn rule_ref(tool: &Tool, rule: &Resolved<'_>) -> RuleRef {
    let own = || serde_json::from_value(rule.descriptor?.properties.get("andon")?.get("rule")?.clone()).ok();
    let other = || RuleRef { id: rule.id.clone(), pack: pack(tool), version: tool.version.clone() };
    if tool.name == OURS { own().unwrap_or_else(other) } else { other() }
}

fn fingerprints(tool: &Tool, result: &SarifResult, finding: &Finding, quoted: Option<&str>) -> Fingerprints {
    if let Some(own) = identity::own(result).filter(|_| tool.name == OURS) {
        return own;
    }
    let path = finding.locations.first().map(|location| location.path.as_str()).unwrap_or_default();
    let text = quoted.unwrap_or(&finding.message);
    let content = identity::Content { tool: &tool.name, rule: &finding.rule.id, path, text };
    Fingerprints {
        primary: identity::primary(&content),
        alternates: identity::alternates(&tool.name, &finding.rule.id, result),
    }
}

/// The source text of the region itself, as far as the tool quotes it.
fn quoted(result: &SarifResult) -> Option<&str> {
    let region = result.locations.first()?.physical_location.region.as_ref()?;
    region.snippet.text.as_deref().filter(|text| !text.trim().is_empty())
}

fn locations(run: &Run, result: &SarifResult, show_text: bool) -> Vec<Location> {
    let mut found: Vec<Location> = Vec::new();
    for location in
        result.locations.iter().take(LOCATIONS).filter_map(|place| place::location(run, place, show_text))
    {
        if found.last() != Some(&location) {
            found.push(location);
        }
    }
    if found.is_empty() {
        let target = place::path(run, &result.analysis_target);
        found.extend(target.map(|path| Location { path, ..Location::default() }));
    }
    found
}

fn flow(run: &Run, result: &SarifResult, show_text: bool) -> Vec<FlowStep> {
    let steps = result.code_flows.iter().flat_map(|flow| &flow.thread_flows).map(|thread| &thread.locations);
    let step = |place: &Place| {
        let location = place::location(run, place, show_text)?;
        Some(FlowStep { location, message: clip(rules::words(&place.message).unwrap_or_default(), 500) })
    };
    steps.take(1).flatten().take(STEPS).filter_map(|at| step(&at.location)).collect()
}

/// Suppressed if nobody objects (SARIF 3.27.23): every status is `accepted` or absent.
fn suppression(result: &SarifResult) -> Option<Suppression> {
    let first = result.suppressions.first()?;
    let accepted = |status: &Option<String>| status.as_deref().is_none_or(|status| status == "accepted");
    if !result.suppressions.iter().all(|suppression| accepted(&suppression.status)) {
        return None;
    }
    let given = result.suppressions.iter().find_map(|suppression| suppression.justification.as_deref());
    let reason = match given.map(|text| line(text, 500)).filter(|text| !text.is_empty()) {
        Some(reason) => reason,
        None if first.kind == "inSource" => "suppressed by a comment in the source".to_owned(),
        None => "suppressed outside the source".to_owned(),
    };
    Some(Suppression::new(SuppressionKind::External, reason))
}

fn state(result: &SarifResult) -> State {
    if let Some(state) = own(result, "state") {
        return state;
    }
    match result.baseline_state.as_deref() {
        Some("absent") => State::Fixed,
        Some("unchanged" | "updated") => State::Existing,
        _ => State::New,
    }
}

fn engine(tool: &Tool, result: &SarifResult) -> String {
    own(result, "engine").unwrap_or_else(|| tool.name.to_lowercase())
}

fn stage(engine: &str, result: &SarifResult) -> Stage {
    let engine = engine.to_lowercase();
    let is = |names: &[&str]| names.iter().any(|name| engine.contains(name));
    if let Some(stage) = own(result, "stage") {
        stage
    } else if is(&[
        "trivy",
        "grype",
        "osv-scanner",
        "snyk open source",
        "dependency-check",
        "clair",
        "zizmor",
    ]) {
        Stage::Build
    } else if is(&["checkov", "tfsec", "kics", "terrascan", "kubesec", "kube-linter", "tflint"]) {
        Stage::Deploy
    } else if is(&["zap", "nuclei", "nikto", "burp", "dastardly"]) {
        Stage::Test
    } else if is(&["falco", "sigma"]) {
        Stage::Monitor
    } else {
        Stage::Code
    }
}

/// What it is about; other tools name a package URL at best.
fn subject(result: &SarifResult) -> Option<Subject> {
    let purl = || result.properties.get("purl")?.as_str().filter(|purl| purl.starts_with("pkg:"));
    own(result, "subject").or_else(|| purl().map(|purl| Subject::Component(line(purl, MESSAGE))))
}

fn advisory(rule: &str) -> Option<String> {
    let known = ["CVE-", "GHSA-", "RUSTSEC-", "PYSEC-", "GO-20", "OSV-", "MAL-", "DLA-", "DSA-", "RHSA-"];
    known.iter().any(|prefix| rule.starts_with(prefix)).then(|| rule.to_owned())
}

fn bags<'a>(result: &'a SarifResult, rule: &Resolved<'a>) -> Vec<&'a super::log::Bag> {
    std::iter::once(&result.properties).chain(rule.descriptor.map(|rule| &rule.properties)).collect()
}

/// What `write_sarif` keeps beside the standard's own properties.
fn own<T: serde::de::DeserializeOwned>(result: &SarifResult, key: &str) -> Option<T> {
    serde_json::from_value(result.properties.get("andon")?.get(key)?.clone()).ok()
}

/// The pack of another tool's rules is the tool.
pub(super) fn pack(tool: &Tool) -> String {
    tool.name.clone()
}

/// At most `limit` characters.
pub(super) fn clip(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned(),
        None => text.to_owned(),
    }
}

/// One line without control characters, at most `limit` characters.
pub(super) fn line(text: &str, limit: usize) -> String {
    let first = text.trim().lines().next().unwrap_or_default();
    let plain: String = first.chars().filter(|c| !c.is_control()).take(limit).collect();
    plain.trim().to_owned()
}
