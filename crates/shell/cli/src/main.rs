//! The `andon` binary: arguments in, text out. It wires the engines, the scan, the gate and the reports together and
//! decides nothing itself. Results go to standard output, everything else to standard error.
//!
//! ```text
//! andon scan --since main
//! ```

mod arguments;
mod change;
mod commands;
mod engines;
mod exclude;
mod interrupt;
mod keys;
mod line;
mod problem;
mod project;
mod scratch;
mod terminal;

use std::panic;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use clap::{CommandFactory, FromArgMatches};

use arguments::Cli;

/// Exit codes, as the documentation lists them.
mod exit {
    pub(crate) const GO_ON: u8 = 0;
    pub(crate) const STOPPED: u8 = 1;
    pub(crate) const USAGE: u8 = 2;
    pub(crate) const INCOMPLETE: u8 = 3;
    pub(crate) const INTERNAL: u8 = 4;
}

fn main() -> ExitCode {
    // In a process that is to watch over a sealed step, this is all that happens.
    andon_sandbox::seal::main_if_asked();
    // A panic's message may quote what was scanned, so only its place is kept.
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(|place| format!("{}:{}", place.file(), place.line()));
        *PANIC.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
    ExitCode::from(guarded(run))
}

static PANIC: Mutex<Option<String>> = Mutex::new(None);

fn guarded(work: fn() -> u8) -> u8 {
    panic::catch_unwind(work).unwrap_or_else(|_| panicked())
}

fn run() -> u8 {
    let parsed = Cli::command().try_get_matches_from(std::env::args_os());
    let parsed = parsed.and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    let (cli, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            // Nobody to tell when the terminal is gone.
            let _ = error.print();
            return if error.use_stderr() { exit::USAGE } else { exit::GO_ON };
        }
    };
    commands::run(cli, &matches).unwrap_or_else(|error| problem::show(&error))
}

fn panicked() -> u8 {
    let place = PANIC.lock().unwrap_or_else(PoisonError::into_inner).take();
    let place = place.unwrap_or_else(|| "an unknown place".to_owned());
    terminal::say(&format!("error: andon failed at {place}; this is a mistake in andon, not in your files"));
    terminal::say(&format!(
        "hint: please report it with this line and the version, {}",
        env!("CARGO_PKG_VERSION")
    ));
    exit::INTERNAL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_internal_error() {
        assert_eq!(guarded(|| panic!("quotes a secret")), exit::INTERNAL);
        assert_eq!(guarded(|| exit::STOPPED), exit::STOPPED);
    }
}
