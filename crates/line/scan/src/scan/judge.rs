use std::collections::{BTreeSet, HashMap, HashSet};

use andon_model::{ExceptionIssue, Finding, Gap, GapKind, Renames, State, View, match_baseline};
use jiff::civil::Date;

use super::engines::Engines;
use super::request::ScanRequest;
use super::settle::sort_worst_first;
use crate::exceptions::Reach;

/// How much of what there is a scan looks at.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    /// All files, apart from gaps.
    Everything,
    /// Only these, old names included.
    Paths(BTreeSet<String>),
}

/// Applies what people decided and what was known before.
pub(crate) struct Judged<'a> {
    pub(crate) request: &'a ScanRequest<'a>,
    pub(crate) engines: &'a Engines<'a>,
    pub(crate) reach: &'a Reached,
    pub(crate) gaps: &'a [Gap],
    pub(crate) today: Date,
}

/// With more gaps than this it is not worth working out which exceptions are unused.
const MANY_GAPS: usize = 1000;

impl Judged<'_> {
    /// Exceptions first, then the baseline, then the order. What was in the baseline counts as fixed only if the scan
    /// looked at its place.
    pub(crate) fn settle(
        &self,
        findings: &mut Vec<Finding>,
        old: Option<Vec<Finding>>,
        renames: &Renames,
    ) -> Vec<ExceptionIssue> {
        let missed: Vec<String> = self.gaps.iter().map(|gap| gap.subject.clone()).collect();
        let interrupted = self.gaps.iter().any(|gap| gap.kind == GapKind::Interrupted);
        let reach = match self.reach {
            Reached::Everything if !interrupted && missed.len() <= MANY_GAPS => Reach::AllBut(&missed),
            _ => Reach::Part,
        };
        let issues = self.request.exceptions.apply(findings, self.today, reach);
        if let Some(mut old) = old {
            let infos = self.engines.infos.iter();
            let ran: BTreeSet<&str> = infos.clone().map(|info| info.name).collect();
            old.retain(|finding| ran.contains(finding.engine.as_str()));
            self.request.exceptions.apply(&mut old, self.today, Reach::Part);
            match_baseline(findings, old, renames);
            let seen = Seen {
                reach: self.reach,
                whole: infos.filter(|info| info.view == View::Tree).map(|info| info.name).collect(),
                missed: missed.iter().map(String::as_str).collect(),
                renamed: renames.iter().map(|(new, old)| (old.as_str(), new.as_str())).collect(),
            };
            findings.retain(|finding| finding.state != State::Fixed || (!interrupted && seen.has(finding)));
        }
        sort_worst_first(findings);
        issues
    }
}

/// Where the scan looked.
struct Seen<'a> {
    reach: &'a Reached,
    missed: HashSet<&'a str>,
    /// Engines that saw whole trees.
    whole: HashSet<&'a str>,
    /// Old path -> new path.
    renamed: HashMap<&'a str, &'a str>,
}

impl Seen<'_> {
    /// Whether the scan would have found it, were it still there.
    fn has(&self, finding: &Finding) -> bool {
        let is_engine_missed = self.missed.contains(".") || self.missed.contains(finding.engine.as_str());
        let sees_all = self.whole.contains(finding.engine.as_str());
        !is_engine_missed
            && finding.locations.iter().all(|location| {
                let now = self.renamed.get(location.path.as_str());
                let reached = match self.reach {
                    _ if sees_all => true,
                    Reached::Everything => true,
                    Reached::Paths(paths) => paths.contains(&location.path),
                };
                reached && !self.is_missed(&location.path) && !now.is_some_and(|path| self.is_missed(path))
            })
    }

    /// Whether the path, or a folder that it is in, is a gap.
    fn is_missed(&self, path: &str) -> bool {
        let folders = path.match_indices('/').filter_map(|(end, _)| path.get(..end));
        self.missed.contains(path) || folders.into_iter().any(|folder| self.missed.contains(folder))
    }
}
