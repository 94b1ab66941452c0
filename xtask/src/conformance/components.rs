//! Components of projects, beside what another tool lists for the same files. The listings are no part of this
//! repository: make a folder a project, with the project's files and these two.
//!
//! - `expected.txt`: a package URL without qualifiers a line, sorted; the first line is a comment (`#`) that names the
//!   tool that made it and its version.
//! - `explained.txt` (optional): a package URL, blank space, and why the two listings differ in it.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use andon_model::{Component, ScanReport};
use anyhow::{Context, Result, bail, ensure};
use clap::Args;

use crate::process;

/// Components of projects, beside the listings of package managers and other tools.
#[derive(Args)]
pub(crate) struct Components {
    /// A folder with one folder a project, each with its files and an `expected.txt`.
    #[arg(long, value_name = "DIR")]
    listings: PathBuf,
    /// The `andon` to run. Without it, one is built.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Differences that are printed of each project.
    #[arg(long, default_value_t = 20)]
    shown: usize,
}

impl Components {
    pub(super) fn run(&self) -> Result<bool> {
        let andon = program(self.binary.as_deref())?;
        println!(
            "{:40} {:>8} {:>6} {:>8} {:>6} {:>10}  peer",
            "project", "expected", "equal", "missing", "extra", "explained"
        );
        let mut sound = true;
        for project in projects(&self.listings)? {
            let name = project.file_name().unwrap_or_default().to_string_lossy();
            let expected = Expected::read(&project)?;
            let difference = expected.compare(&scan(&andon, &project)?);
            println!("{name:40} {difference}  {}", expected.peer);
            difference.open(&expected.explained).take(self.shown).for_each(|line| println!("  {line}"));
            sound &= difference.open(&expected.explained).next().is_none();
        }
        Ok(sound)
    }
}

/// The folders that hold an `expected.txt`, sorted.
fn projects(listings: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        std::fs::read_dir(listings).with_context(|| format!("cannot list {}", listings.display()))?;
    let mut projects: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    projects.retain(|project| project.join("expected.txt").is_file());
    projects.sort();
    ensure!(!projects.is_empty(), "{} holds no PROJECT/expected.txt", listings.display());
    Ok(projects)
}

/// Package URLs that `andon` lists, without qualifiers.
fn scan(andon: &Path, project: &Path) -> Result<BTreeSet<String>> {
    let components = listed(andon, &[project.as_os_str()])?;
    Ok(components.iter().map(|component| unqualified(&component.purl).to_owned()).collect())
}

/// The components that `andon` lists of a target.
pub(super) fn listed(andon: &Path, target: &[&OsStr]) -> Result<Vec<Component>> {
    let mut command = Command::new(andon);
    command.arg("scan").args(target).args(["--engine", "dependencies", "--format", "json"]);
    command.args(["--no-gate", "--no-cache", "--quiet"]);
    let done = command.output().with_context(|| format!("cannot start {command:?}"))?;
    // 3 says that the scan is incomplete; without advisories it is.
    if !matches!(done.status.code(), Some(0 | 3)) {
        bail!("{command:?} failed ({}): {}", done.status, String::from_utf8_lossy(&done.stderr).trim());
    }
    let report: ScanReport = serde_json::from_slice(&done.stdout).context("`andon` wrote no report")?;
    Ok(report.inventory.context("the report has no inventory")?.components)
}

/// The `andon` to run; without one, it is built.
pub(super) fn program(given: Option<&Path>) -> Result<PathBuf> {
    match given {
        Some(binary) => binary.canonicalize().with_context(|| format!("no {}", binary.display())),
        None => process::andon("dev"),
    }
}

fn unqualified(purl: &str) -> &str {
    let purl = purl.split('#').next().unwrap_or(purl);
    purl.split('?').next().unwrap_or(purl)
}

/// What another tool lists.
struct Expected {
    peer: String,
    purls: BTreeSet<String>,
    explained: BTreeMap<String, String>,
}

impl Expected {
    fn read(project: &Path) -> Result<Self> {
        let file = project.join("expected.txt");
        let text =
            std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let explained = std::fs::read_to_string(project.join("explained.txt")).unwrap_or_default();
        Self::parse(&text, &explained).with_context(|| format!("in {}", project.display()))
    }

    fn parse(expected: &str, explained: &str) -> Result<Self> {
        let (first, rest) = expected.split_once('\n').unwrap_or((expected, ""));
        let peer = first.strip_prefix('#').context("expected.txt does not begin with `# TOOL VERSION`")?;
        let mut reasons = BTreeMap::new();
        for line in explained.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let (purl, reason) =
                line.split_once(char::is_whitespace).with_context(|| format!("no reason: {line}"))?;
            reasons.insert(purl.to_owned(), reason.trim().to_owned());
        }
        let purls = rest.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
        Ok(Self { peer: peer.trim().to_owned(), purls: purls.collect(), explained: reasons })
    }

    fn compare(&self, ours: &BTreeSet<String>) -> Difference {
        let missing: Vec<String> = self.purls.difference(ours).cloned().collect();
        let extra: Vec<String> = ours.difference(&self.purls).cloned().collect();
        let differing = missing.iter().chain(&extra);
        let explained = differing.filter(|purl| self.explained.contains_key(*purl)).count();
        Difference { expected: self.purls.len(), missing, extra, explained }
    }
}

struct Difference {
    expected: usize,
    missing: Vec<String>,
    extra: Vec<String>,
    explained: usize,
}

impl Difference {
    /// Differences that nothing explains.
    fn open<'a>(&'a self, explained: &'a BTreeMap<String, String>) -> impl Iterator<Item = String> + 'a {
        let missing = self.missing.iter().map(|purl| ("missing", purl));
        let all = missing.chain(self.extra.iter().map(|purl| ("extra", purl)));
        all.filter(|(_, purl)| !explained.contains_key(*purl)).map(|(what, purl)| format!("{what} {purl}"))
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (missing, extra) = (self.missing.len(), self.extra.len());
        let equal = self.expected - missing;
        write!(f, "{:8} {equal:6} {missing:8} {extra:6} {:10}", self.expected, self.explained)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unexplained_differences_are_open() {
        let expected = "# npm 11\npkg:npm/a@1\npkg:npm/b@1\npkg:npm/c@1\n";
        let explained = "# comment\npkg:npm/b@1 it is a link\npkg:npm/d@1\tnpm leaves it out\n";
        let expected = Expected::parse(expected, explained).unwrap();
        assert_eq!(expected.peer, "npm 11");
        let ours = ["pkg:npm/a@1", "pkg:npm/d@1", "pkg:npm/e@1"].map(str::to_owned).into();
        let difference = expected.compare(&ours);
        assert_eq!(difference.explained, 2);
        let open: Vec<String> = difference.open(&expected.explained).collect();
        assert_eq!(open, ["missing pkg:npm/c@1", "extra pkg:npm/e@1"]);
        let numbers = difference.to_string();
        assert_eq!(numbers.split_whitespace().collect::<Vec<_>>(), ["3", "1", "2", "2", "2"]);
    }

    #[test]
    fn a_listing_must_say_who_made_it() {
        assert!(Expected::parse("pkg:npm/a@1\n", "").is_err());
        assert!(Expected::parse("# npm 11\n", "pkg:npm/a@1\n").is_err());
    }

    #[test]
    fn qualifiers_and_subpaths_are_left_out() {
        assert_eq!(unqualified("pkg:npm/a@1?vcs_url=x#y"), "pkg:npm/a@1");
        assert_eq!(unqualified("pkg:npm/a@1#y?z"), "pkg:npm/a@1");
    }
}
