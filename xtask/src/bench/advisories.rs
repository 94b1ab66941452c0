//! The advisory index: building it from OSV's dumps, opening it, matching components against it.

use std::collections::HashSet;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use andon_advisories::{Builder, Built, Index, Question, group, osv};
#[cfg(not(unix))]
use anyhow::bail;
use anyhow::{Context, Result};
use clap::Args;

use crate::conformance::{dumps, each_record};
use crate::process;

/// Build, open and ask the advisory index.
#[derive(Args)]
pub(crate) struct Advisories {
    /// A folder with one folder an ecosystem, each with an `all.zip`, as OSV publishes them.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// How many components are matched.
    #[arg(long, default_value_t = 10_000)]
    components: usize,
    /// Times that each measurement is repeated; the median is printed.
    #[arg(long, default_value_t = 9)]
    times: usize,
}

/// A component of the data itself, so that names and versions are real.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Component {
    ecosystem: String,
    pub(super) name: String,
    pub(super) version: String,
}

impl Advisories {
    pub(super) fn run(&self) -> Result<bool> {
        if cfg!(debug_assertions) {
            return self.run_optimised();
        }
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("advisories.index");
        let (before, start) = (peak()?, cpu()?);
        let built = self.build(&path)?;
        println!(
            "building: {:.2} s of CPU time, peak {} MiB above {} MiB",
            cpu()?.saturating_sub(start).as_secs_f64(),
            (peak()? - before) / 1024,
            before / 1024
        );
        let (metadata, size) = (&built.metadata, built.bytes as f64 / f64::from(1 << 20));
        println!("index: {} records, {} packages, {size:.1} MiB", metadata.advisories, metadata.packages);
        let start = Instant::now();
        let map = andon_mapped::Mapped::open(&path)?;
        let index = Index::open(&map)?;
        println!("opening: {:.3} ms", start.elapsed().as_secs_f64() * 1e3);
        self.ask(&index)?;
        for other in ["osv-scanner", "trivy"].iter().filter(|other| process::on_path(other).is_none()) {
            println!("{other} is not installed");
        }
        Ok(true)
    }

    fn ask(&self, index: &Index<'_>) -> Result<()> {
        let components = self.components(index)?;
        let (mut affected, mut records, mut undetermined) = (0, 0, 0);
        let matched = self.median(|| {
            (affected, records, undetermined) = (0, 0, 0);
            for component in &components {
                let found = index.matches(&component.question())?;
                affected += usize::from(!found.vulnerabilities.is_empty());
                records += found.vulnerabilities.len();
                undetermined += found.undetermined.len();
            }
            Ok(records as u64)
        })?;
        println!(
            "matching {} components: {:.1} ms ({affected} affected, by {records} records; {undetermined} undetermined)",
            components.len(),
            matched.as_secs_f64() * 1e3
        );
        let mut vulnerabilities = 0;
        let grouped = self.median(|| {
            vulnerabilities = 0;
            for component in &components {
                vulnerabilities +=
                    group(index, &index.matches(&component.question())?.vulnerabilities)?.len();
            }
            Ok(vulnerabilities as u64)
        })?;
        println!(
            "matching and grouping: {:.1} ms ({vulnerabilities} vulnerabilities)",
            grouped.as_secs_f64() * 1e3
        );
        Ok(())
    }

    /// An unoptimised build says nothing about speed.
    fn run_optimised(&self) -> Result<bool> {
        let mut command = process::cargo();
        command.args([
            "run",
            "--quiet",
            "--release",
            "--package",
            "xtask",
            "--",
            "bench",
            "advisories",
            "--data",
        ]);
        command.arg(&self.data);
        command.args(["--components", &self.components.to_string(), "--times", &self.times.to_string()]);
        process::run(&mut command)?;
        Ok(true)
    }

