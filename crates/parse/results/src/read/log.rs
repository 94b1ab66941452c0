//! The parts of a SARIF log that a finding needs, as serde sees them. Everything else is skipped without being kept,
//! `null` counts as absent, and property bags are kept as they are.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::ResultsError;

/// Depth of nesting is bounded by serde_json (128).
pub(super) fn parse(text: &str, origin: &str) -> Result<Log, ResultsError> {
    let shape = |error: serde_json::Error| ResultsError::Shape {
        origin: origin.to_owned(),
        line: error.line(),
        column: error.column(),
        reason: reason(&error),
    };
    let head: Head = serde_json::from_str(text).map_err(shape)?;
    match head.version {
        Some(Value::String(version)) if version == "2.1.0" || version.starts_with("2.1.0-") => {}
        found => {
            let found = found.map_or_else(|| "missing".to_owned(), |value| format!("{value:.40}"));
            return Err(ResultsError::Version { origin: origin.to_owned(), found });
        }
    }
    serde_json::from_str(text).map_err(shape)
}

/// serde_json ends its messages with the position, which the error tells already.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Whole numbers also as `1.0` or `"1"`; what is no number at all, or negative, counts as absent.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_u64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    })
}

fn whole(number: f64) -> Option<u64> {
    (0.0..=4e15).contains(&number).then_some(number as u64)
}

#[derive(Deserialize)]
struct Head {
    version: Option<Value>,
}

macro_rules! parts {
    ($($(#[$attribute:meta])* $name:ident { $($(#[$field_attribute:meta])* $field:ident: $kind:ty),* $(,)? })*) => { $(
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        $(#[$attribute])*
        pub(super) struct $name {
            $(#[serde(deserialize_with = "or_default")] $(#[$field_attribute])* pub(super) $field: $kind,)*
        }
    )* };
}

macro_rules! numbers {
    ($($name:ident { $($field:ident),* $(,)? } with { $($other:ident: $kind:ty),* $(,)? })*) => { $(
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub(super) struct $name {
            $(#[serde(deserialize_with = "number")] pub(super) $field: Option<u64>,)*
            $(#[serde(deserialize_with = "or_default")] pub(super) $other: $kind,)*
        }
    )* };
}

pub(super) type Bag = Map<String, Value>;

parts! {
    Log { runs: Vec<Run> }
    Run {
        tool: RunTool,
        results: Vec<SarifResult>,
        original_uri_base_ids: BTreeMap<String, ArtifactLocation>,
        artifacts: Vec<Artifact>,
        invocations: Vec<Invocation>,
        version_control_provenance: Vec<VersionControl>,
    }
    RunTool { driver: Component, extensions: Vec<Component> }
    Component {
        name: String,
        version: Option<String>,
        semantic_version: Option<String>,
        rules: Vec<Rule>,
    }
    Rule {
        id: String,
        name: Option<String>,
        short_description: Message,
        full_description: Message,
        help: Message,
        help_uri: Option<String>,
        message_strings: BTreeMap<String, Message>,
        default_configuration: Configuration,
        relationships: Vec<Relationship>,
        properties: Bag,
    }
    Configuration { level: Option<String> }
    Relationship { target: RelationshipTarget }
    RelationshipTarget { id: Option<String>, tool_component: ComponentReference }
    Message { text: Option<String>, markdown: Option<String>, id: Option<String>, arguments: Vec<String> }
    Artifact { location: ArtifactLocation }
    Invocation {
        execution_successful: Option<bool>,
        start_time_utc: Option<String>,
        exit_code_description: Option<String>,
        tool_execution_notifications: Vec<Notification>,
        working_directory: ArtifactLocation,
    }
    Notification { level: Option<String>, message: Message }
    VersionControl { revision_id: Option<String>, branch: Option<String> }
    Place { physical_location: PhysicalLocation, message: Message, properties: Bag }
    PhysicalLocation { artifact_location: ArtifactLocation, region: Option<SarifRegion>, context_region: Option<SarifRegion> }
    Content { text: Option<String> }
    CodeFlow { thread_flows: Vec<ThreadFlow> }
    ThreadFlow { locations: Vec<ThreadFlowLocation> }
    ThreadFlowLocation { location: Place }
    SarifSuppression { kind: String, status: Option<String>, justification: Option<String> }
    SarifFix { description: Message }
}

numbers! {
    SarifResult { rule_index } with {
        rule_id: Option<String>,
        rule: RuleReference,
        kind: Option<String>,
        level: Option<String>,
        rank: Option<f64>,
        message: Message,
        locations: Vec<Place>,
        analysis_target: ArtifactLocation,
        fingerprints: BTreeMap<String, Value>,
        partial_fingerprints: BTreeMap<String, Value>,
        baseline_state: Option<String>,
        suppressions: Vec<SarifSuppression>,
        code_flows: Vec<CodeFlow>,
        fixes: Vec<SarifFix>,
        properties: Bag,
    }
    RuleReference { index } with { id: Option<String>, tool_component: ComponentReference }
    ComponentReference { index } with { name: Option<String> }
    ArtifactLocation { index } with { uri: Option<String>, uri_base_id: Option<String> }
    SarifRegion { start_line, start_column, end_line, end_column, byte_offset, byte_length } with { snippet: Content }
}
