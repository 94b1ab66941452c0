//! What the command line may say.

mod approve;
mod db;
mod gate;
mod image;
mod key;
mod reports;
mod run;
mod scan;
mod sign;
mod verify;
mod why;

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use approve::ApproveArguments;
pub(crate) use db::{DbCommand, DbStatusArguments, DbUpdateArguments};
pub(crate) use gate::GateArguments;
pub(crate) use key::{
    AcceptedKeys, KeyCommand, KeyGenerateArguments, KeyPublicArguments, KeyShowArguments, SigningKey,
};
pub(crate) use reports::{ReportWanted, pair};
pub(crate) use run::RunArguments;
pub(crate) use scan::ScanArguments;
pub(crate) use sign::SignArguments;
pub(crate) use verify::VerifyArguments;
pub(crate) use why::WhyArguments;

use crate::engines;
use crate::terminal::Color;

/// Finds what must not go down the line, and decides whether the line may go on.
#[derive(Debug, Parser)]
#[command(name = "andon", version, max_term_width = 100, disable_help_subcommand = true)]
#[command(after_help = "\
Examples:
  andon scan                  what is in the working tree
  andon scan --since main     only what this change brings
  andon scan --staged         before a commit
  andon explain github-pat    what a rule finds, and what to do

Exit codes: 0 the line may go on, 1 a gate stopped it, 2 wrong usage or configuration,
3 the scan is incomplete and the policy asks for completeness, 4 internal error.")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Take the project down its line: steps, checks and gates of andon.yaml
    Run(Box<RunArguments>),
    /// Scan a folder, a git repository, its history, a change or an image
    Scan(Box<ScanArguments>),
    /// Decide on results that are there already, of any tool
    Gate(Box<GateArguments>),
    /// Sign that a commit may go on
    Approve(ApproveArguments),
    /// Make and show keys
    #[command(subcommand)]
    Key(KeyCommand),
    /// Sign files and statements
    Sign(SignArguments),
    /// Verify what is signed, without any network
    Verify(VerifyArguments),
    /// Say what brings a component in
    Why(WhyArguments),
    /// Fetch advisories about components, or say which there are
    #[command(subcommand)]
    Db(DbCommand),
    /// Explain a rule: what it finds and what to do
    Explain(ExplainArguments),
    /// List, show and test rules
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Test the Rego policies of a gate
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Write an andon.yaml to start from
    Init(InitArguments),
    /// Print a JSON Schema
    Schema(SchemaArguments),
    /// Print a completion script for a shell
    #[command(
        after_help = "Example:\n  andon completions bash > ~/.local/share/bash-completion/completions/andon"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Which rules, where a command is about rules.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct RulesFrom {
    /// Only the rules of this file or folder (.toml: gitleaks format, .yaml: Semgrep format); may be repeated
    #[arg(long = "rules", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
}

/// How output for people looks.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct Look {
    /// When to use colour; by itself on a terminal, unless NO_COLOR is set
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  andon explain github-pat")]
pub(crate) struct ExplainArguments {
    /// The rule's identifier, as `andon rules list` prints it
    pub(crate) rule: String,
    #[command(flatten)]
    pub(crate) from: RulesFrom,
    #[command(flatten)]
    pub(crate) look: Look,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List the rules that run here
    #[command(
        after_help = "Examples:\n  andon rules list\n  andon rules list --rules team.toml --format json"
    )]
    List {
        #[command(flatten)]
        from: RulesFrom,
        /// How to print them
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: TextOrJson,
        #[command(flatten)]
        look: Look,
    },
    /// Show how a rule is defined: expression, keywords, allowlists
    #[command(after_help = "Example:\n  andon rules show github-pat")]
    Show {
        /// The rule's identifier
        rule: String,
        #[command(flatten)]
        from: RulesFrom,
    },
    /// Try every rule on its examples and counter-examples
    #[command(after_help = "\
Without a path the rules that run here are tested. Exits with 1 when one fails.

Example:
  andon rules test .andon/rules")]
    Test {
        /// Files or folders with rules
        paths: Vec<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Run the `test_` rules of Rego files, as `opa test` does
    #[command(after_help = "Exits with 1 when one fails.\n\nExample:\n  andon policy test .andon/policy")]
    Test {
        /// Files or folders with policies and their tests
        #[arg(default_value = ".andon/policy")]
        paths: Vec<PathBuf>,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  andon init")]
pub(crate) struct InitArguments {
    /// The project's folder
    #[arg(default_value = ".")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  andon schema config > andon.schema.json")]
pub(crate) struct SchemaArguments {
    /// Of the report that `scan --format json` prints, of andon.yaml, or of what policies see as `input`
    pub(crate) of: SchemaOf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SchemaOf {
    Report,
    Config,
    GateInput,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextOrJson {
    Text,
    Json,
}

/// Accepts the names of the engines.
fn engine_name() -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new(engines::ALL.iter().map(|engine| engine.name))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_fits_a_terminal() {
        fn check(command: &mut clap::Command) {
            let help = command.clone().term_width(100).render_help().to_string();
            let longest = help.lines().map(|line| line.chars().count()).max().unwrap_or(0);
            assert!(longest <= 100, "{}: {help}", command.get_name());
            command.get_subcommands_mut().for_each(check);
        }
        check(&mut Cli::command());
    }
}
