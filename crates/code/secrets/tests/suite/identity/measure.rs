//! Scans a project before and after a change, and compares how the findings were matched with the truth.

use std::collections::BTreeSet;
use std::fmt;

use andon_model::{Content, Engine, Finding, Occurrence, Renames, Snapshot, State, Unit, match_baseline};
use andon_secrets::Secrets;

use super::project::{File, Project, Truth};

/// What became of findings.
#[derive(Clone, Copy, Default)]
pub(super) struct Tally {
    /// Findings whose credential was found before and after.
    pub(super) lasting: usize,
    /// Of those, the ones matched to their own past.
    pub(super) kept: usize,
    /// All planted findings after the change.
    pub(super) all: usize,
    /// Of those, the ones matched to another's past, or made of two credentials.
    pub(super) merged: usize,
    /// Found before and no longer found, though the credential is still there.
    pub(super) unseen: usize,
}

pub(super) fn scan(engine: &Secrets, project: &Project) -> Vec<Finding> {
    let units: Vec<Unit> = project.files.iter().flat_map(|file| units(engine, file)).collect();
    engine.combine(&units, &Nothing).findings
}

fn units(engine: &Secrets, file: &File) -> Vec<Unit> {
    let text = file.text();
    let facts = [
        engine.examine(&Content::text(text.as_bytes())).facts,
        engine.examine_path(&file.path).unwrap_or_default(),
    ];
    let occurrences = || vec![Occurrence::in_tree(file.path.clone())];
    let kept = facts.into_iter().filter(|facts| !facts.is_empty());
    kept.map(|facts| Unit { facts, occurrences: occurrences() }).collect()
}

/// Matches the findings `after` a change to those `before` it and counts.
pub(super) fn compare(
    (before, old_truth): (&[Finding], &Truth),
    (after, new_truth): (&[Finding], &Truth),
    renames: &Renames,
) -> Tally {
    let old: Vec<_> = before.iter().map(|finding| key(finding, old_truth)).collect();
    let alive: BTreeSet<usize> = new_truth.values().copied().collect();
    let mut tally = Tally::default();
    let mut seen = BTreeSet::new();
    for (finding, partner) in after.iter().zip(partners(after, before, renames)) {
        let new = key(finding, new_truth);
        let Some(id) = new.ids.first() else { continue };
        tally.all += 1;
        let past = partner.map(|partner| &old[partner]);
        if new.ids.len() > 1 || past.is_some_and(|past| *past != new) {
            tally.merged += 1;
        }
        if old.contains(&new) {
            tally.lasting += 1;
            tally.kept += usize::from(past == Some(&new));
            seen.insert((finding.rule.id.as_str(), *id));
        }
    }
    let lost = |key: &&Key<'_>| {
        key.ids.first().is_some_and(|id| alive.contains(id) && !seen.contains(&(key.rule, *id)))
    };
    tally.unseen = old.iter().filter(lost).count();
    tally
}

/// What a finding is about.
#[derive(PartialEq, Eq)]
struct Key<'a> {
    rule: &'a str,
    /// Planted credentials; none for what was in the sources already.
    ids: BTreeSet<usize>,
}

fn key<'a>(finding: &'a Finding, truth: &Truth) -> Key<'a> {
    let line = |location: &andon_model::Location| location.region.map_or(0, |region| region.start_line);
    let ids =
        finding.locations.iter().filter_map(|place| truth.get(&(place.path.clone(), line(place))).copied());
    Key { rule: &finding.rule.id, ids: ids.collect() }
}

/// For each finding the index of the one in the baseline that it was matched to. Matching tells only states, so it is
/// run once for each bit of the index: a past that was fixed makes a finding reopened.
fn partners(after: &[Finding], before: &[Finding], renames: &Renames) -> Vec<Option<usize>> {
    let mut partners = vec![Some(0); after.len()];
    let bits = usize::BITS - before.len().leading_zeros();
    for bit in 0..bits {
        let mut current = after.to_vec();
        let mut baseline = before.to_vec();
        for (index, finding) in baseline.iter_mut().enumerate() {
            finding.state = if index >> bit & 1 == 1 { State::Fixed } else { State::New };
        }
        match_baseline(&mut current, baseline, renames);
        for (partner, finding) in partners.iter_mut().zip(&current) {
            *partner = match finding.state {
                State::New => None,
                State::Reopened => partner.map(|index| index | 1 << bit),
                _ => *partner,
            };
        }
    }
    partners
}

struct Nothing;

impl Snapshot for Nothing {
    fn read(&self, _path: &str) -> Option<Vec<u8>> {
        None
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.lasting += other.lasting;
        self.kept += other.kept;
        self.all += other.all;
        self.merged += other.merged;
        self.unseen += other.unseen;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        write!(
            f,
            "{:5} of {:5} kept ({:6.2} %), {:3} of {:5} merged wrongly ({:.2} %), {} no longer found",
            self.kept,
            self.lasting,
            percent(self.kept, self.lasting),
            self.merged,
            self.all,
            percent(self.merged, self.all),
            self.unseen,
        )
    }
}
