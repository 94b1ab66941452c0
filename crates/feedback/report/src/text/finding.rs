use andon_model::{Finding, Severity, State};
use annotate_snippets::{Group, Level, Renderer};

use super::{View, frame, paint, places};
use crate::{clean, components, facts, wrap};

/// Columns of a rule's identifier in a list.
const RULE: usize = 32;

/// A finding in full, like a compiler's message.
pub(super) fn finding(view: &View<'_>, finding: &Finding, with_help: bool) -> String {
    let title = clean::short(facts::title(finding), view.width.saturating_mul(2));
    let id = clean::short(&finding.rule.id, 100);
    let mut title = level(finding.severity).primary_title(title);
    if !id.is_empty() {
        title = title.id(id);
    }
    let mut group = Group::with_title(title);
    let mut framed = false;
    if let Some(place) = finding.locations.first() {
        (group, framed) = frame::place(group, place, facts::evidence(finding, "redacted"), &label(finding));
    }
    for (name, text) in notes(view, finding, with_help) {
        // The gutter and `= name: ` come before the text; the renderer indents the lines that follow.
        let room = view.width.saturating_sub(name.len() + 12);
        let text = wrap::wrap(&text, room).join("\n");
        let note = if name == "help" { Level::HELP } else { Level::NOTE };
        group = group.element(note.with_name(name).message(text));
    }
    let shown = renderer(view, finding.severity).render(&[group]);
    // Without line numbers there is no gutter, and everything would stand at the margin.
    let gutter = if framed { "\n" } else { "\n  " };
    shown.trim_end().lines().collect::<Vec<_>>().join(gutter)
}

/// Columns for rules in a list of [`one_line`].
pub(super) fn rule_width(findings: &[&Finding]) -> usize {
    let widths = findings.iter().map(|finding| wrap::width(&clean::short(&finding.rule.id, RULE)));
    widths.max().unwrap_or(0)
}

/// A finding in a line: severity, rule (padded to `rule_width` columns), place and what became of it.
pub(super) fn one_line(view: &View<'_>, finding: &Finding, rule_width: usize) -> String {
    let place = finding.locations.first().map(|place| clean::line(&facts::place(place))).unwrap_or_default();
    let place = if components::is_about(finding) { component(view, finding, &place) } else { place };
    let severity = view.paint.severity(finding.severity, &format!("{:<8}", finding.severity));
    let fate = match (&finding.suppression, finding.state) {
        (Some(suppression), _) => format!("  ({})", clean::short(&suppression.reason, 60)),
        (None, State::New) => String::new(),
        (None, state) => format!("  ({})", facts::word(&state)),
    };
    let id = clean::short(&finding.rule.id, RULE);
    let room = view.width.saturating_sub(2 + 8 + 2 + rule_width + 2).max(16);
    let rest = clean::cut(&format!("{place}{fate}"), room);
    let pad = " ".repeat(rule_width.saturating_sub(wrap::width(&id)));
    format!("  {severity}  {id}{pad}  {rest}")
}

/// What a finding about a component is about: its name says more than the place.
fn component(view: &View<'_>, finding: &Finding, place: &str) -> String {
    let label = clean::short(&view.labels.label(components::purl(finding)), 60);
    let id = finding.advisory.as_deref().map(|id| format!(" {}", clean::short(id, 30))).unwrap_or_default();
    if place.is_empty() { format!("{label}{id}") } else { format!("{label}{id}  {place}") }
}

/// A finding as `grep` would show it: the place and the line that it stands in.
pub(super) fn grep(view: &View<'_>, finding: &Finding, _rule_width: usize) -> String {
    let place = finding.locations.first();
    let name = place.map(|place| clean::line(&facts::place(place))).unwrap_or_default();
    let code = place.and_then(|place| place.snippet.as_deref()).unwrap_or_default();
    let code = code.trim().lines().next().map(clean::line).unwrap_or_default();
    let room = view.width.saturating_sub(2).max(16);
    let place_room = if code.is_empty() { room } else { room * 2 / 3 };
    let name = clean::cut_start(&name, place_room);
    let rest = clean::cut(&code, room.saturating_sub(wrap::width(&name) + 2));
    format!("  {name}  {}", view.paint.quiet(&rest)).trim_end().to_owned()
}

