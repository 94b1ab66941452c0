//! The index beside a naive reading of the specification over the records themselves.

use andon_advisories::osv::{self, Advisory, Event, Range, RangeKind};
use andon_advisories::{Index, Question};
use andon_versions::{Scheme, Version};
use proptest::prelude::*;

use crate::build;

fn version() -> impl Strategy<Value = String> {
    (0_u8..4, 0_u8..4, prop::option::of(0_u8..2)).prop_map(|(major, minor, rc)| {
        format!("{major}.{minor}.0{}", rc.map(|rc| format!("-rc.{rc}")).unwrap_or_default())
    })
}

fn event() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(r#"{"introduced": "0"}"#.to_owned()),
        version().prop_map(|version| format!(r#"{{"introduced": "{version}"}}"#)),
        version().prop_map(|version| format!(r#"{{"introduced": "{version}"}}"#)),
        version().prop_map(|version| format!(r#"{{"fixed": "{version}"}}"#)),
        version().prop_map(|version| format!(r#"{{"last_affected": "{version}"}}"#)),
        version().prop_map(|version| format!(r#"{{"limit": "{version}"}}"#)),
    ]
}

fn affected() -> impl Strategy<Value = String> {
    let events = prop::collection::vec(event(), 1..6);
    (0_u8..4, prop::collection::vec(events, 0..3), prop::collection::vec(version(), 0..3)).prop_map(
        |(name, ranges, versions)| {
            let ranges: Vec<String> = ranges
                .iter()
                .map(|events| format!(r#"{{"type": "SEMVER", "events": [{{"introduced": "9.0.0"}}, {}]}}"#, events.join(",")))
                .collect();
            let versions: Vec<String> = versions.iter().map(|version| format!("{version:?}")).collect();
            format!(
                r#"{{"package": {{"ecosystem": "npm", "name": "p{name}"}}, "ranges": [{}], "versions": [{}]}}"#,
                ranges.join(","),
                versions.join(",")
            )
        },
    )
}

fn records() -> impl Strategy<Value = Vec<String>> {
    let affected = prop::collection::vec(affected(), 0..4);
    prop::collection::vec(affected, 0..8).prop_map(|records| {
        let record = |(number, affected): (usize, &Vec<String>)| {
            format!(r#"{{"id": "X-{number}", "affected": [{}]}}"#, affected.join(","))
        };
        records.iter().enumerate().map(record).collect()
    })
}

proptest! {
    #[test]
    fn the_index_answers_as_the_specification(records in records(), name in 0_u8..4, version in version()) {
        let texts: Vec<&str> = records.iter().map(String::as_str).collect();
        let bytes = build("npm", &texts);
        let index = Index::open(&bytes).unwrap();
        let name = format!("p{name}");
        let found = index.matches(&Question { ecosystem: "npm", name: &name, version: &version }).unwrap();
        let ids: Vec<&str> = found.vulnerabilities.iter().map(|found| found.id().unwrap()).collect();
        let parsed: Vec<Advisory> = texts.iter().map(|text| osv::parse(text.as_bytes()).unwrap().0).collect();
        let expected: Vec<&str> =
            parsed.iter().filter(|each| is_vulnerable(&name, &version, each)).map(|each| each.id.as_str()).collect();
        prop_assert_eq!(ids, expected);
        prop_assert!(found.undetermined.is_empty());
        for each in &found.vulnerabilities {
            let record = parsed.iter().find(|parsed| parsed.id == each.id().unwrap()).unwrap();
            prop_assert!(each.fix(&each.fixes()).is_none_or(|fix| !is_vulnerable(&name, fix, record) && read(fix) > read(&version)));
        }
    }
}

fn read(version: &str) -> Version {
    Version::parse_event(Scheme::Semver, version).unwrap()
}

/// `IsVulnerable` of the specification, line by line.
fn is_vulnerable(name: &str, version: &str, advisory: &Advisory) -> bool {
    advisory.affected.iter().filter(|affected| affected.name == name).any(|affected| {
        affected.versions.iter().any(|listed| listed == version)
            || affected.ranges.iter().any(|range| included(version, range))
            // Where the list is all there is, it is compared as versions.
            || (affected.ranges.is_empty() && affected.versions.iter().any(|listed| read(listed) == read(version)))
    })
}

fn included(version: &str, range: &Range) -> bool {
    assert_eq!(range.order, RangeKind::Semver);
    let version = read(version);
    let limits: Vec<&String> = range
        .events
        .iter()
        .filter_map(|event| if let Event::Limit(limit) = event { Some(limit) } else { None })
        .collect();
    if !limits.is_empty() && !limits.iter().any(|limit| version < read(limit)) {
        return false;
    }
    let mut events: Vec<(&Event, Version)> = range
        .events
        .iter()
        .map(|event| match event {
            Event::Introduced(at) | Event::Fixed(at) | Event::LastAffected(at) | Event::Limit(at) => {
                (event, read(at))
            }
        })
        .collect();
    events.sort_by(|(_, one), (_, other)| one.cmp(other));
    let mut vulnerable = false;
    for (event, at) in events {
        match event {
            Event::Introduced(_) if version >= at => vulnerable = true,
            Event::Fixed(_) if version >= at => vulnerable = false,
            Event::LastAffected(_) if version > at => vulnerable = false,
            _ => {}
        }
    }
    vulnerable
}
