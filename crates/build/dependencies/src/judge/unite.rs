use std::collections::HashMap;

use andon_advisories::Vulnerability;
use andon_versions::{Scheme, Version};

use super::audit::Audited;
use super::finding::{name, rule};
use super::plan::Plan;
use crate::inventory::Part;

/// A component that was compared with the advisories, and what mends it.
pub(super) struct Judgement<'a> {
    pub(super) part: &'a Part,
    pub(super) answer: Audited<'a>,
    pub(super) plan: Plan,
}

/// One version of a package that has a vulnerability.
#[derive(Clone, Copy)]
pub(super) struct Affected<'f, 'a> {
    pub(super) part: &'a Part,
    pub(super) found: &'f Vulnerability<'a>,
    pub(super) fix: Option<&'f str>,
    pub(super) target: Option<&'f str>,
    scheme: Option<Scheme>,
}

/// A vulnerability of a package with all its versions that have it. Somebody who updates one of them has the same
/// finding until the last is mended, and one decision holds for all: versions come and go, and nothing else tells one
/// from another.
pub(super) struct Common<'f, 'a> {
    /// Lowest version first; never empty.
    pub(super) affected: Vec<Affected<'f, 'a>>,
}

/// Rule, name of the package, identifier.
type Key<'f> = (&'static str, &'f str, &'f str);

/// Brings together what versions of one package have in common.
pub(super) fn unite<'f, 'a>(judged: &'f [Judgement<'a>]) -> Vec<Common<'f, 'a>> {
    let vulnerable = |judged: &&Judgement<'_>| !judged.answer.vulnerabilities.is_empty();
    let judged: Vec<&Judgement<'a>> = judged.iter().filter(vulnerable).collect();
    let names: Vec<String> = judged.iter().map(|judged| name(judged.part)).collect();
    let mut all: Vec<Common<'f, 'a>> = Vec::new();
    let mut called: HashMap<Key<'_>, usize> = HashMap::new();
    let mut known: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
    for (judged, name) in judged.into_iter().zip(&names) {
        let each =
            judged.answer.vulnerabilities.iter().zip(judged.plan.fixes.iter().zip(&judged.plan.targets));
        for (found, (fix, target)) in each {
            let (fix, target) = (fix.as_deref(), target.as_deref());
            let scheme = judged.answer.identity.scheme();
            let affected = Affected { part: judged.part, found, fix, target, scheme };
            let key = |id| (rule(found.kind), name.as_str(), id);
            // What a component already is in, it is in as the last one.
            let is_free = |at: &&usize| {
                let last = all.get(**at).and_then(|common| common.affected.last());
                last.is_some_and(|other| !std::ptr::eq(other.part, judged.part))
            };
            let by_name = called.get(&key(found.id)).filter(is_free);
            let by_id = || found.ids.iter().filter_map(|id| known.get(&key(id))).flatten().find(is_free);
            let at = by_name.or_else(by_id).copied().unwrap_or(all.len());
            match all.get_mut(at) {
                Some(common) => common.affected.push(affected),
                None => all.push(Common { affected: vec![affected] }),
            }
            called.insert(key(found.id), at);
            for id in &found.ids {
                let with = known.entry(key(id)).or_default();
                if !with.contains(&at) {
                    with.push(at);
                }
            }
        }
    }
    all.iter_mut().for_each(Common::sort);
    all
}

impl<'f, 'a> Common<'f, 'a> {
    /// What to call it by: a CVE if any version's records name one, otherwise a GHSA.
    pub(super) fn id(&self) -> &'f str {
        let rank = |id: &str| (!id.starts_with("CVE-"), !id.starts_with("GHSA-"), id.len(), id.to_owned());
        let ids = self.affected.iter().map(|affected| affected.found.id);
        ids.min_by_key(|id| rank(id)).unwrap_or_default()
    }

    fn sort(&mut self) {
        if self.affected.len() < 2 {
            return;
        }
        self.affected.sort_by_cached_key(Affected::order);
    }
}

impl Affected<'_, '_> {
    /// What versions of a package are sorted by.
    pub(super) fn order(&self) -> (Option<Version>, String) {
        let version = self.part.purl.version().unwrap_or_default();
        let read = self.scheme.and_then(|scheme| Version::parse(scheme, version).ok());
        (read, self.part.component.purl.clone())
    }
}
