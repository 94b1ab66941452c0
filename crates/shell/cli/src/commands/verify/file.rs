use std::path::{Path, PathBuf};

use andon_attestation::bundle::Content;
use andon_attestation::{PublicKey, Resource, Statement, json};
use andon_signing::{FileSignature, SigningError, verify_reader};
use andon_system::{System, files};
use anyhow::Context;

use crate::arguments::VerifyArguments;
use crate::problem::Problem;
use crate::{exit, keys, terminal};

pub(super) fn run(system: &dyn System, arguments: &VerifyArguments) -> anyhow::Result<u8> {
    let accepted = keys::accepted(system, &arguments.keys)?;
    let (path, proof) = proof(system, arguments)?;
    let subject = arguments.file.as_ref().or(arguments.attestation.as_ref());
    let name = subject.map(|path| path.display().to_string()).unwrap_or_default();
    let (key, statement) = match &arguments.file {
        Some(file) => {
            let mut content = files::open_read(file)?;
            let verified = verify_reader(&mut content, &accepted, &proof);
            let verified = verified
                .map_err(refused)
                .with_context(|| format!("{} does not verify with {}", file.display(), path.display()))?;
            (verified.key.clone(), verified.statement)
        }
        None => {
            let verified = alone(&proof, &accepted).map_err(refused);
            let (key, statement) = verified.with_context(|| format!("{name} does not verify"))?;
            (key, Some(statement))
        }
    };
    if let Some(wanted) = &arguments.predicate_type {
        of_type(statement.as_ref(), wanted).with_context(|| format!("{name} does not verify"))?;
    }
    terminal::write_text(&said(&name, &key, statement.as_ref()))?;
    Ok(exit::GO_ON)
}

/// What says that the target is signed, and where it was read.
fn proof(system: &dyn System, arguments: &VerifyArguments) -> anyhow::Result<(PathBuf, FileSignature)> {
    let VerifyArguments { signature, bundle, attestation, file, .. } = arguments;
    let limit = u64::try_from(json::MAX_BYTES).unwrap_or(u64::MAX);
    let read = |path: &Path| anyhow::Ok(system.read_named(path, limit)?.bytes);
    let (path, parsed) = match (signature, bundle, attestation, file) {
        (_, Some(path), _, _) => (path.clone(), FileSignature::bundle(&read(path)?)),
        (_, _, Some(path), _) => (path.clone(), FileSignature::attestation(&read(path)?)),
        (Some(path), ..) => (path.clone(), FileSignature::raw(&read(path)?)),
        (None, None, None, file) => {
            let mut path = file.clone().unwrap_or_default().into_os_string();
            path.push(".sig");
            let path = PathBuf::from(path);
            if system.metadata(&path).is_err() {
                return Err(Problem::new(format!("there is no signature at {}", path.display()))
                    .hint("name it with --signature, --bundle or --attestation")
                    .into());
            }
            let bytes = read(&path)?;
            (path, FileSignature::raw(&bytes))
        }
    };
    let parsed = parsed.map_err(refused).with_context(|| format!("{} does not verify", path.display()))?;
    Ok((path, parsed))
}

/// A statement without the thing that it is about.
fn alone(proof: &FileSignature, accepted: &[PublicKey]) -> Result<(PublicKey, Statement), SigningError> {
    let envelope = match proof {
        FileSignature::Attestation(envelope) => envelope,
        FileSignature::Bundle(bundle) => match &bundle.content {
            Content::Envelope(envelope) => envelope,
            Content::Message(_) => return Err(SigningError::NoSignature),
        },
        FileSignature::Raw(_) => return Err(SigningError::NoSignature),
    };
    let (statement, keys) = Statement::verified(envelope, accepted)?;
    let key = keys.first().copied().ok_or(SigningError::NotVerified)?;
    Ok((key.clone(), statement))
}

fn of_type(statement: Option<&Statement>, wanted: &str) -> anyhow::Result<()> {
    match statement.map(|statement| statement.predicate_type.as_str()) {
        Some(found) if found == wanted => Ok(()),
        Some(found) => {
            Err(Problem::refused(format!("the statement is of type `{found}`, not `{wanted}`")).into())
        }
        None => {
            Err(Problem::refused(format!("it is a signature, not a statement of type `{wanted}`")).into())
        }
    }
}

/// A file that cannot be read is wrong usage; everything else is an answer, and the answer is no.
fn refused(error: SigningError) -> anyhow::Error {
    match error {
        SigningError::Read(_) | SigningError::Content(_) => error.into(),
        error => Problem::refused(error.to_string()).into(),
    }
}

fn said(name: &str, key: &PublicKey, statement: Option<&Statement>) -> String {
    let mut text = format!("{name}: verified\nkey      {} {}\n", key.kind(), key.id());
    if let Some(statement) = statement {
        text.push_str(&format!("type     {}\n", statement.predicate_type));
        statement.subject.iter().take(10).for_each(|subject| text.push_str(&line(subject)));
        if let Some(more) = statement.subject.len().checked_sub(10).filter(|more| *more > 0) {
            text.push_str(&format!("         and {more} more\n"));
        }
    }
    text
}

fn line(subject: &Resource) -> String {
    let digest = subject.digest.iter().next().map(|(algorithm, digest)| format!("{algorithm}:{digest}"));
    let name = if subject.name.is_empty() { String::new() } else { format!(" {}", subject.name) };
    format!("subject  {}{name}\n", digest.unwrap_or_default())
}
