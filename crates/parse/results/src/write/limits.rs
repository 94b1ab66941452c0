use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::io::{self, Write};

use andon_model::{Finding, ScanReport, Severity, State};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::rules::{Key, key};

/// How much a consumer of SARIF takes. The default is what GitHub code scanning keeps and shows; beyond it GitHub
/// leaves results out by itself, and beyond its hard limits (25,000 results or rules, 1,000 locations of a result, 20
/// tags of a rule, 10 MB compressed) it refuses the whole upload.
/// Source: GitHub documentation, "SARIF results exceed one or more limits".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SarifLimits {
    /// Results in the run.
    pub results: usize,
    /// Rules in the run.
    pub rules: usize,
    /// Locations of a result.
    pub locations: usize,
    /// Steps of a data flow.
    pub flow_steps: usize,
    /// Tags of a rule.
    pub tags: usize,
    /// Bytes of the log after compression with gzip.
    pub compressed_bytes: usize,
    /// Whether findings that are fixed are written, as `absent`. GitHub would open an alert for each.
    pub fixed: bool,
}

impl Default for SarifLimits {
    fn default() -> Self {
        Self {
            results: 5_000,
            rules: 25_000,
            locations: 100,
            flow_steps: 1_000,
            tags: 10,
            compressed_bytes: 10_000_000,
            fixed: false,
        }
    }
}

impl SarifLimits {
    /// Everything is written, fixed findings included: for consumers other than GitHub.
    pub fn unlimited() -> Self {
        Self {
            results: usize::MAX,
            rules: usize::MAX,
            locations: usize::MAX,
            flow_steps: usize::MAX,
            tags: usize::MAX,
            compressed_bytes: usize::MAX,
            fixed: true,
        }
    }
}

/// Which findings are written.
pub(super) struct Kept {
    /// Positions in the report, most important first.
    ranked: Vec<usize>,
    /// How many of `ranked` are written.
    count: usize,
    /// Notices that do not depend on `count`.
    fixed: Vec<String>,
    limit: String,
    pub(super) notices: Vec<String>,
}

impl Kept {
    pub(super) fn choose(report: &ScanReport, limits: &SarifLimits) -> Self {
        let mut kept = Self {
            ranked: ranked(&report.findings, limits.fixed),
            count: 0,
            fixed: Vec::new(),
            limit: format!("the limit is {} results", limits.results),
            notices: Vec::new(),
        };
        kept.limit_rules(report, limits.rules);
        kept.count = kept.ranked.len().min(limits.results);
        let crowded =
            kept.findings(report).filter(|finding| finding.locations.len() > limits.locations).count();
        if crowded > 0 {
            kept.fixed.push(format!(
                "{crowded} results have more than {} locations; the rest of their locations are left out",
                limits.locations
            ));
        }
        kept.tell(report);
        kept
    }

    /// The findings that are written, in the report's order.
    pub(super) fn findings<'a>(&self, report: &'a ScanReport) -> impl Iterator<Item = &'a Finding> {
        let positions: BTreeSet<usize> = self.ranked.iter().take(self.count).copied().collect();
        positions.into_iter().filter_map(|position| report.findings.get(position))
    }

    /// Keeps fewer, in proportion to how much `size` is over `limit`. False when there is nothing left to give up.
    pub(super) fn shrink(&mut self, report: &ScanReport, size: usize, limit: usize) -> bool {
        if self.count == 0 {
            return false;
        }
        let share = self.count as f64 * limit as f64 / size.max(1) as f64 * 0.95;
        self.count = (share as usize).min(self.count - 1);
        self.limit = format!("the limit is {limit} bytes after compression");
        self.tell(report);
        true
    }

    fn limit_rules(&mut self, report: &ScanReport, limit: usize) {
        let mut rules: BTreeSet<Key<'_>> = BTreeSet::new();
        let before = self.ranked.len();
        self.ranked.retain(|position| {
            let Some(finding) = report.findings.get(*position) else { return false };
            let key = key(finding);
            rules.contains(&key) || (rules.len() < limit && rules.insert(key))
        });
        if self.ranked.len() < before {
            let lost = before - self.ranked.len();
            self.fixed.push(format!("{lost} results are left out: the limit is {limit} rules"));
        }
    }

    fn tell(&mut self, report: &ScanReport) {
        self.notices.clone_from(&self.fixed);
        let lost = self.ranked.get(self.count..).unwrap_or_default();
        if lost.is_empty() {
            return;
        }
        let severities = Severity::ALL.iter().rev().filter_map(|severity| {
            let is =
                |position: &&usize| report.findings.get(**position).is_some_and(|f| f.severity == *severity);
            let count = lost.iter().filter(is).count();
            (count > 0).then(|| format!("{count} {severity}"))
        });
        let severities: Vec<String> = severities.collect();
        self.notices.push(format!(
            "{} of {} results are left out, least severe first ({}): {}; the JSON format has them all",
            lost.len(),
            self.ranked.len(),
            severities.join(", "),
            self.limit
        ));
    }
}

/// The size of `bytes` after compression with gzip at its usual level.
pub(super) fn compressed_size(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Counter(0), Compression::default());
    match encoder.write_all(bytes).and_then(|()| encoder.finish()) {
        Ok(counter) => counter.0,
        Err(_) => bytes.len(),
    }
}

struct Counter(usize);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn ranked(findings: &[Finding], fixed: bool) -> Vec<usize> {
    let written = |finding: &Finding| fixed || finding.state != State::Fixed;
    let mut ranked: Vec<(usize, &Finding)> =
        findings.iter().enumerate().filter(|(_, finding)| written(finding)).collect();
    ranked.sort_by_key(|(position, finding)| {
        (
            !finding.counts(),
            Reverse(finding.severity),
            !finding.is_new(),
            Reverse(finding.confidence),
            *position,
        )
    });
    ranked.into_iter().map(|(position, _)| position).collect()
}
