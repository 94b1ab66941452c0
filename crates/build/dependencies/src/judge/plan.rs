use std::collections::{HashMap, HashSet};

use andon_advisories::{Kind, Question, Vulnerability, group};
use andon_versions::Version;

use super::audit::Audited;
use super::data::Data;

/// More fixed versions are not tried.
const MOST_TRIED: usize = 16;
/// More updates of one component, none of which mends what another one does, are not looked for.
const MOST_STEPS: usize = 4;

/// What mends the vulnerabilities of one component, asked of the very advisories that found them: a version that one
/// record calls fixed and another one still affected mends nothing.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// For each vulnerability the lowest version known to be without it.
    pub(super) fixes: Vec<Option<String>>,
    /// For each vulnerability the version that it is best mended by, together with as many others as possible.
    pub(super) targets: Vec<Option<String>>,
}

impl Plan {
    pub(super) fn of(answer: &Audited<'_>, data: &Data<'_>) -> Self {
        let mut tries = Tries { answer, data, known: HashMap::new() };
        let found = &answer.vulnerabilities;
        let fixes: Vec<Option<Version>> = found.iter().map(|found| tries.fix(found)).collect();
        let mut targets = vec![None; found.len()];
        for _ in 0..MOST_STEPS {
            let is_open = |index: &usize| targets.get(*index).is_some_and(Option::is_none);
            let open = found.iter().enumerate().zip(&fixes);
            let open = open.filter(|((index, found), fix)| counts(found) && fix.is_some() && is_open(index));
            let open: Vec<usize> = open.map(|((index, _), _)| index).collect();
            let Some((version, mended)) = tries.best(&open, &fixes) else { break };
            for target in mended {
                if let Some(target) = targets.get_mut(target) {
                    *target = Some(version.as_str().to_owned());
                }
            }
        }
        let fixes = fixes.into_iter().map(|fix| fix.map(|fix| fix.as_str().to_owned())).collect();
        Self { fixes, targets }
    }
}

/// Versions of one component that were tried.
struct Tries<'p, 'a> {
    answer: &'p Audited<'a>,
    data: &'p Data<'p>,
    /// Version -> the identifiers of what it is affected by.
    known: HashMap<String, HashSet<String>>,
}

impl<'a> Tries<'_, 'a> {
    /// The lowest version that is said to fix a vulnerability and is without it.
    fn fix(&mut self, found: &Vulnerability<'a>) -> Option<Version> {
        let first = self.read(found.fix?)?;
        let mut later: Vec<Version> = found.fixes.iter().filter_map(|fix| self.read(fix)).collect();
        later.retain(|fix| *fix > first);
        later.sort_by(Version::compare);
        let mut all = std::iter::once(first).chain(later).take(MOST_TRIED);
        all.find(|version| self.is_without(version.as_str(), found) == Some(true))
    }

    /// The lowest version that mends as many of these vulnerabilities as any version does, and which those are. Begins
    /// with the first that is not below any one's fix; fixes of other branches follow, since what was mended there later
    /// may affect the first.
    fn best(&mut self, open: &[usize], fixes: &[Option<Version>]) -> Option<(Version, Vec<usize>)> {
        let answer = self.answer;
        let fix = |index: &usize| fixes.get(*index).cloned().flatten();
        let first = open.iter().filter_map(fix).max_by(Version::compare)?;
        let named = answer.vulnerabilities.iter().flat_map(|found| &found.fixes);
        let mut later: Vec<Version> = named.filter_map(|fix| self.read(fix)).collect();
        later.retain(|fix| *fix > first);
        later.sort_by(Version::compare);
        later.dedup_by(|a, b| a == b);
        let mut best: Option<(Version, Vec<usize>)> = None;
        for version in std::iter::once(first).chain(later).take(MOST_TRIED) {
            let mut mended = open.to_vec();
            mended.retain(|index| {
                let found = answer.vulnerabilities.get(*index);
                found.and_then(|found| self.is_without(version.as_str(), found)) == Some(true)
            });
            let more = best.as_ref().map_or(!mended.is_empty(), |(_, most)| mended.len() > most.len());
            if more {
                best = Some((version, mended));
            }
            if best.as_ref().is_some_and(|(_, mended)| mended.len() == open.len()) {
                break;
            }
        }
        best
    }

    fn read(&self, fix: &str) -> Option<Version> {
        Version::parse(self.answer.identity.scheme()?, fix).ok()
    }

    /// Whether no advisory says of a version that it has a vulnerability; `None` when they cannot be asked.
    fn is_without(&mut self, version: &str, found: &Vulnerability<'_>) -> Option<bool> {
        if !self.known.contains_key(version) {
            let question = Question { version, ..self.answer.identity.question() };
            let after = self.data.matches(&question).ok()?;
            let index = self.data.main.as_ref().or(self.data.own.as_ref())?;
            let after = group(index, &after.vulnerabilities).ok()?;
            let ids = after.iter().flat_map(|left| left.ids.iter().map(|id| (*id).to_owned())).collect();
            self.known.insert(version.to_owned(), ids);
        }
        let left = self.known.get(version)?;
        Some(!found.ids.iter().any(|id| left.contains(*id)))
    }
}

/// Whether an update for its sake is worth naming.
fn counts(found: &Vulnerability<'_>) -> bool {
    found.kind != Kind::Notice
}
