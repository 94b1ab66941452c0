use andon_advisories::{Catalogue, Metadata};
use andon_advisorydb::{Status, Summary};
use andon_system::System;
use indicatif::{DecimalBytes, HumanCount};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::arguments::{DbStatusArguments, TextOrJson};
use crate::{exit, terminal};

/// Says which advisories there are.
pub(crate) fn run(system: &dyn System, arguments: &DbStatusArguments) -> anyhow::Result<u8> {
    let status = andon_advisorydb::status(system);
    match arguments.format {
        TextOrJson::Json => {
            let text = serde_json::to_string_pretty(&as_json(&status))?;
            terminal::write_data(format!("{text}\n").as_bytes())?;
        }
        TextOrJson::Text => terminal::write_text(&as_text(&status, system.now()))?,
    }
    if status.index.as_ref().is_some_and(|index| index.metadata.advisories > 0) {
        return Ok(exit::GO_ON);
    }
    let wish = if status.path.is_none() {
        "ANDON_DATA_DIR names a folder for them"
    } else {
        "`andon db update` fetches them"
    };
    terminal::note(&format!("{wish}; until then components are listed and not audited"));
    Ok(exit::INCOMPLETE)
}

fn as_text(status: &Status, now: Timestamp) -> String {
    let place = status.path.as_ref().map_or_else(|| "nowhere".to_owned(), |path| path.display().to_string());
    match (&status.index, &status.problem) {
        (Some(index), _) => table(&place, index, now),
        (None, Some(problem)) => format!("the advisories in {place} cannot be used: {problem}\n"),
        (None, None) => "there are no advisories on this machine\n".to_owned(),
    }
}

fn table(place: &str, index: &Summary, now: Timestamp) -> String {
    let Metadata { advisories, packages, ecosystems, exploited, probabilities } = &index.metadata;
    let count = HumanCount;
    let mut lines = vec![
        ("index", format!("{place}, {}", DecimalBytes(index.bytes))),
        ("built", index.built.clone()),
        ("age", index.age.map_or_else(|| "unknown".to_owned(), age)),
        ("holds", format!("{} advisories on {} packages", count(*advisories), count(*packages))),
        ("KEV", listed(exploited.as_ref())),
        ("EPSS", listed(probabilities.as_ref())),
    ]
    .into_iter()
    .map(|(name, value)| format!("{name:>5}  {value}\n"))
    .collect::<String>();
    let wide = ecosystems.iter().map(|each| each.name.chars().count()).max().unwrap_or(0);
    lines.push('\n');
    for each in ecosystems {
        let checked = each.fetched.parse::<Timestamp>().ok().map(|then| now.duration_since(then).as_secs());
        let checked = checked.and_then(|seconds| u64::try_from(seconds).ok()).map(age);
        let checked = checked.unwrap_or_else(|| "age unknown".to_owned());
        let origin = index.origins.get(&each.name).map(String::as_str).unwrap_or_default();
        let name = &each.name;
        lines += &format!(
            "{name:wide$}  {:>11} advisories, {checked}, {origin}\n",
            count(each.advisories).to_string()
        );
    }
    lines
}

fn listed(catalogue: Option<&Catalogue>) -> String {
    match catalogue {
        Some(found) => format!("{} entries, released {}", HumanCount(found.count), found.released),
        None => "none".to_owned(),
    }
}

/// A time that has passed, in its largest unit.
fn age(seconds: u64) -> String {
    let units = [(86_400, "day"), (3600, "hour"), (60, "minute")];
    let fits = units.iter().find(|(length, _)| seconds >= *length);
    match fits.map(|(length, unit)| (seconds.checked_div(*length).unwrap_or(0), unit)) {
        None => "just updated".to_owned(),
        Some((1, unit)) => format!("updated 1 {unit} ago"),
        Some((number, unit)) => format!("updated {number} {unit}s ago"),
    }
}

fn as_json(status: &Status) -> Value {
    let index = status.index.as_ref().map(|index| {
        let ecosystem = |each: &andon_advisories::Ecosystem| {
            json!({
                "name": each.name,
                "advisories": each.advisories,
                "newest": each.newest,
                "updated": each.fetched,
                "releases": each.releases,
                "from": index.origins.get(&each.name),
            })
        };
        let held = &index.metadata;
        json!({
            "built": index.built,
            "age_seconds": index.age,
            "bytes": index.bytes,
            "digest": index.digest,
            "advisories": held.advisories,
            "packages": held.packages,
            "exploited": held.exploited,
            "probabilities": held.probabilities,
            "ecosystems": held.ecosystems.iter().map(ecosystem).collect::<Vec<_>>(),
        })
    });
    let path = status.path.as_ref().map(|path| path.display().to_string());
    json!({"schema": "andon.db-status/1", "path": path, "problem": status.problem, "index": index})
}

#[cfg(test)]
mod tests {
    use super::age;

    #[test]
    fn ages_are_told_in_their_largest_unit() {
        for (seconds, expected) in [
            (5, "just updated"),
            (119, "updated 1 minute ago"),
            (7200, "updated 2 hours ago"),
            (86_400, "updated 1 day ago"),
            (u64::MAX, "updated 213503982334601 days ago"),
        ] {
            assert_eq!(age(seconds), expected);
        }
    }
}
