use std::path::PathBuf;
use std::sync::Arc;

use andon_attestation::{KeyKind, SecretKey, Signer, hex};
use andon_ledger::{Ledger, Trust, Writer};
use andon_signing::{KeySource, key_file, keys_folder};
use andon_system::{System, private};
use anyhow::Context;
use sha2::{Digest, Sha256};

use super::data_folder;
use crate::keys;
use crate::problem::Problem;

/// The key that signs the checkpoints of this machine's ledgers.
const LOG_KEY: &str = "ledger";
/// The key that signs what this machine saw, for who has no key of their own.
pub(crate) const MACHINE_KEY: &str = "machine";

/// The ledger of a project on this machine.
pub(crate) struct LedgerPlace {
    pub(crate) folder: PathBuf,
    /// The first line of its checkpoints.
    pub(crate) origin: String,
}

impl LedgerPlace {
    /// Where a project's ledger is; it need not be there.
    ///
    /// # Errors
    /// When nothing says where data lives.
    pub(crate) fn of(system: &dyn System, project: &str) -> anyhow::Result<Self> {
        let name = slug(project);
        let origin = format!("andon.local/{name}");
        Ok(Self { folder: data_folder(system)?.join("ledgers").join(name), origin })
    }

    /// Opens it to append to it; it is made when it is not there.
    ///
    /// # Errors
    /// When it cannot be written to, or is not what its key signed.
    pub(crate) fn write(&self, system: &dyn System) -> anyhow::Result<Writer> {
        let (key, _) = own_key(system, LOG_KEY)?;
        private::create_folder(&self.folder)?;
        Writer::open(&self.folder, &self.origin, Arc::new(key), &[])
            .with_context(|| format!("cannot open the ledger in {}", self.folder.display()))
    }

    /// Opens it for reading, as far as the log's key of this machine signed it. `None` when there is none yet.
    ///
    /// # Errors
    /// When the key cannot be read.
    pub(crate) fn read(&self, system: &dyn System) -> anyhow::Result<Option<Ledger>> {
        if system.metadata(&self.folder.join("checkpoint")).is_err() {
            return Ok(None);
        }
        let (key, _) = own_key(system, LOG_KEY)?;
        let trust = Trust::new(&self.origin, &[key.public().clone()])?;
        Ok(Some(Ledger::open(&self.folder, trust)))
    }
}

/// A key of this machine, which is made when it is not there; and whether it was.
///
/// # Errors
/// When it cannot be read or made.
pub(crate) fn own_key(system: &dyn System, name: &str) -> anyhow::Result<(SecretKey, bool)> {
    let folder =
        keys_folder(system).ok_or_else(|| Problem::new("nothing says where keys are kept").hint("set ANDON_DATA_DIR"))?;
    let path = folder.join(format!("{name}.key"));
    let made = system.metadata(&path).is_err();
    if made {
        let key = SecretKey::generate(KeyKind::Ed25519, &keys::random()?);
        private::create_folder(&folder)?;
        // Another process may have been faster; its key is the one.
        if let Err(error) = private::create(&path, key_file::to_pem(&key).as_bytes())
            && system.metadata(&path).is_err()
        {
            return Err(error.into());
        }
    }
    Ok((keys::secret(system, &KeySource::File(path))?, made))
}

/// A name for files and origins: readable, and different for different projects.
fn slug(project: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let readable: String = project.chars().map(|c| if plain(c) { c } else { '-' }).take(60).collect();
    let readable = readable.trim_matches(['.', '-']);
    if readable == project && !readable.is_empty() {
        return readable.to_owned();
    }
    let digest = hex(&Sha256::digest(project));
    format!("{readable}-{}", digest.get(..12).unwrap_or(&digest))
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn projects_do_not_share_a_ledger() {
        let check = |project: &str, expected: &str| assert_eq!(slug(project), expected);
        check("shop", "shop");
        check("example.org/shop", "example.org-shop-e9c708cb8d50");
        check("..", "-5ec1f7e700f3");
        assert_ne!(slug("a/b"), slug("a-b"));
        assert_ne!(slug("a b"), slug("a/b"));
    }
}
