use andon_model::{Finding, Location, Severity, State};
use annotate_snippets::{Group, Level, Renderer};

use super::{View, frame, paint};
use crate::{clean, facts, wrap};

/// Places listed after the first.
const ALSO: usize = 3;
const ALSO_VERBOSE: usize = 50;
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
    let message = clean::line(&finding.message);
    if !message.is_empty() && message != clean::line(&finding.title) {
        notes.push(("note", clean::short(&message, 600)));
    }
    if let Some(secret) = secret(view, finding) {
        notes.push(("secret", secret));
    }
    notes.extend(places(view, finding).map(|text| ("also in", text)));
    if let Some(commit) = facts::introduction(finding) {
        notes.push(("since", clean::short(&facts::commit(commit), 200)));
    }
    notes.extend(head(finding).map(|text| ("now", text.to_owned())));
    for (number, step) in finding.flow.iter().enumerate().take(20) {
        let place = clean::line(&facts::place(&step.location));
        notes.push(("flow", format!("{}. {place} {}", number + 1, clean::short(&step.message, 200))));
    }
    notes.push(("finding", identity(view, finding)));
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

fn places(view: &View<'_>, finding: &Finding) -> Option<String> {
    let others = finding.locations.get(1..).unwrap_or_default();
    if others.is_empty() {
        return None;
    }
    let shown = if view.verbose { ALSO_VERBOSE } else { ALSO };
    let mut names: Vec<String> = others.iter().take(shown).map(named).collect();
    if others.len() > shown {
        names.push(format!("{} more", others.len() - shown));
    }
    let (places, files) = facts::spread(finding);
    let total = format!("{} in {}", facts::plural(places, "place"), facts::plural(files, "file"));
    Some(format!("{} ({total})", names.join(", ")))
}

fn named(location: &Location) -> String {
    let place = clean::short(&facts::place(location), 120);
    match location.at_head {
        Some(false) => format!(
            "{place} in {}",
            location.commit.as_ref().map_or_else(
                || "history".to_owned(),
                |commit| clean::line(&commit.id.chars().take(10).collect::<String>()),
            )
        ),
        _ => place,
    }
}

fn head(finding: &Finding) -> Option<&'static str> {
    match facts::at_head(finding)? {
        true => Some("still at HEAD"),
        false => Some("gone from HEAD, but everyone with a clone can read it in the history"),
    }
}

fn identity(view: &View<'_>, finding: &Finding) -> String {
    let fingerprint = if view.verbose {
        clean::short(&finding.fingerprints.primary.0, 200)
    } else {
        clean::short(&facts::short_fingerprint(finding), 60)
    };
    let mut text = format!("{fingerprint}, confidence {}", finding.confidence);
    if facts::compared(view.report) {
        text.push_str(&format!(", {}", facts::word(&finding.state)));
    }
    text
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
