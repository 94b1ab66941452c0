use std::collections::{BTreeMap, HashMap};

use andon_model::{Relation, Upgrade};

use super::commands::command;
use super::finding::{Told, as_tagged, versions};
use super::unite::Affected;
use crate::inventory::{Collected, Part};
use crate::why::roots;

/// An update of those versions of a package that have the same findings.
#[derive(Default)]
struct Group<'a> {
    /// Each component and the version that it goes to.
    steps: Vec<Step<'a>>,
    removes: Vec<String>,
}

/// A component, and the version that it goes to.
type Step<'a> = (&'a Part, String);

/// What to update, the upgrade that removes most findings first. One that several versions of a package have is removed
/// when the last of them is updated.
pub(super) fn upgrades(collected: &Collected, told: &[Told<'_, '_>]) -> Vec<Upgrade> {
    let roots = roots(collected.parts.iter().map(|part| &part.component));
    let through = |part: &Part| {
        let transitive = part.component.relation == Relation::Transitive;
        let root = roots.get(part.component.purl.as_str()).filter(|_| transitive)?;
        Some((*root).to_owned())
    };
    let mut versions: HashMap<(&str, &str), u32> = HashMap::new();
    for part in collected.parts.iter().filter(|_| !told.is_empty()) {
        *versions.entry((part.purl.kind(), &part.component.name)).or_default() += 1;
    }
    let is_alone = |part: &Part| versions.get(&(part.purl.kind(), &part.component.name)) == Some(&1);
    // By the component that speaks for a finding, and the version that this one goes to.
    let mut groups: BTreeMap<(&str, String), Group<'_>> = BTreeMap::new();
    for told in told {
        let Some(steps) = told.affected.iter().map(step).collect::<Option<Vec<_>>>() else { continue };
        let Some((last, to)) = steps.last().cloned() else { continue };
        let group = groups.entry((&last.component.purl, to)).or_default();
        group.add(steps);
        group.removes.push(told.finding.fingerprints.primary.0.clone());
    }
    let mut upgrades: Vec<Upgrade> = groups
        .into_iter()
        .filter_map(|((purl, _), group)| {
            let part = group.steps.iter().find(|(part, _)| part.component.purl == purl)?.0;
            Some(Upgrade { through: through(part), ..group.upgrade(part, &is_alone) })
        })
        .collect();
    upgrades.sort_by(|a, b| b.removes.len().cmp(&a.removes.len()).then_with(|| a.purl.cmp(&b.purl)));
    upgrades
}

fn step<'a>(affected: &Affected<'_, 'a>) -> Option<Step<'a>> {
    Some((affected.part, as_tagged(affected.part, affected.target?)))
}

impl<'a> Group<'a> {
    /// Adds the steps that are not there yet, in the order of the versions.
    fn add(&mut self, steps: Vec<Step<'a>>) {
        let mut at = 0;
        for (part, to) in steps {
            match self.steps.iter().position(|(known, _)| std::ptr::eq(*known, part)) {
                Some(known) => at = known + 1,
                None => {
                    self.steps.insert(at.min(self.steps.len()), (part, to));
                    at += 1;
                }
            }
        }
    }

    /// The update, named after the component that speaks for its findings.
    fn upgrade(self, part: &Part, is_alone: &dyn Fn(&Part) -> bool) -> Upgrade {
        let mut to: Vec<&str> = self.steps.iter().map(|(_, to)| to.as_str()).collect();
        to.dedup();
        let commands: Option<Vec<String>> =
            self.steps.iter().map(|(part, to)| command(part, to, is_alone(part))).collect();
        let mut commands = commands.unwrap_or_default();
        commands.dedup();
        Upgrade {
            purl: part.component.purl.clone(),
            name: part.component.name.clone(),
            from: versions(self.steps.iter().map(|(part, _)| *part)),
            to: to.join(", "),
            command: (!commands.is_empty()).then(|| commands.join(" && ")),
            removes: self.removes,
            through: None,
        }
    }
}
