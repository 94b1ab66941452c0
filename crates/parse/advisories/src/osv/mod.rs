//! Reads records of the OSV format, <https://ossf.github.io/osv-schema/>, versions 1.0 to 1.7.

mod kind;
mod lenient;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use andon_model::Severity;

use lenient::{Fields, Problems};

pub use kind::Kind;
pub(crate) use kind::{passed_on, rating_word};
pub use lenient::{Problem, ProblemKind};

/// References that are kept of a record; the rest adds nothing for a reader.
const REFERENCES: usize = 40;
/// Bytes that are kept of a record's details.
const DETAILS: usize = 16 << 10;

/// One record, reduced to what a scan and its report need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advisory {
    /// Its id in its own database.
    pub id: String,
    /// Ids of the same vulnerability in other databases.
    pub aliases: Vec<String>,
    /// Ids of vulnerabilities that have something to do with it.
    pub related: Vec<String>,
    /// Ids of the vulnerabilities that a downstream advisory passes on.
    pub upstream: Vec<String>,
    /// One line.
    pub summary: String,
    /// More, as Markdown; cut after 16 KiB.
    pub details: String,
    /// What kind of advisory.
    pub kind: Kind,
    /// Vectors for the whole record.
    pub severity: Vec<Vector>,
    /// The database's own word, when it says one without a vector.
    pub rating: Option<Severity>,
    /// When it was published, RFC 3339; empty when nothing says.
    pub published: String,
    /// When it was last changed, RFC 3339; empty when nothing says.
    pub modified: String,
    /// When it was withdrawn, RFC 3339. A withdrawn record affects nothing.
    pub withdrawn: Option<String>,
    /// Weakness numbers.
    pub cwe: Vec<u32>,
    /// Web pages, the first 40.
    pub references: Vec<Reference>,
    /// The packages that it affects.
    pub affected: Vec<Affected>,
}

/// A severity as OSV gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vector {
    /// How it was calculated: `CVSS_V2`, `CVSS_V3`, `CVSS_V4`, `Ubuntu`.
    pub method: String,
    /// A CVSS vector, or the method's word.
    pub score: String,
}

/// A web page about a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    /// `ADVISORY`, `FIX`, `WEB` and the other types of the schema.
    pub kind: String,
    /// Its address.
    pub url: String,
}

/// A package that a record affects. A version is affected if it lies in one of the ranges or is listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affected {
    /// Ecosystem with its suffix, such as `Debian:12`. Empty when the entry names no package.
    pub ecosystem: String,
    /// Name in that ecosystem.
    pub name: String,
    /// Package URL without a version; empty when there is none.
    pub purl: String,
    /// Vectors for this package.
    pub severity: Vec<Vector>,
    /// The database's own word for this package.
    pub rating: Option<Severity>,
    /// Ranges of versions.
    pub ranges: Vec<Range>,
    /// Single versions.
    pub versions: Vec<String>,
}

/// A range of versions: what happened at which version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// How versions are ordered.
    pub order: RangeKind,
    /// What happened, in no particular order.
    pub events: Vec<Event>,
}

/// How the versions of a range are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RangeKind {
    /// As Semantic Versioning 2.0.0 says.
    Semver,
    /// As the ecosystem does.
    Ecosystem,
    /// By a repository's history, which is not consulted.
    Git,
}

/// What happened at a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// From here on affected; `0` is before every version.
    Introduced(String),
    /// From here on not affected.
    Fixed(String),
    /// Affected up to and with this one.
    LastAffected(String),
    /// The range speaks of versions before this one only; `*` is no limit.
    Limit(String),
}

