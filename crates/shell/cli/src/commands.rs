//! One file per command.

mod approve;
mod completions;
mod db;
mod explain;
pub(crate) mod gate;
mod init;
mod key;
mod policy;
mod rules;
mod rules_test;
mod rules_test_code;
mod run;
mod scan;
mod schema;
mod sign;
mod verify;
mod why;

use andon_system::OsSystem;
use clap::ArgMatches;

use crate::arguments::{Cli, Command, DbCommand, PolicyCommand, RulesCommand, pair};

/// Runs a command; returns the exit code.
///
/// # Errors
/// When the command cannot do its work.
pub(crate) fn run(cli: Cli, matches: &ArgMatches) -> anyhow::Result<u8> {
    let system = &OsSystem;
    match cli.command {
        Command::Scan(arguments) => {
            let reports = matches.subcommand_matches("scan").map(pair).transpose()?.unwrap_or_default();
            scan::run(system, &arguments, &reports)
        }
        Command::Run(arguments) => run::run(system, &arguments),
        Command::Gate(arguments) => gate::run(system, &arguments),
        Command::Approve(arguments) => approve::run(system, &arguments),
        Command::Key(command) => key::run(system, &command),
        Command::Sign(arguments) => sign::run(system, &arguments),
        Command::Verify(arguments) => verify::run(system, &arguments),
        Command::Why(arguments) => why::run(system, &arguments),
        Command::Db(DbCommand::Update(arguments)) => db::update(system, &arguments),
        Command::Db(DbCommand::Status(arguments)) => db::status(system, &arguments),
        Command::Explain(arguments) => explain::run(system, &arguments),
        Command::Rules(RulesCommand::List { from, format, look }) => rules::list(system, &from, format, look),
        Command::Rules(RulesCommand::Show { rule, from }) => rules::show(system, &rule, &from),
        Command::Rules(RulesCommand::Test { paths }) => rules_test::run(system, &paths),
        Command::Policy(PolicyCommand::Test { paths }) => policy::test(system, &paths),
        Command::Init(arguments) => init::run(system, &arguments),
        Command::Schema(arguments) => schema::run(arguments.of),
        Command::Completions { shell } => completions::run(shell),
    }
}
