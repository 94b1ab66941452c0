//! Developer commands: `cargo xtask tidy`, `test`, `bench`, `conformance`, `fuzz`, `picture`.
//!
//! They drive cargo, git and the `andon` binary from the outside, as a user would. This crate knows nothing of how
//! the program works, with one exception: `conformance` asks the secrets engine for its answers directly, to compare
//! them with a naive reference.
#![allow(
    clippy::disallowed_methods,
    reason = "developer commands start processes and read the repository; nothing here is shipped"
)]

mod bench;
mod conformance;
mod fuzz;
mod picture;
mod process;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Developer commands of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check what the compiler does not: layers, lengths, words, unused dependencies.
    Tidy(tidy::Tidy),
    /// Run all tests. Needs nothing but cargo and git.
    Test(test::Test),
    /// Measure CPU time and memory, beside other scanners where they are installed.
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Compare our answers with those of a naive reference.
    #[command(subcommand)]
    Conformance(conformance::Conformance),
    /// Run every fuzz target for a while.
    Fuzz(fuzz::Fuzz),
    /// Draw docs/images/scan.svg from the program's own output.
    Picture(picture::Picture),
    /// Run one program and print what it used; `bench` calls this.
    #[command(hide = true)]
    Measure(bench::MeasureChild),
    /// Decompress files; `bench image` measures this.
    #[command(hide = true)]
    Inflate(bench::Inflate),
    /// Examine source code; `bench code` measures this.
    #[command(hide = true)]
    ExamineCode(bench::ExamineCode),
}

fn main() -> ExitCode {
    // `bench seal` seals with this binary.
    andon_sandbox::seal::main_if_asked();
    let outcome = match Arguments::parse().command {
        Command::Tidy(tidy) => tidy.run(),
        Command::Test(test) => test.run(),
        Command::Bench(bench) => bench.run(),
        Command::Conformance(conformance) => conformance.run(),
        Command::Fuzz(fuzz) => fuzz.run(),
        Command::Picture(picture) => picture.run(),
        Command::Measure(measure) => measure.run(),
        Command::Inflate(inflate) => inflate.run(),
        Command::ExamineCode(examine) => examine.run(),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
