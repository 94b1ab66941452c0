use std::path::PathBuf;

use clap::Args;

use super::SigningKey;

#[derive(Debug, Args)]
#[command(after_help = "\
The approval is of this very commit: of no branch, and of no later commit. Gates count it when `trust` of the \
base accepts the key for approvals and gives its holder the role, and the holder made no part of the change. \
It goes into the ledger of this machine, or with --output into a file that can travel and that \
`andon gate --evidence` reads.

Examples:
  andon approve HEAD --role security --reason 'read the change'
  andon approve 4f2a91c --role release --until 2026-12-01T00:00:00Z --output approval.json")]
pub(crate) struct ApproveArguments {
    /// The commit that is approved
    #[arg(value_name = "COMMIT")]
    pub(crate) commit: String,
    /// The role in which it is approved
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: String,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) reason: String,
    /// Who approves, as `trust` names the key's holder; by itself whoever holds the key
    #[arg(long = "as", value_name = "PERSON", default_value = "")]
    pub(crate) approver: String,
    /// Only for the gate of this name
    #[arg(long, value_name = "NAME")]
    pub(crate) gate: Option<String>,
    /// When it ends, such as 2026-12-01T00:00:00Z; it does not end by itself
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
    #[command(flatten)]
    pub(crate) key: SigningKey,
    /// Write the signed statement to this file instead of into the ledger; `-` is standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}
