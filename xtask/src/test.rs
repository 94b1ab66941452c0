//! `cargo xtask test`: every test there is, in the dev profile.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use clap::Args;

use crate::process;

/// Run all tests: unit, integration and documentation tests, the rules' examples, the example's policies. Needs
/// nothing but cargo and git.
#[derive(Args)]
pub(crate) struct Test {
    /// Arguments for `cargo test`, such as `-p andon-gate`; with any, only it runs.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// What the steps have added up to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
}

impl Test {
    pub(crate) fn run(&self) -> Result<bool> {
        let mut tally = Tally::default();
        let mut tests = process::cargo();
        tests.args(["test", "--no-fail-fast"]);
        if self.arguments.is_empty() {
            tests.arg("--workspace");
        }
        step(tests.args(&self.arguments), &mut tally)?;
        if self.arguments.is_empty() {
            let andon = process::andon("dev")?;
            let andon = || {
                let mut command = Command::new(&andon);
                command.current_dir(process::root());
                command
            };
            step(andon().args(["rules", "test", "rules/secrets"]), &mut tally)?;
            step(andon().args(["rules", "test", "rules/sast"]), &mut tally)?;
            step(andon().args(["policy", "test", "examples/leaky/.andon/policy"]), &mut tally)?;
        }
        println!("{} passed, {} failed", tally.passed, tally.failed);
        Ok(tally.failed == 0)
    }
}

/// Runs one step, passing on what it prints. What it counts itself is added; a step that counts nothing, or fails
/// without having counted a failure, counts as one.
fn step(command: &mut Command, tally: &mut Tally) -> Result<()> {
    let what = shown(command);
    println!("     Running {what}");
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start {what}"))?;
    let mut own = Tally::default();
    let output = child.stdout.take().context("no output to read")?;
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let mut stdout = std::io::stdout().lock();
        stdout.write_all(&line)?;
        stdout.write_all(b"\n")?;
        let counted = count(&String::from_utf8_lossy(&line));
        own.passed += counted.passed;
        own.failed += counted.failed;
    }
    let status = child.wait()?;
    match (status.success(), &own) {
        (true, Tally { passed: 0, failed: 0 }) => own.passed = 1,
        (false, Tally { failed: 0, .. }) => {
            println!("{what} failed: {status}");
            own.failed = 1;
        }
        _ => {}
    }
    tally.passed += own.passed;
    tally.failed += own.failed;
    Ok(())
}

fn shown(command: &Command) -> String {
    let name = std::path::Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(name).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// The counts of a closing line: `… 3 passed; 0 failed; …` or `3 passed, 0 failed`.
fn count(line: &str) -> Tally {
    let words: Vec<&str> = line.split_whitespace().collect();
    let before = |word: &str| {
        let at = words.iter().position(|each| each.trim_end_matches([';', ',', '.']) == word)?;
        words.get(at.checked_sub(1)?)?.parse::<u64>().ok()
    };
    match (before("passed"), before("failed")) {
        (Some(passed), Some(failed)) => Tally { passed, failed },
        _ => Tally::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, passed: u64, failed: u64) {
        assert_eq!(count(line), Tally { passed, failed }, "{line}");
    }

    #[test]
    fn closing_lines_are_counted() {
        check(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            12,
            0,
        );
        check("test result: FAILED. 3 passed; 2 failed; 0 ignored", 3, 2);
        check("590 passed, 1 failed", 590, 1);
        check("test a_test_that_passed ... ok", 0, 0);
        check("passed failed", 0, 0);
    }
}
