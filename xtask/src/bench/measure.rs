//! What a program and the programs that it starts use.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::process;

/// What one run used.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Usage {
    /// CPU time in user and system mode, in seconds, children included.
    pub(super) cpu: f64,
    /// Time on the clock, in seconds.
    pub(super) wall: f64,
    /// Largest resident set of any one process, in KiB.
    pub(super) peak: u64,
    /// The exit code, -1 when a signal ended it.
    pub(super) code: i32,
}

/// Runs one program with its output thrown away, and prints what it used as JSON. It is a process of its own so that
/// the operating system's count of finished children holds this one program and nothing else.
#[derive(Args)]
pub(crate) struct MeasureChild {
    /// The program and its arguments.
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

impl MeasureChild {
    pub(crate) fn run(&self) -> Result<bool> {
        let (program, arguments) = self.command.split_first().context("no program to run")?;
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let status = command.status().with_context(|| format!("cannot start {program}"))?;
        let wall = start.elapsed().as_secs_f64();
        let (cpu, peak) = children()?;
        let usage = Usage { cpu, wall, peak, code: status.code().unwrap_or(-1) };
        println!("{}", serde_json::to_string(&usage)?);
        Ok(true)
    }
}

/// Runs a program with more environment variables, in `folder`, and says what it used.
pub(super) fn measure(command: &[String], variables: &[(&str, &Path)], folder: &Path) -> Result<Usage> {
    let mut child = Command::new(std::env::current_exe()?);
    child.args(["measure", "--"]).args(command).envs(variables.iter().copied()).current_dir(folder);
    let printed = process::output(&mut child)?;
    serde_json::from_str(&printed).with_context(|| format!("measuring {command:?} printed {printed:?}"))
}

/// As [`measure`], several times; the run with the median CPU time.
pub(super) fn median(
    times: usize,
    command: &[String],
    variables: &[(&str, &Path)],
    folder: &Path,
) -> Result<Usage> {
    let mut runs = Vec::new();
    for _ in 0..times {
        runs.push(measure(command, variables, folder)?);
    }
    runs.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    runs.get(times / 2).copied().context("nothing was measured")
}

/// CPU seconds and peak memory in KiB of all children that have ended.
#[cfg(unix)]
fn children() -> Result<(f64, u64)> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    // macOS counts in bytes, the others in KiB.
    let unit = if cfg!(target_os = "macos") { 1024 } else { 1 };
    Ok((micros as f64 / 1e6, u64::try_from(usage.max_rss()).unwrap_or(0) / unit))
}

#[cfg(not(unix))]
fn children() -> Result<(f64, u64)> {
    bail!("CPU time is measured on Unix only")
}

/// Fails on a run that did not do its work. Scanners use exit codes for what they found, so small ones are let pass.
pub(super) fn must_have_run(what: &str, usage: Usage, allowed: &[i32]) -> Result<()> {
    if allowed.contains(&usage.code) {
        return Ok(());
    }
    bail!("{what} ended with exit code {}; run it by hand to see why", usage.code)
}
