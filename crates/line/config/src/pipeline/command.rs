use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

/// What runs a command that is written as one text.
pub const SHELL: [&str; 3] = ["/bin/sh", "-eu", "-c"];

/// A command: a text for the shell, or a program with its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Command {
    /// Run by `/bin/sh -eu -c`.
    Shell(String),
    /// A program and its arguments, without a shell.
    Program(Vec<String>),
}

impl Command {
    /// The program and its arguments.
    pub fn arguments(&self) -> Vec<String> {
        match self {
            Self::Shell(text) => SHELL.iter().map(|word| (*word).to_owned()).chain([text.clone()]).collect(),
            Self::Program(words) => words.clone(),
        }
    }

    /// What is wrong with it; `None` when nothing is.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        let words = match self {
            Self::Shell(text) => std::slice::from_ref(text),
            Self::Program(words) => words,
        };
        if words.first().is_none_or(|first| first.trim().is_empty()) {
            return Some("there is nothing to run; write a command");
        }
        words.iter().any(|word| word.contains('\0')).then_some("a command cannot hold the character NUL")
    }
}

impl fmt::Display for Command {
    /// One line for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shell(text) => {
                let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
                f.write_str(lines.next().unwrap_or_default())?;
                if lines.next().is_some() { f.write_str(" …") } else { Ok(()) }
            }
            Self::Program(words) => f.write_str(&words.join(" ")),
        }
    }
}

impl<'de> Deserialize<'de> for Command {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Words)
    }
}

struct Words;

impl<'de> de::Visitor<'de> for Words {
    type Value = Command;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a command: a text, or a list with a program and its arguments")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Command, E> {
        Ok(Command::Shell(text.to_owned()))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, items: A) -> Result<Command, A::Error> {
        Vec::deserialize(de::value::SeqAccessDeserializer::new(items)).map(Command::Program)
    }
}

impl JsonSchema for Command {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Command".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A text for `/bin/sh -eu -c`, or a list with a program and its arguments.",
            "anyOf": [
                { "type": "string", "minLength": 1 },
                { "type": "array", "items": { "type": "string" }, "minItems": 1 },
            ],
        })
    }
}
