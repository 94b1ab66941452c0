use std::collections::HashMap;
use std::io::{self, Write};

use andon_model::{Component, Finding, Relation, Scope, Tool};
use serde::Serialize;

use crate::{cyclonedx, spdx, time};

/// What a document is made of.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// What the components belong to. Its package URL may be empty.
    pub subject: &'a Component,
    /// The components; one whose package URL was there before is passed over.
    pub components: &'a [Component],
    /// What made the list.
    pub tool: &'a Tool,
    /// When the list was made, RFC 3339.
    pub timestamp: &'a str,
    /// Whether everything was examined that should have been.
    pub complete: bool,
    /// Findings about the components, for CycloneDX's vulnerabilities; SPDX has no place for them.
    pub findings: &'a [Finding],
}

/// The formats that are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// CycloneDX 1.6 as JSON.
    CycloneDx,
    /// SPDX 2.3 as JSON.
    Spdx,
}

/// Why a document could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The time is not RFC 3339.
    #[error("cannot write the document: `{0}` is no time like 2026-01-02T03:04:05Z")]
    Timestamp(String),
    /// The receiver does not take it.
    #[error("cannot write the document: {0}")]
    Io(#[from] io::Error),
}

/// Writes a document, indented and ending with a line break. The same input gives the same bytes: the serial number
/// follows from the content. Needs no more memory than a few bytes for each component.
///
/// # Errors
///
/// A timestamp that is none, and whatever `out` answers.
pub fn write(document: &Document<'_>, format: Format, out: &mut dyn Write) -> Result<(), WriteError> {
    let timestamp = time::in_seconds(document.timestamp)
        .ok_or_else(|| WriteError::Timestamp(document.timestamp.to_owned()))?;
    let prepared = Prepared::new(document, timestamp);
    match format {
        Format::CycloneDx => twice(out, |serial| cyclonedx::write(&prepared, serial)),
        Format::Spdx => twice(out, |serial| spdx::write(&prepared, serial)),
    }
}

/// Writes the document that `make` makes of a serial number: once to find the number, once with it.
pub(crate) fn twice<T: Serialize>(out: &mut dyn Write, make: impl Fn(&str) -> T) -> Result<(), WriteError> {
    let mut hasher = blake3::Hasher::new();
    serde_json::to_writer(&mut hasher, &make(NIL)).map_err(io::Error::from)?;
    let serial = urn(hasher.finalize().as_bytes());
    serde_json::to_writer_pretty(&mut *out, &make(&serial)).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}

const NIL: &str = "urn:uuid:00000000-0000-0000-0000-000000000000";

/// A name-based UUID (RFC 9562, version 8: the first 122 bits that the digest gives) as a URN.
fn urn(digest: &[u8; 32]) -> String {
    let mut text = String::with_capacity(NIL.len());
    text.push_str("urn:uuid:");
    for (position, byte) in digest.iter().take(16).enumerate() {
        if matches!(position, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let byte = match position {
            6 => (byte & 0x0f) | 0x80,
            8 => (byte & 0x3f) | 0x80,
            _ => *byte,
        };
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

/// A document with what both formats need to know of its graph.
#[derive(Debug)]
pub(crate) struct Prepared<'a> {
    pub(crate) document: &'a Document<'a>,
    /// RFC 3339 in UTC, whole seconds.
    pub(crate) timestamp: String,
    /// The components, each package URL once.
    pub(crate) nodes: Vec<Node<'a>>,
    /// Whether some component is needed for something else than running.
    pub(crate) mixed: bool,
    positions: HashMap<&'a str, usize>,
}

/// A component and its place in the graph.
#[derive(Debug)]
pub(crate) struct Node<'a> {
    pub(crate) component: &'a Component,
    /// Positions of the components that it needs.
    pub(crate) needs: Vec<usize>,
    /// Whether another component needs it.
    pub(crate) needed: bool,
}

impl Node<'_> {
    /// The relation that a reader sees in the graph.
    pub(crate) fn visible_relation(&self) -> Relation {
        match (self.component.relation, self.needed) {
            (Relation::Direct, _) => Relation::Direct,
            (_, true) => Relation::Transitive,
            (_, false) => Relation::Unknown,
        }
    }
}

impl<'a> Prepared<'a> {
    fn new(document: &'a Document<'a>, timestamp: String) -> Self {
        let mut positions = HashMap::with_capacity(document.components.len());
        let mut nodes: Vec<Node<'a>> = Vec::with_capacity(document.components.len());
        for component in document.components {
            positions.entry(component.purl.as_str()).or_insert_with(|| {
                nodes.push(Node { component, needs: Vec::new(), needed: false });
                nodes.len() - 1
            });
        }
        for position in 0..nodes.len() {
            let Some(node) = nodes.get(position) else { continue };
            let needs = node.component.depends_on.iter();
            let mut needs: Vec<usize> =
                needs.filter_map(|purl| positions.get(purl.as_str()).copied()).collect();
            needs.sort_unstable();
            needs.dedup();
            needs.retain(|other| *other != position);
            for other in &needs {
                if let Some(node) = nodes.get_mut(*other) {
                    node.needed = true;
                }
            }
            if let Some(node) = nodes.get_mut(position) {
                node.needs = needs;
            }
        }
        let mixed = nodes.iter().any(|node| node.component.scope != Scope::Runtime);
        Self { document, timestamp, nodes, mixed, positions }
    }

    /// The components that the subject asks for itself.
    pub(crate) fn direct(&self) -> impl Iterator<Item = &Node<'a>> {
        self.nodes.iter().filter(|node| node.component.relation == Relation::Direct)
    }

    /// The components that one needs.
    pub(crate) fn needs<'s>(&'s self, node: &'s Node<'a>) -> impl Iterator<Item = &'s Node<'a>> {
        node.needs.iter().filter_map(|position| self.nodes.get(*position))
    }

    /// Whether there is a component of this package URL.
    pub(crate) fn has(&self, purl: &str) -> bool {
        self.positions.contains_key(purl)
    }

    /// The reference of the subject: like those of the components, and none of them.
    pub(crate) fn subject_reference(&self) -> String {
        let purl = &self.document.subject.purl;
        let mut reference = if purl.is_empty() { "andon:subject".to_owned() } else { purl.clone() };
        while self.has(&reference) {
            reference.insert_str(0, "andon:subject:");
        }
        reference
    }
}
