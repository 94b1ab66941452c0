//! Fields of a JSON object, each read on its own, so that one of a wrong type costs only itself.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// Problems that are kept of one record.
const PROBLEMS: usize = 32;

/// Something in a record that was not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind, for counting.
    pub kind: ProblemKind,
    /// The field, such as `affected` or `ranges.events`.
    pub field: String,
    /// What is wrong.
    pub message: String,
}

/// Kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemKind {
    /// The record is no JSON object.
    NoJson,
    /// The record has no id.
    NoId,
    /// A field or an entry has another type than the schema says.
    Type,
    /// A range of an unknown type.
    RangeType,
    /// An event that says nothing or two things, or a range that never begins.
    Event,
}

impl Problem {
    pub(super) fn new(kind: ProblemKind, field: &str, message: &str) -> Self {
        Self { kind, field: field.to_owned(), message: message.to_owned() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

/// The problems of one record, so far.
#[derive(Default)]
pub(super) struct Problems {
    list: Vec<Problem>,
    count: usize,
}

impl Problems {
    pub(super) fn add(&mut self, kind: ProblemKind, field: &str, message: &str) {
        self.count = self.count.saturating_add(1);
        if self.list.len() < PROBLEMS {
            self.list.push(Problem::new(kind, field, message));
        }
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn into_list(self) -> Vec<Problem> {
        self.list
    }
}

/// The fields of an object. Of a field that is there twice, the last counts.
#[derive(Default)]
pub(super) struct Fields<'a> {
    fields: BTreeMap<Cow<'a, str>, &'a RawValue>,
}

impl<'a> Fields<'a> {
    pub(super) fn of_record(json: &'a [u8]) -> Result<Self, Problem> {
        let fields = serde_json::from_slice(json)
            .map_err(|error| Problem::new(ProblemKind::NoJson, "record", &error.to_string()))?;
        Ok(Self { fields: Self::keys(fields) })
    }

    pub(super) fn of_entry(entry: &'a RawValue, field: &str, problems: &mut Problems) -> Option<Self> {
        match serde_json::from_str(entry.get()) {
            Ok(fields) => Some(Self { fields: Self::keys(fields) }),
            Err(error) => {
                problems.add(ProblemKind::Type, field, &format!("an entry is no object: {error}"));
                None
            }
        }
    }

    fn keys(fields: BTreeMap<Key<'a>, &'a RawValue>) -> BTreeMap<Cow<'a, str>, &'a RawValue> {
        fields.into_iter().map(|(key, value)| (key.0, value)).collect()
    }

    /// The text of a field; empty when there is none.
    pub(super) fn text(&self, field: &str, problems: &mut Problems) -> String {
        let Some(raw) = self.get(field) else { return String::new() };
        serde_json::from_str(raw.get()).unwrap_or_else(|error| {
            problems.add(ProblemKind::Type, field, &format!("must be a text: {error}"));
            String::new()
        })
    }

    /// The texts of a list; entries of another type are left out.
    pub(super) fn texts(&self, field: &str, problems: &mut Problems) -> Vec<String> {
        let Some(raw) = self.get(field) else { return Vec::new() };
        if let Ok(texts) = serde_json::from_str(raw.get()) {
            return texts;
        }
        let entries = self.list(field, problems);
        let mut texts = Vec::with_capacity(entries.len());
        for entry in entries {
            match serde_json::from_str(entry.get()) {
                Ok(text) => texts.push(text),
                Err(error) => {
                    problems.add(ProblemKind::Type, field, &format!("an entry must be a text: {error}"));
                }
            }
        }
        texts
    }

    /// The entries of a list, not read yet.
    pub(super) fn list(&self, field: &str, problems: &mut Problems) -> Vec<&'a RawValue> {
        let Some(raw) = self.get(field) else { return Vec::new() };
        serde_json::from_str(raw.get()).unwrap_or_else(|error| {
            problems.add(ProblemKind::Type, field, &format!("must be a list: {error}"));
            Vec::new()
        })
    }

    /// The fields of an object within.
    pub(super) fn object(&self, field: &str, problems: &mut Problems) -> Self {
        self.get(field).and_then(|raw| Self::of_entry(raw, field, problems)).unwrap_or_default()
    }

    /// A value of any type, for fields whose type each database chooses.
    pub(super) fn any(&self, field: &str) -> Value {
        self.get(field).and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
    }

    /// The entries of a list of any type.
    pub(super) fn any_list(&self, field: &str) -> Vec<Value> {
        match self.any(field) {
            Value::Array(list) => list,
            Value::Null => Vec::new(),
            single => vec![single],
        }
    }

    /// A field's value, if it is there and not null.
    fn get(&self, field: &str) -> Option<&'a RawValue> {
        self.fields.get(field).copied().filter(|raw| raw.get() != "null")
    }
}

/// A key, borrowed unless it is written with escapes.
#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);
