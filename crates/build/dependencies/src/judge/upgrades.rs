use std::collections::HashSet;

use andon_advisories::{Kind, Question, Vulnerability, group};
use andon_model::{Relation, Upgrade};
use andon_versions::Version;

use super::audit::Audited;
use super::commands::command;
use super::data::Data;
use super::finding::{as_tagged, primary};
use crate::inventory::{Collected, Part};
use crate::why::roots;

/// More fixed versions of one component are not tried.
const MOST_TRIED: usize = 16;

/// What to update, the upgrade that removes most findings first.
pub(super) fn upgrades(
    collected: &Collected,
    audited: &[(&Part, Audited<'_>)],
    data: &Data<'_>,
) -> Vec<Upgrade> {
    let roots = roots(collected.parts.iter().map(|part| &part.component));
    let through = |part: &Part| {
        let transitive = part.component.relation == Relation::Transitive;
        let root = roots.get(part.component.purl.as_str()).filter(|_| transitive)?;
        Some((*root).to_owned())
    };
    let mut upgrades: Vec<Upgrade> = audited
        .iter()
        .filter(|(_, answer)| answer.vulnerabilities.iter().any(|found| found.fix.is_some()))
        .filter_map(|(part, answer)| Some(Upgrade { through: through(part), ..upgrade(part, answer, data)? }))
        .collect();
    upgrades.sort_by(|a, b| b.removes.len().cmp(&a.removes.len()).then_with(|| a.purl.cmp(&b.purl)));
    upgrades
}

/// The lowest version that mends as much as any version does.
fn upgrade(part: &Part, answer: &Audited<'_>, data: &Data<'_>) -> Option<Upgrade> {
    let mendable = answer.vulnerabilities.iter().filter(|found| found.fix.is_some() && counts(found)).count();
    let (mut best, mut mended) = (None, Vec::new());
    for version in candidates(answer)? {
        let found = mended_by(answer, data, version.as_str())?;
        if found.len() > mended.len() {
            (best, mended) = (Some(version), found);
        }
        if mended.len() >= mendable {
            break;
        }
    }
    let to = as_tagged(part, best?.as_str());
    let removes = mended.into_iter().map(|found| primary(part, found).0);
    Some(Upgrade {
        purl: part.component.purl.clone(),
        name: part.component.name.clone(),
        from: part.component.version.clone().unwrap_or_default(),
        command: command(part, &to),
        removes: removes.collect(),
        to,
        through: None,
    })
}

/// Versions that mend something, lowest first, from the first on that is not below the fix of any vulnerability.
/// Fixes of other branches follow: the first may still be affected by what was mended there later.
fn candidates(answer: &Audited<'_>) -> Option<Vec<Version>> {
    let scheme = answer.identity.scheme()?;
    let read = |fix: &str| Version::parse(scheme, fix).ok();
    let fixes = answer.vulnerabilities.iter().filter(|found| counts(found)).filter_map(|found| found.fix);
    let first = fixes.filter_map(read).max_by(Version::compare)?;
    let all = answer.vulnerabilities.iter().flat_map(|found| found.fixes.iter().copied()).filter_map(read);
    let mut later: Vec<Version> = all.filter(|fix| *fix > first).collect();
    later.sort_by(Version::compare);
    later.dedup_by(|a, b| a == b);
    let candidates = std::iter::once(first).chain(later);
    Some(candidates.take(MOST_TRIED).collect())
}

/// The vulnerabilities that a version is without.
fn mended_by<'f, 'a>(
    answer: &'f Audited<'a>,
    data: &Data<'_>,
    version: &str,
) -> Option<Vec<&'f Vulnerability<'a>>> {
    let question = Question { version, ..answer.identity.question() };
    let after = data.matches(&question).ok()?;
    let after = group(data.main.as_ref().or(data.own.as_ref())?, &after.vulnerabilities).ok()?;
    let left: HashSet<&str> = after.iter().flat_map(|left| left.ids.iter().copied()).collect();
    let is_mended =
        |found: &&Vulnerability<'a>| counts(found) && !found.ids.iter().any(|id| left.contains(id));
    Some(answer.vulnerabilities.iter().filter(is_mended).collect())
}

fn counts(found: &Vulnerability<'_>) -> bool {
    found.kind != Kind::Notice
}
