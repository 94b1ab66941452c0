use andon_attestation::{PublicKey, SecretKey, Signer, Statement};
use andon_ledger::{Ledger, Writer};
use andon_pipeline::{Evidence, Failure};
use andon_system::System;
use anyhow::Context;

use super::ledger::{LedgerPlace, MACHINE_KEY, own_key};
use crate::arguments::SigningKey;
use crate::{keys, terminal};

/// Signs statements and appends them to the ledger of a project.
pub(crate) struct Recorder {
    key: SecretKey,
    writer: Writer,
}

impl Recorder {
    /// Opens the ledger of a project. The key is the named one, that of ANDON_KEY, the user's own, or a key of this
    /// machine.
    ///
    /// # Errors
    /// When the key or the ledger cannot be used.
    pub(crate) fn open(system: &dyn System, project: &str, named: &SigningKey) -> anyhow::Result<Self> {
        let key = if keys::is_there(system, named) {
            keys::signing(system, named)?
        } else {
            let (key, made) = own_key(system, MACHINE_KEY)?;
            if made {
                terminal::note(&format!(
                    "made a key of this machine to sign with, {}; `andon key generate` makes one of yours",
                    short(key.public())
                ));
            }
            key
        };
        Ok(Self { key, writer: LedgerPlace::of(system, project)?.write(system)? })
    }

    /// The key that signs.
    pub(crate) fn key(&self) -> &SecretKey {
        &self.key
    }

    /// The ledger, for reading.
    pub(crate) fn ledger(&self) -> Ledger {
        self.writer.ledger()
    }

    /// Signs and appends, all or none; returns the indices.
    ///
    /// # Errors
    /// When the ledger does not take them.
    pub(crate) fn record(&self, statements: &[Statement]) -> anyhow::Result<Vec<u64>> {
        let envelopes: Vec<Vec<u8>> =
            statements.iter().map(|statement| statement.sign(&self.key).to_json()).collect();
        let contents: Vec<&[u8]> = envelopes.iter().map(Vec::as_slice).collect();
        self.writer.append(&contents).context("the evidence was not recorded")
    }
}

impl Evidence for Recorder {
    fn append(&self, statements: &[Statement]) -> Result<Vec<u64>, Failure> {
        self.record(statements).map_err(|error| Failure(format!("{error:#}")))
    }
}

fn short(key: &PublicKey) -> String {
    key.id().to_string().chars().take(12).collect()
}
