//! Findings about components, grouped by the update that removes them: a project may have hundreds, and there is no
//! code to show.

use std::collections::BTreeMap;

use andon_model::{Finding, Location, Severity};

use super::{View, paint};
use crate::components::{self, Groups, Line, Update, counts};
use crate::{clean, facts, wrap};

/// Updates shown with their findings, and updates shown at all.
const IN_FULL: usize = 5;
const SHOWN: usize = 20;
/// Findings of an update.
const ADVISORIES: usize = 3;
/// Lines of a list, and names in a sentence.
const LINES: usize = 10;
/// Columns of an identifier.
const ID: usize = 24;
/// Columns before what is said of an identifier.
const INDENT: usize = 12;
/// Fewer columns are not worth a title.
const NARROWEST: usize = 12;

pub(super) fn parts(view: &View<'_>, findings: &[&Finding]) -> Vec<String> {
    if findings.is_empty() {
        return Vec::new();
    }
    let groups = Groups::of(view.report, findings.iter().copied());
    let mut parts = Vec::new();
    parts.extend(malicious(view, &groups.malicious));
    parts.extend(updates(view, &groups.updates));
    parts.extend(unfixed(view, &groups.unfixed));
    parts.extend(asides(view, &groups));
    parts
}

fn malicious(view: &View<'_>, findings: &[&Finding]) -> Option<String> {
    let first = findings.first()?;
    let title = facts::plural(findings.len(), "malicious component");
    let mut out = view.paint.severity(first.severity, &title);
    let shown = if view.verbose { findings.len() } else { LINES };
    for finding in findings.iter().take(shown) {
        let line = Line::of(finding, view.labels);
        let label = clean::short(&view.labels.label(components::purl(finding)), view.width / 2);
        let id = clean::short(&line.id, ID);
        out.push_str(&format!("\n  {}  {id}", view.paint.severity(finding.severity, &label)));
        out.push_str(&indented(view, &places(view, finding)));
        out.push_str(&identity(view, finding));
    }
    out.push_str(&more(view, findings.get(shown..).unwrap_or_default()));
    if let Some(step) = facts::first_step(view.report, first) {
        out.push_str(&indented(view, &format!("what to do: {}", clean::short(&step, 400))));
    }
    Some(out)
}

fn updates(view: &View<'_>, updates: &[Update<'_>]) -> Vec<String> {
    let (in_full, shown) = if view.verbose { (usize::MAX, usize::MAX) } else { (IN_FULL, SHOWN) };
    let mut parts: Vec<String> = updates.iter().take(in_full).map(|update| full(view, update)).collect();
    let brief: Vec<String> =
        updates.iter().take(shown).skip(in_full).map(|update| heading(view, update)).collect();
    if !brief.is_empty() {
        parts.push(brief.join("\n"));
    }
    let rest = updates.get(shown.min(updates.len())..).unwrap_or_default();
    if !rest.is_empty() {
        let findings: Vec<&Finding> =
            rest.iter().flat_map(|update| update.findings.iter().copied()).collect();
        let text = format!(
            "and {} of {} ({}); --verbose shows them all",
            facts::plural(rest.len(), "more update"),
            facts::plural(findings.len(), "finding"),
            counts(&findings)
        );
        parts.push(view.paint.quiet(&wrap::wrap(&text, view.width).join("\n")));
    }
    parts
}

fn full(view: &View<'_>, update: &Update<'_>) -> String {
    let mut out = heading(view, update);
    let shown = if view.verbose || update.findings.len() <= ADVISORIES + 1 {
        update.findings.len()
    } else {
        ADVISORIES
    };
    let lines: Vec<&Finding> = update.findings.iter().take(shown).copied().collect();
    out.push_str(&table(view, &lines, false));
    out.push_str(&more(view, update.findings.get(shown..).unwrap_or_default()));
    let mut place = update.findings.first().map(|finding| places(view, finding)).unwrap_or_default();
    if let Some(through) = &update.upgrade.through {
        let through = clean::short(&view.labels.label(through), 80);
        place.push_str(&format!(", brought in by {through}"));
    }
    out.push_str(&indented(view, &place));
    if let Some(command) = &update.upgrade.command {
        // One line, however long: it is there to be copied.
        out.push_str(&format!("\n  $ {}", view.paint.paint(paint::HELP, &clean::line(command))));
    }
    out
}

/// `lodash 4.17.20 -> 4.17.21  removes 5 findings (1 critical, exploited; 3 high)`.
fn heading(view: &View<'_>, update: &Update<'_>) -> String {
    let upgrade = update.upgrade;
    let [name, from, to] = [(&upgrade.name, 60), (&upgrade.from, 40), (&upgrade.to, 40)]
        .map(|(text, limit)| clean::short(text, limit.min(view.width)));
    let title = format!("{name} {from} -> {to}");
    let removes = update.removes();
    let title_width = wrap::width(&title);
    let fits = title_width + 2 + wrap::width(&removes) <= view.width;
    let removes =
        if fits { format!("  {removes}") } else { format!("\n  {}", wrap::hanging(&removes, view.width, 2)) };
    let removes = Severity::ALL.iter().fold(removes, |text, severity| {
        text.replacen(severity.as_str(), &view.paint.severity(*severity, severity.as_str()), 1)
    });
    let title = if title_width > view.width { wrap::wrap(&title, view.width).join("\n") } else { title };
    format!("{}{removes}", view.paint.bold(&title))
}

