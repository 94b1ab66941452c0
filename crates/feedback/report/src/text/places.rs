use std::collections::{BTreeMap, BTreeSet};

use andon_model::{Finding, Location};

use super::View;
use crate::{clean, facts};

/// Places or files listed.
const SHOWN: usize = 3;
const SHOWN_VERBOSE: usize = 50;

/// Where else it stands, with the name of that note: a few places one by one, many by file.
pub(super) fn others(view: &View<'_>, finding: &Finding) -> Option<(&'static str, String)> {
    let others = finding.locations.get(1..).unwrap_or_default();
    let total = facts::occurrences(finding);
    if others.is_empty() {
        return None;
    }
    // Of a long path the end says most.
    let room = if view.verbose { 400 } else { view.width.saturating_sub(24) };
    let one_by_one = if view.verbose { SHOWN_VERBOSE } else { SHOWN };
    if total <= one_by_one + 1 {
        let names: Vec<String> =
            others.iter().map(|place| clean::cut_start(&clean::line(&facts::place(place)), room)).collect();
        return Some(("also in", names.join(", ")));
    }
    // Of what is not listed the files and commits are not known.
    let all = total == finding.locations.len();
    let files = by_file(&finding.locations);
    let mut names: Vec<String> = files
        .iter()
        .take(one_by_one)
        .map(|(path, places)| named(&clean::cut_start(&clean::line(path), room), places, all))
        .collect();
    if files.len() > one_by_one {
        names.push(facts::plural(files.len() - one_by_one, "more file"));
    }
    let such = if all { "in" } else { "such as in" };
    Some(("seen", format!("{}, {such} {}", facts::plural(total, "time"), names.join(", "))))
}

/// The files with their places, those with most places first.
fn by_file(locations: &[Location]) -> Vec<(String, Vec<&Location>)> {
    let mut files: BTreeMap<String, Vec<&Location>> = BTreeMap::new();
    for location in locations {
        files.entry(facts::path(location)).or_default().push(location);
    }
    let mut files: Vec<(String, Vec<&Location>)> = files.into_iter().collect();
    files.sort_by_key(|(_, places)| std::cmp::Reverse(places.len()));
    files
}

fn named(path: &str, places: &[&Location], all: bool) -> String {
    let commits: BTreeSet<&str> =
        places.iter().filter_map(|place| place.commit.as_ref()).map(|commit| commit.id.as_str()).collect();
    match (commits.len(), places.len()) {
        (0, times) if all && times > 1 => format!("{path} ({} times)", facts::grouped(times as u64)),
        (commits, _) if all && commits > 0 => format!("{path} ({})", facts::plural(commits, "commit")),
        _ => path.to_owned(),
    }
}