/// Reads a record. Unknown fields are skipped; a wrong entry of a list costs only itself and is told as a problem.
///
/// # Errors
/// When the text is no JSON object or has no id: nothing of it can be used.
pub fn parse(json: &[u8]) -> Result<(Advisory, Vec<Problem>), Problem> {
    let fields = Fields::of_record(json)?;
    let mut problems = Problems::default();
    let id = fields.text("id", &mut problems);
    if id.is_empty() {
        return Err(Problem::new(ProblemKind::NoId, "id", "the record has no id; it cannot be named"));
    }
    let affected = fields.list("affected", &mut problems);
    let own = fields.object("database_specific", &mut problems);
    let mut advisory = Advisory {
        aliases: fields.texts("aliases", &mut problems),
        related: fields.texts("related", &mut problems),
        upstream: fields.texts("upstream", &mut problems),
        summary: fields.text("summary", &mut problems),
        details: cut(fields.text("details", &mut problems)),
        kind: Kind::Vulnerability,
        severity: vectors(&fields, &mut problems),
        rating: kind::rating(&own.any("severity")).or_else(|| kind::rating_of_summary(&id, &fields)),
        published: fields.text("published", &mut problems),
        modified: fields.text("modified", &mut problems),
        withdrawn: Some(fields.text("withdrawn", &mut problems)).filter(|when| !when.is_empty()),
        cwe: kind::weaknesses(&own.any_list("cwe_ids")),
        references: references(&fields, &mut problems),
        affected: Vec::with_capacity(affected.len()),
        id,
    };
    let mut marks = kind::Marks::default();
    for entry in affected {
        if let Some(entry) = self::affected(entry, &mut marks, &mut problems) {
            advisory.affected.push(entry);
        }
    }
    advisory.kind = Kind::of(&advisory, &marks);
    Ok((advisory, problems.into_list()))
}

fn affected(entry: &RawValue, marks: &mut kind::Marks, problems: &mut Problems) -> Option<Affected> {
    let fields = Fields::of_entry(entry, "affected", problems)?;
    let package = fields.object("package", problems);
    let (own, specific) =
        (fields.object("database_specific", problems), fields.object("ecosystem_specific", problems));
    marks.take(&own);
    let ranges = fields.list("ranges", problems);
    Some(Affected {
        ecosystem: package.text("ecosystem", problems),
        name: package.text("name", problems),
        purl: package.text("purl", problems),
        severity: vectors(&fields, problems),
        rating: kind::rating(&own.any("severity"))
            .or_else(|| kind::rating(&specific.any("severity")))
            .or_else(|| kind::rating(&specific.any("urgency"))),
        ranges: ranges.into_iter().filter_map(|entry| range(entry, problems)).collect(),
        versions: fields.texts("versions", problems),
    })
}

fn range(entry: &RawValue, problems: &mut Problems) -> Option<Range> {
    let fields = Fields::of_entry(entry, "ranges", problems)?;
    let order = match fields.text("type", problems).as_str() {
        "SEMVER" => RangeKind::Semver,
        "ECOSYSTEM" => RangeKind::Ecosystem,
        "GIT" => RangeKind::Git,
        other => {
            problems.add(ProblemKind::RangeType, "ranges.type", &format!("`{other}` is no type of range"));
            return None;
        }
    };
    let entries = fields.list("events", problems);
    let before = problems.count();
    let events: Vec<Event> = entries.into_iter().filter_map(|entry| event(entry, problems)).collect();
    // A timeline with a hole says something else than what was meant.
    let broken = problems.count() > before;
    if !broken && !events.iter().any(|event| matches!(event, Event::Introduced(_))) {
        problems.add(ProblemKind::Event, "ranges.events", "a range without `introduced` affects nothing");
    }
    (!broken).then_some(Range { order, events })
}

fn event(entry: &RawValue, problems: &mut Problems) -> Option<Event> {
    let fields = Fields::of_entry(entry, "events", problems)?;
    let mut text = |name| Some(fields.text(name, problems)).filter(|text| !text.is_empty());
    let said = [
        text("introduced").map(Event::Introduced),
        text("fixed").map(Event::Fixed),
        text("last_affected").map(Event::LastAffected),
        text("limit").map(Event::Limit),
    ];
    let mut said = said.into_iter().flatten();
    let event = said.next();
    if event.is_none() || said.next().is_some() {
        problems.add(ProblemKind::Event, "ranges.events", "an event must say exactly one thing");
        return None;
    }
    event
}

fn vectors(fields: &Fields<'_>, problems: &mut Problems) -> Vec<Vector> {
    let entries = fields.list("severity", problems);
    let vector = |entry: &RawValue| {
        let fields = Fields::of_entry(entry, "severity", problems)?;
        Some(Vector { method: fields.text("type", problems), score: fields.text("score", problems) })
    };
    entries.into_iter().filter_map(vector).collect()
}

fn references(fields: &Fields<'_>, problems: &mut Problems) -> Vec<Reference> {
    let entries = fields.list("references", problems);
    let reference = |entry: &RawValue| {
        let fields = Fields::of_entry(entry, "references", problems)?;
        Some(Reference { kind: fields.text("type", problems), url: fields.text("url", problems) })
    };
    entries.into_iter().filter_map(reference).take(REFERENCES).collect()
}

fn cut(mut text: String) -> String {
    let end = (0..=DETAILS.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.truncate(end);
    text
}