fn level(severity: Severity) -> Level<'static> {
    Level::ERROR.with_name(severity.as_str())
}

fn renderer(view: &View<'_>, severity: Severity) -> Renderer {
    if !view.paint.color {
        return Renderer::plain().term_width(view.width);
    }
    Renderer::styled()
        .term_width(view.width)
        .hyperlink(false)
        .error(paint::of_severity(severity))
        .note(paint::BOLD)
        .help(paint::HELP)
        .line_num(paint::FRAME)
}

/// The words at the marker: what makes the finding credible.
fn label(finding: &Finding) -> String {
    let facts = ["validation", "expires", "decoded"];
    let found = facts.iter().find_map(|kind| Some((*kind, facts::evidence(finding, kind)?)));
    match found {
        Some(("validation", value)) => clean::short(value, 60),
        Some((kind, value)) => clean::short(&format!("{kind} {value}"), 60),
        None => String::new(),
    }
}

fn notes(view: &View<'_>, finding: &Finding, with_help: bool) -> Vec<(&'static str, String)> {
    let mut notes = Vec::new();
    if let Some(message) = facts::message(finding) {
        notes.push(("note", clean::short(message, 600)));
    }
    if let Some(secret) = secret(view, finding) {
        notes.push(("secret", secret));
    }
    notes.extend(places::others(view, finding));
    if let Some(commit) = facts::introduction(finding) {
        let room = if view.verbose { 200 } else { view.width.saturating_sub(18) };
        notes.push(("since", clean::short(&facts::commit(&commit), room)));
    }
    let layer = finding.locations.first().and_then(facts::layer);
    notes.extend(layer.map(|layer| ("in", clean::short(&layer, 200))));
    notes.extend(facts::fate(finding).map(|text| ("now", text.to_owned())));
    for (number, step) in finding.flow.iter().enumerate().take(20) {
        let place = clean::line(&facts::place(&step.location));
        notes.push(("flow", format!("{}. {place} {}", number + 1, clean::short(&step.message, 200))));
    }
    notes.push(("confidence", identity(view, finding)));
    if with_help && let Some(help) = help(view, finding) {
        notes.push(("help", help));
    }
    notes
}

fn secret(view: &View<'_>, finding: &Finding) -> Option<String> {
    let redacted = facts::evidence(finding, "redacted")?;
    let snippet = finding.locations.first().and_then(|place| place.snippet.as_deref());
    let visible = snippet.is_some_and(|snippet| snippet.contains(redacted));
    let label = label(finding);
    let mut parts = vec![clean::short(redacted, 80)];
    for evidence in finding.evidence.iter().filter(|evidence| evidence.kind != "redacted").take(10) {
        let value = clean::short(&evidence.value, 100);
        let fact = match evidence.kind.as_str() {
            "validation" => value,
            // A number for those who tune rules.
            "entropy" if !view.verbose => continue,
            kind => format!("{} {value}", clean::short(kind, 30)),
        };
        if view.verbose || fact != label {
            parts.push(fact);
        }
    }
    (parts.len() > 1 || !visible).then(|| parts.join(", "))
}

/// The fingerprint is written in full: it is what an exception names.
fn identity(view: &View<'_>, finding: &Finding) -> String {
    let fingerprint = clean::short(&finding.fingerprints.primary.0, 200);
    let state = if view.verbose && facts::compared(view.report) || finding.state == State::Reopened {
        format!(", {}", facts::word(&finding.state))
    } else {
        String::new()
    };
    format!("{}{state}, fingerprint {fingerprint}", finding.confidence)
}

/// The first paragraph says what to do; the rest is for `andon explain`, or for those who ask for more.
fn help(view: &View<'_>, finding: &Finding) -> Option<String> {
    if !view.verbose {
        return facts::first_step(view.report, finding).map(|step| clean::short(&step, 400));
    }
    let text = clean::block(facts::remedy(view.report, finding)?);
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with("```"));
    Some(lines.collect::<Vec<_>>().join("\n"))
}
