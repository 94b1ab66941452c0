use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

/// The value of an environment variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Variable {
    /// As written; numbers, `true` and `false` count as their text.
    Text(String),
    /// Taken from the caller's environment.
    From(From),
}

/// A variable of the caller's environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct From {
    /// Its name there.
    pub from: String,
    /// What holds when it is not set or empty there. Without this key that is an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

/// Where a secret is taken from. The step finds it in a file that only it can read, and the file's path in a variable
/// that is named as the secret with `_FILE` behind it; its value is masked in the step's output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Secret {
    /// A variable of the caller's environment.
    Environment(String),
    /// A file: absolute, from the home folder (`~/token`), or from the root of the workspace.
    File(String),
}

impl<'de> Deserialize<'de> for Variable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Scalar)
    }
}

struct Scalar;

impl<'de> de::Visitor<'de> for Scalar {
    type Value = Variable;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text (in quotes where in doubt), or `{ from: NAME }`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Variable, E> {
        Ok(Variable::Text(text.to_owned()))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Variable, E> {
        Ok(Variable::Text(value.to_string()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Variable, E> {
        Ok(Variable::Text(value.to_string()))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Variable, E> {
        Ok(Variable::Text(value.to_string()))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Variable, A::Error> {
        From::deserialize(de::value::MapAccessDeserializer::new(map)).map(Variable::From)
    }
}

impl JsonSchema for Variable {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Variable".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let from = generator.subschema_for::<From>();
        json_schema!({
            "description": "A text, or where it is taken from in the caller's environment.",
            "anyOf": [{ "type": ["string", "integer", "boolean"] }, from],
        })
    }
}
