//! `cargo xtask conformance`: our answers beside those that a naive reading of the rules gives, our output beside the
//! schema of its format.

mod corpus;
mod naive;
mod sarif;
mod secrets;

use anyhow::Result;
use clap::Subcommand;

/// Compare our answers with those of a naive reference, our output with published schemas.
#[derive(Subcommand)]
pub(crate) enum Conformance {
    /// The configurations of gitleaks and betterleaks: which rules load, and whether each finds over a corpus exactly
    /// what its expression, run over whole texts without any prefilter, finds.
    Secrets(secrets::Secrets),
    /// What `andon scan --format sarif` writes, checked against the schema that OASIS publishes.
    Sarif(sarif::Sarif),
}

impl Conformance {
    pub(crate) fn run(&self) -> Result<bool> {
        match self {
            Self::Secrets(secrets) => secrets.run(),
            Self::Sarif(sarif) => sarif.run(),
        }
    }
}
