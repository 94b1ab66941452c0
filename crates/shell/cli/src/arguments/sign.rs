use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::image::SignImageArguments;
use super::key::SigningKey;

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("target").args(["files", "image"]).required(true))]
#[command(after_help = "\
Examples:
  andon sign app.tar.gz --key release.key                   writes app.tar.gz.sig
  andon sign app.tar.gz --bundle app.tar.gz.sigstore.json   a Sigstore bundle instead
  andon sign --statement review.json --key release.key      writes review.json.dsse

  andon sign --image registry.example/app@sha256:… --key release.key
  andon sign --image registry.example/app:1.2 --predicate app.spdx.json --type spdxjson

cosign verify-blob reads what is written for files. A passphrase comes from ANDON_KEY_PASSPHRASE, \
COSIGN_PASSWORD, or the terminal.")]
pub(crate) struct SignArguments {
    /// Files to sign
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) key: SigningKey,
    /// Write the signature here, in base64, instead of beside the file; only for one file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["statement", "image"])]
    pub(crate) signature: Option<PathBuf>,
    /// Write a Sigstore bundle here; no other signature is written unless it is asked for
    #[arg(long, value_name = "FILE", conflicts_with = "image")]
    pub(crate) bundle: Option<PathBuf>,
    /// The file is an in-toto statement: sign what it says, in a DSSE envelope
    #[arg(long, conflicts_with = "image")]
    pub(crate) statement: bool,
    /// Where the envelope goes, instead of beside the file
    #[arg(long, short, value_name = "FILE", requires = "statement")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) image: SignImageArguments,
}
