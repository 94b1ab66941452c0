use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A table of a configuration, read as gitleaks reads it: keys in any case, and values of a neighbouring type (a number
/// as a string, one string for a list of them) taken for what was meant.
#[derive(Clone, Copy)]
pub(super) struct Table<'t> {
    entries: &'t DeTable<'t>,
    lines: &'t Lines,
    start: usize,
}

/// Where the lines of a text begin, in bytes.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        Self(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1).collect())
    }

    /// The 1-based line of a byte.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|&start| start <= offset) + 1
    }
}

impl<'t> Table<'t> {
    pub(super) fn root(entries: &'t DeTable<'t>, lines: &'t Lines) -> Self {
        Self { entries, lines, start: 0 }
    }

    /// The 1-based line on which it begins.
    pub(super) fn line(&self) -> usize {
        self.lines.line(self.start)
    }

    /// Its keys that are none of `known`, which are in lower case, with the line of each.
    pub(super) fn unknown(
        &self,
        known: &'static [&'static str],
    ) -> impl Iterator<Item = (&'t str, usize)> + use<'t> {
        let lines = self.lines;
        let unknown = |key: &str| !known.iter().any(|k| key.eq_ignore_ascii_case(k));
        let keys = self.entries.iter().map(|(key, _)| (key.get_ref().as_ref(), key.span().start));
        keys.filter(move |(key, _)| unknown(key)).map(move |(key, start)| (key, lines.line(start)))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The line of `key`'s value, or of the table.
    pub(super) fn line_of(&self, key: &str) -> usize {
        self.get(key).map_or_else(|| self.line(), |value| self.lines.line(value.span().start))
    }

    /// A string; empty if there is none.
    pub(super) fn string(&self, key: &str) -> Result<String, String> {
        let Some(value) = self.get(key) else { return Ok(String::new()) };
        scalar(value.get_ref()).ok_or_else(|| self.wrong(key, value, "a string"))
    }

    /// A list of strings; empty if there is none.
    pub(super) fn strings(&self, key: &str) -> Result<Vec<String>, String> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let read = match value.get_ref() {
            DeValue::Array(items) => items.iter().map(|item| scalar(item.get_ref())).collect(),
            DeValue::String(text) if text.is_empty() => Some(Vec::new()),
            DeValue::String(text) => Some(text.split(',').map(str::to_owned).collect()),
            other => scalar(other).map(|text| vec![text]),
        };
        read.ok_or_else(|| self.wrong(key, value, "a list of strings"))
    }

    /// A number; `None` if there is none.
    pub(super) fn number<T: std::str::FromStr>(&self, key: &str, what: &str) -> Result<Option<T>, String> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let read = scalar(value.get_ref())
            .and_then(|text| text.trim_start_matches('+').replace('_', "").parse().ok());
        read.map(Some).ok_or_else(|| self.wrong(key, value, what))
    }

    /// A truth value; false if there is none.
    pub(super) fn boolean(&self, key: &str) -> Result<bool, String> {
        let Some(value) = self.get(key) else { return Ok(false) };
        let text = scalar(value.get_ref()).unwrap_or_else(|| "?".to_owned());
        match text.as_str() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
            "0" | "f" | "F" | "false" | "FALSE" | "False" | "" => Ok(false),
            _ => Err(self.wrong(key, value, "true or false")),
        }
    }

    /// A table; `None` if there is none.
    pub(super) fn table(&self, key: &str) -> Result<Option<Self>, String> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let entries = value.get_ref().as_table();
        entries
            .map(|entries| Some(self.inner(entries, value)))
            .ok_or_else(|| self.wrong(key, value, "a table"))
    }

    /// A list of tables; empty if there is none.
    pub(super) fn tables(&self, key: &str) -> Result<Vec<Self>, String> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let inner =
            |value: &'t Spanned<DeValue<'t>>| value.get_ref().as_table().map(|t| self.inner(t, value));
        let read: Option<Vec<Self>> = match value.get_ref() {
            DeValue::Array(items) => items.iter().map(inner).collect(),
            DeValue::Table(table) if table.is_empty() => Some(Vec::new()),
            _ => inner(value).map(|table| vec![table]),
        };
        read.ok_or_else(|| self.wrong(key, value, "a list of tables"))
    }

    /// The items of a list, each either a string or a table.
    pub(super) fn mixed(&self, key: &str) -> Result<Vec<Result<String, Self>>, String> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let item = |item: &'t Spanned<DeValue<'t>>| match item.get_ref() {
            DeValue::Table(table) => Some(Err(self.inner(table, item))),
            other => scalar(other).map(Ok),
        };
        let read = value.get_ref().as_array().and_then(|items| items.iter().map(item).collect());
        read.ok_or_else(|| self.wrong(key, value, "a list of strings and tables"))
    }

    fn inner(&self, entries: &'t DeTable<'t>, value: &Spanned<DeValue<'_>>) -> Self {
        Self { entries, lines: self.lines, start: value.span().start }
    }

    fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.entries.iter().find(|(k, _)| k.get_ref().eq_ignore_ascii_case(key)).map(|(_, value)| value)
    }

    fn wrong(&self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) -> String {
        let line = self.lines.line(value.span().start);
        let found = value.get_ref().type_str();
        format!("`{key}` (line {line}) must be {expected}; found a value of type {found}")
    }
}

fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.clone().into_owned()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).ok().map(|n| n.to_string())
        }
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Boolean(truth) => Some(if *truth { "1" } else { "0" }.to_owned()),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}
