use std::path::PathBuf;

use andon_attestation::KeyKind;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a new key: a private and a public file
    Generate(KeyGenerateArguments),
    /// Say what a key is: its kind and its id
    Show(KeyShowArguments),
    /// Print the public half of a private key
    Public(KeyPublicArguments),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  andon key generate                        the user's own key, in the data directory
  andon key generate --output release       release.key and release.pub

The private file is encrypted with a passphrase, in the format of cosign, and only you can read it. The \
passphrase comes from ANDON_KEY_PASSPHRASE, COSIGN_PASSWORD, or the terminal. Keep the private file out of \
the repository; give the public one to whoever verifies.")]
pub(crate) struct KeyGenerateArguments {
    /// The kind of key; cosign's own is ecdsa-p256
    #[arg(long, value_name = "KIND", default_value = "ecdsa-p256", value_parser = kind())]
    pub(crate) kind: KeyKind,
    /// Write PREFIX.key and PREFIX.pub
    #[arg(long, short, value_name = "PREFIX")]
    pub(crate) output: Option<PathBuf>,
    /// Do not encrypt the private file; for machines, where a secret store keeps it
    #[arg(long)]
    pub(crate) no_passphrase: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  andon key show release.pub
  andon key show env://RELEASE_KEY")]
pub(crate) struct KeyShowArguments {
    /// A public or private key: a file, or an environment variable as env://NAME; the user's own key by itself
    #[arg(value_name = "KEY")]
    pub(crate) key: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  andon key public --key release.key > release.pub")]
pub(crate) struct KeyPublicArguments {
    #[command(flatten)]
    pub(crate) key: SigningKey,
}

/// The private key of a command that signs.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct SigningKey {
    /// The private key: a file, or an environment variable as env://NAME; by itself that of ANDON_KEY, or the user's
    /// own
    #[arg(long = "key", value_name = "KEY")]
    pub(crate) source: Option<String>,
}

/// The public keys of a command that verifies.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct AcceptedKeys {
    /// A public key that is accepted: a file, or an environment variable as env://NAME; may be repeated
    #[arg(long = "key", value_name = "KEY")]
    pub(crate) sources: Vec<String>,
}

fn kind() -> impl TypedValueParser<Value = KeyKind> {
    const KINDS: [KeyKind; 2] = [KeyKind::EcdsaP256, KeyKind::Ed25519];
    PossibleValuesParser::new(KINDS.map(KeyKind::as_str))
        .map(|name| KINDS.into_iter().find(|kind| kind.as_str() == name).unwrap_or(KeyKind::EcdsaP256))
}
