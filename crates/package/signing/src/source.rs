use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use andon_attestation::{PublicKey, SecretKey, pem};
use andon_system::{System, private};
use zeroize::Zeroizing;

use crate::error::SigningError;
use crate::key_file;
use crate::passphrase::{Passphrase, PassphraseError};

/// Where a key is: a file, or an environment variable as `env://NAME`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A file; a private key's may be readable by its owner only.
    File(PathBuf),
    /// An environment variable that holds the key's text.
    Environment(String),
}

/// The folder of the user's own keys: `keys` in [`System::data_dir`]. It need not exist.
pub fn keys_folder(system: &dyn System) -> Option<PathBuf> {
    system.data_dir().map(|folder| folder.join("keys"))
}

impl KeySource {
    /// Reads a public key.
    ///
    /// # Errors
    /// When there is none, or it is refused; see [`PublicKey::from_pem`].
    pub fn public(&self, system: &dyn System) -> Result<PublicKey, SigningError> {
        let text = match self {
            Self::File(path) => Zeroizing::new(system.read_named(path, limit())?.bytes),
            Self::Environment(name) => environment(system, name)?,
        };
        Ok(PublicKey::from_pem(&text)?)
    }

    /// Reads a private key; `ask` is asked for the passphrase of an encrypted one.
    ///
    /// # Errors
    /// When there is none, others may read its file, or it is refused; see [`key_file::from_pem`].
    pub fn secret(
        &self,
        system: &dyn System,
        ask: &mut dyn FnMut() -> Result<Passphrase, PassphraseError>,
    ) -> Result<SecretKey, SigningError> {
        key_file::from_pem(&self.secret_text(system)?, ask)
    }

    /// The text of a private key, as it is.
    ///
    /// # Errors
    /// When there is none, or others may read its file.
    pub fn secret_text(&self, system: &dyn System) -> Result<Zeroizing<Vec<u8>>, SigningError> {
        match self {
            Self::File(path) => Ok(Zeroizing::new(private::read(path, limit())?)),
            Self::Environment(name) => environment(system, name),
        }
    }
}

fn limit() -> u64 {
    u64::try_from(pem::MAX_BYTES).unwrap_or(u64::MAX)
}

fn environment(system: &dyn System, name: &str) -> Result<Zeroizing<Vec<u8>>, SigningError> {
    let value = system.environment(name).and_then(|value| value.into_string().ok());
    let value = value.ok_or_else(|| SigningError::Environment(name.to_owned()))?;
    Ok(Zeroizing::new(value.into_bytes()))
}

impl FromStr for KeySource {
    type Err = SigningError;

    fn from_str(text: &str) -> Result<Self, SigningError> {
        match text.split_once("://") {
            None if !text.is_empty() => Ok(Self::File(text.into())),
            Some(("env", name)) if !name.is_empty() => Ok(Self::Environment(name.to_owned())),
            _ => Err(SigningError::Source(text.to_owned())),
        }
    }
}

impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Environment(name) => write!(f, "env://{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use andon_attestation::{KeyKind, Signer};
    use andon_system::{MemorySystem, OsSystem};

    use super::*;

    fn never() -> Result<Passphrase, PassphraseError> {
        Err(PassphraseError("asked".to_owned()))
    }

    #[test]
    fn names_of_keys_are_files_or_variables() {
        let check = |text: &str, expected: Option<KeySource>| {
            let source = text.parse::<KeySource>().ok();
            assert_eq!(source, expected, "{text}");
            assert_eq!(source.map(|source| source.to_string()), expected.map(|_| text.to_owned()));
        };
        check("a/b.key", Some(KeySource::File("a/b.key".into())));
        check("env://KEY", Some(KeySource::Environment("KEY".to_owned())));
        check("", None);
        check("env://", None);
        check("awskms://x", None);
    }

    #[test]
    fn a_private_file_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let key = SecretKey::generate(KeyKind::Ed25519, &[3; 32]);
        let path = folder.path().join("a.key");
        private::create(&path, key_file::to_pem(&key).as_bytes()).unwrap();
        let source = KeySource::File(path.clone());
        assert_eq!(source.secret(&OsSystem, &mut never).unwrap().public(), key.public());
        let error = source.public(&OsSystem).unwrap_err().to_string();
        assert!(error.contains("andon key public"), "{error}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
            let error = source.secret(&OsSystem, &mut never).unwrap_err().to_string();
            assert!(error.contains("chmod 600"), "{error}");
        }
    }

    #[test]
    fn a_variable_holds_a_key() {
        let key = SecretKey::generate(KeyKind::EcdsaP256, &[3; 32]);
        let text = key_file::to_pem(&key);
        let system = MemorySystem::new()
            .variable("SECRET", text.as_str())
            .variable("PUBLIC", key.public().to_pem().as_str())
            .variable("COSIGN_PASSWORD", "p");
        let source = |name: &str| KeySource::Environment(name.to_owned());
        assert_eq!(source("SECRET").secret(&system, &mut never).unwrap().public(), key.public());
        assert_eq!(&source("PUBLIC").public(&system).unwrap(), key.public());
        assert!(matches!(source("NONE").public(&system), Err(SigningError::Environment(_))));
        assert_eq!(Passphrase::from_environment(&system), Some(Passphrase::from("p".to_owned())));
        assert_eq!(Passphrase::from_environment(&MemorySystem::new()), None);
    }
}
