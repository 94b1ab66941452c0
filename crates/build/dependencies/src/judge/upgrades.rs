use std::collections::HashMap;

use andon_advisories::{Kind, Question, group};
use andon_model::{Component, Relation, Upgrade};
use andon_versions::Version;

use super::audit::Audited;
use super::commands::command;
use super::data::Data;
use super::finding::{as_tagged, vulnerability};
use crate::inventory::{Collected, Part};
use crate::why::paths_to;

/// What to update, the upgrade that removes most findings first.
pub(super) fn upgrades(
    collected: &Collected,
    audited: &[(&Part, Audited<'_>)],
    data: &Data<'_>,
) -> Vec<Upgrade> {
    let components: Vec<Component> = collected.parts.iter().map(|part| part.component.clone()).collect();
    let mut upgrades: Vec<Upgrade> = audited
        .iter()
        .filter(|(_, answer)| answer.vulnerabilities.iter().any(|found| found.fix.is_some()))
        .filter_map(|(part, answer)| upgrade(part, answer, data))
        .collect();
    let direct: HashMap<&str, &Component> =
        components.iter().map(|component| (component.purl.as_str(), component)).collect();
    for upgrade in &mut upgrades {
        upgrade.through = through(&components, &direct, &upgrade.purl);
    }
    upgrades.sort_by(|a, b| b.removes.len().cmp(&a.removes.len()).then_with(|| a.purl.cmp(&b.purl)));
    upgrades
}

/// The lowest version that mends everything that any version mends.
fn upgrade(part: &Part, answer: &Audited<'_>, data: &Data<'_>) -> Option<Upgrade> {
    let scheme = answer.identity.scheme()?;
    let fixes = answer.vulnerabilities.iter().filter_map(|found| found.fix);
    let fixes = fixes.filter_map(|fix| Version::parse(scheme, fix).ok());
    let fixed = fixes.max_by(Version::compare)?.as_str().to_owned();
    let question = Question { version: &fixed, ..answer.identity.question() };
    let to = as_tagged(part, &fixed);
    let after = data.matches(&question).ok()?;
    let after = group(data.main.as_ref().or(data.own.as_ref())?, &after.vulnerabilities).ok()?;
    let still = |ids: &[&str]| after.iter().any(|left| left.ids.iter().any(|id| ids.contains(id)));
    let mended =
        answer.vulnerabilities.iter().filter(|found| found.kind != Kind::Notice && !still(&found.ids));
    let removes: Vec<String> =
        mended.map(|found| vulnerability(part, found, &[]).fingerprints.primary.0).collect();
    if removes.is_empty() {
        return None;
    }
    Some(Upgrade {
        purl: part.component.purl.clone(),
        name: part.component.name.clone(),
        from: part.component.version.clone().unwrap_or_default(),
        command: command(part, &to),
        to,
        removes,
        through: None,
    })
}

/// The direct dependency that brings a component in; `None` when it is direct itself or nothing says.
fn through(components: &[Component], by_purl: &HashMap<&str, &Component>, purl: &str) -> Option<String> {
    if by_purl.get(purl)?.relation != Relation::Transitive {
        return None;
    }
    let path = paths_to(components, purl, 1).into_iter().next()?;
    path.purls.into_iter().next().filter(|first| first != purl)
}
