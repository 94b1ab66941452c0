use andon_documents::{Document, Limits, Position, yaml_one};
use serde_json::{Map, Value};

use crate::{Config, evidence, paths, pipeline, trust};

const LIMITS: Limits = Limits { depth: 64, nodes: 50_000, bytes: 1 << 20 };

/// Why an `andon.yaml` cannot be used. Shown as `file:line:column: what is wrong`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{position}: {message}")]
pub struct ConfigError {
    /// The file, as the caller named it.
    pub file: String,
    /// Where in it.
    pub position: Position,
    /// What is wrong, and what to write instead.
    pub message: String,
}

impl Config {
    /// Reads an `andon.yaml`. A key without a value counts as absent.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn from_yaml(file: &str, text: &str) -> Result<Self, ConfigError> {
        let error = |position, message| ConfigError { file: file.to_owned(), position, message };
        let document =
            yaml_one(text, &LIMITS).map_err(|cause| error(cause.position, cause.problem.to_string()))?;
        let value =
            if document.value.is_null() { Value::Object(Map::new()) } else { without_nulls(&document.value) };
        let config: Self = serde_path_to_error::deserialize(value).map_err(|cause| {
            let position = document.locate_nearest(&pointer(cause.path()));
            error(position, explain(&cause.inner().to_string()))
        })?;
        check(&config, &document)
            .map_err(|(pointer, message)| error(document.locate_nearest(&pointer), message))?;
        Ok(config)
    }
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(key, value)| (key.clone(), without_nulls(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(without_nulls).collect()),
        other => other.clone(),
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => format!("{pointer}/{index}"),
        Segment::Map { key } => format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { .. } | Segment::Unknown => pointer,
    })
}

/// Puts the deserializer's message into words, with the nearest known word.
fn explain(message: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (what, known) = match quoted.split_first() {
        Some((given, known)) if message.starts_with("unknown field") => {
            (format!("unknown key `{given}`"), known)
        }
        Some((given, known)) if message.starts_with("unknown variant") => {
            (format!("unknown value `{given}`"), known)
        }
        Some((key, _)) if message.starts_with("missing field") => {
            return format!("the key `{key}` is missing");
        }
        _ => return message.to_owned(),
    };
    let given = quoted.first().copied().unwrap_or_default();
    match nearest(given, known) {
        Some(word) => format!("{what}; did you mean `{word}`?"),
        None => format!("{what}; known are {}", known.join(", ")),
    }
}

/// The known word that somebody probably meant; `None` when none is near.
pub fn nearest<'a>(given: &str, known: &[&'a str]) -> Option<&'a str> {
    let given = given.to_lowercase().replace('_', "-");
    let ranked =
        known.iter().map(|word| (distance(&given, word), *word)).min_by_key(|(distance, _)| *distance);
    ranked.filter(|(distance, word)| *distance <= 1 + word.len() / 4).map(|(_, word)| word)
}

/// Edit distance in which swapping two neighbours counts once (optimal string alignment), over at most 64 characters.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) =
        (one.chars().take(64).collect(), other.chars().take(64).collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let at = |row: usize, column: usize| {
                rows.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0)
            };
            let left = row.last().copied().unwrap_or(0);
            let mut best = (at(i, j + 1) + 1).min(left + 1).min(at(i, j) + usize::from(a != b));
            let swapped = i > 0 && j > 0 && one.get(i - 1) == Some(b) && other.get(j - 1) == Some(a);
            if swapped {
                best = best.min(at(i - 1, j - 1) + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or(0)
}

/// A JSON pointer and what is wrong there.
pub(crate) type Wrong = (String, String);

/// What the types do not say.
fn check(config: &Config, document: &Document) -> Result<(), Wrong> {
    if config.version != 1 {
        let message = format!("version {} is not supported; this program reads version 1", config.version);
        return Err(("/version".to_owned(), message));
    }
    if config.scan.decode_depth > 10 {
        return Err(("/scan/decode-depth".to_owned(), "decode-depth is at most 10".to_owned()));
    }
    check_globs("/scan/exclude", &config.scan.exclude)?;
    if let Some(trust) = &config.trust {
        trust::check(trust).map_err(|(pointer, message)| (format!("/trust{pointer}"), message))?;
    }
    if let Some(pipeline) = &config.pipeline {
        pipeline::check(pipeline, &config.gates)?;
    }
    if document.value.get("gates").is_none_or(Value::is_null) {
        return Ok(());
    }
    for (index, gate) in config.gates.iter().enumerate() {
        let here = format!("/gates/{index}");
        if config.gates.iter().take(index).any(|other| other.name == gate.name) {
            let message = format!("there is already a gate named `{}`; give each its own name", gate.name);
            return Err((format!("{here}/name"), message));
        }
        check_globs(&format!("{here}/policies"), gate.policies.as_deref().unwrap_or_default())?;
        if let Some(wanted) = &gate.evidence {
            evidence::check(wanted)
                .map_err(|(pointer, message)| (format!("{here}/evidence{pointer}"), message))?;
        }
        for (entry, protected) in gate.protected.iter().enumerate() {
            let here = format!("{here}/protected/{entry}");
            if protected.paths.is_empty() {
                return Err((format!("{here}/paths"), "name at least one path".to_owned()));
            }
            check_globs(&format!("{here}/paths"), &protected.paths)?;
        }
    }
    Ok(())
}

pub(crate) fn check_globs(pointer: &str, globs: &[String]) -> Result<(), Wrong> {
    for (index, glob) in globs.iter().enumerate() {
        paths::globs([glob]).map_err(|error| (format!("{pointer}/{index}"), format!("bad glob: {error}")))?;
    }
    Ok(())
}
