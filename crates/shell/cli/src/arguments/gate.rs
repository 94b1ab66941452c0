use std::path::PathBuf;

use andon_report::Format;
use clap::{ArgGroup, Args};

use super::{Look, reports};

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("results").args(["reports", "sarif"]).required(true).multiple(true))]
#[command(after_help = "\
All results are judged as one. Gate, policies and exceptions are those of the folder, or of REV.

Examples:
  andon gate --sarif semgrep.sarif --sarif trivy.sarif
  andon gate --report andon.json --sarif codeql.sarif --since origin/main")]
pub(crate) struct GateArguments {
    /// A report of `andon scan --format json`; may be repeated
    #[arg(long = "report", value_name = "FILE")]
    pub(crate) reports: Vec<PathBuf>,
    /// Results of another tool in SARIF 2.1.0; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) sarif: Vec<PathBuf>,
    /// Judge the change since REV, by the gate, policies and exceptions of REV
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,
    /// Read this file instead of the project's andon.yaml
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// How to print the decision
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = reports::format(&[Format::Text, Format::Json, Format::Markdown]))]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) look: Look,
    /// Also show what is suppressed, fixed and existing
    #[arg(long, short)]
    pub(crate) verbose: bool,
}