/// A line for each finding: severity, identifier, score, signals, what it is.
fn table(view: &View<'_>, findings: &[&Finding], with_label: bool) -> String {
    let lines: Vec<Line> = findings.iter().map(|finding| Line::of(finding, view.labels)).collect();
    let widest = |text: &dyn Fn(&Line) -> usize| lines.iter().map(text).max().unwrap_or(0);
    let ids = widest(&|line| wrap::width(&clean::short(&line.id, ID)));
    let scores = widest(&|line| line.score.len().min(4));
    let signals = widest(&|line| line.signals().len());
    let mut out = String::new();
    for (finding, line) in findings.iter().zip(&lines) {
        let id = padded(&clean::short(&line.id, ID), ids);
        let severity = view.paint.severity(finding.severity, &format!("{:<8}", finding.severity));
        let mut used = 2 + 8 + 2 + ids;
        out.push_str(&format!("\n  {severity}  {id}"));
        if scores > 0 {
            out.push_str(&format!("  {:>scores$}", clean::short(&line.score, 4)));
            used += 2 + scores;
        }
        if signals > 0 {
            let words = padded(&line.signals(), signals);
            let words = words.replacen("exploited", &view.paint.severity(finding.severity, "exploited"), 1);
            out.push_str(&format!("  {words}"));
            used += 2 + signals;
        }
        let room = view.width.saturating_sub(used + 2);
        if room < NARROWEST {
            out.push_str(&identity(view, finding));
            continue;
        }
        let label = if with_label {
            format!("{}: ", view.labels.label(components::purl(finding)))
        } else {
            String::new()
        };
        out.push_str(&format!("  {}", clean::short(&format!("{label}{}", line.about), room)));
        out.push_str(&identity(view, finding));
    }
    out
}

fn unfixed(view: &View<'_>, findings: &[&Finding]) -> Option<String> {
    let shown = if view.verbose { findings.len() } else { LINES.min(findings.len()) };
    let title = format!("{} that no update removes", facts::plural(findings.len(), "finding"));
    let (first, rest) = findings.split_at_checked(shown)?;
    first.first()?;
    Some(format!("{}{}{}", view.paint.bold(&title), table(view, first, true), more(view, rest)))
}

/// What is no vulnerability: a sentence for each kind.
fn asides(view: &View<'_>, groups: &Groups<'_>) -> Vec<String> {
    let mut kinds: BTreeMap<(&str, String), Vec<&Finding>> = BTreeMap::new();
    for finding in &groups.abandoned {
        kinds.entry((&finding.rule.id, String::new())).or_default().push(finding);
    }
    for finding in &groups.licences {
        let about = Line::of(finding, view.labels).about;
        let about = about.strip_prefix("is ").unwrap_or(&about).to_owned();
        kinds.entry((&finding.rule.id, about)).or_default().push(finding);
    }
    let mut lines: Vec<(&Finding, String)> = Vec::new();
    for ((rule, about), findings) in kinds {
        let Some(first) = findings.first() else { continue };
        let names = findings.iter().map(|finding| {
            let label = clean::short(&view.labels.label(components::purl(finding)), 60);
            match &finding.advisory {
                Some(id) => format!("{label} ({})", clean::short(id, ID)),
                None => label,
            }
        });
        let shown = if view.verbose { findings.len() } else { LINES };
        let mut names: Vec<String> = names.take(shown).collect();
        if findings.len() > shown {
            names.push(format!("and {} more", facts::grouped((findings.len() - shown) as u64)));
        }
        let about = if about.is_empty() { String::new() } else { format!(" {}:", clean::short(&about, 200)) };
        let rule = clean::short(rule, 60);
        let text = wrap::hanging(&format!("{rule}:{about} {}", names.join(", ")), view.width, 2);
        lines.push((first, text.replacen(&rule, &view.paint.severity(first.severity, &rule), 1)));
    }
    lines.sort_by_key(|(first, _)| std::cmp::Reverse(first.severity));
    let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
    if lines.is_empty() { Vec::new() } else { vec![lines.join("\n")] }
}

/// Where a component stands: the first place, and how many more there are.
fn places(view: &View<'_>, finding: &Finding) -> String {
    let shown = if view.verbose { 10 } else { 1 };
    let names: Vec<String> = finding.locations.iter().take(shown).map(|place| one(view, place)).collect();
    if names.is_empty() {
        return "as the list of components says".to_owned();
    }
    let others = facts::occurrences(finding).saturating_sub(shown);
    if others > 0 {
        return format!("{} and {}", names.join(", "), facts::plural(others, "other place"));
    }
    names.join(", ")
}

fn one(view: &View<'_>, location: &Location) -> String {
    let room = view.width.saturating_sub(24);
    let place = clean::cut_start(&clean::line(&facts::place(location)), room);
    match facts::layer(location) {
        Some(layer) => format!("{place}, {}", clean::short(&layer, room)),
        None => place,
    }
}

/// For those who write exceptions and statements.
fn identity(view: &View<'_>, finding: &Finding) -> String {
    if !view.verbose {
        return String::new();
    }
    let aliases: Vec<&str> =
        finding.properties.get("ids").map(|ids| ids.split(' ').skip(1).collect()).unwrap_or_default();
    let also = if aliases.is_empty() { String::new() } else { format!("also {}; ", aliases.join(", ")) };
    let text = format!("{also}fingerprint {}", finding.fingerprints.primary.0);
    let lines = wrap::wrap(&clean::short(&text, 600), view.width.saturating_sub(INDENT));
    let indent = " ".repeat(INDENT);
    lines.iter().map(|line| format!("\n{indent}{}", view.paint.quiet(line))).collect()
}

fn more(view: &View<'_>, rest: &[&Finding]) -> String {
    if rest.is_empty() {
        return String::new();
    }
    let text = format!("and {} more ({})", facts::grouped(rest.len() as u64), counts(rest));
    format!("\n  {}", view.paint.quiet(&text))
}

fn indented(view: &View<'_>, text: &str) -> String {
    format!("\n  {}", wrap::hanging(text, view.width, 2))
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(wrap::width(text))))
}
