use std::path::PathBuf;

use andon_report::Format;
use clap::{ArgGroup, Args};

use super::{Look, reports};

#[derive(Debug, Args)]
#[command(override_usage = "andon gate [OPTIONS] <RESULTS>\n       andon gate --replay <ID>")]
#[command(group = ArgGroup::new("results").args(["reports", "sarif", "tests", "coverage", "evidence", "commit", "replay"]).required(true).multiple(true))]
#[command(after_help = "\
All results are judged as one. Gate, policies, exceptions and accepted keys are those of the folder, or of REV. \
A gate with `evidence` counts only what an accepted key has signed; other files are named and do not count.

Examples:
  andon gate --sarif semgrep.sarif --sarif trivy.sarif
  andon gate --report andon.json --sarif codeql.sarif --since origin/main
  andon gate --since origin/main --commit HEAD --evidence evidence/ --report scan.json
  andon gate --replay 4f2a…

--replay exits with 0 when the decision follows again, and with 1 when it does not.")]
pub(crate) struct GateArguments {
    /// A report of `andon scan --format json`; may be repeated
    #[arg(long = "report", value_name = "FILE")]
    pub(crate) reports: Vec<PathBuf>,
    /// Results of another tool in SARIF 2.1.0; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) sarif: Vec<PathBuf>,
    /// Results of tests: JUnit, TAP, cargo's or pytest's own; may be repeated
    #[arg(long = "tests", visible_alias = "junit", value_name = "FILE")]
    pub(crate) tests: Vec<PathBuf>,
    /// What tests ran through: LCOV, Cobertura, JaCoCo and others; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) coverage: Vec<PathBuf>,
    /// Signed statements: a file, a folder of such files, or a ledger; may be repeated
    #[arg(long, value_name = "PATH")]
    pub(crate) evidence: Vec<PathBuf>,
    /// The commit under judgement, HEAD by itself
    #[arg(long, value_name = "REV")]
    pub(crate) commit: Option<String>,
    /// An artefact under judgement: a file, or `sha256:` and its digest; may be repeated
    #[arg(long = "artifact", value_name = "FILE|DIGEST")]
    pub(crate) artifacts: Vec<String>,
    /// Judge the change since REV, by the gate, policies, exceptions and keys of REV
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,
    /// Only the gate of this name decides
    #[arg(long, value_name = "NAME")]
    pub(crate) gate: Option<String>,
    /// Read this file instead of the project's andon.yaml
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Write the decision, signed, to this file, one envelope a line, instead of into the ledger
    #[arg(long, value_name = "FILE")]
    pub(crate) attest: Option<PathBuf>,
    /// Sign the decision with this private key: a file, or an environment variable as env://NAME
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
    /// Make a recorded decision again and compare
    #[arg(long, value_name = "ID", conflicts_with_all = ["reports", "sarif", "tests", "coverage", "evidence", "commit", "artifacts", "since", "gate", "config", "attest", "key"])]
    pub(crate) replay: Option<String>,
    /// How to print the decision
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = reports::format(&[Format::Text, Format::Json, Format::Markdown]))]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) look: Look,
    /// Also show what is suppressed, fixed and existing
    #[arg(long, short)]
    pub(crate) verbose: bool,
}
