use andon_model::{Confidence, Severity};
use serde::{Deserialize, Serialize};

use super::table::Table;
use super::warnings::Warnings;

/// The table `[rules.andon]`, which gitleaks ignores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Meta {
    /// How bad a leak is; high unless said.
    pub severity: Severity,
    /// How sure a match is; medium unless said, low for a rule with "generic" in its identifier.
    pub confidence: Confidence,
    /// The offline check that a match must pass.
    pub validate: Option<String>,
    /// CWE numbers; 798 unless said.
    pub cwe: Vec<u32>,
    /// Earlier identifiers.
    pub formerly: Vec<String>,
    /// What it is and what can be done with it. Markdown.
    pub explanation: String,
    /// How to revoke it and where to keep it instead. Markdown.
    pub remediation: String,
    /// Addresses of pages.
    pub references: Vec<String>,
    /// Texts in which the rule must find something.
    pub examples: Vec<Example>,
    /// Texts in which it must not.
    pub counter_examples: Vec<Example>,
}

/// A text to try a rule on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// Where it is supposed to stand.
    pub path: Option<String>,
    /// With generators such as `{{hex:40}}` in place of secrets.
    pub text: String,
}

impl Meta {
    /// What holds for a rule that says nothing.
    pub(super) fn of(id: &str) -> Self {
        let generic = id.to_ascii_lowercase().contains("generic");
        Self {
            severity: Severity::High,
            confidence: if generic { Confidence::Low } else { Confidence::Medium },
            validate: None,
            cwe: vec![798],
            formerly: Vec::new(),
            explanation: String::new(),
            remediation: String::new(),
            references: Vec::new(),
            examples: Vec::new(),
            counter_examples: Vec::new(),
        }
    }
}

/// What a `[rules.andon]` says, and no more, so that a file that extends another changes only that.
#[derive(Clone, Debug, Default)]
pub(super) struct MetaPatch {
    severity: Option<Severity>,
    confidence: Option<Confidence>,
    validate: Option<String>,
    cwe: Option<Vec<u32>>,
    formerly: Option<Vec<String>>,
    explanation: Option<String>,
    remediation: Option<String>,
    references: Option<Vec<String>>,
    examples: Option<Vec<Example>>,
    counter_examples: Option<Vec<Example>>,
}

const KEYS: &[&str] = &[
    "severity",
    "confidence",
    "validate",
    "cwe",
    "formerly",
    "explanation",
    "remediation",
    "references",
    "examples",
    "counter_examples",
];

impl MetaPatch {
    /// Reads the table of the rule `id`.
    pub(super) fn read(table: Table<'_>, id: &str, warnings: &mut Warnings) -> Result<Self, String> {
        for (key, line) in table.unknown(KEYS) {
            warnings.say_at(format!("the unknown key `{key}` of [rules.andon] is ignored"), || {
                format!("rule `{id}`, line {line}")
            });
        }
        Ok(Self {
            severity: term(table, "severity")?,
            confidence: term(table, "confidence")?,
            validate: given(table, "validate", Table::string)?,
            cwe: given(table, "cwe", numbers)?,
            formerly: given(table, "formerly", Table::strings)?,
            explanation: given(table, "explanation", Table::string)?,
            remediation: given(table, "remediation", Table::string)?,
            references: given(table, "references", Table::strings)?,
            examples: given(table, "examples", examples)?,
            counter_examples: given(table, "counter_examples", examples)?,
        })
    }

    /// Changes what it says.
    pub(super) fn apply(self, meta: &mut Meta) {
        put(&mut meta.severity, self.severity);
        put(&mut meta.confidence, self.confidence);
        put(&mut meta.validate, self.validate.map(|name| Some(name).filter(|name| !name.is_empty())));
        put(&mut meta.cwe, self.cwe);
        put(&mut meta.formerly, self.formerly);
        put(&mut meta.explanation, self.explanation);
        put(&mut meta.remediation, self.remediation);
        put(&mut meta.references, self.references);
        put(&mut meta.examples, self.examples);
        put(&mut meta.counter_examples, self.counter_examples);
    }
}

fn put<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

type Reader<'t, T> = fn(&Table<'t>, &str) -> Result<T, String>;

fn given<'t, T>(table: Table<'t>, key: &str, read: Reader<'t, T>) -> Result<Option<T>, String> {
    if table.has(key) { read(&table, key).map(Some) } else { Ok(None) }
}

fn term<T: std::str::FromStr<Err = String>>(table: Table<'_>, key: &str) -> Result<Option<T>, String> {
    let word = given(table, key, Table::string)?;
    word.map(|word| word.parse().map_err(|e| format!("`{key}` of [rules.andon]: {e}"))).transpose()
}

fn numbers(table: &Table<'_>, key: &str) -> Result<Vec<u32>, String> {
    let numbers = table.strings(key)?.iter().map(|n| n.trim().parse().ok()).collect::<Option<_>>();
    numbers.ok_or_else(|| format!("`{key}` (line {}) must be a list of numbers", table.line_of(key)))
}

fn examples(table: &Table<'_>, key: &str) -> Result<Vec<Example>, String> {
    let read = |item: Result<String, Table<'_>>| match item {
        Ok(text) => Ok(Example { path: None, text }),
        Err(table) => Ok(Example { path: given(table, "path", Table::string)?, text: table.string("text")? }),
    };
    table.mixed(key)?.into_iter().map(read).collect()
}
