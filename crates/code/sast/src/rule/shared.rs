//! Lists of patterns that many rules share.
//!
//! Semgrep's format cannot include anything. In our own packs an entry `- use: NAME` of any list stands for the entries of
//! the shared list NAME; [`Shared::expand`] puts them there, and what comes out is plain Semgrep. Shared lists are in files
//! of their own, one for each framework, as `shared: {NAME: [entry, …]}`; lists of the same name in several files are joined.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

/// The shared lists of a pack.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shared {
    lists: BTreeMap<String, Vec<Json>>,
}

/// Why shared lists or rules that use them cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SharedError {
    /// A file of shared lists that is not what it must be.
    #[error("{file}: cannot read shared lists: {reason}")]
    File {
        /// The file, as the caller named it.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// A rule that uses a list that does not exist.
    #[error("{file}: `use: {name}` names no shared list; there are: {}", known.join(", "))]
    Unknown {
        /// The file of the rule, as the caller named it.
        file: String,
        /// The name that was used.
        name: String,
        /// The names that exist.
        known: Vec<String>,
    },
    /// A `use` that does not stand where it may, or is not written as it must be.
    #[error("{file}: `use` {reason}")]
    Misplaced {
        /// The file of the rule, as the caller named it.
        file: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// Values that are nested too deep.
    #[error("{file}: nested more than {DEEPEST} deep")]
    Deep {
        /// The file, as the caller named it.
        file: String,
    },
}

/// The deepest that rules may be nested.
const DEEPEST: usize = 100;
const KEY: &str = "use";

impl Shared {
    /// Adds the lists of a file; `file` is what messages call it. Entries are appended in the order of calls: the caller
    /// adds files in the order of their names, so that the same pack is always expanded to the same rules.
    ///
    /// # Errors
    /// When the file is no mapping of names to lists, or a list uses another.
    pub fn add(&mut self, file: &str, value: &Json) -> Result<(), SharedError> {
        let fail = |reason: String| SharedError::File { file: file.to_owned(), reason };
        let top = value.as_object().filter(|top| top.len() == 1);
        let Some(lists) = top.and_then(|top| top.get("shared")).and_then(Json::as_object) else {
            return Err(fail("`shared`, a mapping of names to lists, is expected and nothing else".into()));
        };
        for (name, list) in lists {
            let Some(entries) = list.as_array().filter(|entries| !entries.is_empty()) else {
                return Err(fail(format!("`{name}` must be a list that is not empty")));
            };
            if uses(list, file, 0)? {
                return Err(fail(format!("`{name}` uses another list; only rules may")));
            }
            self.lists.entry(name.clone()).or_default().extend(entries.iter().cloned());
        }
        Ok(())
    }

    /// The names of the lists, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.lists.keys().map(String::as_str)
    }

    /// The rules of a file, with the shared lists put where they are used. What stands under `metadata` is left as it is.
    ///
    /// # Errors
    /// When a list is used that does not exist, or `use` stands anywhere but alone in an entry of a list.
    pub fn expand(&self, file: &str, rules: &Json) -> Result<Json, SharedError> {
        self.value(file, rules, 0)
    }

    fn value(&self, file: &str, value: &Json, depth: usize) -> Result<Json, SharedError> {
        if depth > DEEPEST {
            return Err(SharedError::Deep { file: file.to_owned() });
        }
        match value {
            Json::Array(entries) => {
                let mut expanded = Vec::with_capacity(entries.len());
                for entry in entries {
                    match self.used(file, entry)? {
                        Some(list) => expanded.extend(list.iter().cloned()),
                        None => expanded.push(self.value(file, entry, depth + 1)?),
                    }
                }
                Ok(Json::Array(expanded))
            }
            Json::Object(map) if map.contains_key(KEY) => {
                Err(SharedError::Misplaced { file: file.to_owned(), reason: "stands outside of a list" })
            }
            Json::Object(map) => {
                let mut expanded = Map::new();
                for (key, value) in map {
                    let value =
                        if key == "metadata" { value.clone() } else { self.value(file, value, depth + 1)? };
                    expanded.insert(key.clone(), value);
                }
                Ok(Json::Object(expanded))
            }
            _ => Ok(value.clone()),
        }
    }

    /// The list that an entry uses, if it uses one.
    fn used(&self, file: &str, entry: &Json) -> Result<Option<&[Json]>, SharedError> {
        let Some((map, name)) = entry.as_object().and_then(|map| Some((map, map.get(KEY)?))) else {
            return Ok(None);
        };
        let misplaced = |reason| SharedError::Misplaced { file: file.to_owned(), reason };
        if map.len() > 1 {
            return Err(misplaced("stands beside other keys"));
        }
        let name = name.as_str().ok_or_else(|| misplaced("must name one list"))?;
        let list = self.lists.get(name).ok_or_else(|| SharedError::Unknown {
            file: file.to_owned(),
            name: name.to_owned(),
            known: self.names().map(str::to_owned).collect(),
        })?;
        Ok(Some(list))
    }
}