    fn build(&self, path: &Path) -> Result<Built> {
        let mut builder = Builder::new(tempfile::tempfile()?);
        for (ecosystem, archive) in dumps(&self.data)? {
            builder.declare(&ecosystem, "");
            each_record(&archive, |json| Ok(builder.add_json(&ecosystem, json).map(drop)?))?;
        }
        let mut out = BufWriter::new(std::fs::File::create(path)?);
        let built = builder.finish(&mut out, "")?;
        out.flush()?;
        Ok(built)
    }

    /// Names and versions drawn from the records: versions that events and lists name, until half of the components
    /// are affected and half are not, as far as the data has them.
    fn components(&self, index: &Index<'_>) -> Result<Vec<Component>> {
        let mut known = Vec::new();
        for (_, archive) in dumps(&self.data)? {
            each_record(&archive, |json| {
                if let Ok((advisory, _)) = osv::parse(json) {
                    advisory.affected.iter().for_each(|affected| known.extend(named(affected)));
                }
                Ok(())
            })?;
        }
        known.sort();
        known.dedup();
        shuffle(&mut known);
        let mut taken = HashSet::new();
        let (mut affected, mut clear) = (Vec::new(), Vec::new());
        for component in known {
            let hit = !index.matches(&component.question())?.vulnerabilities.is_empty();
            let list = if hit { &mut affected } else { &mut clear };
            // An inventory has a package once, or in a few versions, not in all that the data know.
            if list.len() < self.components / 2
                && taken.insert((hit, component.ecosystem.clone(), component.name.clone()))
            {
                list.push(component);
            }
        }
        affected.append(&mut clear);
        shuffle(&mut affected);
        Ok(affected)
    }

    /// The median of the CPU time that a run takes; other programs on the machine change it little.
    fn median(&self, mut run: impl FnMut() -> Result<u64>) -> Result<Duration> {
        let mut times = Vec::new();
        for _ in 0..self.times.max(1) {
            let start = cpu()?;
            std::hint::black_box(run()?);
            times.push(cpu()?.saturating_sub(start));
        }
        times.sort();
        times.get(times.len() / 2).copied().context("nothing was measured")
    }
}

impl Component {
    fn question(&self) -> Question<'_> {
        Question { ecosystem: &self.ecosystem, name: &self.name, version: &self.version }
    }
}

/// The package versions that an entry of an advisory names.
pub(super) fn named(affected: &osv::Affected) -> Vec<Component> {
    let events = affected.ranges.iter().filter(|range| range.order != osv::RangeKind::Git);
    let versions = events.flat_map(|range| &range.events).map(|event| match event {
        osv::Event::Introduced(at)
        | osv::Event::Fixed(at)
        | osv::Event::LastAffected(at)
        | osv::Event::Limit(at) => at,
    });
    let versions = versions.filter(|version| *version != "0").chain(affected.versions.iter().take(3));
    let component = |version: &String| Component {
        ecosystem: affected.ecosystem.clone(),
        name: affected.name.clone(),
        version: version.clone(),
    };
    if affected.name.is_empty() { Vec::new() } else { versions.map(component).collect() }
}

/// The same order in every run.
pub(super) fn shuffle<T>(list: &mut [T]) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for at in (1..list.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(state >> 33).unwrap_or(0) % (at + 1);
        list.swap(at, other);
    }
}

/// Largest resident set of this process so far, in KiB.
#[cfg(unix)]
fn peak() -> Result<u64> {
    use nix::sys::resource::{UsageWho, getrusage};
    let unit = if cfg!(target_os = "macos") { 1024 } else { 1 };
    Ok(u64::try_from(getrusage(UsageWho::RUSAGE_SELF)?.max_rss())? / unit)
}

/// CPU time of this process so far.
#[cfg(unix)]
fn cpu() -> Result<Duration> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(u64::try_from(micros)?))
}

#[cfg(not(unix))]
fn peak() -> Result<u64> {
    bail!("memory is measured on Unix only")
}

#[cfg(not(unix))]
fn cpu() -> Result<Duration> {
    bail!("CPU time is measured on Unix only")
}
