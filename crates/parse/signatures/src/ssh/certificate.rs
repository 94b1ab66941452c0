//! OpenSSH's certificates: an authority says for which principals a key stands, and for how long.

use super::key::{Key, KeyProblem};
use super::wire::Wire;
use crate::ssh::pattern;

/// Principals that are read; OpenSSH itself stops there.
const MOST_PRINCIPALS: usize = 256;
/// Options for logins, which say nothing about signatures; any other that is critical stops us.
const KNOWN_OPTIONS: [&str; 3] = ["force-command", "source-address", "verify-required"];
/// The type of a user's certificate; a host's is 2.
const USER: u32 = 1;

/// The certificate around a key. Its authority's signature held when it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Certificate {
    kind: u32,
    principals: Vec<String>,
    /// In seconds since 1970; valid from the first, up to and without the second.
    valid: (u64, u64),
    unknown_option: Option<String>,
    pub(super) authority: Key,
}

impl Certificate {
    /// Reads what follows the key's own fields; `whole` is the blob from its beginning.
    pub(super) fn parse(whole: &[u8], wire: &mut Wire<'_>) -> Result<Self, KeyProblem> {
        const BROKEN: KeyProblem = KeyProblem::Broken("the certificate breaks off");
        wire.u64().ok_or(BROKEN)?;
        let kind = wire.u32().ok_or(BROKEN)?;
        wire.string().ok_or(BROKEN)?;
        let principals = principals(wire.string().ok_or(BROKEN)?)?;
        let valid = wire.u64().zip(wire.u64()).ok_or(BROKEN)?;
        let unknown_option = unknown_option(wire.string().ok_or(BROKEN)?)?;
        wire.string().ok_or(BROKEN)?;
        wire.string().ok_or(BROKEN)?;
        let authority = wire.string().ok_or(BROKEN)?;
        if Wire(authority).text().is_none_or(|name| name.contains("-cert-v01@")) {
            return Err(KeyProblem::Broken("the certificate's authority is itself a certificate"));
        }
        let authority = Key::parse(authority)?;
        let signed = whole.get(..whole.len().saturating_sub(wire.0.len())).unwrap_or_default();
        let signature = wire.string().ok_or(BROKEN)?;
        if !wire.at_end() {
            return Err(KeyProblem::Broken("something follows the certificate"));
        }
        if !authority.verify(signed, signature)? {
            return Err(KeyProblem::Broken("the authority's signature of the certificate does not hold"));
        }
        Ok(Self { kind, principals, valid, unknown_option, authority })
    }

    /// Why it does not count at a time; `None` if it does.
    pub(super) fn problem_at(&self, at: i64) -> Option<(bool, String)> {
        let at = u64::try_from(at).unwrap_or(0);
        if self.kind != USER {
            return Some((false, "the certificate is not a user's".to_owned()));
        }
        if let Some(option) = &self.unknown_option {
            return Some((
                false,
                format!("the certificate has the critical option `{option}`, which is not known"),
            ));
        }
        if at < self.valid.0 {
            return Some((true, "the certificate is not valid yet".to_owned()));
        }
        (at >= self.valid.1).then(|| (true, "the certificate has expired".to_owned()))
    }

    /// Its principals that one of the patterns admits.
    pub(super) fn admitted(&self, patterns: &str) -> Vec<String> {
        let admitted = |principal: &&String| patterns.split(',').any(|each| pattern(principal, each));
        self.principals.iter().filter(admitted).cloned().collect()
    }
}

fn principals(field: &[u8]) -> Result<Vec<String>, KeyProblem> {
    let mut wire = Wire(field);
    let mut principals = Vec::new();
    while !wire.at_end() {
        let principal = wire.text().ok_or(KeyProblem::Broken("the certificate's principals are broken"))?;
        if principals.len() == MOST_PRINCIPALS {
            return Err(KeyProblem::Broken("the certificate has too many principals"));
        }
        principals.push(principal.to_owned());
    }
    Ok(principals)
}

fn unknown_option(field: &[u8]) -> Result<Option<String>, KeyProblem> {
    const BROKEN: KeyProblem = KeyProblem::Broken("the certificate's options are broken");
    let mut wire = Wire(field);
    while !wire.at_end() {
        let name = wire.text().ok_or(BROKEN)?;
        wire.string().ok_or(BROKEN)?;
        if !KNOWN_OPTIONS.contains(&name) {
            return Ok(Some(name.chars().filter(|c| !c.is_control()).take(60).collect()));
        }
    }
    Ok(None)
}
