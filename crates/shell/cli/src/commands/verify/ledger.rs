use std::path::Path;

use andon_attestation::{Envelope, Statement};
use andon_ledger::{Ledger, Trust, View, verify_checkpoint, verify_entry};
use andon_system::System;
use anyhow::Context;

use crate::arguments::VerifyArguments;
use crate::problem::Problem;
use crate::{exit, keys, terminal};

/// Bytes of a checkpoint that are read at most.
const LARGEST: u64 = 1 << 20;

/// Verifies a ledger offline: its checkpoint's signature, every entry, that it goes on from an earlier checkpoint, and
/// that an entry is in it.
pub(super) fn run(system: &dyn System, arguments: &VerifyArguments) -> anyhow::Result<u8> {
    let folder = arguments.ledger.as_deref().unwrap_or(Path::new("."));
    let note = system.read_named(&folder.join("checkpoint"), LARGEST)?.bytes;
    let origin = String::from_utf8_lossy(&note).lines().next().unwrap_or_default().to_owned();
    let accepted = keys::accepted(system, &arguments.keys)?;
    let trust = Trust::new(&origin, &accepted)
        .map_err(|error| Problem::new(format!("{} is no ledger: {error}", folder.display())))?;
    match verify(system, arguments, folder, &trust) {
        Ok(text) => {
            terminal::write_text(&text)?;
            Ok(exit::GO_ON)
        }
        Err(error) => {
            terminal::say(&format!("error: {} does not verify: {error:#}", folder.display()));
            Ok(exit::STOPPED)
        }
    }
}

fn verify(
    system: &dyn System,
    arguments: &VerifyArguments,
    folder: &Path,
    trust: &Trust,
) -> anyhow::Result<String> {
    let ledger = Ledger::open(folder, trust.clone());
    let view = ledger.view()?;
    let mut earlier = Vec::new();
    if let Some(path) = &arguments.since_checkpoint {
        let note = system.read_named(path, LARGEST)?.bytes;
        let checkpoint =
            verify_checkpoint(&note, trust).with_context(|| format!("{} is not believed", path.display()))?;
        view.extends(&checkpoint)?;
        earlier.push(checkpoint);
    }
    let mut text = format!("log      {}\n", trust.origin);
    if let Some(index) = arguments.entry {
        text += &entry(&view, index, trust)?;
    } else {
        let audit = ledger.audit(&earlier)?;
        if let Some(fault) = audit.fault {
            anyhow::bail!("entry {} ({}): {}", fault.entry, fault.place, fault.problem);
        }
        text += &format!("entries  {}, all as signed\n", audit.size);
    }
    if let Some(checkpoint) = earlier.first() {
        text += &format!("goes on  from the checkpoint of {} entries\n", checkpoint.size);
    }
    Ok(text)
}

fn entry(view: &View, index: u64, trust: &Trust) -> anyhow::Result<String> {
    let entry = view.entry(index)?;
    let proof = view.prove_entry(index)?.to_text();
    let verified = verify_entry(&entry.content, proof.as_bytes(), trust)?;
    let size = verified.checkpoint.size;
    let mut text = format!("entry    {index} of {size}, proven\n");
    let statement = Envelope::from_json(&entry.content).ok().and_then(|envelope| {
        let signers: Vec<String> = envelope.signatures.iter().map(|one| one.key_id.clone()).collect();
        Some((Statement::unverified(&envelope).ok()?, signers))
    });
    if let Some((statement, signers)) = statement {
        text += &format!(
            "says     {}\nsigned   by {}, as it says\n",
            statement.predicate_type,
            signers.join(", ")
        );
    }
    Ok(text)
}
