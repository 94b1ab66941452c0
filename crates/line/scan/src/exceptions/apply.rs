use std::collections::{BTreeSet, HashMap};

use andon_model::{ExceptionIssue, ExceptionProblem, Finding, Suppression, SuppressionKind};
use jiff::civil::Date;

use super::entry::Entry;
use super::{Exceptions, Reach, issue};

impl Exceptions {
    /// Suppresses what the entries match; the first entry that matches wins, and what something else suppressed
    /// already stays as it is. Returns what is to be said about entries: invalid ones, those whose last day is
    /// before `today`, and those that match nothing although the scan reached what they are about.
    pub fn apply(&self, findings: &mut [Finding], today: Date, reach: Reach<'_>) -> Vec<ExceptionIssue> {
        let mut used = vec![false; self.entries.len()];
        let index = Index::new(&self.entries);
        for finding in findings.iter_mut() {
            for position in index.candidates(finding) {
                let Some(entry) = self.entries.get(position).filter(|entry| entry.matches(finding)) else {
                    continue;
                };
                if let Some(used) = used.get_mut(position) {
                    *used = true;
                }
                if !entry.is_expired(today) && finding.suppression.is_none() {
                    finding.suppression = Some(Suppression {
                        kind: SuppressionKind::Exception,
                        reason: entry.exception.reason.clone(),
                        owner: Some(entry.exception.owner.clone()),
                        expires: Some(entry.exception.expires.clone()),
                        requester: entry.exception.requester.clone(),
                        approver: entry.exception.approver.clone(),
                    });
                }
            }
        }
        let mut issues = self.invalid.clone();
        for (entry, used) in self.entries.iter().zip(used) {
            if entry.is_expired(today) {
                let detail = format!(
                    "{}: expired on {}; mend the finding, or renew the entry with its owner",
                    entry.place, entry.exception.expires
                );
                issues.push(issue(ExceptionProblem::Expired, entry, detail));
            } else if !used && reach.says_unused(entry) {
                let detail = format!("{}: matches no finding; remove it", entry.place);
                issues.push(issue(ExceptionProblem::Unused, entry, detail));
            } else if entry.names_people() {
                issues.extend(unapproved(entry));
            }
        }
        issues
    }

    /// Entries in force on `today` that gates on evidence do not take, because nobody else than who asked for them
    /// approved them. Entries that name a requester or an approver are told by [`Exceptions::apply`] already.
    pub fn unapproved(&self, today: Date) -> Vec<ExceptionIssue> {
        let silent = self.entries.iter().filter(|entry| !entry.is_expired(today) && !entry.names_people());
        silent.filter_map(unapproved).collect()
    }
}

fn unapproved(entry: &Entry) -> Option<ExceptionIssue> {
    let problem = entry.exception.unapproved()?;
    let detail = format!("{}: {problem}; gates on evidence do not take it", entry.place);
    Some(issue(ExceptionProblem::Unapproved, entry, detail))
}

/// Entries by what they name, so that a long file costs no more per finding than a short one.
struct Index<'a> {
    by_fingerprint: HashMap<&'a str, Vec<usize>>,
    by_rule: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Index<'a> {
    fn new(entries: &'a [Entry]) -> Self {
        let mut index = Self { by_fingerprint: HashMap::new(), by_rule: HashMap::new() };
        for (position, entry) in entries.iter().enumerate() {
            if let Some(fingerprint) = &entry.exception.fingerprint {
                index.by_fingerprint.entry(fingerprint).or_default().push(position);
            } else if let Some(rule) = &entry.exception.rule {
                index.by_rule.entry(rule).or_default().push(position);
            }
        }
        index
    }

    /// The entries that may match, in the order of the file.
    fn candidates(&self, finding: &Finding) -> BTreeSet<usize> {
        let named = finding.fingerprints.all().filter_map(|one| self.by_fingerprint.get(one.0.as_str()));
        named.chain(self.by_rule.get(finding.rule.id.as_str())).flatten().copied().collect()
    }
}
