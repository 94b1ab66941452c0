use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whose signatures count. Like all that judges it is read from the base, never from the change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Trust {
    /// Keys whose statements are accepted, and for what.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<TrustedKey>,
    /// A file of the repository with those who may sign commits by SSH, in the form of `ssh-keygen`'s allowed signers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_signers: Option<String>,
    /// A file of the repository with the OpenPGP keys of those who may sign commits, armoured or binary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub openpgp_keys: Option<String>,
}

/// A key whose statements are accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TrustedKey {
    /// What reasons call it; unique.
    pub name: String,
    /// The public key: PEM, or the path of a PEM file in the repository.
    pub key: String,
    /// What it may sign.
    #[schemars(length(min = 1))]
    pub may: Vec<StatementKind>,
    /// Who holds it, each an e-mail address, a name or `Name <address>`: all under which the person commits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identity: Vec<String>,
    /// The roles in which the person approves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// First day on which it is valid, `YYYY-MM-DD` (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub from: Option<Date>,
    /// Last day on which it is valid, `YYYY-MM-DD` (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub until: Option<Date>,
}

impl TrustedKey {
    /// Whether `key` is the key itself, not the path of a file.
    pub fn is_inline(&self) -> bool {
        self.key.trim_start().starts_with("-----BEGIN ")
    }
}

/// Kinds of statements that a key may sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StatementKind {
    /// What engines found, and what they examined.
    Scan,
    /// What a step of the pipeline did.
    Step,
    /// Provenance: what an artefact was built from.
    Build,
    /// Results of the project's tests, with what they ran through.
    Tests,
    /// What a gate decided.
    Decision,
    /// Somebody's approval.
    Approval,
    /// That something was deployed.
    Deployment,
    /// What an artefact is made of.
    Sbom,
    /// Whether an artefact is affected by known vulnerabilities.
    Vex,
}

impl StatementKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Scan,
        Self::Step,
        Self::Build,
        Self::Tests,
        Self::Decision,
        Self::Approval,
        Self::Deployment,
        Self::Sbom,
        Self::Vex,
    ];

    /// The word for it, as `andon.yaml` has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Step => "step",
            Self::Build => "build",
            Self::Tests => "tests",
            Self::Decision => "decision",
            Self::Approval => "approval",
            Self::Deployment => "deployment",
            Self::Sbom => "sbom",
            Self::Vex => "vex",
        }
    }
}

/// What the types do not say. Returns a JSON pointer below the key and a message.
pub(crate) fn check(trust: &Trust) -> Result<(), (String, String)> {
    for (index, key) in trust.keys.iter().enumerate() {
        let fail = |field: &str, message: String| Err((format!("/keys/{index}/{field}"), message));
        if key.name.trim().is_empty() {
            return fail("name", "name the key; reasons call it by this name".to_owned());
        }
        if trust.keys.iter().take(index).any(|other| other.name == key.name) {
            return fail("name", format!("there is already a key named `{}`", key.name));
        }
        if key.key.trim().is_empty() {
            return fail("key", "give the public key as PEM, or the path of its file".to_owned());
        }
        if key.may.is_empty() {
            return fail("may", "say what the key may sign, such as `[scan, step]`".to_owned());
        }
        if key.may.contains(&StatementKind::Approval) {
            if key.identity.iter().all(|name| name.trim().is_empty()) {
                let message =
                    "a key for approvals needs `identity`: the addresses under which its holder commits";
                return fail("identity", message.to_owned());
            }
            if key.roles.is_empty() {
                return fail(
                    "roles",
                    "a key for approvals needs `roles`: what its holder approves as".to_owned(),
                );
            }
        }
        if key.from.zip(key.until).is_some_and(|(from, until)| from > until) {
            return fail("until", "the last day is before the first".to_owned());
        }
    }
    Ok(())
}
