//! Tests of the crate's public interface.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bad_input;
mod evaluation;
mod grouping;
mod index;
mod random;
mod records;
mod scores;

use andon_advisories::{Builder, Index, Matches, Question};

/// An index of some records, each of one dump, as bytes.
fn build(ecosystem: &str, records: &[&str]) -> Vec<u8> {
    let mut builder = Builder::in_memory();
    builder.declare(ecosystem, "2026-01-01T00:00:00Z");
    for record in records {
        let problems = builder.add_json(ecosystem, record.as_bytes()).unwrap();
        assert!(problems.is_empty(), "{problems:?} in {record}");
    }
    let mut bytes = Vec::new();
    builder.finish(&mut bytes, "2026-01-02T00:00:00Z").unwrap();
    bytes
}

/// A record with one affected package.
fn record(id: &str, fields: &str, ecosystem: &str, name: &str, affected: &str) -> String {
    let comma = if fields.is_empty() { "" } else { "," };
    format!(
        r#"{{"id": "{id}", "modified": "2026-01-01T00:00:00Z"{comma} {fields}, "affected": [
            {{"package": {{"ecosystem": "{ecosystem}", "name": "{name}"}}, {affected}}}]}}"#
    )
}

/// `ranges` with one range.
fn range(kind: &str, events: &str) -> String {
    format!(r#""ranges": [{{"type": "{kind}", "events": [{events}]}}]"#)
}

fn ask<'a>(index: &'a Index<'a>, ecosystem: &'a str, name: &'a str, version: &'a str) -> Matches<'a> {
    index.matches(&Question { ecosystem, name, version }).unwrap()
}

/// The ids of the records that affect a component.
fn ids<'a>(index: &'a Index<'a>, ecosystem: &'a str, name: &'a str, version: &'a str) -> Vec<&'a str> {
    ask(index, ecosystem, name, version).vulnerabilities.iter().map(|found| found.id().unwrap()).collect()
}
