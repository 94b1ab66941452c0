//! The line itself: what 200 empty steps cost, and a run in which everything comes from the cache.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Args;

use super::Binary;
use super::measure::{Usage, median, must_have_run};
use super::table::Table;
use super::tools::words;
use crate::process;

const TIMES: usize = 5;
const STEPS: usize = 200;
const FILES: usize = 2000;
/// Digests of files are remembered once the files have not changed for this long; a moment more.
const SETTLED: Duration = Duration::from_millis(2500);

/// What `andon run` costs.
#[derive(Args)]
pub(crate) struct Run {
    /// Also measure a run of this repository's own andon.yaml; it is copied, and run once before.
    #[arg(long, value_name = "PATH")]
    repo: Option<std::path::PathBuf>,
    /// The least seal of the empty steps.
    #[arg(long, default_value = "full")]
    seal: String,
    #[command(flatten)]
    binary: Binary,
}

impl Run {
    pub(super) fn run(&self) -> Result<Table> {
        let andon = self.binary.andon()?;
        let folder = tempfile::tempdir()?;
        let mut table = Table::new(format!("andon run (median of {TIMES} runs)"));
        let (empty, cached) = (folder.path().join("empty"), folder.path().join("cached"));
        repository(&empty, 10, &empty_steps(&self.seal))?;
        let usage = measured(&andon, &empty, folder.path(), TIMES)?;
        table.add(format!("{STEPS} empty steps, sealed"), usage);
        table.note(format!("{STEPS} empty steps: {:.1} ms a step on the clock", usage.wall * 1000.0 / STEPS as f64));
        repository(&cached, FILES, &cached_steps(&self.seal))?;
        table.add(format!("all from the cache, {FILES} files"), warm(&andon, &cached, folder.path())?);
        if let Some(repo) = &self.repo {
            let copy = folder.path().join("copy");
            let from = repo.canonicalize()?.to_string_lossy().into_owned();
            git(folder.path(), &["clone", "--quiet", &from, &copy.to_string_lossy()])?;
            table.add(format!("all from the cache, {}", repo.display()), warm(&andon, &copy, folder.path())?);
        }
        Ok(table)
    }
}

/// A run after one that filled the cache.
fn warm(andon: &Path, project: &Path, home: &Path) -> Result<Usage> {
    measured(andon, project, home, 1)?;
    std::thread::sleep(SETTLED);
    measured(andon, project, home, 1)?;
    measured(andon, project, home, TIMES)
}

fn measured(andon: &Path, project: &Path, home: &Path, times: usize) -> Result<Usage> {
    let (data, cache, config) = (home.join("data"), home.join("cache"), home.join("config"));
    let variables =
        [("ANDON_DATA_DIR", &*data), ("ANDON_CACHE_DIR", &*cache), ("ANDON_CONFIG_DIR", &*config)];
    let usage = median(times, &words(andon, &["run"]), &variables, project)?;
    must_have_run("andon run", usage, &[0])?;
    Ok(usage)
}

fn empty_steps(seal: &str) -> String {
    let mut text = format!(
        "version: 1\nproject: {{ id: bench }}\npipeline:\n  defaults: {{ cache: false, seal: {seal} }}\n  stages:\n    - stage: build\n      steps:\n"
    );
    for number in 0..STEPS {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "        - {{ name: empty-{number}, run: ['true'] }}");
    }
    text
}

fn cached_steps(seal: &str) -> String {
    format!(
        "version: 1\nproject: {{ id: bench }}\npipeline:\n  defaults: {{ seal: {seal} }}\n  stages:\n    - stage: build\n      steps:\n\
        \x20       - {{ name: copy, run: cp src/0/0.txt out/app, inputs: ['src/**'], outputs: [out/] }}\n\
        \x20       - {{ name: lint, run: test -d src }}\n\
        \x20       - {{ name: pack, run: cp out/app app.tar, inputs: [out/app], outputs: [app.tar] }}\n\
        \x20   - stage: test\n      steps:\n\
        \x20       - {{ name: unit, run: test -d src, needs: [copy] }}\n"
    )
}

/// A git repository with so many small files.
fn repository(folder: &Path, files: usize, definition: &str) -> Result<()> {
    const PER_FOLDER: usize = 50;
    for number in 0..files {
        let place = folder.join("src").join((number / PER_FOLDER).to_string());
        std::fs::create_dir_all(&place)?;
        std::fs::write(place.join(format!("{number}.txt")), format!("line {number}\n").repeat(200))?;
    }
    std::fs::write(folder.join("andon.yaml"), definition)?;
    std::fs::write(folder.join(".gitignore"), "/out\n/app.tar\n")?;
    git(folder, &["init", "--quiet"])?;
    git(folder, &["add", "."])?;
    let identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"];
    git(folder, &[&identity[..], &["commit", "--quiet", "-m", "Begin"]].concat())?;
    if !folder.join("src/0/0.txt").is_file() {
        bail!("the repository to measure was not made");
    }
    Ok(())
}

fn git(folder: &Path, arguments: &[&str]) -> Result<()> {
    process::run(Command::new("git").args(arguments).current_dir(folder))
}
