//! `cargo xtask fuzz`: every target of `fuzz/`, for a while each.

use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::process;

/// Run every fuzz target for a while. Installs cargo-fuzz when it is missing; runs on the stable toolchain, without
/// sanitizers: the crates forbid `unsafe`, so what is searched for are panics, hangs and memory without bound.
#[derive(Args)]
pub(crate) struct Fuzz {
    /// Seconds for each target.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Only these targets.
    targets: Vec<String>,
}

impl Fuzz {
    pub(crate) fn run(&self) -> Result<bool> {
        install()?;
        let known = targets()?;
        if let Some(unknown) = self.targets.iter().find(|target| !known.contains(target)) {
            bail!("there is no fuzz target `{unknown}`; there are {}", known.join(", "));
        }
        process::run(fuzz().args(["build", "--sanitizer", "none"]))?;
        let chosen = if self.targets.is_empty() { &known } else { &self.targets };
        let mut crashed = Vec::new();
        for target in chosen {
            seed(target)?;
            println!("     Fuzzing {target} for {} s", self.seconds);
            let mut command = fuzz();
            command.args(["run", "--sanitizer", "none", target, "--"]);
            command.args([format!("-max_total_time={}", self.seconds), "-timeout=20".to_owned()]);
            command.args(["-rss_limit_mb=2048", "-max_len=65536", "-print_final_stats=1", "-verbosity=0"]);
            if !command.status().context("cannot start cargo-fuzz")?.success() {
                crashed.push(target.as_str());
            }
        }
        println!("{} passed, {} failed", chosen.len() - crashed.len(), crashed.len());
        if !crashed.is_empty() {
            println!("crashed: {}; inputs are under fuzz/artifacts", crashed.join(", "));
        }
        Ok(crashed.is_empty())
    }
}

/// Files of the repository that show a target what its input looks like: the files at and below a path.
const SEEDS: &[(&str, &str)] = &[
    ("config", "crates/line/gate/src/config/template.yaml"),
    ("config", "examples/leaky/andon.yaml"),
    ("exceptions", "examples/leaky/.andon/exceptions.yaml"),
    ("gitleaks_config", "rules/secrets"),
    ("policy", "examples/leaky/.andon/policy"),
    ("secrets", "examples/leaky"),
    ("tree", "action.yml"),
    ("tree", "crates/line/gate/src/config/template.yaml"),
    ("tree", "examples/leaky/andon.yaml"),
    ("tree", "templates/gitlab-ci.yml"),
    ("yaml", "examples/leaky/andon.yaml"),
];

/// Puts a target's seeds into its corpus.
fn seed(target: &str) -> Result<()> {
    let corpus = process::root().join("fuzz/corpus").join(target);
    std::fs::create_dir_all(&corpus)?;
    for (_, path) in SEEDS.iter().filter(|(name, _)| *name == target) {
        for entry in ignore::WalkBuilder::new(process::root().join(path)).hidden(false).build() {
            let entry = entry?;
            if entry.file_type().is_some_and(|kind| kind.is_file()) {
                std::fs::copy(entry.path(), corpus.join(entry.file_name()))?;
            }
        }
    }
    Ok(())
}

fn install() -> Result<()> {
    let installed =
        process::cargo().args(["fuzz", "--version"]).output().is_ok_and(|done| done.status.success());
    if installed {
        return Ok(());
    }
    println!("  Installing cargo-fuzz");
    process::run(process::cargo().args(["install", "--locked", "cargo-fuzz"]))
}

fn targets() -> Result<Vec<String>> {
    Ok(process::output(fuzz().arg("list"))?.lines().map(str::to_owned).collect())
}

/// cargo-fuzz passes flags that stable compilers only take when they are told that it is fine.
fn fuzz() -> Command {
    let mut command = process::cargo();
    command.arg("fuzz").env("RUSTC_BOOTSTRAP", "1");
    command
}
