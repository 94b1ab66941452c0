mod image;

use std::path::{Path, PathBuf};

use andon_attestation::bundle::Bundle;
use andon_attestation::{SecretKey, Statement, json};
use andon_signing::image::PredicateKind;
use andon_signing::sign_reader;
use andon_system::{System, files};
use anyhow::Context;

use crate::arguments::SignArguments;
use crate::problem::Problem;
use crate::{exit, keys, terminal};

pub(crate) fn run(system: &dyn System, arguments: &SignArguments) -> anyhow::Result<u8> {
    if let Some(image) = &arguments.image.image {
        return image::run(system, image, arguments);
    }
    let named = [&arguments.signature, &arguments.bundle, &arguments.output];
    if arguments.files.len() > 1 && named.iter().any(|path| path.is_some()) {
        return Err(Problem::new("one signature's file is named for several files")
            .hint("sign them one by one, or leave the signatures beside them")
            .into());
    }
    let key = keys::signing(system, &arguments.key)?;
    for file in &arguments.files {
        let done = if arguments.statement { statement } else { content };
        done(system, arguments, file, &key).with_context(|| format!("cannot sign {}", file.display()))?;
    }
    Ok(exit::GO_ON)
}

fn content(
    system: &dyn System,
    arguments: &SignArguments,
    path: &Path,
    key: &SecretKey,
) -> anyhow::Result<()> {
    let signed = sign_reader(&mut files::open_read(path)?, key)?;
    if let Some(bundle) = &arguments.bundle {
        write(system, bundle, &signed.to_bundle().to_json())?;
    }
    let beside = arguments.bundle.is_none().then(|| beside(path, ".sig"));
    if let Some(signature) = arguments.signature.clone().or(beside) {
        write(system, &signature, signed.to_base64().as_bytes())?;
    }
    Ok(())
}

fn statement(
    system: &dyn System,
    arguments: &SignArguments,
    path: &Path,
    key: &SecretKey,
) -> anyhow::Result<()> {
    let limit = u64::try_from(json::MAX_BYTES).unwrap_or(u64::MAX);
    let text = system.read_named(path, limit)?.bytes;
    let envelope = Statement::from_json(&text)?.sign(key);
    let beside = arguments.bundle.is_none().then(|| beside(path, ".dsse"));
    if let Some(output) = arguments.output.clone().or(beside) {
        write(system, &output, &envelope.to_json())?;
    }
    if let Some(bundle) = &arguments.bundle {
        write(system, bundle, &Bundle::of_envelope(envelope).to_json())?;
    }
    Ok(())
}

fn write(system: &dyn System, path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    system.write_atomic(path, bytes)?;
    terminal::write_text(&format!("wrote {}\n", path.display()))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    path.into()
}

/// The kind of attestation that a name or a URI means.
///
/// # Errors
/// When it is neither.
pub(crate) fn kind(text: &str) -> anyhow::Result<PredicateKind> {
    PredicateKind::parse(text).ok_or_else(|| {
        let names: Vec<&str> = PredicateKind::names().collect();
        Problem::new(format!("{text:?} is no type of attestation"))
            .hint(format!("write a URI, or one of {}", names.join(", ")))
            .into()
    })
}
