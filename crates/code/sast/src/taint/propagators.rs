use super::cells::Shape;
use super::environment::Spot;
use super::fixpoint::Analysis;
use super::taints::Taints;
use crate::flow::Origin;

impl<'a> Analysis<'a> {
    /// Lets propagators take the taints of a place along, and gives the taints that others bring there.
    pub(super) fn propagate(
        &mut self,
        origin: Origin,
        spot: Option<&Spot>,
        taints: &Taints,
        shape: &Shape,
    ) -> Taints {
        let Some(hits) = self.hits(origin) else { return Taints::default() };
        if hits.from.is_empty() && hits.to.is_empty() {
            return Taints::default();
        }
        let taints = shape.gather(taints.clone());
        for index in &hits.from {
            if let Some(sent) = self.sent(*index, &taints) {
                self.environment.underway.insert(*index, sent);
            }
        }
        let mut brought = Taints::default();
        for index in &hits.to {
            let Some(arrived) = self.environment.underway.remove(index) else { continue };
            let stays = self.propagator_rule(*index).is_some_and(|rule| rule.by_side_effect);
            if let Some(spot) = spot.filter(|_| stays) {
                self.environment.add(spot, &arrived, &Shape::default());
            }
            brought = brought.union(&arrived);
        }
        brought
    }

    /// What a propagator makes of taints.
    fn sent(&mut self, index: u32, taints: &Taints) -> Option<Taints> {
        let rule = self.propagator_rule(index)?;
        let holds = rule.requires.as_ref().is_none_or(|requires| self.labels.hold(requires, taints.list()));
        if !holds || taints.is_empty() {
            return None;
        }
        let Some(label) = &rule.label else { return Some(taints.clone()) };
        let replaced: Option<Vec<u32>> = rule
            .replace_labels
            .as_ref()
            .map(|labels| labels.iter().map(|label| self.labels.number(label)).collect());
        let label = self.labels.number(label);
        Some(taints.relabelled(|old| match &replaced {
            Some(replaced) if !replaced.contains(&old) => old,
            _ => label,
        }))
    }

    fn propagator_rule(&self, index: u32) -> Option<&'a crate::rule::Propagator> {
        let entry = self.spec.propagators.get(index as usize)?.entry;
        self.spec.rule.propagators.get(entry)
    }
}
