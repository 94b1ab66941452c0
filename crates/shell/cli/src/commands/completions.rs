use clap::CommandFactory;
use clap_complete::Shell;

use crate::arguments::Cli;
use crate::{exit, terminal};

pub(crate) fn run(shell: Shell) -> anyhow::Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "andon", &mut script);
    terminal::write_data(&script)?;
    Ok(exit::GO_ON)
}
