use std::path::PathBuf;

use andon_model::Stage;
use clap::Args;

use super::key::SigningKey;
use super::Look;

#[derive(Debug, Default, Args)]
#[command(after_help = "\
Examples:
  andon run                        the whole line, as andon.yaml says
  andon run --dry-run              what would run, and what is cached
  andon run --from test            start at a later stage
  andon run --only compile         one step, or one stage, with what it needs
  andon run --why compile          why a step runs again, or does not
  andon run --since origin/main    judge only what this change brings
  andon run --learn                record what steps reach in the network

Steps run sealed; results are signed and recorded in the ledger of this machine. The key is --key, ANDON_KEY, or a key \
of this machine that is made at the first run.")]
pub(crate) struct RunArguments {
    /// The project's folder
    #[arg(default_value = ".")]
    pub(crate) folder: PathBuf,

    /// Start at this stage
    #[arg(long, value_name = "STAGE", help_heading = "What to run")]
    pub(crate) from: Option<Stage>,
    /// Only this stage or step, with the steps that it needs; may be repeated
    #[arg(long, value_name = "STAGE|STEP", help_heading = "What to run")]
    pub(crate) only: Vec<String>,
    /// Compare findings with the files of this revision, and read gates, policies, exceptions and keys from it
    #[arg(long, value_name = "REV", help_heading = "What to run")]
    pub(crate) since: Option<String>,
    /// Say what would run, and run nothing
    #[arg(long, help_heading = "What to run")]
    pub(crate) dry_run: bool,
    /// Say why a step would run again, or would not, and run nothing
    #[arg(long, value_name = "STEP", conflicts_with_all = ["dry_run", "from", "only"], help_heading = "What to run")]
    pub(crate) why: Option<String>,

    /// Steps at the same time; without it as many as there are processors
    #[arg(long, value_name = "N", help_heading = "How to run")]
    pub(crate) jobs: Option<usize>,
    /// Go on with steps that do not need one that failed
    #[arg(long, help_heading = "How to run")]
    pub(crate) keep_going: bool,
    /// Take no result from the cache; results are still kept for the next run
    #[arg(long, help_heading = "How to run")]
    pub(crate) no_cache: bool,
    /// Let steps reach every public host, and print the allow-list that they would have needed
    #[arg(long, help_heading = "How to run")]
    pub(crate) learn: bool,
    #[command(flatten, next_help_heading = "How to run")]
    pub(crate) key: SigningKey,

    /// Print what happened as one JSON document on standard output
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
    /// Print a plain log even on a terminal
    #[arg(long, help_heading = "Output")]
    pub(crate) plain: bool,
    #[command(flatten, next_help_heading = "Output")]
    pub(crate) look: Look,
}
