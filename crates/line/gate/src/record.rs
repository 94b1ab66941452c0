use std::collections::BTreeMap;

use andon_config::{Config, ConfigError};
use andon_model::Decision;
use serde::{Deserialize, Serialize};

use crate::canonical::{canonical, sha256};
use crate::evidence::{Offered, collect};
use crate::trust::{Trust, TrustError};
use crate::{Input, PolicyLimits, PolicySet, evaluate};

/// All that a decision was made from, and the decision: with it the decision can be made again. Its identifier is the
/// SHA-256 of its canonical JSON form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionRecord {
    /// Version of this form: `andon.decision-record/1`.
    pub schema: String,
    /// The program that decided.
    pub program: Program,
    /// The gate that decided; all of `config` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// `andon.yaml` as it was read; the built-in configuration when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<Text>,
    /// The commit that configuration and policies were read from; absent for a working tree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// The policies.
    pub policies: Vec<Text>,
    /// The accepted keys, each inline.
    pub trust: andon_config::Trust,
    /// What was decided on.
    pub input: Input,
    /// What was decided.
    pub decision: Decision,
}

/// A program that decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Program {
    /// This one.
    pub fn this() -> Self {
        Self { name: "andon".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// A file that judges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Its path from the root.
    pub name: String,
    /// Its content.
    pub text: String,
}

/// Why a recorded decision cannot be made again.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// Other bytes than the identifier says.
    #[error("the record is not what its identifier says: it is sha256:{0}; it was altered or damaged")]
    OtherContent(String),
    /// No record.
    #[error("this is no record of a decision: {0}")]
    Shape(String),
    /// The recorded configuration.
    #[error("the recorded configuration cannot be used: {0}")]
    Config(#[from] ConfigError),
    /// The recorded keys.
    #[error("the recorded keys cannot be used: {0}")]
    Trust(#[from] TrustError),
}

/// What came of deciding again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// The recorded decision.
    pub recorded: Decision,
    /// The decision as this version makes it.
    pub decided: Decision,
    /// The program that made the recorded one.
    pub program: Program,
    /// Whether the statements were at hand, so that the evidence was collected again as well.
    pub recollected: bool,
    /// Identifiers of statements that are not at hand.
    pub missing: Vec<String>,
    /// What differs, in words; empty when the decision follows again, byte for byte.
    pub differences: Vec<String>,
}

impl DecisionRecord {
    /// The value of `schema` that this version writes and reads.
    pub const SCHEMA: &'static str = "andon.decision-record/1";

    /// Decides and keeps what it was decided from. `gate` names the only gate that decides.
    ///
    /// # Errors
    /// When the configuration cannot be read, or has no such gate.
    pub fn decide(mut inputs: Self) -> Result<Self, ReplayError> {
        inputs.schema = Self::SCHEMA.to_owned();
        inputs.decision = inputs.evaluated()?;
        Ok(inputs)
    }

    /// The canonical JSON form and its SHA-256 in hexadecimal, which is the record's identifier.
    ///
    /// # Errors
    /// When it has no JSON form.
    pub fn to_bytes(&self) -> Result<(String, Vec<u8>), ReplayError> {
        let bytes = canonical(self).map_err(|error| ReplayError::Shape(error.to_string()))?;
        Ok((sha256(&bytes), bytes))
    }

    /// Reads a record that has this identifier.
    ///
    /// # Errors
    /// When the bytes are others, or are no record.
    pub fn from_bytes(id: &str, bytes: &[u8]) -> Result<Self, ReplayError> {
        let found = sha256(bytes);
        if found != id {
            return Err(ReplayError::OtherContent(found));
        }
        let record: Self =
            serde_json::from_slice(bytes).map_err(|error| ReplayError::Shape(error.to_string()))?;
        if record.schema != Self::SCHEMA {
            let shown: String = record.schema.chars().take(60).collect();
            let message = format!("it has the form `{shown}`; this version reads `{}`", Self::SCHEMA);
            return Err(ReplayError::Shape(message));
        }
        Ok(record)
    }

    /// The policies and the configuration's text, as the decision names them.
    pub fn policies(&self) -> PolicySet {
        let config = self.config.as_ref().map(|file| (file.name.as_str(), file.text.as_str()));
        let files = self.policies.iter().map(|file| (file.name.clone(), file.text.clone())).collect();
        PolicySet::new(self.revision.clone(), config, files)
    }

    /// Decides again from what is recorded. `envelopes` are statements by their SHA-256; where all that were looked at
    /// are there, the evidence is collected again from them too.
    ///
    /// # Errors
    /// When what is recorded cannot be used.
    pub fn replay(&self, envelopes: &BTreeMap<String, Vec<u8>>) -> Result<Replay, ReplayError> {
        let decided = self.evaluated()?;
        let mut differences = differences(&self.decision, &decided);
        let (missing, recollected) = self.recollect(envelopes, &mut differences)?;
        let (recorded, program) = (self.decision.clone(), self.program.clone());
        Ok(Replay { recorded, decided, program, recollected, missing, differences })
    }

    fn evaluated(&self) -> Result<Decision, ReplayError> {
        let mut config = match &self.config {
            Some(file) => Config::from_yaml(&file.name, &file.text)?,
            None => Config::built_in(),
        };
        if let Some(only) = &self.gate {
            config.gates.retain(|gate| gate.name == *only);
            if config.gates.is_empty() {
                return Err(ReplayError::Shape(format!("the configuration has no gate `{only}`")));
            }
        }
        Ok(evaluate(&config, &self.input, &self.policies(), &PolicyLimits::default()))
    }

    fn recollect(
        &self,
        envelopes: &BTreeMap<String, Vec<u8>>,
        differences: &mut Vec<String>,
    ) -> Result<(Vec<String>, bool), ReplayError> {
        let Some(recorded) = &self.input.evidence else { return Ok((Vec::new(), false)) };
        let mut offered = Vec::new();
        let mut missing = Vec::new();
        for statement in &recorded.offered {
            match envelopes.get(&statement.id) {
                Some(bytes) => {
                    offered.push(Offered { origin: &statement.origin, index: statement.index, bytes })
                }
                None => missing.push(statement.id.clone()),
            }
        }
        if !missing.is_empty() {
            return Ok((missing, false));
        }
        let trust = Trust::load(&self.trust, &mut |_| Ok(None))?;
        let mut again = collect(&offered, &trust, &recorded.asked);
        again.commits.clone_from(&recorded.commits);
        again.reports.clone_from(&recorded.reports);
        if again != *recorded {
            differences.push("the statements give other evidence than was recorded".to_owned());
        }
        Ok((missing, true))
    }
}

fn differences(recorded: &Decision, decided: &Decision) -> Vec<String> {
    let bytes = |decision: &Decision| canonical(decision).unwrap_or_default();
    if bytes(recorded) == bytes(decided) {
        return Vec::new();
    }
    let mut differences = Vec::new();
    if recorded.verdict != decided.verdict {
        differences.push(format!("the verdict was {:?} and is {:?} now", recorded.verdict, decided.verdict));
    }
    let gone = recorded.reasons.iter().filter(|reason| !decided.reasons.contains(reason));
    differences.extend(gone.map(|reason| format!("only recorded: {}: {}", reason.source, reason.message)));
    let new = decided.reasons.iter().filter(|reason| !recorded.reasons.contains(reason));
    differences.extend(new.map(|reason| format!("only now: {}: {}", reason.source, reason.message)));
    if recorded.policy != decided.policy {
        differences.push("the policies have another digest or origin".to_owned());
    }
    if differences.is_empty() {
        differences.push("the same reasons in another form".to_owned());
    }
    differences
}
