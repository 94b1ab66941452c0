use serde_json::Value as Json;

/// A part of a rule file and where it is.
pub(super) struct Node<'d> {
    pub(super) value: &'d Json,
    /// A JSON pointer (RFC 6901).
    pub(super) path: String,
}

/// What is wrong with a rule, and where.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) path: String,
    pub(super) reason: String,
    pub(super) is_unsupported: bool,
}

impl<'d> Node<'d> {
    pub(super) fn new(value: &'d Json, path: String) -> Self {
        Self { value, path }
    }

    pub(super) fn get(&self, key: &str) -> Option<Node<'d>> {
        let value = self.value.get(key)?;
        Some(Node { value, path: self.below(key) })
    }

    pub(super) fn need(&self, key: &str) -> Result<Node<'d>, Fault> {
        if !self.value.is_object() {
            return Err(self.invalid(format!("a mapping with `{key}` was expected")));
        }
        self.get(key).ok_or_else(|| self.invalid(format!("`{key}` is missing")))
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &'d str> + use<'d> {
        self.value.as_object().into_iter().flat_map(|map| map.keys().map(String::as_str))
    }

    /// Refuses keys that no one knows.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Fault> {
        if !self.value.is_object() {
            return Err(self.invalid("a mapping was expected"));
        }
        match self.keys().find(|key| !known.contains(key)) {
            Some(key) => {
                let fault = self.get(key).unwrap_or_else(|| Node::new(self.value, self.path.clone()));
                Err(fault.invalid(format!("`{key}` is not known here")))
            }
            None => Ok(()),
        }
    }

    pub(super) fn items(&self) -> Result<Vec<Node<'d>>, Fault> {
        let items = self.value.as_array().ok_or_else(|| self.invalid("a list was expected"))?;
        Ok(items
            .iter()
            .enumerate()
            .map(|(index, value)| Node { value, path: format!("{}/{index}", self.path) })
            .collect())
    }

    pub(super) fn text(&self) -> Result<String, Fault> {
        match self.value {
            Json::String(text) => Ok(text.clone()),
            Json::Number(number) => Ok(number.to_string()),
            Json::Bool(truth) => Ok(truth.to_string()),
            _ => Err(self.invalid("a text was expected")),
        }
    }

    /// One text, or several in a list.
    pub(super) fn texts(&self) -> Result<Vec<String>, Fault> {
        match self.value {
            Json::Array(_) => self.items()?.iter().map(Self::text).collect(),
            _ => Ok(vec![self.text()?]),
        }
    }

    /// The truth value of a key, and another if it is not there.
    pub(super) fn switch(&self, key: &str, otherwise: bool) -> Result<bool, Fault> {
        self.get(key).map_or(Ok(otherwise), |node| node.truth())
    }

    pub(super) fn truth(&self) -> Result<bool, Fault> {
        match self.value {
            Json::Bool(truth) => Ok(*truth),
            Json::String(text) if text == "true" => Ok(true),
            Json::String(text) if text == "false" => Ok(false),
            _ => Err(self.invalid("`true` or `false` was expected")),
        }
    }

    pub(super) fn invalid(&self, reason: impl Into<String>) -> Fault {
        Fault { path: self.path.clone(), reason: reason.into(), is_unsupported: false }
    }

    pub(super) fn unsupported(&self, reason: impl Into<String>) -> Fault {
        Fault { path: self.path.clone(), reason: reason.into(), is_unsupported: true }
    }

    fn below(&self, key: &str) -> String {
        format!("{}/{}", self.path, key.replace('~', "~0").replace('/', "~1"))
    }
}