fn uses(value: &Json, file: &str, depth: usize) -> Result<bool, SharedError> {
    if depth > DEEPEST {
        return Err(SharedError::Deep { file: file.to_owned() });
    }
    let any = |mut values: Box<dyn Iterator<Item = &Json> + '_>| {
        values.try_fold(false, |found, value| Ok(found || uses(value, file, depth + 1)?))
    };
    match value {
        Json::Array(entries) => any(Box::new(entries.iter())),
        Json::Object(map) if map.contains_key(KEY) => Ok(true),
        Json::Object(map) => any(Box::new(map.values())),
        _ => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shared() -> Shared {
        let mut shared = Shared::default();
        let first = json!({"shared": {"input": [{"pattern": "a()"}], "sinks": [{"pattern": "s()"}]}});
        let second = json!({"shared": {"input": [{"patterns": [{"pattern": "b()"}]}]}});
        shared.add("first.yaml", &first).unwrap();
        shared.add("second.yaml", &second).unwrap();
        shared
    }

    #[test]
    fn puts_lists_where_they_are_used() {
        let a = json!({"pattern": "a()"});
        let b = json!({"patterns": [{"pattern": "b()"}]});
        let cases = [
            (json!({"rules": []}), json!({"rules": []})),
            (json!([{"use": "input"}]), json!([a, b])),
            (
                json!({"x": [{"pattern": "c"}, {"use": "input"}, 1]}),
                json!({"x": [{"pattern": "c"}, a, b, 1]}),
            ),
            (
                json!([{"pattern-either": [{"use": "sinks"}]}]),
                json!([{"pattern-either": [{"pattern": "s()"}]}]),
            ),
            (json!({"metadata": [{"use": "input"}]}), json!({"metadata": [{"use": "input"}]})),
        ];
        for (rules, expanded) in cases {
            assert_eq!(shared().expand("rules.yaml", &rules), Ok(expanded));
        }
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for (rules, message) in [
            (
                json!([{"use": "nothing"}]),
                "rules.yaml: `use: nothing` names no shared list; there are: input, sinks",
            ),
            (json!({"a": {"use": "input"}}), "rules.yaml: `use` stands outside of a list"),
            (json!([{"use": "input", "label": "L"}]), "rules.yaml: `use` stands beside other keys"),
            (json!([{"use": ["input"]}]), "rules.yaml: `use` must name one list"),
        ] {
            assert_eq!(shared().expand("rules.yaml", &rules).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn refuses_files_that_are_no_lists() {
        for (value, reason) in [
            (json!([]), "`shared`, a mapping of names to lists, is expected and nothing else"),
            (
                json!({"shared": {}, "rules": []}),
                "`shared`, a mapping of names to lists, is expected and nothing else",
            ),
            (json!({"shared": {"a": []}}), "`a` must be a list that is not empty"),
            (json!({"shared": {"a": "b"}}), "`a` must be a list that is not empty"),
            (
                json!({"shared": {"a": [{"patterns": [{"use": "b"}]}]}}),
                "`a` uses another list; only rules may",
            ),
        ] {
            let error = Shared::default().add("s.yaml", &value).unwrap_err();
            assert_eq!(error.to_string(), format!("s.yaml: cannot read shared lists: {reason}"));
        }
    }

    #[test]
    fn stops_at_a_depth() {
        let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
        let error = SharedError::Deep { file: "d.yaml".into() };
        assert_eq!(shared().expand("d.yaml", &deep), Err(error.clone()));
        assert_eq!(Shared::default().add("d.yaml", &json!({"shared": {"a": deep}})), Err(error));
    }
}
