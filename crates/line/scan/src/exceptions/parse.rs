use andon_documents::{Limits, yaml_one};
use andon_model::{Exception, ExceptionIssue};
use serde_json::{Map, Value};
use thiserror::Error;

use super::Exceptions;
use super::entry::{Entry, invalid};

/// An exceptions file that cannot be read at all. What is wrong with a single entry is an [`ExceptionIssue`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("cannot read the exceptions in {file}:{line}:{column}: {message}\nhint: {hint}")]
pub struct ExceptionsError {
    /// The file, as the user knows it.
    pub file: String,
    /// 1-based line.
    pub line: u32,
    /// 1-based column, in characters.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

const MOST_ENTRIES: usize = 10_000;
const FORM: &str = "write a list of entries, each with `fingerprint` (or `rule` and `path`), `reason`, `owner` and \
                    `expires: YYYY-MM-DD`";

/// Reads an exceptions file: a list of entries, alone or under the key `exceptions`. `file` is what messages call it.
///
/// # Errors
/// When it is no UTF-8, no YAML, has another form or more than 10,000 entries.
pub fn parse(file: &str, text: &[u8]) -> Result<Exceptions, ExceptionsError> {
    let fail = |line, column, message: String, hint: &str| ExceptionsError {
        file: file.to_owned(),
        line,
        column,
        message,
        hint: hint.to_owned(),
    };
    let text = std::str::from_utf8(text).map_err(|error| {
        let before = text.get(..error.valid_up_to()).unwrap_or_default();
        let line = u32::try_from(memchr::memchr_iter(b'\n', before).count()).unwrap_or(u32::MAX);
        fail(line.saturating_add(1), 1, "it is not UTF-8".to_owned(), "save the file as UTF-8")
    })?;
    let limits = Limits { depth: 16, nodes: 200_000, bytes: 4 << 20 };
    let document = yaml_one(text, &limits)
        .map_err(|error| fail(error.position.line, error.position.column, error.problem.to_string(), FORM))?;
    let misformed = |pointer: &str, message: &str| {
        let place = document.locate_nearest(pointer);
        fail(place.line, place.column, message.to_owned(), FORM)
    };
    let (base, entries) = match &document.value {
        Value::Null => return Ok(Exceptions::default()),
        Value::Array(entries) => ("", entries.as_slice()),
        Value::Object(map) => {
            if let Some(other) = map.keys().find(|key| *key != "exceptions") {
                let message = format!("`{other}` is not known here; only `exceptions` is");
                return Err(misformed(&format!("/{}", escape(other)), &message));
            }
            match map.get("exceptions") {
                Some(Value::Array(entries)) => ("/exceptions", entries.as_slice()),
                Some(Value::Null) | None => return Ok(Exceptions::default()),
                Some(_) => return Err(misformed("/exceptions", "`exceptions` must be a list")),
            }
        }
        _ => return Err(misformed("", "a list of entries was expected")),
    };
    if entries.len() > MOST_ENTRIES {
        return Err(misformed(base, &format!("more than {MOST_ENTRIES} entries")));
    }
    let mut exceptions = Exceptions::default();
    for (index, entry) in entries.iter().enumerate() {
        let line = document.locate(&format!("{base}/{index}")).unwrap_or_default().line;
        match read_entry(entry, format!("{file}:{line}")) {
            Ok(entry) => exceptions.entries.push(entry),
            Err(issue) => exceptions.invalid.push(*issue),
        }
    }
    Ok(exceptions)
}

fn read_entry(value: &Value, place: String) -> Result<Entry, Box<ExceptionIssue>> {
    let Value::Object(fields) = value else {
        return Err(invalid(Exception::default(), format!("{place}: an entry must be a mapping; {FORM}")));
    };
    let mut whole = fields.clone();
    for required in ["reason", "owner", "expires"] {
        if whole.get(required).is_none_or(Value::is_null) {
            whole.insert(required.to_owned(), Value::String(String::new()));
        }
    }
    match serde_json::from_value(Value::Object(whole)) {
        Ok(exception) => Entry::new(exception, place),
        Err(error) => Err(invalid(readable_part(fields), format!("{place}: {error}"))),
    }
}

/// What can be shown of an entry that does not have the right form.
fn readable_part(fields: &Map<String, Value>) -> Exception {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    Exception {
        fingerprint: text("fingerprint"),
        rule: text("rule"),
        path: text("path"),
        context: text("context"),
        reason: text("reason").unwrap_or_default(),
        owner: text("owner").unwrap_or_default(),
        expires: text("expires").unwrap_or_default(),
        requester: text("requester"),
        approver: text("approver"),
    }
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
