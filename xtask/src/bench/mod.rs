//! `cargo xtask bench`: CPU time and memory of our program, and of others where they are installed, on the same input
//! in the same run. Nothing here is a test: machines differ, ratios travel better than seconds.

mod advisories;
mod code;
mod code_child;
mod code_rules;
mod history;
mod image;
mod ledger;
mod measure;
mod rules;
mod run;
mod sbom;
mod seal;
mod staged;
mod start;
mod table;
mod tools;
mod tree;
mod whole;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Args, Subcommand};

use crate::process;

pub(crate) use code_child::ExamineCode;
pub(crate) use image::Inflate;
pub(crate) use measure::MeasureChild;

/// Measure CPU time and memory.
#[derive(Subcommand)]
pub(crate) enum Bench {
    /// The whole history of a repository, beside kingfisher, gitleaks and `git cat-file` alone.
    History(Target),
    /// The files of a folder or working tree, beside kingfisher and gitleaks.
    Tree(Target),
    /// One small staged file in a copy of a repository.
    Staged(Target),
    /// A start with nothing to do.
    Start(Binary),
    /// The same files with 50, 150 and 550 rules.
    RulesScaling(rules::RulesScaling),
    /// The advisory index: building, opening, matching.
    Advisories(advisories::Advisories),
    /// A container image: components, and secrets too, beside decompressing its layers alone.
    Image(image::Image),
    /// The files of a repository: secrets, dependencies, and both in one run.
    Whole(Target),
    /// Rules for source code, beside Semgrep and beside parsing alone.
    Code(code::Code),
    /// An SBOM of 100,000 components.
    Sbom(sbom::LargeSbom),
    /// The log of evidence: appends, proofs, opening, beside what the disk takes.
    Ledger(ledger::LedgerBench),
    /// The line: 200 empty steps, and a run in which everything comes from the cache.
    Run(run::Run),
    /// Sealing a step, beside starting it plainly and beside bubblewrap.
    Seal(seal::SealedSteps),
}

/// What is measured.
#[derive(Args)]
pub(crate) struct Target {
    /// The repository or folder.
    #[arg(long, value_name = "PATH")]
    repo: PathBuf,
    #[command(flatten)]
    binary: Binary,
}

/// Which binaries are measured.
#[derive(Args)]
pub(crate) struct Binary {
    /// The cargo profile to build and measure: `dist` is what is shipped.
    #[arg(long, default_value = "release")]
    profile: String,
    /// Measure this binary and build none.
    #[arg(long, value_name = "FILE")]
    andon: Option<PathBuf>,
    /// Where kingfisher is; otherwise searched on PATH. Name the program itself, since a launcher script adds its
    /// own CPU time.
    #[arg(long, value_name = "FILE")]
    kingfisher: Option<PathBuf>,
    /// Measure our program only.
    #[arg(long)]
    alone: bool,
}

impl Bench {
    pub(crate) fn run(&self) -> Result<bool> {
        let table = match self {
            Self::History(target) => history::run(target)?,
            Self::Tree(target) => tree::run(target)?,
            Self::Staged(target) => staged::run(target)?,
            Self::Start(binary) => start::run(binary)?,
            Self::RulesScaling(scaling) => scaling.run()?,
            Self::Advisories(advisories) => return advisories.run(),
            Self::Image(image) => return image.run(),
            Self::Whole(target) => whole::run(target)?,
            Self::Code(code) => return code.run(),
            Self::Sbom(sbom) => sbom.run()?,
            Self::Ledger(_) if cfg!(debug_assertions) => return run_optimised(),
            Self::Ledger(ledger) => return ledger.run(),
            Self::Run(run) => run.run()?,
            Self::Seal(_) if cfg!(debug_assertions) => return run_optimised(),
            Self::Seal(seal) => return seal.run(),
        };
        print!("{table}");
        Ok(true)
    }
}

/// Runs this same command in an optimised build: what is not optimised says nothing about speed.
fn run_optimised() -> Result<bool> {
    let manifest = process::root().join("Cargo.toml");
    let mut command = process::cargo();
    command.current_dir(std::env::current_dir()?);
    command.args(["run", "--quiet", "--release", "--package", "xtask", "--manifest-path"]).arg(manifest);
    process::run(command.arg("--").args(std::env::args_os().skip(1)))?;
    Ok(true)
}

impl Binary {
    /// The `andon` to measure, built now unless one was named.
    fn andon(&self) -> Result<PathBuf> {
        match &self.andon {
            Some(path) if path.is_file() => Ok(path.canonicalize()?),
            Some(path) => bail!("{} is no file; leave out --andon to build one", path.display()),
            None => process::andon(&self.profile),
        }
    }
}

impl Target {
    fn path(&self) -> Result<PathBuf> {
        match self.repo.canonicalize() {
            Ok(path) => Ok(path),
            Err(error) => bail!("cannot measure {}: {error}", self.repo.display()),
        }
    }
}
