//! Rules: what they say, and how they are read.

mod load;
mod options;
mod patterns;
mod regex;
mod requires;
mod shared;
mod shared_files;
mod taint;

use andon_syntax::Language;
use serde_json::Value as Json;

use crate::formula::Formula;

pub use load::{LoadError, Loaded, Loader, Refused};
pub use options::{CommentStyle, Options};
pub use patterns::{PatternId, PatternKind, Patterns, RulePattern};
pub use regex::{Expression, Hit};
pub use requires::Requires;
pub use shared::{Shared, SharedError};
pub use shared_files::join_shared;
pub use taint::{Propagator, Sanitizer, SideEffect, Sink, Source, TaintSpec};

/// A rule in the form that Semgrep gave them.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its name.
    pub id: String,
    /// What it tells, with metavariables in it.
    pub message: String,
    /// How bad it is.
    pub severity: Severity,
    /// The languages whose files it reads.
    pub languages: Vec<RuleLanguage>,
    /// What it looks for.
    pub mode: Mode,
    /// The files that it reads.
    pub paths: Paths,
    /// How it matches.
    pub options: Options,
    /// What to write instead, with metavariables in it, without space around it.
    pub fix: Option<String>,
    /// What to replace in what was found.
    pub fix_regex: Option<FixRegex>,
    /// What else it says of itself; null if nothing.
    pub metadata: Json,
    /// The oldest version of Semgrep that it says it needs.
    pub min_version: Option<Version>,
    /// The newest version of Semgrep that it says it works with.
    pub max_version: Option<Version>,
    /// The line that it starts on, from 1.
    pub line: u32,
}

impl Rule {
    /// The language that its patterns are written in: the first of those that can be parsed, or the first.
    pub fn analyzer(&self) -> Option<&RuleLanguage> {
        RuleLanguage::analyzer(&self.languages)
    }

    /// Whether it reads files of any kind, as text.
    pub fn reads_any_text(&self) -> bool {
        self.languages.iter().any(|language| matches!(language, RuleLanguage::Regex | RuleLanguage::Generic))
    }

    /// Every formula of the rule.
    pub fn formulas(&self) -> Vec<&Formula> {
        match &self.mode {
            Mode::Search(formula) => vec![formula],
            Mode::Taint(spec) => spec.formulas(),
        }
    }
}

/// How bad what a rule finds is, as the rule spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// `CRITICAL`.
    Critical,
    /// `HIGH`.
    High,
    /// `ERROR`, the older word for high.
    Error,
    /// `MEDIUM`.
    Medium,
    /// `WARNING`, the older word for medium.
    Warning,
    /// `LOW`.
    Low,
    /// `INFO`.
    Info,
    /// `INVENTORY`: it lists what is there.
    Inventory,
    /// `EXPERIMENT`.
    Experiment,
}

impl Severity {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "CRITICAL" => Self::Critical,
            "HIGH" => Self::High,
            "ERROR" => Self::Error,
            "MEDIUM" => Self::Medium,
            "WARNING" => Self::Warning,
            "LOW" => Self::Low,
            "INFO" => Self::Info,
            "INVENTORY" => Self::Inventory,
            "EXPERIMENT" => Self::Experiment,
            _ => return None,
        })
    }
}

/// A language that a rule names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RuleLanguage {
    /// One that can be parsed.
    Code(Language),
    /// `regex` or `none`: any file, by regular expressions alone.
    Regex,
    /// `generic`: any file, by words and brackets.
    Generic,
    /// One that is not supported, by its name.
    Other(String),
}

impl RuleLanguage {
    /// The language of a name.
    pub fn named(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "python" | "py" | "python3" => Self::Code(Language::Python),
            "javascript" | "js" => Self::Code(Language::JavaScript),
            "typescript" | "ts" => Self::Code(Language::TypeScript),
            "java" => Self::Code(Language::Java),
            "go" | "golang" => Self::Code(Language::Go),
            "regex" | "none" => Self::Regex,
            "generic" | "spacegrep" => Self::Generic,
            _ => Self::Other(name.to_owned()),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Code(language) => language.name(),
            Self::Regex => "regex",
            Self::Generic => "generic",
            Self::Other(name) => name,
        }
    }

    pub(crate) fn analyzer(languages: &[Self]) -> Option<&Self> {
        languages.iter().find(|language| !matches!(language, Self::Other(_))).or_else(|| languages.first())
    }
}

/// What a rule looks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Mode {
    /// Places.
    Search(Formula),
    /// Ways from sources to sinks.
    Taint(TaintSpec),
}

/// The files that a rule reads, as globs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paths {
    /// If there are any, only files that match one.
    pub include: Vec<String>,
    /// No file that matches one.
    pub exclude: Vec<String>,
}

/// What to replace in what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixRegex {
    /// What to look for in it.
    pub regex: Expression,
    /// What to write instead, with `\1` for groups.
    pub replacement: String,
    /// How many times; everywhere if none.
    pub count: Option<u32>,
}

/// A version of Semgrep: major, minor, patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32, pub u32);

impl Version {
    /// The version whose behaviour is followed.
    pub const FOLLOWED: Self = Self(1, 182, 0);

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.trim().split('.').map(|part| part.parse().ok());
        let version = Self(numbers.next()??, numbers.next()??, numbers.next()??);
        numbers.next().is_none().then_some(version)
    }
}
