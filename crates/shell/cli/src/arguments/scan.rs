use std::path::PathBuf;

use andon_config::ByteSize;
use andon_report::Format;
use clap::{ArgGroup, Args};

use super::{Look, engine_name, reports};
use crate::engines;

#[derive(Debug, Default, Args)]
#[command(group = ArgGroup::new("commits").args(["history", "since", "staged"]))]
#[command(after_help = "\
Examples:
  andon scan                                 the working tree of this folder
  andon scan --since origin/main             only what this change brings
  andon scan --staged                        what `git commit` would commit
  andon scan ../shop --history               every commit of a repository
  git diff | andon scan -                    standard input
  andon scan --image debian:12               an image of a registry
  andon scan --format sarif --output andon.sarif --format text

Without andon.yaml, new findings of high or critical severity stop the line. `andon init` writes one.

A .gitleaks.toml in the project replaces the built-in rules, or extends them with `useDefault`; \
.andon/rules adds to them. With --since, and with a revision as --baseline, all configuration is read \
from that revision.

ANDON_PROJECT_KEY replaces the project's id as the key for hashes of secrets; ANDON_CACHE_DIR is the cache.")]
pub(crate) struct ScanArguments {
    /// A folder, a git repository, an image (OCI layout or tar), an SBOM or a file; `-` is standard input
    #[arg(default_value = ".")]
    pub(crate) target: PathBuf,

    /// Every commit instead of the working tree
    #[arg(long, help_heading = "What to scan")]
    pub(crate) history: bool,
    /// Only what the commits since REV bring
    #[arg(long, value_name = "REV", help_heading = "What to scan")]
    pub(crate) since: Option<String>,
    /// Only what is staged for the next commit
    #[arg(long, help_heading = "What to scan")]
    pub(crate) staged: bool,
    /// With --history: also what no branch or tag reaches
    #[arg(long, requires = "history", conflicts_with_all = ["since", "staged"], help_heading = "What to scan")]
    pub(crate) unreachable: bool,
    /// Also files that git does not track
    #[arg(long, overrides_with = "no_untracked", help_heading = "What to scan")]
    pub(crate) untracked: bool,
    /// Only files that git tracks (what holds without andon.yaml)
    #[arg(long, help_heading = "What to scan")]
    pub(crate) no_untracked: bool,
    /// An image of a registry: `debian:12`, `localhost:5000/app@sha256:…`
    #[arg(long, value_name = "IMAGE", conflicts_with_all = ["target", "commits", "untracked", "no_untracked", "reference"], help_heading = "What to scan")]
    pub(crate) image: Option<String>,
    /// Of an image with several: its tag, its name or its digest
    #[arg(long, value_name = "NAME", help_heading = "What to scan")]
    pub(crate) reference: Option<String>,
    /// Of an image for several platforms: such as `linux/arm64`
    #[arg(long, value_name = "OS/ARCH", help_heading = "What to scan")]
    pub(crate) platform: Option<String>,
    /// Larger texts are a gap in the coverage, such as `10 MiB`
    #[arg(long, value_name = "SIZE", help_heading = "What to scan")]
    pub(crate) max_file_size: Option<ByteSize>,

    /// Only the rules of this file or folder (gitleaks format); may be repeated
    #[arg(long, value_name = "PATH", help_heading = "How to scan")]
    pub(crate) rules: Vec<PathBuf>,
    // Its help is made from the list of engines.
    #[arg(long = "engine", value_name = "NAME", help = engines::help(), value_parser = engine_name(), help_heading = "How to scan")]
    pub(crate) engines: Vec<String>,
    /// How often an encoding inside an encoding is undone; 0 switches decoding off
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=10), help_heading = "How to scan")]
    pub(crate) decode_depth: Option<u32>,
    /// Read this file instead of the project's andon.yaml
    #[arg(long, value_name = "FILE", help_heading = "How to scan")]
    pub(crate) config: Option<PathBuf>,
    /// Threads; without it as many as there are processors
    #[arg(long, value_name = "N", value_parser = threads, help_heading = "How to scan")]
    pub(crate) threads: Option<usize>,
    /// Neither read nor write the cache
    #[arg(long, help_heading = "How to scan")]
    pub(crate) no_cache: bool,
    /// Do not enter the sandbox
    #[arg(long, help_heading = "How to scan")]
    pub(crate) no_sandbox: bool,

    /// Compare with an earlier report (JSON), or with the files of a revision
    #[arg(long, value_name = "FILE|REV", help_heading = "What to do with it")]
    pub(crate) baseline: Option<String>,
    /// Only report; do not decide
    #[arg(long, help_heading = "What to do with it")]
    pub(crate) no_gate: bool,

    /// How to print the report; may be repeated, each with its own --output
    #[arg(long = "format", value_name = "FORMAT", value_parser = reports::format(Format::ALL), help_heading = "Output")]
    pub(crate) formats: Vec<Format>,
    /// Write the --format before it to this file instead of standard output
    #[arg(long = "output", short = 'o', value_name = "FILE", help_heading = "Output")]
    pub(crate) outputs: Vec<PathBuf>,
    #[command(flatten, next_help_heading = "Output")]
    pub(crate) look: Look,
    /// Say nothing on standard error but errors
    #[arg(long, short, conflicts_with = "verbose", help_heading = "Output")]
    pub(crate) quiet: bool,
    /// Also show what is suppressed, fixed, skipped and existing
    #[arg(long, short, help_heading = "Output")]
    pub(crate) verbose: bool,
}

fn threads(text: &str) -> Result<usize, String> {
    const MOST: usize = 1024;
    let number = text.parse().ok().filter(|number| (1..=MOST).contains(number));
    number.ok_or_else(|| format!("a number from 1 to {MOST} was expected"))
}
