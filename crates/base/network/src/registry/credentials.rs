use std::collections::BTreeMap;
use std::path::PathBuf;

use andon_system::System;
use base64::Engine as _;
use serde::Deserialize;

use crate::Secret;
use crate::registry::{RegistryError, helper};

/// Who asks a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// Anybody.
    Anonymous,
    /// A user.
    Basic {
        /// The user's name.
        user: String,
        /// The password, or an access token that serves as one.
        password: Secret,
    },
    /// A token that is exchanged for others (`identitytoken` of Docker's configuration).
    Identity(Secret),
    /// A token that the registry takes as it is (`registrytoken`).
    Token(Secret),
}

/// The credentials of Docker's configuration (`config.json` in `DOCKER_CONFIG` or `~/.docker`) for a registry's host.
/// `run_helpers` allows to start the program `docker-credential-NAME` that the configuration names; without it such
/// credentials are an error, since the user means them to be used.
///
/// # Errors
/// When the configuration is broken, or its program gives no answer.
pub fn docker_credentials(
    system: &dyn System,
    registry: &str,
    run_helpers: bool,
) -> Result<Credentials, RegistryError> {
    let failed = |reason: String| RegistryError::Credentials { registry: registry.to_owned(), reason };
    let Some(path) = config_path(system) else { return Ok(Credentials::Anonymous) };
    const LIMIT: u64 = 4 << 20;
    let Ok(file) = system.read_named(&path, LIMIT) else { return Ok(Credentials::Anonymous) };
    // An error of the parser would quote the text, and so perhaps a password.
    let config: Config = serde_json::from_slice(&file.bytes)
        .map_err(|error| failed(format!("{} is broken in line {}", path.display(), error.line())))?;
    let own = config.cred_helpers.iter().find(|(name, _)| is_for(name, registry)).map(|(_, helper)| helper);
    let program = own.or(config.creds_store.as_ref()).filter(|name| !name.is_empty());
    if let Some(program) = program {
        if !run_helpers {
            return Err(failed(format!(
                "{} leaves them to the program docker-credential-{program}, which may not be started here",
                path.display()
            )));
        }
        if let Some(found) = helper::ask(system, program, server(registry)).map_err(failed)? {
            return Ok(found);
        }
    }
    match config.auths.iter().find(|(name, _)| is_for(name, registry)) {
        Some((_, entry)) => entry.credentials().map_err(failed),
        None => Ok(Credentials::Anonymous),
    }
}

fn config_path(system: &dyn System) -> Option<PathBuf> {
    let own = system.environment("DOCKER_CONFIG").map(PathBuf::from);
    let folder = own.or_else(|| {
        let home = system.environment(if cfg!(windows) { "USERPROFILE" } else { "HOME" })?;
        Some(PathBuf::from(home).join(".docker"))
    });
    Some(folder?.join("config.json"))
}

#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    auths: BTreeMap<String, Entry>,
    #[serde(default, rename = "credHelpers")]
    cred_helpers: BTreeMap<String, String>,
    #[serde(default, rename = "credsStore")]
    creds_store: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    auth: String,
    username: String,
    password: String,
    identitytoken: String,
    registrytoken: String,
}

impl Entry {
    fn credentials(&self) -> Result<Credentials, String> {
        if !self.identitytoken.is_empty() {
            return Ok(Credentials::Identity(Secret::new(&self.identitytoken)));
        }
        if !self.registrytoken.is_empty() {
            return Ok(Credentials::Token(Secret::new(&self.registrytoken)));
        }
        let basic = |user: &str, password: &str| Credentials::Basic {
            user: user.to_owned(),
            password: Secret::new(password),
        };
        if self.auth.is_empty() {
            let given = !self.username.is_empty();
            return Ok(if given { basic(&self.username, &self.password) } else { Credentials::Anonymous });
        }
        let decoded = base64::engine::general_purpose::STANDARD.decode(self.auth.trim());
        let text = decoded.ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let pair = text.as_deref().and_then(|text| text.trim_end_matches('\0').split_once(':'));
        let (user, password) =
            pair.ok_or("the entry of Docker's configuration is damaged; sign in again with docker login")?;
        Ok(basic(user, password))
    }
}

/// The name under which Docker keeps the credentials of its own registry.
const HUB: &str = "https://index.docker.io/v1/";

fn is_hub(registry: &str) -> bool {
    matches!(registry, "docker.io" | "index.docker.io")
}

fn server(registry: &str) -> &str {
    if is_hub(registry) { HUB } else { registry }
}

/// Whether an entry of the configuration is about a registry: its host, with or without scheme and path.
fn is_for(name: &str, registry: &str) -> bool {
    let host = name.trim_start_matches("https://").trim_start_matches("http://");
    let host = host.split('/').next().unwrap_or_default();
    host == registry || (is_hub(registry) && is_hub(host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use andon_system::MemorySystem;

    fn check(config: &str, registry: &str, expected: Result<Credentials, &str>) {
        let system = MemorySystem::new().file("/h/.docker/config.json", config).variable("HOME", "/h");
        match (docker_credentials(&system, registry, false), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(error), Err(expected)) => {
                let text = error.to_string();
                assert!(text.contains(expected) && !text.contains("word"), "{text}");
            }
            (found, expected) => panic!("{found:?}, not {expected:?}"),
        }
    }

    fn basic() -> Credentials {
        Credentials::Basic { user: "user".to_owned(), password: Secret::new("word:x") }
    }

    #[test]
    fn the_entry_of_the_host_is_used() {
        let entry = r#"{"auth": "dXNlcjp3b3JkOng="}"#;
        for name in ["r.example", "https://r.example", "https://r.example/v2/"] {
            check(&format!(r#"{{"auths": {{"{name}": {entry}}}}}"#), "r.example", Ok(basic()));
        }
        check(&format!(r#"{{"auths": {{"{HUB}": {entry}}}}}"#), "index.docker.io", Ok(basic()));
        check(
            &format!(r#"{{"auths": {{"r.example": {entry}}}}}"#),
            "r.example:8",
            Ok(Credentials::Anonymous),
        );
        check(r#"{"auths": {"r.example": {}}}"#, "r.example", Ok(Credentials::Anonymous));
        let identity = r#"{"auths": {"r.example": {"auth": "dTo=", "identitytoken": "t"}}}"#;
        check(identity, "r.example", Ok(Credentials::Identity(Secret::new("t"))));
        let plain = r#"{"auths": {"r.example": {"username": "user", "password": "word:x"}}}"#;
        check(plain, "r.example", Ok(basic()));
    }

    #[test]
    fn broken_configurations_are_told_without_their_content() {
        check(r#"{"auths": {"r.example": {"auth": "word"}}}"#, "r.example", Err("docker login"));
        check("{\n\"auths\": \"word\"}", "r.example", Err("config.json is broken in line 2"));
        check(r#"{"credsStore": "desktop"}"#, "r.example", Err("docker-credential-desktop"));
        check(r#"{"credHelpers": {"r.example": "x"}}"#, "r.example", Err("docker-credential-x"));
        check(r#"{"credHelpers": {"other.example": "x"}}"#, "r.example", Ok(Credentials::Anonymous));
        let none = MemorySystem::new().variable("DOCKER_CONFIG", "/none");
        assert_eq!(docker_credentials(&none, "r.example", true).unwrap(), Credentials::Anonymous);
    }
}
