//! GitLab's reports for secret detection and for dependency scanning, schema 15. GitLab takes one kind per file.
//! Source: GitLab's published security report schemas.

mod dependencies;

use andon_model::{Finding, Fingerprint, GapKind, ScanReport, Severity, State};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::components::Unaudited;
use crate::{Rendered, components, facts};
pub(crate) use dependencies::dependencies;

/// The oldest minor version of schema 15 that has all that we write, so that older servers take it too.
const VERSION: &str = "15.0.7";
/// What GitLab's own analyser writes where no commit is known.
const NO_COMMIT: &str = "0000000";
const NAME: usize = 255;
const SOLUTION: usize = 7_000;

/// Only what the report format is for: credentials that neither are suppressed nor are gone.
pub(crate) fn gitlab(report: &ScanReport) -> Rendered {
    let mut notices = Vec::new();
    let mut vulnerabilities = Vec::new();
    let (mut suppressed, mut about, mut other) = (0, 0u64, 0);
    for finding in facts::ordered(&report.findings) {
        if finding.state == State::Fixed {
            continue;
        } else if finding.suppression.is_some() {
            suppressed += 1;
        } else if components::is_about(finding) {
            about += 1;
        } else if !facts::is_secret(finding) {
            other += 1;
        } else {
            vulnerabilities.push(vulnerability(report, finding));
        }
    }
    if suppressed > 0 {
        notices.push(format!(
            "{} left out of the GitLab report",
            facts::plural(suppressed, "suppressed finding")
        ));
    }
    if about > 0 {
        notices.push(format!(
            "{} left out of GitLab's report of secrets; `--format gitlab-dependencies` writes them",
            if about == 1 {
                "1 finding about a component".to_owned()
            } else {
                format!("{} findings about components", facts::grouped(about))
            }
        ));
    }
    if other > 0 {
        notices.push(format!(
            "{} left out of the GitLab report, which takes only secrets",
            facts::plural(other, "finding of another kind")
        ));
    }
    let document = json!({
        "version": VERSION,
        "scan": scan(report, "secret_detection", &notices),
        "vulnerabilities": vulnerabilities,
    });
    let mut bytes = serde_json::to_vec_pretty(&document).unwrap_or_default();
    bytes.push(b'\n');
    Rendered { bytes, notices }
}

fn scan(report: &ScanReport, kind: &str, notices: &[String]) -> Value {
    let start: Timestamp = report.started.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let duration = SignedDuration::from_millis(i64::try_from(report.duration_ms).unwrap_or(i64::MAX));
    let end = start.checked_add(duration).unwrap_or(start);
    let tool = json!({
        "id": "andon",
        "name": "Andon",
        "version": if report.tool.version.is_empty() { "0" } else { &report.tool.version },
        "vendor": { "name": "Andon" },
    });
    let failed = |kind: GapKind| matches!(kind, GapKind::EngineFailure | GapKind::Interrupted);
    let unaudited = kind == dependencies::KIND && Unaudited::of(report) == Some(Unaudited::All);
    let failure = unaudited || report.coverage.gaps.iter().any(|gap| failed(gap.kind));
    let mut scan = json!({
        "type": kind,
        "status": if failure { "failure" } else { "success" },
        "start_time": utc(start),
        "end_time": utc(end),
        "analyzer": tool,
        "scanner": tool,
    });
    let messages = messages(report, notices);
    if !messages.is_empty() {
        scan["messages"] = Value::Array(messages);
    }
    scan
}

fn messages(report: &ScanReport, notices: &[String]) -> Vec<Value> {
    const MOST: usize = 100;
    let message = |level: &str, value: String| json!({ "level": level, "value": value });
    let gaps = report.coverage.gaps.iter().take(MOST);
    let gaps = gaps.map(|gap| message("warn", format!("Not examined: {}: {}", gap.subject, gap.detail)));
    let rejected = report.coverage.engines.iter().flat_map(|engine| &engine.rules_rejected).take(MOST);
    let rejected =
        rejected.map(|rule| message("warn", format!("Rule {} did not run: {}", rule.id, rule.reason)));
    gaps.chain(rejected).chain(notices.iter().map(|notice| message("info", notice.clone()))).collect()
}

