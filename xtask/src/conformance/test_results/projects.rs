//! Small projects whose tests pass, fail, are skipped, crash, or are not there.

mod golang;
mod node;
mod python;
mod rust;

use std::fs;
use std::path::Path;
use std::process::Command;

use andon_results::{CoverageFormat, TestCounts, TestFormat};
use anyhow::{Context, Result};

/// One run of a tool.
pub(super) struct Run {
    pub(super) name: String,
    /// What the tool printed or wrote.
    pub(super) output: Vec<u8>,
    pub(super) format: TestFormat,
    /// Whether the tool ended well; `None` where that says nothing, as without tests.
    pub(super) ended_well: Option<bool>,
    pub(super) complete: bool,
    pub(super) counts: Option<TestCounts>,
    pub(super) coverage: Option<CoverageFormat>,
    /// Lines hit and in total, as the tool itself counts them.
    pub(super) lines: Option<(u64, u64)>,
    pub(super) prefixes: Vec<String>,
}

impl Run {
    fn tests(name: &str, format: TestFormat, (output, ended_well): (Vec<u8>, bool)) -> Self {
        Self {
            name: name.to_owned(),
            output,
            format,
            ended_well: Some(ended_well),
            complete: true,
            counts: None,
            coverage: None,
            lines: None,
            prefixes: Vec::new(),
        }
    }

    fn coverage(name: &str, format: CoverageFormat, folder: &Path, file: &str) -> Result<Self> {
        let output = fs::read(folder.join(file)).with_context(|| format!("no {file} was written"))?;
        let mut run = Self::tests(name, TestFormat::Junit, (output, true));
        run.coverage = Some(format);
        run.prefixes = vec![folder.display().to_string(), "example.org/small".to_owned()];
        Ok(run)
    }

    fn counts(mut self, passed: u64, failed: u64, errors: u64, skipped: u64) -> Self {
        self.counts = Some(TestCounts { passed, failed, errors, skipped });
        self
    }

    fn incomplete(mut self) -> Self {
        self.complete = false;
        self
    }

    /// Without tests many tools end well.
    fn empty(mut self) -> Self {
        self.ended_well = None;
        self.counts(0, 0, 0, 0)
    }
}

type Make = fn(&Path) -> Result<Vec<Run>>;

/// The tools by the name of their program.
pub(super) const TOOLS: [(&str, Make); 4] =
    [("pytest", python::runs), ("cargo", rust::runs), ("node", node::runs), ("go", golang::runs)];

fn write(folder: &Path, name: &str, text: &str) -> Result<()> {
    let file = folder.join(name);
    fs::create_dir_all(file.parent().context("a file has a folder")?)?;
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
}

/// Runs a program in a folder; what it printed, and whether it ended well.
fn run(folder: &Path, program: &str, arguments: &[&str]) -> Result<(Vec<u8>, bool)> {
    let mut command = Command::new(program);
    command.current_dir(folder).args(arguments).env_remove("CARGO_TARGET_DIR").env_remove("CARGO");
    command.env("RUSTC_BOOTSTRAP", "1").env("RUST_BACKTRACE", "0").env_remove("NODE_TEST_CONTEXT");
    let done = command.output().with_context(|| format!("cannot start {program}"))?;
    let mut output = done.stderr;
    output.push(b'\n');
    output.extend_from_slice(&done.stdout);
    Ok((output, done.status.success()))
}

/// A report that a program writes into a file.
fn written(folder: &Path, program: &str, arguments: &[&str], file: &str) -> Result<(Vec<u8>, bool)> {
    let (_, ended_well) = run(folder, program, arguments)?;
    let output = fs::read(folder.join(file)).with_context(|| format!("{program} wrote no {file}"))?;
    Ok((output, ended_well))
}
