//! Where a command's keys come from, and who is asked for a passphrase.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use andon_attestation::{PublicKey, SecretKey};
use andon_signing::{
    EncryptedError, KeySource, Passphrase, PassphraseError, Randomness, SigningError, keys_folder,
};
use andon_system::System;
use anyhow::Context;

use crate::arguments::{AcceptedKeys, SigningKey};
use crate::problem::Problem;

/// Names the private key of every command that signs.
const VARIABLE: &str = "ANDON_KEY";

/// The files of the user's own key, private and public. They need not exist.
///
/// # Errors
/// When nothing says where data lives.
pub(crate) fn own(system: &dyn System) -> anyhow::Result<(PathBuf, PathBuf)> {
    let folder = keys_folder(system).ok_or_else(|| {
        Problem::new("nothing says where your keys are kept")
            .hint("set ANDON_DATA_DIR, or name a key with --key")
    })?;
    Ok((folder.join("andon.key"), folder.join("andon.pub")))
}

/// The key that a command signs with: the one that is named, that of ANDON_KEY, or the user's own.
///
/// # Errors
/// When there is none, it is refused, or its passphrase is not to be had.
pub(crate) fn signing(system: &dyn System, named: &SigningKey) -> anyhow::Result<SecretKey> {
    let source = source(system, named)?;
    secret(system, &source).with_context(|| format!("cannot use the private key {source}"))
}

/// Whether there is a key that [`signing`] would use.
pub(crate) fn is_there(system: &dyn System, named: &SigningKey) -> bool {
    let given = named.source.is_some() || system.environment(VARIABLE).is_some();
    given || own(system).is_ok_and(|(path, _)| system.metadata(&path).is_ok())
}

/// The keys that a command accepts: those that are named, or the user's own.
///
/// # Errors
/// When one cannot be read, or none is named and the user has none.
pub(crate) fn accepted(system: &dyn System, named: &AcceptedKeys) -> anyhow::Result<Vec<PublicKey>> {
    if named.sources.is_empty() {
        let (_, path) = own(system)?;
        if system.metadata(&path).is_err() {
            let hint = "name the public key that you accept with --key";
            return Err(Problem::new("there is no key to verify with").hint(hint).into());
        }
        return Ok(vec![public(system, &KeySource::File(path))?]);
    }
    named.sources.iter().map(|name| public(system, &name.parse()?)).collect()
}

/// A public key.
///
/// # Errors
/// When it cannot be read or is refused.
pub(crate) fn public(system: &dyn System, source: &KeySource) -> anyhow::Result<PublicKey> {
    source.public(system).with_context(|| format!("cannot use the public key {source}"))
}

/// A passphrase for a new key: from the environment, or typed twice.
///
/// # Errors
/// When there is neither, or what is typed differs.
pub(crate) fn new_passphrase(system: &dyn System) -> anyhow::Result<Passphrase> {
    if let Some(passphrase) = Passphrase::from_environment(system) {
        return Ok(passphrase);
    }
    if !has_terminal() {
        let hint = format!("set {}, or make a key without one: --no-passphrase", Passphrase::VARIABLES[0]);
        return Err(Problem::new("there is no terminal to ask for a passphrase on").hint(hint).into());
    }
    let first = typed("passphrase for the new key: ")?;
    if first != typed("the same once more: ")? {
        return Err(Problem::new("the two passphrases differ").hint("try again").into());
    }
    Ok(first)
}

/// Random bytes of the system.
///
/// # Errors
/// When it gives none.
pub(crate) fn random<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).context("the system gives no random numbers")?;
    Ok(bytes)
}

/// Random bytes for an encrypted key.
///
/// # Errors
/// When the system gives none.
pub(crate) fn randomness() -> anyhow::Result<Randomness> {
    Ok(Randomness(random()?))
}

/// A private key from its source.
///
/// # Errors
/// When it is refused, or its passphrase is not to be had.
pub(crate) fn secret(system: &dyn System, source: &KeySource) -> Result<SecretKey, SigningError> {
    let given = Passphrase::from_environment(system);
    let nobody_to_ask = given.is_none() && !has_terminal();
    let read = source.secret(system, &mut || match &given {
        Some(passphrase) => Ok(passphrase.clone()),
        // Many a key of a machine has an empty passphrase.
        None if nobody_to_ask => Ok(Passphrase::default()),
        None => typed(&format!("passphrase for {source}: ")),
    });
    match read {
        Err(SigningError::Encrypted(EncryptedError::Wrong)) if nobody_to_ask => {
            let needed = format!("the key needs its passphrase\nhint: set {}", Passphrase::VARIABLES[0]);
            Err(SigningError::Passphrase(PassphraseError(needed)))
        }
        read => read,
    }
}

fn source(system: &dyn System, named: &SigningKey) -> anyhow::Result<KeySource> {
    if let Some(name) = &named.source {
        return Ok(name.parse()?);
    }
    if let Some(name) = system.environment(VARIABLE).and_then(|name| name.into_string().ok()) {
        return name.parse().with_context(|| format!("cannot use {VARIABLE}"));
    }
    let (path, _) = own(system)?;
    if system.metadata(&path).is_err() {
        let hint = "make one with `andon key generate`, or name one with --key";
        return Err(Problem::new("there is no key to sign with").hint(hint).into());
    }
    Ok(KeySource::File(path))
}

fn has_terminal() -> bool {
    io::stdin().is_terminal() || io::stderr().is_terminal()
}

fn typed(prompt: &str) -> Result<Passphrase, PassphraseError> {
    let typed = rpassword::prompt_password(prompt);
    typed
        .map(Passphrase::from)
        .map_err(|error| PassphraseError(format!("cannot ask for the passphrase: {error}")))
}
