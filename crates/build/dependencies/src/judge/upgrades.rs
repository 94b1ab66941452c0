use std::collections::{BTreeMap, HashMap};

use andon_model::{Relation, Upgrade};

use super::commands::command;
use super::finding::{Told, as_tagged, versions};
use super::unite::Affected;
use crate::inventory::{Collected, Part};
use crate::why::roots;

/// More different versions to go to are not named, and more commands not joined.
const MOST_STEPS: usize = 5;

/// An update of those versions of a package that have the same findings.
#[derive(Default)]
struct Group<'f, 'a> {
    /// Each component and the version that it goes to, by package URL.
    steps: HashMap<&'a str, Step<'f, 'a>>,
    removes: Vec<String>,
}

/// A component, and the version that it goes to.
#[derive(Clone)]
struct Step<'f, 'a> {
    affected: Affected<'f, 'a>,
    to: String,
}

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
    let mut groups: BTreeMap<(&str, String, usize), Group<'_, '_>> = BTreeMap::new();
    for told in told {
        let Some(steps) = told.affected.iter().map(Step::of).collect::<Option<Vec<_>>>() else { continue };
        let Some(last) = steps.last() else { continue };
        let mut key = (last.purl(), last.to.clone(), 0);
        while groups.get(&key).is_some_and(|group| group.contradicts(&steps)) {
            key.2 += 1;
        }
        let group = groups.entry(key).or_default();
        group.steps.extend(steps.into_iter().map(|step| (step.purl(), step)));
        group.removes.push(told.finding.fingerprints.primary.0.clone());
    }
    let mut upgrades: Vec<Upgrade> = groups
        .into_iter()
        .filter_map(|((purl, ..), group)| {
            let part = group.steps.get(purl)?.affected.part;
            Some(Upgrade { through: through(part), ..group.upgrade(part, &is_alone) })
        })
        .collect();
    upgrades.sort_by(|a, b| b.removes.len().cmp(&a.removes.len()).then_with(|| a.purl.cmp(&b.purl)));
    upgrades
}

impl<'f, 'a> Step<'f, 'a> {
    fn of(affected: &Affected<'f, 'a>) -> Option<Self> {
        Some(Self { to: as_tagged(affected.part, affected.target?), affected: *affected })
    }

    fn purl(&self) -> &'a str {
        &self.affected.part.component.purl
    }
}

impl Group<'_, '_> {
    /// Whether it takes a component to another version than these steps do.
    fn contradicts(&self, steps: &[Step<'_, '_>]) -> bool {
        steps.iter().any(|step| self.steps.get(step.purl()).is_some_and(|known| known.to != step.to))
    }

    /// The update, named after the component that speaks for its findings.
    fn upgrade(self, part: &Part, is_alone: &dyn Fn(&Part) -> bool) -> Upgrade {
        let mut steps: Vec<Step<'_, '_>> = self.steps.into_values().collect();
        steps.sort_by_cached_key(|step| step.affected.order());
        let mut to: Vec<&str> = steps.iter().map(|step| step.to.as_str()).collect();
        to.dedup();
        let more = to.len().saturating_sub(MOST_STEPS);
        let named = to.get(..MOST_STEPS).unwrap_or(&to).join(", ");
        let commands = steps.iter().map(|step| {
            let part = step.affected.part;
            command(part, &step.to, is_alone(part))
        });
        let mut commands = commands.collect::<Option<Vec<String>>>().unwrap_or_default();
        commands.dedup();
        Upgrade {
            purl: part.component.purl.clone(),
            name: part.component.name.clone(),
            from: versions(steps.iter().map(|step| step.affected.part)),
            to: if more > 0 { format!("{named} and {more} more") } else { named },
            command: (1..=MOST_STEPS).contains(&commands.len()).then(|| commands.join(" && ")),
            removes: self.removes,
            through: None,
        }
    }
}
