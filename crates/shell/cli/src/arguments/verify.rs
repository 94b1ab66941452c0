use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::key::AcceptedKeys;

/// What is verified is one of several targets; each has its own options.
#[derive(Debug, Args)]
#[command(override_usage = "andon verify [OPTIONS] [FILE]")]
#[command(group = ArgGroup::new("target")
    .args(["file", "attestation", "image", "ledger", "decision"])
    .required(true)
    .multiple(true))]
#[command(group = ArgGroup::new("proof").args(["signature", "bundle", "attestation"]))]
#[command(after_help = "\
Examples:
  andon verify app.tar.gz --key release.pub                               reads app.tar.gz.sig
  andon verify app.tar.gz --key release.pub --bundle app.tar.gz.sigstore.json
  andon verify app.tar.gz --key release.pub --attestation provenance.json --type https://slsa.dev/provenance/v1
  andon verify --key release.pub --attestation review.json.dsse           only the statement
  andon verify --image registry.example/app:1.2 --key release.pub         an image's signature
  andon verify --image registry.example/app:1.2 --key release.pub --type spdxjson
  andon verify --ledger DIR --key log.pub --since-checkpoint old          the log, and that it only grew
  andon verify --ledger DIR --key log.pub --entry 17                      that an entry is in it
  andon verify --decision 4f2a91c0…                                       that a decision follows again

What cosign sign-blob and attest-blob write with a key is read.

Exit codes: 0 it verifies, 1 it does not, 2 a key or file cannot be read.")]
pub(crate) struct VerifyArguments {
    /// A file to verify
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) keys: AcceptedKeys,
    /// The file's signature, in base64 or as it is
    #[arg(long, value_name = "FILE", requires = "file")]
    pub(crate) signature: Option<PathBuf>,
    /// A Sigstore bundle with a signature over the file, or with a statement about it
    #[arg(long, value_name = "FILE", requires = "file")]
    pub(crate) bundle: Option<PathBuf>,
    /// A DSSE envelope with a statement, which must be about the file where one is named
    #[arg(long, value_name = "FILE")]
    pub(crate) attestation: Option<PathBuf>,
    /// An image of a registry: its signature, or with --type an attestation about it, must be by an accepted key
    #[arg(long, value_name = "IMAGE", conflicts_with_all = ["file", "attestation", "signature", "bundle", "ledger", "decision"])]
    pub(crate) image: Option<String>,
    /// The statement must be of this type; of an image also slsaprovenance1, spdxjson, cyclonedx, openvex
    #[arg(long = "type", value_name = "URI", conflicts_with = "signature")]
    pub(crate) predicate_type: Option<String>,
    /// A ledger: the whole log is made anew from its entries and compared with its signed checkpoint
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["file", "signature", "bundle", "attestation", "predicate_type", "decision"])]
    pub(crate) ledger: Option<PathBuf>,
    /// The ledger must go on from this earlier checkpoint
    #[arg(long, value_name = "FILE", requires = "ledger")]
    pub(crate) since_checkpoint: Option<PathBuf>,
    /// Prove that this entry is in the ledger, and show what it says
    #[arg(long, value_name = "N", requires = "ledger")]
    pub(crate) entry: Option<u64>,
    /// A recorded decision must follow again from its inputs
    #[arg(long, value_name = "ID", conflicts_with_all = ["file", "signature", "bundle", "attestation", "predicate_type"])]
    pub(crate) decision: Option<String>,
}
