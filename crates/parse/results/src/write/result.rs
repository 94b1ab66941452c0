use std::collections::BTreeMap;

use andon_model::{
    Finding, Fingerprints, FlowStep, LayerRef, Location, Region, State, Subject, Suppression, SuppressionKind,
};
use serde_json::{Map, Value, json};

use super::advisory;
use super::limits::SarifLimits;
use super::plain;
use super::rules::{self, Rules};
use crate::uri;

/// `result` of SARIF 3.27. `compared` says whether there was a baseline to compare with.
pub(super) fn result(finding: &Finding, rules: &Rules<'_>, limits: &SarifLimits, compared: bool) -> Value {
    let mut value = Map::new();
    let (id, index) = rules.find(finding);
    value.insert("ruleId".into(), json!(id));
    if let Some(index) = index {
        value.insert("ruleIndex".into(), json!(index));
    }
    value.insert("level".into(), json!(rules::level(finding.severity)));
    let message = if finding.message.is_empty() { &finding.title } else { &finding.message };
    value.insert("message".into(), json!({ "text": plain(message) }));
    let locations: Vec<Value> = finding.locations.iter().take(limits.locations).map(location).collect();
    value.insert("locations".into(), Value::Array(locations));
    value.insert("partialFingerprints".into(), fingerprints(&finding.fingerprints));
    if compared {
        value.insert("baselineState".into(), json!(baseline_state(finding.state)));
    }
    if let Some(found) = &finding.suppression {
        value.insert("suppressions".into(), json!([suppression(found)]));
    }
    if !finding.flow.is_empty() {
        value.insert("codeFlows".into(), json!([code_flow(&finding.flow, limits)]));
    }
    value.insert("rank".into(), json!(rank(finding)));
    value.insert("properties".into(), properties(finding));
    Value::Object(value)
}

fn location(location: &Location) -> Value {
    let mut value = json!({ "physicalLocation": physical(location) });
    if let Some(layer) = &location.layer {
        value["message"] = json!({ "text": plain(&layer_text(layer, location.at_head)) });
        value["properties"] = json!({ "andon": { "layer": layer, "atHead": location.at_head } });
    }
    let Some(commit) = &location.commit else { return value };
    let short: String = commit.id.chars().take(10).collect();
    let mut text = format!("Introduced by commit {short}");
    if !commit.date.is_empty() {
        text.push_str(&format!(" on {}", commit.date));
    }
    match location.at_head {
        Some(true) => text.push_str(", still there at HEAD"),
        Some(false) => text.push_str(", no longer there at HEAD"),
        None => {}
    }
    value["message"] = json!({ "text": text });
    value["properties"] = json!({ "andon": {
        "commit": commit.id, "author": commit.author, "date": commit.date, "atHead": location.at_head,
    } });
    value
}

fn layer_text(layer: &LayerRef, visible: Option<bool>) -> String {
    let mut text = format!("In layer {} of the image", layer.index);
    if !layer.instruction.is_empty() {
        text.push_str(&format!(", made by: {}", layer.instruction));
    }
    if visible == Some(false) {
        text.push_str("; a later layer deletes or replaces it");
    }
    text
}

fn physical(location: &Location) -> Value {
    let mut value = Map::new();
    value.insert("artifactLocation".into(), artifact(location));
    if let Some(found) = &location.region {
        value.insert("region".into(), region(found));
        if let Some(snippet) = &location.snippet {
            value.insert(
                "contextRegion".into(),
                json!({
                    "startLine": found.start_line.max(1),
                    "endLine": found.end_line.max(found.start_line).max(1),
                    "snippet": { "text": snippet },
                }),
            );
        }
    }
    Value::Object(value)
}

/// A place inside an archive is written as `archive!/inner`, which viewers show as it is.
fn artifact(location: &Location) -> Value {
    let mut path = location.path.clone();
    for inner in &location.nested {
        path.push_str("!/");
        path.push_str(inner);
    }
    let encoded = uri::encode_path(&path);
    if encoded.starts_with('/') {
        json!({ "uri": format!("file://{encoded}") })
    } else {
        json!({ "uri": encoded, "uriBaseId": "%SRCROOT%" })
    }
}

fn region(region: &Region) -> Value {
    let start_line = region.start_line.max(1);
    let end_line = region.end_line.max(start_line);
    let start_column = region.start_column.max(1);
    let mut value = json!({ "startLine": start_line, "startColumn": start_column, "endLine": end_line });
    if end_line > start_line || region.end_column >= start_column {
        value["endColumn"] = json!(region.end_column.max(1));
    }
    value
}

