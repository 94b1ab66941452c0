use andon_config::StatementKind;

/// Why a statement does not count. Shown as words that follow on where it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    #[error("no accepted key verifies its signature: it was altered, or {0}")]
    NotVerified(String),
    #[error("`{0}` is no type of statement that this version knows")]
    UnknownType(String),
    #[error("the key `{key}` may not sign statements of the kind `{kind}`", kind = .kind.as_str())]
    NotAllowed { key: String, kind: StatementKind },
    #[error("the key `{key}` {why}")]
    KeyInvalid { key: String, why: String },
    #[error("it is about {0}")]
    WrongSubject(String),
    #[error("it says no time")]
    NoTime,
    #[error("its time, `{0}`, is none in RFC 3339")]
    BadTime(String),
    #[error("it is from the future: {0}")]
    Future(String),
    #[error("the scan used another configuration or other rules than the base asks for")]
    OtherConfiguration,
    #[error("the artefact was built from {0}")]
    OtherSource(String),
    #[error("not every report was read whole")]
    Partial,
    #[error("the key `{key}` does not stand for the role `{role}`")]
    NoRole { key: String, role: String },
    #[error("the holder of the key `{0}` made a part of the change, and nobody approves their own")]
    OwnChange(String),
    #[error("it is not known who made the change, so nobody can approve it")]
    NobodyKnown,
    #[error("it ended at {0}")]
    Ended(String),
    #[error("it is for the project `{0}`")]
    OtherProject(String),
    #[error("it names `{named}` as the approver, who does not hold the key `{key}`")]
    OtherPerson { named: String, key: String },
    #[error("{0} is newer and says the same or otherwise")]
    Superseded(String),
    #[error("it is the same as {0}")]
    Duplicate(String),
}
