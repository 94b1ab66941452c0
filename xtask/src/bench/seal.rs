//! What it costs to seal a step: `true`, sealed at each level, beside starting it plainly and beside bubblewrap.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use andon_sandbox::seal::{self, Ending, Level, Output, Possibility, Seal};
use anyhow::{Context, Result, bail};
use clap::Args;

/// What sealing may cost, as the median.
const BUDGET: Duration = Duration::from_millis(8);

/// How often, and in what workspace.
#[derive(Args)]
pub(crate) struct SealedSteps {
    /// Starts of each kind.
    #[arg(long, default_value_t = 200)]
    times: usize,
    /// The workspace to show to the step; an empty one unless it is named.
    #[arg(long, value_name = "PATH")]
    workspace: Option<std::path::PathBuf>,
}

impl SealedSteps {
    /// `false` when sealing at level `full` costs more than the budget.
    pub(crate) fn run(&self) -> Result<bool> {
        let folder = tempfile::tempdir()?;
        let workspace = match &self.workspace {
            Some(path) => path.canonicalize().with_context(|| format!("cannot use {}", path.display()))?,
            None => folder.path().canonicalize()?,
        };
        let mut rows = Rows::new(&workspace);
        rows.warm();
        for _ in 0..self.times.max(1) {
            rows.round()?;
        }
        rows.print(self.times.max(1))
    }
}

struct Rows<'a> {
    workspace: &'a Path,
    kinds: Vec<(Kind, Vec<Duration>)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Sealed(Level),
    Bubblewrap,
}

impl<'a> Rows<'a> {
    fn new(workspace: &'a Path) -> Self {
        let mut kinds = vec![Kind::Plain];
        for (level, possibility) in seal::probe().levels {
            match possibility {
                Possibility::Possible(_) => kinds.push(Kind::Sealed(level)),
                Possibility::Impossible(obstacle) => eprintln!("note: not `{level}`: {obstacle}"),
            }
        }
        let has_bubblewrap = Command::new("bwrap").arg("--version").stdout(Stdio::null()).status();
        if has_bubblewrap.is_ok_and(|status| status.success()) {
            kinds.push(Kind::Bubblewrap);
        }
        Self { workspace, kinds: kinds.into_iter().map(|kind| (kind, Vec::new())).collect() }
    }

    fn warm(&self) {
        for (kind, _) in &self.kinds {
            for _ in 0..3 {
                let _ = once(*kind, self.workspace);
            }
        }
    }

    /// Each kind once, so that what else the machine does weighs on all alike.
    fn round(&mut self) -> Result<()> {
        for (kind, times) in &mut self.kinds {
            times.push(once(*kind, self.workspace)?);
        }
        Ok(())
    }

    fn print(mut self, times: usize) -> Result<bool> {
        let medians: Vec<(Kind, Duration)> =
            self.kinds.iter_mut().map(|(kind, times)| (*kind, median(times))).collect();
        let of = |wanted| medians.iter().find(|(kind, _)| *kind == wanted).map(|(_, time)| *time);
        let plain = of(Kind::Plain).unwrap_or_default();
        let size = std::fs::metadata("/proc/self/exe").map_or(0, |data| data.len()) >> 20;
        println!("sealing `true` (median of {times} runs; this binary has {size} MiB)");
        println!("{:24}  {:>9}  {:>12}  {:>12}", "what", "wall ms", "cost ms", "to bwrap");
        let theirs = of(Kind::Bubblewrap).map(|time| time.saturating_sub(plain));
        for (kind, time) in &medians {
            let cost = time.saturating_sub(plain);
            let ratio = theirs
                .filter(|theirs| !theirs.is_zero())
                .map(|theirs| cost.as_secs_f64() / theirs.as_secs_f64());
            let ratio = ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"));
            println!("{:24}  {:>9.2}  {:>12.2}  {ratio:>12}", name(*kind), millis(*time), millis(cost));
        }
        match of(Kind::Sealed(Level::Full)).map(|time| time.saturating_sub(plain)) {
            Some(cost) if cost > BUDGET => {
                println!("too slow: `full` costs {:.2} ms and may cost {:.0}", millis(cost), millis(BUDGET));
                Ok(false)
            }
            _ => Ok(true),
        }
    }
}

fn name(kind: Kind) -> String {
    match kind {
        Kind::Plain => "plain".to_owned(),
        Kind::Sealed(level) => format!("sealed, {level}"),
        Kind::Bubblewrap => "bubblewrap, the same".to_owned(),
    }
}

fn once(kind: Kind, workspace: &Path) -> Result<Duration> {
    let start = Instant::now();
    match kind {
        Kind::Plain => plain(&mut Command::new("/usr/bin/true"))?,
        Kind::Bubblewrap => plain(&mut bubblewrap(workspace))?,
        Kind::Sealed(level) => sealed(level, workspace)?,
    }
    Ok(start.elapsed())
}

fn plain(command: &mut Command) -> Result<()> {
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = command.output()?;
    if !output.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

fn sealed(level: Level, workspace: &Path) -> Result<()> {
    let mut seal = Seal::new(workspace);
    (seal.wanted, seal.least) = (level, level);
    seal.outputs.push(Output::folder("target"));
    let ending = seal::spawn(&seal, "/usr/bin/true".as_ref(), &[])?.wait().ending;
    if ending != Ending::Exited(0) {
        bail!("`true` sealed at `{level}`: {ending}");
    }
    Ok(())
}

/// The same namespaces and the same tree, as far as bubblewrap has them.
fn bubblewrap(workspace: &Path) -> Command {
    let mut command = Command::new("bwrap");
    command.args(["--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]);
    for folder in ["/usr", "/etc", "/opt"] {
        command.args(["--ro-bind", folder, folder]);
    }
    for (link, target) in [("/bin", "usr/bin"), ("/lib", "usr/lib"), ("/lib64", "usr/lib64")] {
        command.args(["--symlink", target, link]);
    }
    command.args(["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]);
    command.arg("--ro-bind").args([workspace, workspace]);
    let output = workspace.join("target");
    let _ = std::fs::create_dir_all(&output);
    command.arg("--bind").args([&output, &output]);
    command.args(["--remount-ro", "/", "/usr/bin/true"]);
    command
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
