//! Bills of materials and statements about vulnerabilities: what the target is made of, in the words of others.

use std::collections::BTreeSet;
use std::io::Write;

use andon_model::{
    Component, ComponentKind, Finding, Inventory, ScanReport, State, Suppression, SuppressionKind, TargetKind,
};
use andon_sbom::vex::{self, JUSTIFICATIONS, VexDraft, VexStatus};
use andon_sbom::{Document, Format};

use crate::{RenderError, components};

/// Writes the components as CycloneDX or SPDX, straight from the report.
pub(crate) fn bill(
    report: &ScanReport,
    format: Format,
    out: &mut dyn Write,
) -> Result<Vec<String>, RenderError> {
    let inventory = inventory(report)?;
    let subject = subject(report);
    let document = Document {
        subject: &subject,
        components: &inventory.components,
        tool: &report.tool,
        timestamp: &report.started,
        complete: report.coverage.complete,
        findings: &report.findings,
    };
    andon_sbom::write(&document, format, out)?;
    let mut notices = Vec::new();
    if !report.coverage.complete {
        notices.push("the scan is incomplete, and the list of components says so".to_owned());
    }
    Ok(notices)
}

/// Writes what exceptions and VEX statements say about findings as OpenVEX, with all identifiers of each.
pub(crate) fn openvex(report: &ScanReport, out: &mut dyn Write) -> Result<Vec<String>, RenderError> {
    inventory(report)?;
    let texts: Vec<Said<'_>> = report.findings.iter().filter_map(Said::of).collect();
    let mut drafts: Vec<VexDraft<'_>> = Vec::with_capacity(texts.len());
    let mut seen = BTreeSet::new();
    for said in &texts {
        if seen.insert((said.id, said.purl)) {
            drafts.push(said.draft());
        }
    }
    let owners: BTreeSet<&str> = texts.iter().filter_map(|said| said.suppression.owner.as_deref()).collect();
    let owners: Vec<&str> = owners.into_iter().filter(|owner| !owner.trim().is_empty()).collect();
    // What the specification asks for where nobody is known.
    let author = if owners.is_empty() { "Unknown Author".to_owned() } else { owners.join(", ") };
    let tool = format!("{} {}", report.tool.name, report.tool.version);
    vex::write(&drafts, &author, &report.started, &tool, out)?;
    let none = drafts.is_empty();
    Ok(none
        .then(|| "no finding about a component is suppressed: there are no statements".to_owned())
        .into_iter()
        .collect())
}

fn inventory(report: &ScanReport) -> Result<&Inventory, RenderError> {
    report.inventory.as_ref().ok_or(RenderError::NoInventory)
}

/// What the components belong to.
fn subject(report: &ScanReport) -> Component {
    let target = &report.target;
    let image = target.kind == TargetKind::Image;
    let name = match target.name.as_str() {
        "" | "." | "-" => "project",
        name => name,
    };
    Component {
        name: name.to_owned(),
        version: target.image.clone().or_else(|| target.head.clone()),
        kind: if image { ComponentKind::Container } else { ComponentKind::Application },
        ..Component::default()
    }
}

/// What a suppression says about a vulnerability of a component.
struct Said<'a> {
    id: &'a str,
    ids: Vec<&'a str>,
    purl: &'a str,
    suppression: &'a Suppression,
    status: VexStatus,
    justification: Option<&'a str>,
    /// The reason without the labels before it.
    reason: String,
}

impl<'a> Said<'a> {
    fn of(finding: &'a Finding) -> Option<Self> {
        let suppression = finding.suppression.as_ref()?;
        let told = matches!(suppression.kind, SuppressionKind::Exception | SuppressionKind::Vex);
        if !told || finding.state == State::Fixed || !components::is_about(finding) {
            return None;
        }
        let id = finding.advisory.as_deref()?;
        let others = finding.properties.get("ids").map(String::as_str).unwrap_or_default();
        let others = others.split(' ').filter(|other| !other.is_empty() && *other != id);
        let (status, rest) = status(&suppression.reason);
        let (justification, rest) = justification(rest);
        // An accepted risk is no claim that there is none, unless the reason makes that claim.
        let status = match (status, justification) {
            (Some(status), _) => status,
            (None, Some(_)) => VexStatus::NotAffected,
            (None, None) => VexStatus::Affected,
        };
        Some(Self {
            id,
            ids: std::iter::once(id).chain(others).collect(),
            purl: components::purl(finding),
            suppression,
            status,
            justification,
            reason: accepted(suppression, status, rest),
        })
    }

    fn draft(&self) -> VexDraft<'_> {
        let reason = Some(self.reason.as_str()).filter(|reason| !reason.is_empty());
        VexDraft {
            ids: self.ids.clone(),
            purl: self.purl,
            status: self.status,
            justification: self.justification,
            impact: reason.filter(|_| self.status == VexStatus::NotAffected),
            action: reason.filter(|_| self.status == VexStatus::Affected),
            timestamp: None,
        }
    }
}

/// `not_affected: reason`.
fn status(reason: &str) -> (Option<VexStatus>, &str) {
    let found = VexStatus::ALL.iter().find_map(|status| Some((*status, labelled(reason, status.label())?)));
    found.map_or((None, reason), |(status, rest)| (Some(status), rest))
}

/// `vulnerable_code_not_present: reason`.
fn justification(reason: &str) -> (Option<&'static str>, &str) {
    let found = JUSTIFICATIONS.iter().find_map(|label| Some((*label, labelled(reason, label)?)));
    found.map_or((None, reason), |(label, rest)| (Some(label), rest))
}

fn labelled<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let rest = text.trim().strip_prefix(label)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(':').map(str::trim) }
}

/// The reason, and for how long it holds.
fn accepted(suppression: &Suppression, status: VexStatus, reason: &str) -> String {
    match (&suppression.expires, status) {
        (Some(day), VexStatus::Affected) => format!("The risk is accepted until {day}: {reason}"),
        (None, VexStatus::Affected) => format!("The risk is accepted: {reason}"),
        _ => reason.to_owned(),
    }
}
