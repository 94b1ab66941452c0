use std::collections::BTreeMap;

use andon_model::Region;

use super::{coordinates::shown, properties::Unknown};
use crate::Problem;

/// Names that a message gives before it only counts.
const NAMED: usize = 3;

/// The dependencies of a project that have no version or no name, by reason: one problem for each reason.
#[derive(Default)]
pub(super) struct Unpinned(BTreeMap<Reason, Group>);

/// Why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// Its group or artifact id is empty, is not one, or holds a property that is not known.
    Name,
    /// Its version is not one.
    Version,
    /// It states no version, and no dependency management that is at hand does.
    Unmanaged,
    /// Its version is told by a property that is not known.
    Unknown(Unknown),
}

#[derive(Default)]
struct Group {
    count: usize,
    names: Vec<String>,
    region: Option<Region>,
}

impl Unpinned {
    pub(super) fn add(&mut self, reason: Reason, group: &str, artifact: &str, region: Option<Region>) {
        let entry = self.0.entry(reason).or_default();
        entry.count += 1;
        entry.region = entry.region.or(region);
        if entry.names.len() < NAMED {
            entry.names.push(format!("{}:{}", shown(group), shown(artifact)));
        }
    }

    /// One problem for each reason, with what is missing besides: parents and imports that are not at hand.
    pub(super) fn problems(&mut self, missing: &[String], parent: Option<Region>) -> Vec<Problem> {
        let groups = std::mem::take(&mut self.0);
        let problem = |(reason, group): (Reason, Group)| Problem {
            detail: detail(&reason, &group, missing),
            region: group.region.or(parent),
        };
        groups.into_iter().map(problem).collect()
    }
}

fn detail(reason: &Reason, group: &Group, missing: &[String]) -> String {
    let names = group.names.join(", ");
    let rest = group.count - group.names.len();
    let names = if rest == 0 { names } else { format!("{names} and {rest} more") };
    let absent = match missing {
        [] => String::new(),
        _ => format!(" ({} not among the files)", missing.join(", ")),
    };
    match reason {
        Reason::Name => {
            format!("{names}: no group and artifact id can be told{absent}; not listed: correct them")
        }
        Reason::Version => format!("{names}: the version cannot be read, so it is open: correct it"),
        Reason::Unmanaged if missing.is_empty() => {
            format!("{names}: no version is given and no dependency management has one: give one")
        }
        Reason::Unmanaged => {
            format!(
                "{names}: the version is open, since it is managed elsewhere{absent}: scan what the build makes"
            )
        }
        Reason::Unknown(unknown) => {
            format!("{names}: the version is open, since {unknown}{absent}: scan what the build makes")
        }
    }
}
