use std::collections::BTreeMap;

use andon_model::{Component, Finding, Relation, ScanReport, State};
use serde_json::{Map, Value, json};

use super::{VERSION, common, links, scan, uuid, weaknesses};
use crate::components::{self, ecosystem};
use crate::{Rendered, facts};

pub(super) const KIND: &str = "dependency_scanning";
/// Where no file lists a component.
const NO_FILE: &str = "unknown";

/// Findings about components that neither are suppressed nor are gone, and the components by the files that list them.
pub(crate) fn dependencies(report: &ScanReport) -> Rendered {
    let counted = report.findings.iter().filter(|finding| components::is_about(finding));
    let (kept, suppressed): (Vec<&Finding>, Vec<&Finding>) = counted
        .filter(|finding| finding.state != State::Fixed)
        .partition(|finding| finding.suppression.is_none());
    let mut notices = Vec::new();
    if !suppressed.is_empty() {
        let words = facts::plural(suppressed.len(), "suppressed finding");
        notices.push(format!("{words} left out of the GitLab report"));
    }
    let parts: BTreeMap<&str, &Component> = listed(report).map(|part| (part.purl.as_str(), part)).collect();
    let each =
        |finding| purls(finding).map(|purl| vulnerability(report, finding, purl, &parts)).collect::<Vec<_>>();
    let vulnerabilities: Vec<Value> = facts::ordered(kept).into_iter().flat_map(each).collect();
    let document = json!({
        "version": VERSION,
        "scan": scan(report, KIND, &notices),
        "vulnerabilities": vulnerabilities,
        "dependency_files": files(report),
    });
    let mut bytes = serde_json::to_vec_pretty(&document).unwrap_or_default();
    bytes.push(b'\n');
    Rendered { bytes, notices }
}

fn listed(report: &ScanReport) -> impl Iterator<Item = &Component> {
    report.inventory.iter().flat_map(|inventory| &inventory.components)
}

/// The versions of the component that a finding is about; GitLab knows one of each vulnerability.
fn purls(finding: &Finding) -> impl Iterator<Item = &str> {
    let own = components::purl(finding);
    let all = finding.properties.get("components").map(String::as_str).unwrap_or_default();
    std::iter::once(own).chain(all.split(' ').filter(move |purl| !purl.is_empty() && *purl != own))
}

fn vulnerability(
    report: &ScanReport,
    finding: &Finding,
    purl: &str,
    parts: &BTreeMap<&str, &Component>,
) -> Value {
    let mut value = common(report, finding, KIND);
    // The identity leaves the version out; two versions are two vulnerabilities here.
    let print = format!("{}\n{purl}", finding.fingerprints.primary.0);
    value.insert("id".into(), json!(uuid(&andon_model::Fingerprint(print))));
    let part = parts.get(purl).filter(|_| finding.properties.contains_key("components"));
    let place = part.and_then(|part| part.locations.first()).or(finding.locations.first());
    let file = place.map_or_else(|| NO_FILE.to_owned(), facts::path);
    let dependency = match parts.get(purl) {
        Some(part) => dependency(part),
        None => json!({ "package": { "name": purl }, "version": "" }),
    };
    value.insert("location".into(), json!({ "file": file, "dependency": dependency }));
    value.insert("identifiers".into(), Value::Array(identifiers(finding)));
    value.extend(links(report, finding));
    Value::Object(value)
}

fn dependency(part: &Component) -> Value {
    let mut value = Map::new();
    value.insert("package".into(), json!({ "name": part.name }));
    value.insert("version".into(), json!(part.version.as_deref().unwrap_or_default()));
    if part.relation != Relation::Unknown {
        value.insert("direct".into(), json!(part.relation == Relation::Direct));
    }
    Value::Object(value)
}

/// The first one is what GitLab compares: the advisory, then its other names, the rule and weaknesses.
fn identifiers(finding: &Finding) -> Vec<Value> {
    let others = finding.properties.get("ids").map(String::as_str).unwrap_or_default().split(' ');
    let names = finding.advisory.as_deref().into_iter().chain(others);
    let names: Vec<&str> = names.filter(|id| !id.is_empty()).collect();
    let mut identifiers: Vec<Value> = Vec::new();
    for (position, id) in names.iter().enumerate() {
        // GitLab takes twenty.
        if identifiers.len() < 15 && !names.iter().take(position).any(|other| other == id) {
            identifiers.push(identifier(id));
        }
    }
    let rule = if finding.rule.id.is_empty() { "unnamed" } else { &finding.rule.id };
    identifiers.push(json!({ "type": "andon_rule_id", "name": format!("Andon rule {rule}"), "value": rule }));
    identifiers.extend(weaknesses(finding).take(4));
    identifiers
}

fn identifier(id: &str) -> Value {
    let kind = id.split('-').next().unwrap_or_default().to_ascii_lowercase();
    json!({ "type": if kind.is_empty() { "advisory" } else { &kind }, "name": id, "value": id })
}

fn files(report: &ScanReport) -> Vec<Value> {
    let mut files: BTreeMap<(String, &str), Vec<Value>> = BTreeMap::new();
    for part in listed(report) {
        if let Some(place) = part.locations.first() {
            files.entry((facts::path(place), ecosystem(&part.purl))).or_default().push(dependency(part));
        }
    }
    let file = |((path, manager), dependencies): ((String, &str), Vec<Value>)| json!({ "path": path, "package_manager": manager.to_ascii_lowercase(), "dependencies": dependencies });
    files.into_iter().map(file).collect()
}