/// `andonFingerprint/v1` is the identity that reports show. Each other one is keyed by its scheme.
/// `primaryLocationLineHash` is the only one that GitHub looks at: with it, an alert follows the code.
fn fingerprints(fingerprints: &Fingerprints) -> Value {
    let mut value = Map::new();
    let primary = &fingerprints.primary.0;
    value.insert("andonFingerprint/v1".into(), json!(primary));
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for other in fingerprints.all().skip(1) {
        let scheme = other.0.split_once(':').map_or("other", |(scheme, _)| scheme);
        let count = seen.entry(scheme).or_default();
        *count += 1;
        let key = match count {
            1 => format!("andonAlternate/{scheme}"),
            _ => format!("andonAlternate/{scheme}/{count}"),
        };
        value.insert(key, json!(other.0));
    }
    let (hash, ordinal) = primary.split_once('#').unwrap_or((primary, "0"));
    let hash = hash.rsplit_once(':').map_or(hash, |(_, hash)| hash);
    let ordinal = ordinal.parse::<u64>().unwrap_or(0).saturating_add(1);
    value.insert("primaryLocationLineHash".into(), json!(format!("{hash}:{ordinal}")));
    Value::Object(value)
}

fn baseline_state(state: State) -> &'static str {
    match state {
        State::New | State::Reopened => "new",
        State::Existing => "unchanged",
        State::Moved => "updated",
        State::Fixed => "absent",
    }
}

fn suppression(found: &Suppression) -> Value {
    let kind = match found.kind {
        SuppressionKind::Inline => "inSource",
        SuppressionKind::Exception
        | SuppressionKind::IgnoreFile
        | SuppressionKind::External
        | SuppressionKind::Vex => "external",
    };
    json!({
        "kind": kind,
        "status": "accepted",
        "justification": found.reason,
        "properties": { "andon": found },
    })
}

fn code_flow(flow: &[FlowStep], limits: &SarifLimits) -> Value {
    let steps: Vec<Value> = flow
        .iter()
        .take(limits.flow_steps)
        .map(|step| {
            let mut place = location(&step.location);
            place["message"] = json!({ "text": plain(&step.message) });
            json!({ "location": place })
        })
        .collect();
    json!({ "threadFlows": [{ "locations": steps }] })
}

/// 0 to 100: by severity, then by confidence.
fn rank(finding: &Finding) -> f64 {
    let severity = finding.severity as u32;
    let confidence = finding.confidence as u32 + 1;
    f64::from(severity * 20 + confidence * 20 / 3)
}

fn properties(finding: &Finding) -> Value {
    let mut andon = Map::new();
    andon.insert("severity".into(), json!(finding.severity));
    andon.insert("confidence".into(), json!(finding.confidence));
    andon.insert("state".into(), json!(finding.state));
    andon.insert("stage".into(), json!(finding.stage));
    andon.insert("engine".into(), json!(finding.engine));
    if !finding.context.is_empty() {
        andon.insert("context".into(), json!(finding.context));
    }
    if !finding.evidence.is_empty() {
        andon.insert("evidence".into(), json!(finding.evidence));
    }
    // What the standard and its readers have no place for.
    if let Some(subject) = &finding.subject {
        andon.insert("subject".into(), json!(subject));
    }
    if let Some(advisory) = &finding.advisory {
        andon.insert("advisory".into(), json!(advisory));
    }
    if !finding.properties.is_empty() {
        andon.insert("properties".into(), json!(finding.properties));
    }
    let mut properties = Map::new();
    let score = match finding.advisory {
        Some(_) => advisory::score(finding),
        None => rules::security_severity(finding.severity).unwrap_or_default().to_owned(),
    };
    if !score.is_empty() {
        properties.insert("security-severity".into(), json!(score));
    }
    if let Some(Subject::Component(purl)) = &finding.subject {
        properties.insert("purl".into(), json!(purl));
    }
    // What an advisory is known by and what mends it, for those who look for it there.
    for name in ["ids", "fixed", "score", "epss", "exploited"] {
        if let Some(value) = finding.properties.get(name).filter(|_| finding.advisory.is_some()) {
            let value =
                if name == "ids" { json!(value.split(' ').collect::<Vec<_>>()) } else { json!(value) };
            properties.insert(name.into(), value);
        }
    }
    if !finding.tags.is_empty() {
        properties.insert("tags".into(), json!(finding.tags));
    }
    properties.insert("andon".into(), Value::Object(andon));
    Value::Object(properties)
}
