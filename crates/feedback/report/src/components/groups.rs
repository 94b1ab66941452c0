use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use andon_model::{Component, Finding, ScanReport, Severity, Upgrade};
use andon_purl::Purl;

use super::line::{exploited, urgency};
use crate::facts;

/// Findings about components, by what has to be done about them.
pub(crate) struct Groups<'a> {
    /// Components that are attacks themselves.
    pub(crate) malicious: Vec<&'a Finding>,
    /// What an update mends, worst first.
    pub(crate) updates: Vec<Update<'a>>,
    /// What no update mends, worst first.
    pub(crate) unfixed: Vec<&'a Finding>,
    /// What nobody maintains, and notices.
    pub(crate) abandoned: Vec<&'a Finding>,
    pub(crate) licences: Vec<&'a Finding>,
}

/// An update with the findings that it removes.
pub(crate) struct Update<'a> {
    pub(crate) upgrade: &'a Upgrade,
    /// Worst first; never empty.
    pub(crate) findings: Vec<&'a Finding>,
}

impl<'a> Groups<'a> {
    pub(crate) fn of(report: &'a ScanReport, findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let upgrades =
            report.inventory.as_ref().map(|inventory| inventory.upgrades.as_slice()).unwrap_or_default();
        let mut removed: HashMap<(&str, &str), usize> = HashMap::new();
        for (position, upgrade) in upgrades.iter().enumerate() {
            for print in &upgrade.removes {
                removed.entry((&upgrade.purl, print)).or_insert(position);
            }
        }
        let mut groups = Self {
            malicious: Vec::new(),
            updates: Vec::new(),
            unfixed: Vec::new(),
            abandoned: Vec::new(),
            licences: Vec::new(),
        };
        let mut updates: BTreeMap<usize, Vec<&Finding>> = BTreeMap::new();
        for finding in findings {
            match finding.rule.id.as_str() {
                "malicious-dependency" => groups.malicious.push(finding),
                "forbidden-licence" | "unknown-licence" => groups.licences.push(finding),
                _ => match removed.get(&(super::purl(finding), print(finding))) {
                    Some(position) => updates.entry(*position).or_default().push(finding),
                    None if is_aside(finding) => groups.abandoned.push(finding),
                    None => groups.unfixed.push(finding),
                },
            }
        }
        let updates = updates
            .into_iter()
            .filter_map(|(position, findings)| Some(Update { upgrade: upgrades.get(position)?, findings }));
        groups.updates = updates.collect();
        groups.sort();
        groups
    }

    fn sort(&mut self) {
        let order = |finding: &&Finding| (urgency(finding), finding.title.clone());
        for findings in [&mut self.malicious, &mut self.unfixed, &mut self.abandoned, &mut self.licences] {
            findings.sort_by_cached_key(order);
        }
        for update in &mut self.updates {
            update.findings.sort_by_cached_key(order);
        }
        self.updates.sort_by_cached_key(|update| {
            let worst = update.findings.first().map(|finding| urgency(finding));
            (worst, Reverse(update.findings.len()), &update.upgrade.purl)
        });
    }
}

impl Update<'_> {
    /// `removes 5 findings (1 critical, exploited; 3 high)`.
    pub(crate) fn removes(&self) -> String {
        format!("removes {} ({})", facts::plural(self.findings.len(), "finding"), counts(&self.findings))
    }
}

/// `1 critical, exploited; 3 high`.
pub(crate) fn counts(findings: &[&Finding]) -> String {
    let words = Severity::ALL.iter().rev().filter_map(|severity| {
        let of = || findings.iter().filter(|finding| finding.severity == *severity);
        let (count, known) = (of().count(), of().filter(|finding| exploited(finding)).count());
        let known = match known {
            0 => String::new(),
            known if known == count => ", exploited".to_owned(),
            known => format!(", {} exploited", facts::grouped(known as u64)),
        };
        (count > 0).then(|| format!("{} {severity}{known}", facts::grouped(count as u64)))
    });
    words.collect::<Vec<_>>().join("; ")
}

/// The fingerprint without the number that tells it from that of another version of the same component.
fn print(finding: &Finding) -> &str {
    let print = finding.fingerprints.primary.0.as_str();
    print.split_once('#').map_or(print, |(print, _)| print)
}

fn is_aside(finding: &Finding) -> bool {
    matches!(finding.rule.id.as_str(), "unmaintained-dependency" | "dependency-notice")
}

/// Names of components by their package URLs.
pub(crate) struct Labels<'a> {
    components: HashMap<&'a str, &'a Component>,
}

impl<'a> Labels<'a> {
    pub(crate) fn of(report: &'a ScanReport) -> Self {
        let components = report.inventory.iter().flat_map(|inventory| &inventory.components);
        Self { components: components.map(|component| (component.purl.as_str(), component)).collect() }
    }

    /// `express 4.17.1`.
    pub(crate) fn label(&self, purl: &str) -> String {
        let (name, version) = match self.components.get(purl) {
            Some(component) => (component.name.clone(), component.version.clone()),
            None => match Purl::parse(purl) {
                Ok(purl) => (purl.native_name(), purl.version().map(str::to_owned)),
                Err(_) => (purl.to_owned(), None),
            },
        };
        match version {
            Some(version) => format!("{name} {version}"),
            None => name,
        }
    }
}
