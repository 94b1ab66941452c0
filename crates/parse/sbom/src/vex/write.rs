use std::io::Write;

use serde::Serialize;

use super::VexStatus;
use crate::output::twice;
use crate::{WriteError, time};

/// A statement to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VexDraft<'a> {
    /// Every name of the vulnerability, the main one first; one at least.
    pub ids: Vec<&'a str>,
    /// Package URL of the component or product.
    pub purl: &'a str,
    /// What is said.
    pub status: VexStatus,
    /// One of [`super::JUSTIFICATIONS`], for what is not affected.
    pub justification: Option<&'a str>,
    /// Why it is not affected, in words.
    pub impact: Option<&'a str>,
    /// What to do, for what is affected.
    pub action: Option<&'a str>,
    /// When it became known, RFC 3339; the document's time where it is not known.
    pub timestamp: Option<&'a str>,
}

/// Writes an OpenVEX document, indented and ending with a line break. The same input gives the same bytes: the
/// identifier follows from the content. `author` answers for it; `timestamp` is the document's, RFC 3339; `tool` names
/// what wrote it. What the specification demands and a draft does not have is filled in: a missing reason is said to be
/// missing.
///
/// # Errors
///
/// A timestamp that is none, and whatever `out` answers.
pub fn write(
    drafts: &[VexDraft<'_>],
    author: &str,
    timestamp: &str,
    tool: &str,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let moment = |text: &str| time::in_seconds(text).ok_or_else(|| WriteError::Timestamp(text.to_owned()));
    let issued = moment(timestamp)?;
    let mut statements = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let timestamp = draft.timestamp.map(moment).transpose()?.filter(|time| *time != issued);
        statements.push(statement(draft, timestamp));
    }
    twice(out, |id| OpenVex {
        context: "https://openvex.dev/ns/v0.2.0",
        id: id.to_owned(),
        author,
        timestamp: &issued,
        version: 1,
        tooling: tool,
        statements: &statements,
    })
}

fn statement<'a>(draft: &VexDraft<'a>, timestamp: Option<String>) -> Statement<'a> {
    let mut ids = draft.ids.iter().copied();
    let unexplained = draft.justification.is_none() && draft.impact.is_none();
    let impact = match draft.status {
        VexStatus::NotAffected if unexplained => Some("No reason was given."),
        VexStatus::NotAffected => draft.impact,
        _ => None,
    };
    let action = match draft.status {
        VexStatus::Affected => Some(draft.action.unwrap_or("No action was given.")),
        _ => None,
    };
    Statement {
        vulnerability: Vulnerability { name: ids.next().unwrap_or_default(), aliases: ids.collect() },
        timestamp,
        products: [Product { id: draft.purl, identifiers: Identifiers { purl: draft.purl } }],
        status: draft.status.label(),
        justification: draft.justification.filter(|_| draft.status == VexStatus::NotAffected),
        impact,
        action,
    }
}

#[derive(Serialize)]
struct OpenVex<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@id")]
    id: String,
    author: &'a str,
    timestamp: &'a str,
    version: u32,
    tooling: &'a str,
    statements: &'a [Statement<'a>],
}

#[derive(Serialize)]
struct Statement<'a> {
    vulnerability: Vulnerability<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
    products: [Product<'a>; 1],
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'a str>,
    #[serde(rename = "impact_statement", skip_serializing_if = "Option::is_none")]
    impact: Option<&'a str>,
    #[serde(rename = "action_statement", skip_serializing_if = "Option::is_none")]
    action: Option<&'a str>,
}

#[derive(Serialize)]
struct Vulnerability<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<&'a str>,
}

#[derive(Serialize)]
struct Product<'a> {
    #[serde(rename = "@id")]
    id: &'a str,
    identifiers: Identifiers<'a>,
}

#[derive(Serialize)]
struct Identifiers<'a> {
    purl: &'a str,
}
