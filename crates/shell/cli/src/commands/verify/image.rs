use andon_network::registry::{Reference, Repository, docker_credentials};
use andon_network::{Client, Settings};
use andon_signing::image::{Proof, Verified, Wanted, verify};
use andon_system::System;
use anyhow::Context;

use crate::arguments::VerifyArguments;
use crate::commands::sign::kind;
use crate::problem::Problem;
use crate::{exit, keys, terminal};

/// Verifies the signature of an image of a registry, or an attestation about it.
pub(super) fn run(system: &dyn System, name: &str, arguments: &VerifyArguments) -> anyhow::Result<u8> {
    let reference = Reference::parse(name)?;
    let wanted = match &arguments.predicate_type {
        Some(text) => Wanted::Attestation(kind(text)?),
        None => Wanted::Signature,
    };
    let accepted = keys::accepted(system, &arguments.keys)?;
    let client = Client::new(system, Settings::default())?;
    let credentials = docker_credentials(system, reference.registry(), true)?;
    let mut repository = Repository::new(&client, &reference, &credentials);
    let verified = match verify(&mut repository, &accepted, &wanted) {
        Ok(verified) => verified,
        Err(error) if error.is_refusal() => {
            let refused = anyhow::Error::from(Problem::refused(error.to_string()));
            return Err(refused.context(format!("{reference} does not verify")));
        }
        Err(error) => {
            return Err(anyhow::Error::from(error)).with_context(|| format!("cannot verify {reference}"));
        }
    };
    terminal::write_text(&said(&reference, &verified))?;
    for each in verified.rejected.iter().take(MOST) {
        terminal::say(&format!("note: {} does not count: {}", each.place, each.reason));
    }
    Ok(exit::GO_ON)
}

/// How many proofs, and how many that are none, are shown.
const MOST: usize = 20;

fn said(reference: &Reference, verified: &Verified) -> String {
    let mut text = format!("{reference}: verified\ndigest   {}\n", verified.digest);
    verified.proofs.iter().take(MOST).for_each(|proof| text.push_str(&lines(proof)));
    if let Some(more) = verified.proofs.len().checked_sub(MOST).filter(|more| *more > 0) {
        text.push_str(&format!("and {more} more\n"));
    }
    text
}

fn lines(proof: &Proof) -> String {
    let kind = proof.statement.as_ref().map_or("a signature", |statement| &statement.predicate_type);
    let signed_as = proof.reference.as_ref().map_or(String::new(), |name| format!("signed as {name}\n"));
    let (key, format, place) = (&proof.key, proof.format.name(), &proof.place);
    format!("key      {key}\ntype     {kind}\nplace    {format} {place}\n{signed_as}")
}
