//! Advisories of OSV's dumps: whether every record is read, and whether the versions that a record lists lie in the
//! ranges that it gives, which holds only if we order versions as their ecosystem does.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use andon_advisories::osv::{self, Affected, Problem, RangeKind};
use andon_advisories::{Builder, Index, Question};
use anyhow::{Context, Result, ensure};
use clap::Args;

/// The records of OSV's dumps: problems of reading, and listed versions outside of their ranges.
#[derive(Args)]
pub(crate) struct Osv {
    /// A folder with one folder an ecosystem, each with an `all.zip`, as OSV publishes them.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Disagreements that are printed of each ecosystem.
    #[arg(long, default_value_t = 5)]
    shown: usize,
}

/// A record larger than this is none.
const RECORD: u64 = 64 << 20;

/// What one ecosystem's dump came to.
#[derive(Default)]
struct Tally {
    records: usize,
    problems: BTreeMap<String, usize>,
    packages: usize,
    versions: usize,
    outside: usize,
    records_outside: usize,
    undetermined: usize,
    examples: Vec<String>,
}

impl Osv {
    pub(super) fn run(&self) -> Result<bool> {
        println!(
            "{:12} {:>8} {:>9} {:>9} {:>9} {:>9} {:>9} {:>13}",
            "ecosystem", "records", "problems", "packages", "versions", "outside", "records", "undetermined"
        );
        let mut sound = true;
        for (ecosystem, archive) in dumps(&self.data)? {
            let mut tally = Tally::default();
            each_record(&archive, |json| {
                tally.take(json, self.shown);
                Ok(())
            })?;
            sound &= tally.problems.is_empty() && tally.undetermined == 0;
            tally.print(&ecosystem);
        }
        println!("`outside`: listed versions that the ranges beside them do not hold, `records` with such");
        Ok(sound)
    }
}

/// The ecosystems of a folder and their archives, sorted.
pub(crate) fn dumps(data: &Path) -> Result<Vec<(String, PathBuf)>> {
    let entries = std::fs::read_dir(data).with_context(|| format!("cannot list {}", data.display()))?;
    let mut dumps: Vec<(String, PathBuf)> = entries
        .flatten()
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path().join("all.zip")))
        .filter(|(_, archive)| archive.is_file())
        .collect();
    dumps.sort();
    ensure!(!dumps.is_empty(), "{} holds no ECOSYSTEM/all.zip", data.display());
    Ok(dumps)
}

/// Calls `take` with every record of an archive.
pub(crate) fn each_record(archive: &Path, mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let name = || format!("cannot read {}", archive.display());
    let mut archive = zip::ZipArchive::new(File::open(archive).with_context(name)?).with_context(name)?;
    let mut json = Vec::new();
    for at in 0..archive.len() {
        json.clear();
        archive.by_index(at)?.take(RECORD).read_to_end(&mut json)?;
        take(&json)?;
    }
    Ok(())
}

impl Tally {
    fn take(&mut self, json: &[u8], shown: usize) {
        self.records += 1;
        let advisory = match osv::parse(json) {
            Ok((advisory, problems)) => {
                problems.iter().for_each(|problem| self.problem(problem));
                advisory
            }
            Err(problem) => return self.problem(&problem),
        };
        let before = self.outside;
        for affected in &advisory.affected {
            let ordered = affected.ranges.iter().any(|range| range.order != RangeKind::Git);
            if !affected.name.is_empty() && ordered && !affected.versions.is_empty() {
                self.compare(&advisory.id, affected, shown);
            }
        }
        self.records_outside += usize::from(self.outside > before);
    }

    fn problem(&mut self, problem: &Problem) {
        *self.problems.entry(format!("{:?} in {}", problem.kind, problem.field)).or_default() += 1;
    }

    /// Asks an index that knows the ranges only for each of the listed versions.
    fn compare(&mut self, id: &str, affected: &Affected, shown: usize) {
        let mut ranges = affected.clone();
        ranges.versions.clear();
        let bytes = index_of(id, ranges).unwrap_or_default();
        let Ok(index) = Index::open(&bytes) else { return self.undetermined += 1 };
        self.packages += 1;
        for version in &affected.versions {
            self.versions += 1;
            let question = Question { ecosystem: &affected.ecosystem, name: &affected.name, version };
            match index.matches(&question) {
                Ok(found) if !found.vulnerabilities.is_empty() => {}
                Ok(found) if found.undetermined.is_empty() => {
                    self.outside += 1;
                    if self.examples.len() < shown {
                        self.examples
                            .push(format!("{id} {} {version}: {:?}", affected.name, affected.ranges));
                    }
                }
                _ => {
                    self.undetermined += 1;
                    self.examples.push(format!("{id} {} {version}: undetermined", affected.name));
                }
            }
        }
    }

    fn print(&self, ecosystem: &str) {
        println!(
            "{ecosystem:12} {:8} {:9} {:9} {:9} {:9} {:9} {:13}",
            self.records,
            self.problems.values().sum::<usize>(),
            self.packages,
            self.versions,
            self.outside,
            self.records_outside,
            self.undetermined
        );
        self.problems.iter().for_each(|(kind, count)| println!("  {count} × {kind}"));
        self.examples.iter().for_each(|example| println!("  {example}"));
    }
}

fn index_of(id: &str, affected: Affected) -> Result<Vec<u8>> {
    let advisory = osv::Advisory { id: id.to_owned(), affected: vec![affected], ..osv::Advisory::default() };
    let mut builder = Builder::in_memory();
    builder.add("", &advisory)?;
    let mut bytes = Vec::new();
    builder.finish(&mut bytes, "")?;
    Ok(bytes)
}
