use andon_model::{Finding, ScanReport};

use super::escape::{code, text};
use super::{Page, more, severity};
use crate::components::{self, Groups, Labels, Line, Unaudited, Update, counts};
use crate::facts;

const ROWS: usize = 50;
const DETAILS: usize = 25;
/// Findings named below an update.
const LINES: usize = 20;

/// What there is and what it was judged by; loud where it was not.
pub(super) fn basis(report: &ScanReport) -> String {
    let mut out = String::new();
    if let Some(inventory) = &report.inventory {
        out.push_str(&format!("\n{}", text(&components::contents(inventory), 400)));
        let data = inventory.advisories.as_ref().map(components::advisories);
        out.extend(data.map(|data| format!(" · {}", text(&data, 200))));
        out.push('\n');
    }
    let loud = match Unaudited::of(report) {
        Some(Unaudited::All) => "Components were NOT AUDITED: there are no advisories to compare them with.",
        Some(Unaudited::Some) => "Not all components were audited.",
        None => return out,
    };
    out.push_str(&format!("\n> **{loud}** What was not audited is not clean: nothing is known of it.\n"));
    out
}

/// What has to be removed, what to update, and what no update mends.
pub(super) fn findings(page: &mut Page, report: &ScanReport, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    let labels = Labels::of(report);
    let groups = Groups::of(report, findings.iter().copied());
    table(
        page,
        &labels,
        "Malicious components: remove them, and change every credential that they could read",
        &groups.malicious,
    );
    updates(page, &labels, &groups.updates);
    table(page, &labels, "Findings that no update removes", &groups.unfixed);
    let others: Vec<&Finding> = groups.licences.iter().chain(&groups.abandoned).copied().collect();
    table(page, &labels, "Licences and components that nobody maintains", &others);
}

fn updates(page: &mut Page, labels: &Labels<'_>, updates: &[Update<'_>]) {
    if updates.is_empty() {
        return;
    }
    page.push("\n#### Updates\n\n| Update | Removes | Brought in by | Command |\n|---|---|---|---|\n");
    let shown = updates.iter().take(ROWS).take_while(|update| page.push(&row(labels, update))).count();
    let left = updates.get(shown..).unwrap_or_default();
    page.lost += left.iter().map(|update| update.findings.len()).sum::<usize>();
    for update in updates.iter().take(shown.min(DETAILS)) {
        if !page.push(&details(labels, update)) {
            break;
        }
    }
}

fn row(labels: &Labels<'_>, update: &Update<'_>) -> String {
    let upgrade = update.upgrade;
    let through = upgrade.through.as_deref().map(|purl| text(&labels.label(purl), 80)).unwrap_or_default();
    let command = upgrade.command.as_deref().map(|command| code(command, 200)).unwrap_or_default();
    let removes =
        format!("{} ({})", facts::plural(update.findings.len(), "finding"), counts(&update.findings));
    format!("| {} | {removes} | {through} | {command} |\n", title(update))
}

fn title(update: &Update<'_>) -> String {
    let upgrade = update.upgrade;
    format!("{} {} → {}", code(&upgrade.name, 100), text(&upgrade.from, 60), text(&upgrade.to, 60))
}

fn details(labels: &Labels<'_>, update: &Update<'_>) -> String {
    let place = update.findings.first().and_then(|finding| finding.locations.first());
    let place = place.map(|place| format!(" in {}", code(&facts::place(place), 160))).unwrap_or_default();
    let mut out = format!("\n<details><summary>{}{place}</summary>\n\n", title(update));
    for finding in update.findings.iter().take(LINES) {
        let line = Line::of(finding, labels);
        let facts = [line.score.clone(), line.signals()];
        let facts: Vec<String> =
            facts.iter().filter(|fact| !fact.is_empty()).map(|fact| text(fact, 40)).collect();
        let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
        out.push_str(&format!(
            "- {} {}{facts}: {}\n",
            severity(finding.severity),
            code(&line.id, 60),
            text(&line.about, 160)
        ));
    }
    out.push_str(&more(update.findings.len(), "- "));
    out.push_str("\n</details>\n");
    out
}

fn table(page: &mut Page, labels: &Labels<'_>, heading: &str, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    page.push(&format!(
        "\n#### {heading}\n\n| Severity | Finding | Component | Where | What |\n|---|---|---|---|---|\n"
    ));
    let shown = findings.iter().take(ROWS).take_while(|finding| page.push(&one(labels, finding))).count();
    page.lost += findings.len() - shown;
}

fn one(labels: &Labels<'_>, finding: &Finding) -> String {
    let line = Line::of(finding, labels);
    let signals = line.signals();
    let signals = if signals.is_empty() { signals } else { format!(" ({signals})") };
    format!(
        "| {} | {}{signals} | {} | {} | {} |\n",
        severity(finding.severity),
        code(&line.id, 60),
        code(&labels.label(components::purl(finding)), 100),
        code(&finding.locations.first().map(facts::place).unwrap_or_default(), 160),
        text(&line.about, 160),
    )
}
