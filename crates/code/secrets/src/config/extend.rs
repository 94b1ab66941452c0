use std::collections::{HashMap, HashSet};

use super::Rule;
use super::load::Loaded;
use super::rule::Draft;

/// Adds `base` to `own`, as gitleaks' `Config.extend` does: rules of `own` change those of the same name in `base`, and
/// all are sorted by name. Where a rule of our pack has been renamed, its earlier names do too.
pub(super) fn extend(own: &mut Loaded, base: Loaded, disabled: &[String], file: &str) {
    let names = Names::of(&base.drafts);
    for id in disabled.iter().filter(|id| names.find(id).is_none()) {
        own.set
            .warnings
            .push(format!("{file}: `disabledRules` names `{id}`, which is no rule of what it extends"));
    }
    let disabled: HashSet<usize> = disabled.iter().filter_map(|id| names.find(id)).collect();
    let mut changes: HashMap<usize, Vec<Draft>> = HashMap::new();
    let mut merged = Vec::with_capacity(own.drafts.len() + base.drafts.len());
    for draft in own.drafts.drain(..) {
        match names.find(&draft.rule.id).filter(|place| !disabled.contains(place)) {
            Some(place) => changes.entry(place).or_default().push(draft),
            None => merged.push(draft),
        }
    }
    for (place, mut draft) in base.drafts.into_iter().enumerate() {
        if disabled.contains(&place) {
            continue;
        }
        for change in changes.remove(&place).unwrap_or_default() {
            apply(&mut draft.rule, change);
        }
        merged.push(draft);
    }
    merged.sort_by(|a, b| a.rule.id.cmp(&b.rule.id));
    own.drafts = merged;
    own.set.allowlists.extend(base.set.allowlists);
    own.set.rejected.extend(base.set.rejected);
    own.set.packs.extend(base.set.packs);
    own.set.warnings.extend(base.set.warnings);
}

/// Where the rule of a name is.
struct Names(HashMap<String, usize>);

impl Names {
    fn of(drafts: &[Draft]) -> Self {
        let mut names = HashMap::with_capacity(drafts.len());
        for (place, draft) in drafts.iter().enumerate() {
            names.insert(draft.rule.id.clone(), place);
        }
        for (place, draft) in drafts.iter().enumerate() {
            for former in &draft.rule.meta.formerly {
                names.entry(former.clone()).or_insert(place);
            }
        }
        Self(names)
    }

    fn find(&self, id: &str) -> Option<usize> {
        self.0.get(id).copied().filter(|_| !id.is_empty())
    }
}

fn apply(base: &mut Rule, change: Draft) {
    let Draft { rule: own, patch, .. } = change;
    if !own.description.is_empty() {
        base.description = own.description;
    }
    if own.entropy != 0.0 {
        base.entropy = own.entropy;
    }
    if own.secret_group != 0 {
        base.secret_group = own.secret_group;
    }
    if own.regex.is_some() {
        base.regex = own.regex;
        // The checks of our pack are made for its own expressions.
        base.ours = false;
        base.meta.validate = None;
    }
    if own.path.is_some() {
        base.path = own.path;
    }
    base.tags.extend(own.tags);
    base.keywords.extend(own.keywords);
    base.allowlists.extend(own.allowlists);
    patch.apply(&mut base.meta);
}
