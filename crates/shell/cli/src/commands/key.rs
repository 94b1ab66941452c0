use std::path::{Path, PathBuf};

use andon_attestation::{KeyError, PublicKey, SecretKey, Signer};
use andon_signing::{KeySource, SigningError, key_file};
use andon_system::{System, private};

use crate::arguments::{KeyCommand, KeyGenerateArguments, KeyPublicArguments, KeyShowArguments};
use crate::problem::Problem;
use crate::{exit, keys, terminal};

pub(crate) fn run(system: &dyn System, command: &KeyCommand) -> anyhow::Result<u8> {
    match command {
        KeyCommand::Generate(arguments) => generate(system, arguments),
        KeyCommand::Show(arguments) => show(system, arguments),
        KeyCommand::Public(arguments) => public(system, arguments),
    }
}

fn generate(system: &dyn System, arguments: &KeyGenerateArguments) -> anyhow::Result<u8> {
    let (private_path, public_path) = match &arguments.output {
        Some(prefix) => (with_ending(prefix, ".key"), with_ending(prefix, ".pub")),
        None => keys::own(system)?,
    };
    for path in [&private_path, &public_path] {
        if system.metadata(path).is_ok() {
            return Err(Problem::new(format!("{} is there already; it was not touched", path.display()))
                .hint("choose another name with --output; a key that is replaced is lost")
                .into());
        }
    }
    let key = SecretKey::generate(arguments.kind, &keys::random()?);
    let text = if arguments.no_passphrase {
        key_file::to_pem(&key)
    } else {
        key_file::to_encrypted_pem(&key, &keys::new_passphrase(system)?, &keys::randomness()?)?
    };
    if arguments.output.is_none()
        && let Some(folder) = private_path.parent()
    {
        private::create_folder(folder)?;
    }
    private::create(&private_path, text.as_bytes())?;
    system.write_atomic(&public_path, key.public().to_pem().as_bytes())?;
    let (private_path, public_path) = (private_path.display(), public_path.display());
    let what = description(key.public());
    terminal::write_text(&format!("private  {private_path}\npublic   {public_path}\n{what}"))?;
    Ok(exit::GO_ON)
}

fn show(system: &dyn System, arguments: &KeyShowArguments) -> anyhow::Result<u8> {
    let source = match &arguments.key {
        Some(name) => name.parse()?,
        None => KeySource::File(keys::own(system)?.1),
    };
    let key = match source.public(system) {
        Ok(key) => key,
        Err(SigningError::Key(KeyError::Private)) => keys::secret(system, &source)?.public().clone(),
        Err(error) => return Err(error.into()),
    };
    terminal::write_text(&description(&key))?;
    Ok(exit::GO_ON)
}

fn public(system: &dyn System, arguments: &KeyPublicArguments) -> anyhow::Result<u8> {
    let key = keys::signing(system, &arguments.key)?;
    terminal::write_data(key.public().to_pem().as_bytes())?;
    Ok(exit::GO_ON)
}

fn description(key: &PublicKey) -> String {
    format!("kind     {}\nid       {}\n", key.kind(), key.id())
}

fn with_ending(prefix: &Path, ending: &str) -> PathBuf {
    let mut path = prefix.as_os_str().to_owned();
    path.push(ending);
    path.into()
}
