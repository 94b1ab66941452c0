use andon_model::{GapKind, ScanReport};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::kebab;
use crate::uri;

/// `invocation` of SARIF 3.20. A scan that is incomplete was not successful: whoever reads the log must not take the
/// absence of a result for the absence of a defect.
pub(super) fn invocation(report: &ScanReport, notices: &[String]) -> Value {
    let mut value = Map::new();
    value.insert("executionSuccessful".into(), json!(report.coverage.complete));
    if let Ok(start) = report.started.parse::<Timestamp>() {
        value.insert("startTimeUtc".into(), json!(utc(start)));
        let duration = SignedDuration::from_millis(i64::try_from(report.duration_ms).unwrap_or(i64::MAX));
        if let Ok(end) = start.checked_add(duration) {
            value.insert("endTimeUtc".into(), json!(utc(end)));
        }
    }
    let execution = execution(report, notices);
    if !execution.is_empty() {
        value.insert("toolExecutionNotifications".into(), Value::Array(execution));
    }
    let configuration = configuration(report);
    if !configuration.is_empty() {
        value.insert("toolConfigurationNotifications".into(), Value::Array(configuration));
    }
    Value::Object(value)
}

fn execution(report: &ScanReport, notices: &[String]) -> Vec<Value> {
    let mut out = Vec::new();
    if !report.coverage.complete {
        let text = format!(
            "This scan is incomplete: {} things were not examined and {} rules did not run.",
            report.coverage.gaps.len(),
            report.coverage.engines.iter().map(|engine| engine.rules_rejected.len()).sum::<usize>(),
        );
        out.push(notification("incomplete", "error", &text, None));
    }
    for gap in report.coverage.gaps.iter().take(MOST) {
        let level = match gap.kind {
            GapKind::EngineFailure | GapKind::Corrupt | GapKind::Interrupted => "error",
            _ => "warning",
        };
        let text = format!("Not examined: {}: {}", gap.subject, gap.detail);
        out.push(notification(&format!("not-examined/{}", kebab(&gap.kind)), level, &text, path_of(gap)));
    }
    for notice in notices {
        out.push(notification("left-out", "warning", notice, None));
    }
    out
}

fn configuration(report: &ScanReport) -> Vec<Value> {
    let rejected = report.coverage.engines.iter().flat_map(|engine| &engine.rules_rejected).map(|rule| {
        let text = format!("Rule {} of {} did not run: {}", rule.id, rule.pack, rule.reason);
        notification("rule-rejected", "warning", &text, None)
    });
    let exceptions = report.exception_issues.iter().map(|issue| {
        let text = format!("Exception of {}: {}", issue.exception.owner, issue.detail);
        notification(&format!("exception/{}", kebab(&issue.problem)), "warning", &text, None)
    });
    let changes = report.protected_changes.iter().map(|change| {
        let text = format!("Protected change: {}: {}", change.path, change.detail);
        notification("protected-change", "warning", &text, Some(&change.path))
    });
    rejected.take(MOST).chain(exceptions.take(MOST)).chain(changes.take(MOST)).collect()
}

/// Notifications of one kind; more would say nothing more.
const MOST: usize = 1_000;

fn notification(id: &str, level: &str, text: &str, path: Option<&str>) -> Value {
    let mut value =
        json!({ "descriptor": { "id": id }, "level": level, "message": { "text": super::plain(text) } });
    if let Some(path) = path {
        value["locations"] = json!([{ "physicalLocation": { "artifactLocation": {
            "uri": uri::encode_path(path), "uriBaseId": "%SRCROOT%",
        } } }]);
    }
    value
}

fn path_of(gap: &andon_model::Gap) -> Option<&str> {
    let about_file = matches!(
        gap.kind,
        GapKind::TooLarge | GapKind::Unreadable | GapKind::Changed | GapKind::EngineFailure
    );
    let relative = !gap.subject.is_empty() && !gap.subject.starts_with('/');
    (about_file && relative).then_some(gap.subject.as_str())
}

fn utc(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
