use andon_attestation::{Signer, json};
use andon_network::registry::{Reference, Repository, docker_credentials};
use andon_network::{Client, Settings};
use andon_signing::image::{PredicateKind, Signing, attest, sign};
use andon_system::System;
use anyhow::Context;
use serde_json::{Map, Value};

use crate::arguments::SignArguments;
use crate::problem::Problem;
use crate::{exit, keys, terminal};

/// Signs an image of a registry, or attaches an attestation to it.
pub(super) fn run(system: &dyn System, name: &str, arguments: &SignArguments) -> anyhow::Result<u8> {
    let reference = Reference::parse(name)?;
    let predicate = predicate(system, arguments)?;
    let key = keys::signing(system, &arguments.key)?;
    let client = Client::new(system, Settings::default())?;
    let credentials = docker_credentials(system, reference.registry(), true)?;
    let mut repository = Repository::to_push(&client, &reference, &credentials);
    let created = format!("{:.0}", system.now());
    let signing = Signing { signer: &key, format: arguments.image.format, created: &created };
    let failed = || format!("cannot sign {reference}");
    let image = repository.image().with_context(failed)?;
    if reference.digest().is_none() {
        terminal::say(&format!("{reference} is {} now; its name may mean another image later", image.digest));
    }
    let (signed, what) = match predicate {
        None => (sign(&mut repository, &image, &signing), "signed".to_owned()),
        Some((kind, predicate)) => {
            let what = format!("attested {}", kind.uri());
            (attest(&mut repository, &image, &kind, predicate, &signing), what)
        }
    };
    let signed = signed.with_context(failed)?;
    let lines = format!(
        "{reference}: {what}\ndigest   {}\nkey      {} {}\nformat   {}\nplace    {}\n",
        signed.digest,
        key.public().kind(),
        key.public().id(),
        arguments.image.format.name(),
        signed.place
    );
    terminal::write_text(&lines)?;
    Ok(exit::GO_ON)
}

/// What the attestation says, if there is to be one.
fn predicate(
    system: &dyn System,
    arguments: &SignArguments,
) -> anyhow::Result<Option<(PredicateKind, Map<String, Value>)>> {
    let image = &arguments.image;
    let (Some(path), Some(kind)) = (&image.predicate, &image.kind) else { return Ok(None) };
    let kind = super::kind(kind)?;
    let limit = u64::try_from(json::MAX_BYTES).unwrap_or(u64::MAX);
    let bytes = system.read_named(path, limit)?.bytes;
    let read = json::read(&bytes).with_context(|| format!("cannot read {}", path.display()))?;
    match read {
        Value::Object(predicate) => Ok(Some((kind, predicate))),
        _ => Err(Problem::new(format!("{} is no JSON object", path.display())).into()),
    }
}
