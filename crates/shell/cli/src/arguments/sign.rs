use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::key::SigningKey;

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("target").args(["files"]).required(true))]
#[command(after_help = "\
Examples:
  andon sign app.tar.gz --key release.key                   writes app.tar.gz.sig
  andon sign app.tar.gz --bundle app.tar.gz.sigstore.json   a Sigstore bundle instead
  andon sign --statement review.json --key release.key      writes review.json.dsse

cosign verify-blob reads what is written for files. A passphrase comes from ANDON_KEY_PASSPHRASE, \
COSIGN_PASSWORD, or the terminal.")]
pub(crate) struct SignArguments {
    /// Files to sign
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) key: SigningKey,
    /// Write the signature here, in base64, instead of beside the file; only for one file
    #[arg(long, value_name = "FILE", conflicts_with = "statement")]
    pub(crate) signature: Option<PathBuf>,
    /// Write a Sigstore bundle here; no other signature is written unless it is asked for
    #[arg(long, value_name = "FILE")]
    pub(crate) bundle: Option<PathBuf>,
    /// The file is an in-toto statement: sign what it says, in a DSSE envelope
    #[arg(long)]
    pub(crate) statement: bool,
    /// Where the envelope goes, instead of beside the file
    #[arg(long, short, value_name = "FILE", requires = "statement")]
    pub(crate) output: Option<PathBuf>,
}
