//! Records of OSV: reading one, indexing it and asking for its own packages at its own versions.

#![no_main]

use andon_advisories::osv::{self, Event};
use andon_advisories::{Builder, Index, Question, group};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok((advisory, _)) = osv::parse(data) else { return };
    let mut builder = Builder::in_memory();
    builder.add("npm", &advisory).unwrap();
    let mut bytes = Vec::new();
    builder.finish(&mut bytes, "").unwrap();
    let index = Index::open(&bytes).unwrap();
    index.verify().unwrap();
    assert!(index.by_id(&advisory.id).unwrap().iter().any(|record| record.id == advisory.id));
    for affected in advisory.affected.iter().take(8) {
        let events = affected.ranges.iter().flat_map(|range| &range.events).map(|event| match event {
            Event::Introduced(at) | Event::Fixed(at) | Event::LastAffected(at) | Event::Limit(at) => at,
        });
        for version in events.chain(&affected.versions).take(8) {
            let question = Question { ecosystem: &affected.ecosystem, name: &affected.name, version };
            let found = index.matches(&question).unwrap();
            let vulnerabilities = group(&index, &found.vulnerabilities).unwrap();
            assert_eq!(vulnerabilities.is_empty(), found.vulnerabilities.is_empty());
        }
    }
});