fn vulnerability(report: &ScanReport, finding: &Finding) -> Value {
    let mut value = common(report, finding, "secret_detection");
    value.insert("location".into(), location(report, finding));
    value.insert("identifiers".into(), Value::Array(identifiers(finding)));
    value.extend(links(report, finding));
    Value::Object(value)
}

/// What both kinds of reports say of a finding.
fn common(report: &ScanReport, finding: &Finding, category: &str) -> Map<String, Value> {
    let mut value = Map::new();
    value.insert("id".into(), json!(uuid(&finding.fingerprints.primary)));
    value.insert("category".into(), json!(category));
    value.insert("name".into(), json!(clip(facts::title(finding), NAME)));
    let description = if finding.message.is_empty() { facts::title(finding) } else { &finding.message };
    value.insert("description".into(), json!(clip(description, 100_000)));
    value.insert("severity".into(), json!(severity(finding.severity)));
    if let Some(remedy) = facts::remedy(report, finding) {
        value.insert("solution".into(), json!(clip(remedy, SOLUTION)));
    }
    value
}

fn links(report: &ScanReport, finding: &Finding) -> Option<(String, Value)> {
    let own = finding.evidence.iter().filter(|evidence| evidence.kind == "reference");
    let own = own.map(|evidence| evidence.value.as_str());
    let rule = facts::description(report, finding).into_iter().flat_map(|rule| &rule.references);
    let links: Vec<Value> = own
        .chain(rule.map(String::as_str))
        .filter(|url| (url.starts_with("https://") || url.starts_with("http://")) && url.len() > 8)
        .map(|url| json!({ "url": url }))
        .collect();
    (!links.is_empty()).then(|| ("links".into(), Value::Array(links)))
}

fn location(report: &ScanReport, finding: &Finding) -> Value {
    let mut value = Map::new();
    let place = finding.locations.first();
    if let Some(place) = place {
        value.insert("file".into(), json!(facts::path(place)));
    }
    let commit = place.and_then(|place| place.commit.as_ref());
    value.insert(
        "commit".into(),
        match commit.filter(|commit| !commit.id.is_empty()) {
            Some(commit) => json!({
                "sha": commit.id, "author": commit.author, "date": commit.date, "message": commit.summary,
            }),
            None => json!({ "sha": report.target.head.as_deref().filter(|id| !id.is_empty()).unwrap_or(NO_COMMIT) }),
        },
    );
    if let Some(region) = place.and_then(|place| place.region) {
        value.insert("start_line".into(), json!(region.start_line));
        value.insert("end_line".into(), json!(region.end_line));
    }
    Value::Object(value)
}

/// The first one is what GitLab compares; the rule's identifier is stable and says most.
fn identifiers(finding: &Finding) -> Vec<Value> {
    let id = if finding.rule.id.is_empty() { "unnamed" } else { &finding.rule.id };
    let rule = json!({ "type": "andon_rule_id", "name": format!("Andon rule {id}"), "value": id });
    std::iter::once(rule).chain(weaknesses(finding)).collect()
}

fn weaknesses(finding: &Finding) -> impl Iterator<Item = Value> {
    finding.cwe.iter().map(|number| {
        json!({
            "type": "cwe",
            "name": format!("CWE-{number}"),
            "value": number.to_string(),
            "url": format!("https://cwe.mitre.org/data/definitions/{number}.html"),
        })
    })
}

/// A UUID of version 8 (RFC 9562, 5.8) made from the fingerprint, so that it is the same in every scan.
fn uuid(fingerprint: &Fingerprint) -> String {
    let hash = Fingerprint::new("gitlab/1", &[fingerprint.0.as_bytes()]).0;
    let mut digits: Vec<char> = hash.rsplit(':').next().unwrap_or_default().chars().collect();
    digits.resize(32, '0');
    for (position, digit) in [(12, '8'), (16, 'a')] {
        if let Some(slot) = digits.get_mut(position) {
            *slot = digit;
        }
    }
    let mut out = String::with_capacity(36);
    for (position, digit) in digits.into_iter().enumerate() {
        if [8, 12, 16, 20].contains(&position) {
            out.push('-');
        }
        out.push(digit);
    }
    out
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Critical",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::Info => "Info",
    }
}

fn clip(text: &str, limit: usize) -> String {
    text.chars().take(limit).collect()
}

fn utc(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}
