use andon_model::Fix;

use super::commands::hint;
use super::finding::{as_tagged, versions as named};
use super::unite::Affected;
use crate::inventory::Part;

/// Versions of a package that the same version mends.
struct Branch<'a> {
    parts: Vec<&'a Part>,
    fix: Option<String>,
    /// Whether some version is said to mend them.
    promised: bool,
}

/// What to do about a vulnerability.
pub(super) fn fix(affected: &[Affected<'_, '_>]) -> Option<Fix> {
    let branches = branches(affected);
    let updates = branches.iter().filter_map(|branch| {
        let name = &branch.parts.last()?.component.name;
        let from = match branches.len() {
            1 => String::new(),
            _ => format!(" {}", named(branch.parts.iter().copied())),
        };
        Some(format!("Update {name}{from} to {}.", branch.fix.as_ref()?))
    });
    let mut told: Vec<String> = updates.collect();
    if told.is_empty() {
        return None;
    }
    told.extend(affected.iter().filter(|each| each.fix.is_some()).find_map(|each| hint(each.part)));
    Some(Fix { description: told.join(" ") })
}

/// The versions that mend it, each once.
pub(super) fn versions(affected: &[Affected<'_, '_>]) -> Option<String> {
    let fixes: Vec<String> = branches(affected).into_iter().filter_map(|branch| branch.fix).collect();
    (!fixes.is_empty()).then(|| fixes.join(", "))
}

/// `fixed in 4.17.21`; where versions differ, which is fixed in which.
pub(super) fn sentence(affected: &[Affected<'_, '_>]) -> String {
    let branches = branches(affected);
    let alone = branches.len() == 1;
    let each = branches.iter().map(|branch| {
        let of = if alone { String::new() } else { format!("{}: ", named(branch.parts.iter().copied())) };
        match (&branch.fix, branch.promised) {
            (Some(fix), _) => format!("{of}fixed in {fix}"),
            (None, true) => format!("{of}the versions that fix it are older or affected otherwise"),
            (None, false) => format!("{of}there is no fixed version"),
        }
    });
    each.collect::<Vec<_>>().join("; ")
}

fn branches<'a>(affected: &[Affected<'_, 'a>]) -> Vec<Branch<'a>> {
    let mut branches: Vec<Branch<'a>> = Vec::new();
    for each in affected {
        let fix = each.fix.map(|fix| as_tagged(each.part, fix));
        let promised = !each.found.fixes.is_empty();
        let same = |branch: &&mut Branch<'_>| branch.fix == fix && branch.promised == promised;
        match branches.iter_mut().find(same) {
            Some(branch) => branch.parts.push(each.part),
            None => branches.push(Branch { parts: vec![each.part], fix, promised }),
        }
    }
    branches
}
