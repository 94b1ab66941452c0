mod advisory;
mod invocation;
mod limits;
mod result;
mod rules;

use andon_model::{ScanReport, State};
use serde_json::{Map, Value, json};

use limits::Kept;
pub use limits::SarifLimits;
use rules::Rules;

/// Where the schema of SARIF 2.1.0 is published.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// A SARIF log, and what had to be left out of it.
#[derive(Clone, Debug)]
pub struct SarifOutput {
    /// The log.
    pub value: Value,
    /// The log as compact JSON text in UTF-8, with a newline at the end.
    pub bytes: Vec<u8>,
    /// What was left out because of limits, for people; the log says the same in its notifications.
    pub notices: Vec<String>,
}

/// Writes a report as a SARIF 2.1.0 log with one run. What exceeds `limits` is left out, least severe first, and both
/// the log and [`SarifOutput::notices`] say so. The same report always gives the same bytes.
pub fn write_sarif(report: &ScanReport, limits: &SarifLimits) -> SarifOutput {
    let mut kept = Kept::choose(report, limits);
    loop {
        let value = log(report, &kept, limits);
        let mut bytes = serde_json::to_vec(&value).unwrap_or_default();
        bytes.push(b'\n');
        // Compression never makes a log much bigger, so that a small one need not be tried.
        let size = if bytes.len() <= limits.compressed_bytes { 0 } else { limits::compressed_size(&bytes) };
        if size <= limits.compressed_bytes || !kept.shrink(report, size, limits.compressed_bytes) {
            return SarifOutput { value, bytes, notices: kept.notices };
        }
    }
}

fn log(report: &ScanReport, kept: &Kept, limits: &SarifLimits) -> Value {
    let rules = Rules::of(report, kept);
    let compared = report.target.base.is_some() || report.findings.iter().any(|f| f.state != State::New);
    let results: Vec<Value> =
        kept.findings(report).map(|finding| result::result(finding, &rules, limits, compared)).collect();
    let mut run = Map::new();
    run.insert("tool".into(), json!({ "driver": driver(report, &rules, limits) }));
    run.insert("invocations".into(), json!([invocation::invocation(report, &kept.notices)]));
    run.insert(
        "originalUriBaseIds".into(),
        json!({ "%SRCROOT%": {
        "description": { "text": "The root of what was scanned." }
    } }),
    );
    if let Some(provenance) = provenance(report) {
        run.insert("versionControlProvenance".into(), json!([provenance]));
    }
    run.insert("automationDetails".into(), json!({ "id": automation_id(report) }));
    run.insert("columnKind".into(), json!("unicodeCodePoints"));
    run.insert("results".into(), Value::Array(results));
    run.insert("properties".into(), properties(report));
    json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] })
}

fn driver(report: &ScanReport, rules: &Rules<'_>, limits: &SarifLimits) -> Value {
    json!({
        "name": if report.tool.name.is_empty() { "andon" } else { &report.tool.name },
        "version": report.tool.version,
        "rules": rules.descriptors(limits),
    })
}

/// GitHub replaces the alerts of an earlier upload with the same category, the part before the last `/`. Scans of
/// different kinds of targets must not replace each other's.
fn automation_id(report: &ScanReport) -> String {
    format!("andon/{}/", kebab(&report.target.kind))
}

/// Needs the address of the repository (SARIF 3.23.3), which only a target named by an address has.
fn provenance(report: &ScanReport) -> Option<Value> {
    let name = &report.target.name;
    let (scheme, _) = crate::uri::scheme(name)?;
    let known = ["https", "http", "ssh", "git"].contains(&scheme.as_str());
    let valid =
        name.is_ascii() && !name.contains(|c: char| c.is_ascii_control() || " <>\"{}|\\^`".contains(c));
    if !known || !valid {
        return None;
    }
    let mut details = Map::new();
    details.insert("repositoryUri".into(), json!(name));
    if let Some(head) = &report.target.head {
        details.insert("revisionId".into(), json!(head));
    }
    if let Some(branch) = &report.target.branch {
        details.insert("branch".into(), json!(branch));
    }
    Some(Value::Object(details))
}

fn properties(report: &ScanReport) -> Value {
    let mut andon = Map::new();
    andon.insert("schema".into(), json!(report.schema));
    andon.insert("complete".into(), json!(report.coverage.complete));
    andon.insert("target".into(), json!(report.target));
    if let Some(gate) = &report.gate {
        andon.insert("verdict".into(), json!(gate.verdict));
    }
    json!({ "andon": andon })
}

/// The word that serde writes for a fieldless variant.
fn kebab(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => text,
        _ => String::new(),
    }
}

/// At most `limit` characters, the last of them `…` if something was cut.
fn clip(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some(_) => text.chars().take(limit.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// Text for `message.text`, where `[words](target)` would become a link (SARIF 3.11.6).
fn plain(text: &str) -> String {
    if text.contains("](") {
        text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
    } else {
        text.to_owned()
    }
}
