use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Confidence, Fingerprints, Location, RuleRef, Severity, Stage, State};

/// One defect, however many places show it. Every engine yields this and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Identity across scans, free of line numbers.
    pub fingerprints: Fingerprints,
    /// The rule that made it.
    pub rule: RuleRef,
    /// The station of the line it belongs to.
    pub stage: Stage,
    /// The engine that found it.
    pub engine: String,
    /// How bad, if true.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// One line.
    pub title: String,
    /// What was found here, in a sentence or two. Never contains a secret in clear.
    pub message: String,
    /// Where, most important first: what is at HEAD before what is only history, then by path and position.
    pub locations: Vec<Location>,
    /// How data flows from source to sink, if it is about a flow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flow: Vec<FlowStep>,
    /// What it is about, other than a place in a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// Weakness numbers of the Common Weakness Enumeration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cwe: Vec<u32>,
    /// Identifiers of controls that it touches (`owasp-asvs:2.10.4`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<String>,
    /// Identifier of the advisory it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisory: Option<String>,
    /// How to mend it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// What supports it: redacted secret, entropy, validation, decoding.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Hash of the surrounding lines; see [`crate::context_similarity`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub context: String,
    /// Where it stands against the baseline.
    #[serde(default)]
    pub state: State,
    /// Why it does not count, if it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppression: Option<Suppression>,
    /// Labels: the rule's tags, and how it was decoded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Engine-specific facts that have no field of their own yet.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, String>,
}

impl Finding {
    /// Whether a gate counts it: neither suppressed nor already fixed.
    pub fn counts(&self) -> bool {
        self.suppression.is_none() && self.state != State::Fixed
    }

    /// Whether it was brought by the change under judgement.
    pub fn is_new(&self) -> bool {
        matches!(self.state, State::New | State::Reopened)
    }
}

/// A step of a data flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FlowStep {
    /// Where.
    pub location: Location,
    /// What happens there.
    pub message: String,
}

/// What a finding is about, when that is not a place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "id", rename_all = "lowercase")]
pub enum Subject {
    /// A package URL.
    Component(String),
    /// An image reference with digest.
    Image(String),
    /// An HTTP route.
    Route(String),
    /// A host name.
    Host(String),
}

/// How to mend a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fix {
    /// What to do, in order. Markdown.
    pub description: String,
}

/// A fact that supports a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// What kind of fact: `redacted`, `entropy`, `validation`, `decoded`, `expires`.
    pub kind: String,
    /// The fact, for people.
    pub value: String,
}

/// Why a finding does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Suppression {
    /// What suppressed it.
    pub kind: SuppressionKind,
    /// The reason somebody gave, or the file or comment that did it.
    pub reason: String,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Last day it holds, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Who asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requester: Option<String>,
    /// Who approved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approver: Option<String>,
}

impl Suppression {
    /// A suppression that nobody answers for by name.
    pub fn new(kind: SuppressionKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into(), owner: None, expires: None, requester: None, approver: None }
    }

    /// Why a gate on evidence does not take it, in words: an exception needs a last day and the approval of somebody
    /// else than the one who asked for it. `None` when it does, and for what is no exception.
    pub fn refused_by_evidence(&self) -> Option<&'static str> {
        if self.kind != SuppressionKind::Exception {
            return None;
        }
        if self.expires.is_none() {
            return Some("it has no last day");
        }
        crate::exception::unapproved(self.requester.as_deref(), self.approver.as_deref())
    }
}

/// What can suppress a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SuppressionKind {
    /// An entry of `.andon/exceptions.yaml`.
    Exception,
    /// A comment beside the code.
    Inline,
    /// Another tool's ignore file, such as `.gitleaksignore`.
    IgnoreFile,
    /// The tool that reported it had suppressed it already.
    External,
    /// A VEX statement.
    Vex,
}
