use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::json::{self, JsonError};
use crate::{Envelope, EnvelopeError, Predicate, PublicKey, Resource, Signer};

/// What is said of which things: an in-toto statement. Versions 0.1 and 1 are read, 1 is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// What it is about, by digest; never empty, and each has a digest.
    pub subject: Vec<Resource>,
    /// What kind of thing is said, a URI; see [`crate::predicate`].
    pub predicate_type: String,
    /// What is said; always an object.
    pub predicate: Map<String, Value>,
}

/// Why a statement was refused.
#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    /// The envelope was refused.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The envelope holds something else.
    #[error("the envelope holds `{0}`, not an in-toto statement (`{expected}`)", expected = Envelope::IN_TOTO)]
    PayloadType(String),
    /// No JSON of a statement.
    #[error("cannot read the statement: {0}")]
    Json(#[from] JsonError),
    /// A member is missing, of another kind, or says what a statement may not say.
    #[error("cannot read the statement: {0}")]
    Shape(String),
    /// Another kind of statement than was asked for.
    #[error("the statement is of type `{found}`, not `{expected}`")]
    PredicateType {
        /// What it is.
        found: String,
        /// What was asked for.
        expected: &'static str,
    },
    /// The predicate is not what its type asks for.
    #[error("the predicate does not fit its type `{kind}`: {problem}")]
    Predicate {
        /// Its type.
        kind: &'static str,
        /// What does not fit.
        problem: String,
    },
}

impl Statement {
    /// `_type` of version 1.
    pub const TYPE: &'static str = "https://in-toto.io/Statement/v1";
    /// `_type` of version 0.1.
    pub const TYPE_V0_1: &'static str = "https://in-toto.io/Statement/v0.1";
    /// The most subjects that are read or written.
    pub const MAX_SUBJECTS: usize = 10_000;

    /// A statement with a typed predicate.
    ///
    /// # Errors
    /// When there is no subject, one has no digest, or there are more than [`Statement::MAX_SUBJECTS`].
    pub fn of<P: Predicate>(subject: Vec<Resource>, predicate: &P) -> Result<Self, StatementError> {
        let failed = |problem: &str| StatementError::Predicate { kind: P::TYPE, problem: problem.to_owned() };
        match serde_json::to_value(predicate).map_err(|error| failed(&error.to_string()))? {
            Value::Object(object) => Self::new(subject, P::TYPE, object),
            _ => Err(failed("it is no object")),
        }
    }

    /// A statement with any predicate, such as an SBOM.
    ///
    /// # Errors
    /// As [`Statement::of`], and when the type is empty.
    pub fn new(
        subject: Vec<Resource>,
        predicate_type: &str,
        predicate: Map<String, Value>,
    ) -> Result<Self, StatementError> {
        if predicate_type.is_empty() {
            return Err(shape("`predicateType` is empty"));
        }
        check_subject(&subject)?;
        Ok(Self { subject, predicate_type: predicate_type.to_owned(), predicate })
    }

    /// The JSON form of version 1, without white space.
    pub fn to_json(&self) -> Vec<u8> {
        json::write(&Wire {
            kind: Self::TYPE.to_owned(),
            subject: self.subject.clone(),
            predicate_type: self.predicate_type.clone(),
            predicate: Some(self.predicate.clone()),
        })
    }

    /// Reads the JSON form of version 0.1 or 1. Unknown members are ignored.
    ///
    /// # Errors
    /// When it is no JSON within the bounds of [`json`], has a member twice, lacks one, is of another version, has no
    /// subject, or a subject has no digest or a malformed one.
    pub fn from_json(bytes: &[u8]) -> Result<Self, StatementError> {
        let wire: Wire =
            serde_json::from_value(json::read(bytes)?).map_err(|error| shape(&error.to_string()))?;
        if wire.kind != Self::TYPE && wire.kind != Self::TYPE_V0_1 {
            let found: String = wire.kind.chars().take(100).collect();
            return Err(shape(&format!("`_type` is `{found}`, not `{}`", Self::TYPE)));
        }
        Self::new(wire.subject, &wire.predicate_type, wire.predicate.unwrap_or_default())
    }

    /// Signs it.
    pub fn sign(&self, signer: &dyn Signer) -> Envelope {
        Envelope::sign(Envelope::IN_TOTO, self.to_json(), signer)
    }

    /// The statement of an envelope and the keys that signed it, each once.
    ///
    /// # Errors
    /// When none of the keys signed it, or the envelope holds no statement.
    pub fn verified<'k>(
        envelope: &Envelope,
        keys: &'k [PublicKey],
    ) -> Result<(Self, Vec<&'k PublicKey>), StatementError> {
        let signers = envelope.verify(keys)?;
        Ok((Self::unverified(envelope)?, signers))
    }

    /// The statement of an envelope, whoever signed it. To show it; never to believe it.
    ///
    /// # Errors
    /// When the envelope holds no statement.
    pub fn unverified(envelope: &Envelope) -> Result<Self, StatementError> {
        if envelope.payload_type != Envelope::IN_TOTO {
            return Err(StatementError::PayloadType(envelope.payload_type.chars().take(100).collect()));
        }
        Self::from_json(&envelope.payload)
    }

    /// The predicate as a type.
    ///
    /// # Errors
    /// When the statement is of another type, or its predicate does not fit.
    pub fn predicate_as<P: Predicate>(&self) -> Result<P, StatementError> {
        if self.predicate_type != P::TYPE {
            let found = self.predicate_type.chars().take(200).collect();
            return Err(StatementError::PredicateType { found, expected: P::TYPE });
        }
        serde_json::from_value(Value::Object(self.predicate.clone()))
            .map_err(|error| StatementError::Predicate { kind: P::TYPE, problem: error.to_string() })
    }

    /// Whether one of its subjects has this digest.
    pub fn is_about(&self, algorithm: &str, digest: &str) -> bool {
        self.subject.iter().any(|subject| subject.has_digest(algorithm, digest))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Resource>,
    predicate_type: String,
    #[serde(default)]
    predicate: Option<Map<String, Value>>,
}

fn check_subject(subject: &[Resource]) -> Result<(), StatementError> {
    if subject.is_empty() {
        return Err(shape("it has no subject"));
    }
    if subject.len() > Statement::MAX_SUBJECTS {
        return Err(shape(&format!("it has more than {} subjects", Statement::MAX_SUBJECTS)));
    }
    for each in subject {
        if each.digest.is_empty() {
            return Err(shape(&format!("subject `{}` has no digest", each.name.escape_debug())));
        }
        if let Some(complaint) = each.complaint() {
            return Err(shape(&format!("subject `{}`: {complaint}", each.name.escape_debug())));
        }
    }
    Ok(())
}

fn shape(what: &str) -> StatementError {
    StatementError::Shape(what.to_owned())
}

#[cfg(test)]
mod tests;
