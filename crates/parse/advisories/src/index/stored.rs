//! Records as the payload of an index holds them: written with postcard, read back borrowing every text from the file.

use serde::{Deserialize, Serialize};

use andon_model::Severity;

use crate::osv::{Advisory, Kind};

/// A record as the index holds it; the fields are those of [`Advisory`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record<'a> {
    /// Its id in its own database.
    pub id: &'a str,
    /// Ids of the same vulnerability in other databases.
    #[serde(borrow)]
    pub aliases: Vec<&'a str>,
    /// Ids of vulnerabilities that have something to do with it.
    pub related: Vec<&'a str>,
    /// Ids of the vulnerabilities that a downstream advisory passes on.
    pub upstream: Vec<&'a str>,
    /// One line.
    pub summary: &'a str,
    /// What kind of advisory.
    pub kind: Kind,
    /// Method and vector, for the whole record.
    pub severity: Vec<(&'a str, &'a str)>,
    /// The database's own word.
    pub rating: Option<Severity>,
    /// When it was published, RFC 3339.
    pub published: &'a str,
    /// When it was last changed, RFC 3339.
    pub modified: &'a str,
    /// When it was withdrawn, RFC 3339.
    pub withdrawn: Option<&'a str>,
    /// Weakness numbers.
    pub cwe: Vec<u32>,
}

/// What only a reader of a record needs; read on its own, see [`super::Index::texts`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts<'a> {
    /// More, as Markdown.
    pub details: &'a str,
    /// Type and address of web pages.
    #[serde(borrow)]
    pub references: Vec<(&'a str, &'a str)>,
}

impl<'a> Record<'a> {
    /// A view of a record that was just read.
    pub fn of(advisory: &'a Advisory) -> Self {
        let texts = |list: &'a [String]| list.iter().map(String::as_str).collect();
        Self {
            id: &advisory.id,
            aliases: texts(&advisory.aliases),
            related: texts(&advisory.related),
            upstream: texts(&advisory.upstream),
            summary: &advisory.summary,
            kind: advisory.kind,
            severity: advisory.severity.iter().map(|each| (&*each.method, &*each.score)).collect(),
            rating: advisory.rating,
            published: &advisory.published,
            modified: &advisory.modified,
            withdrawn: advisory.withdrawn.as_deref(),
            cwe: advisory.cwe.clone(),
        }
    }
}

impl<'a> Texts<'a> {
    /// A view of a record that was just read.
    pub fn of(advisory: &'a Advisory) -> Self {
        Self {
            details: &advisory.details,
            references: advisory.references.iter().map(|each| (&*each.kind, &*each.url)).collect(),
        }
    }
}
