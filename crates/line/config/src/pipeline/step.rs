use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Command, CoverageReports, Network, SealLevel, Secret, TestReports, Timespan, Variable, When};

/// A command of a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Step {
    /// Unique in the file: letters, digits, `-`, `_` and `.`, at most 64.
    #[schemars(regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"))]
    pub name: String,
    /// What runs, in the root of the workspace.
    pub run: Command,
    /// Steps of this or an earlier stage that must have succeeded. Steps whose outputs its inputs name are needed
    /// without being listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// Globs over paths from the root: what the result depends on. Without this key, every file that git does not
    /// ignore. What the needed steps make is always part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs: Option<Vec<String>>,
    /// Files (`out/app`) and folders (`dist/`, with `/` at the end) from the root that it makes. What is there from
    /// before is removed first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<String>,
    /// Folders from the root that it can write to as well and finds as it left them, such as a compiler's `target/`.
    /// They are neither inputs nor kept in the cache, and no evidence is given for what is in them. Nothing else of the
    /// workspace can be written to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scratch: Vec<String>,
    /// Environment variables beside those of the pipeline.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, Variable>,
    /// Files and folders outside of the workspace that it may read beside the defaults': absolute, or from the home
    /// folder (`~/.cargo`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<String>,
    /// Programs whose content is part of what the result depends on, as they are found on the step's `PATH`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<String>,
    /// What it reaches over the network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<Network>,
    /// The least seal that is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<SealLevel>,
    /// How long one attempt may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Timespan>,
    /// How often it is tried again after a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 10))]
    pub retries: Option<u32>,
    /// When it runs; otherwise it is skipped, and what needs it as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// Services (key `services` of the pipeline) that run beside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// Secrets by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, Secret>,
    /// Reports of tests that become evidence. A test that failed fails the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tests: Option<TestReports>,
    /// Reports of coverage that become evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<CoverageReports>,
    /// Whether an earlier success with the same inputs, command and environment stands for a new run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<bool>,
    /// Whether it runs even when something failed before it: for clearing up. It begins when all other steps and
    /// checks of its stage are over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub always: bool,
}

impl Step {
    /// Whether it begins only when all others of its stage are over.
    pub fn is_last(&self) -> bool {
        self.always || self.when.as_ref().is_some_and(|when| when.outcome.is_some())
    }
}

/// An engine that examines the workspace, or what a step made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The engine's name.
    pub engine: String,
    /// What is examined: a path from the root, such as an output. The workspace when absent.
    pub target: Option<String>,
    /// Steps of this or an earlier stage that must have succeeded. The step that makes the target is needed without
    /// being listed.
    pub needs: Vec<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename = "CheckOptions", rename_all = "kebab-case")]
struct Written {
    /// The engine's name.
    engine: String,
    /// What is examined: a path from the root, such as an output. The workspace when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    /// Steps of this or an earlier stage that must have succeeded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    needs: Vec<String>,
}

/// Something that runs beside a step, inside its seal and its network, and ends with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Service {
    /// What runs.
    pub run: Command,
    /// Environment variables beside those of the pipeline.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, Variable>,
    /// When it is ready; at once when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<Ready>,
}

/// When a service is ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ready {
    /// A TCP port on loopback that it accepts connections on.
    #[schemars(range(min = 1))]
    pub port: u16,
    /// How long that may take.
    #[serde(default = "ready_timeout")]
    pub timeout: Timespan,
}

fn ready_timeout() -> Timespan {
    Timespan::seconds(30)
}

impl Serialize for Check {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.target.is_none() && self.needs.is_empty() {
            return self.engine.serialize(serializer);
        }
        let Self { engine, target, needs } = self.clone();
        Written { engine, target, needs }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Check {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameOrMap)
    }
}

struct NameOrMap;

impl<'de> de::Visitor<'de> for NameOrMap {
    type Value = Check;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an engine, or `{ engine: NAME }`")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Check, E> {
        Ok(Check { engine: name.to_owned(), target: None, needs: Vec::new() })
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Check, A::Error> {
        let written = Written::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(Check { engine: written.engine, target: written.target, needs: written.needs })
    }
}

impl JsonSchema for Check {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Check".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let written = generator.subschema_for::<Written>();
        json_schema!({
            "description": "The name of an engine, or an engine with options.",
            "anyOf": [{ "type": "string" }, written],
        })
    }
}
