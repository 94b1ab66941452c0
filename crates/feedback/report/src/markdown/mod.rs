mod components;
mod escape;

use std::collections::BTreeMap;

use andon_model::{Finding, Gap, GapKind, RuleRef, ScanReport, Severity, Verdict};

use crate::Rendered;
use crate::components::Unaudited;
use crate::facts::{self, Tally};
use escape::{code, text};

/// GitHub takes comments of at most so many characters.
pub const MAX_CHARACTERS: usize = 65_536;

/// What is left free for the closing lines.
const RESERVE: usize = 1_500;
const ROWS: usize = 50;
const DETAILS: usize = 25;
/// Findings of one rule with details; the others are like them.
const ALIKE: usize = 3;
/// Gaps of one kind, where there are more than [`LINES`] in all.
const OF_A_KIND: usize = 4;
/// Lines of lists other than findings.
const LINES: usize = 20;

/// A comment for a pull request: the verdict first, then what is new, then the rest folded away.
pub(crate) fn markdown(report: &ScanReport) -> Rendered {
    let mut page = Page::default();
    // The first line lets a script find its earlier comment and replace it.
    page.push("<!-- andon-report -->\n");
    page.push(&verdict(report));
    page.push(&numbers(report));
    page.push(&components::basis(report));
    page.push(&incomplete(report));
    page.push(&changes(report));
    let compared = facts::compared(report);
    let counted = report.findings.iter().filter(|finding| finding.counts());
    let (new, old): (Vec<&Finding>, Vec<&Finding>) =
        counted.partition(|finding| !compared || finding.is_new());
    let (of_components, new): (Vec<&Finding>, Vec<&Finding>) =
        new.into_iter().partition(|finding| crate::components::is_about(finding));
    findings(&mut page, report, &facts::ordered(new));
    components::findings(&mut page, report, &of_components);
    existing(&mut page, &facts::ordered(old));
    page.finish(report)
}

#[derive(Default)]
struct Page {
    out: String,
    characters: usize,
    /// Findings that found no room.
    lost: usize,
}

impl Page {
    /// Adds all of `part`, or nothing of it if there is no room.
    fn push(&mut self, part: &str) -> bool {
        let characters = part.chars().count();
        let fits = self.characters + characters + RESERVE <= MAX_CHARACTERS;
        if fits {
            self.out.push_str(part);
            self.characters += characters;
        }
        fits
    }

    fn finish(mut self, report: &ScanReport) -> Rendered {
        let mut notices = Vec::new();
        if self.lost > 0 {
            let notice = format!(
                "{} not shown in this comment; the JSON and SARIF reports have them all",
                facts::plural(self.lost, "finding")
            );
            self.out.push_str(&format!("\n> {notice}.\n"));
            notices.push(notice);
        }
        let examined = examined(report);
        self.out.push_str(&format!("\n<sub>{}</sub>\n", text(&examined, 400)));
        Rendered { bytes: self.out.into_bytes(), notices }
    }
}

fn verdict(report: &ScanReport) -> String {
    let open = Unaudited::of(report).map(Unaudited::words);
    let Some(gate) = &report.gate else {
        let tally = Tally::of(&report.findings);
        return match (tally.counted, open) {
            (0, Some(open)) => format!("### Andon found nothing, but {open}\n"),
            (0, None) if facts::examined_nothing(report) => "### Andon examined nothing\n".to_owned(),
            (0, None) if report.coverage.complete => "### Andon found nothing\n".to_owned(),
            (0, None) => "### Andon found nothing, but the scan is incomplete\n".to_owned(),
            (count, _) => format!("### Andon: {}\n", facts::plural(count, "finding")),
        };
    };
    let mut out = match gate.verdict {
        Verdict::Pass => match open {
            Some(open) => format!("### Andon: the line may go on, but {open}\n"),
            None => "### Andon: the line may go on\n".to_owned(),
        },
        Verdict::Warn => "### Andon: the line may go on, with a warning\n".to_owned(),
        Verdict::NeedsApproval => "### Andon: this change needs an approval\n".to_owned(),
        Verdict::Stop => "### Andon: this change stops the line\n".to_owned(),
    };
    out.push('\n');
    for reason in gate.reasons.iter().take(LINES) {
        let role = reason.role.as_ref().map(|role| format!(" by {}", code(role, 60))).unwrap_or_default();
        let word = facts::verdict(reason.verdict);
        out.push_str(&format!("- **{word}**{role}: {}\n", text(&reason.message, 400)));
    }
    out.push_str(&more(gate.reasons.len(), "- "));
    out
}

fn numbers(report: &ScanReport) -> String {
    let tally = Tally::of(&report.findings);
    let mut parts: Vec<String> =
        tally.severities().map(|(severity, count)| format!("{count} {severity}")).collect();
    if parts.is_empty() {
        let nothing = facts::examined_nothing(report);
        parts.push(if nothing { "no findings, for nothing was examined" } else { "no findings" }.to_owned());
    }
    let mut out = format!("\n**{}**", parts.join(", "));
    if facts::compared(report) {
        out.push_str(&format!(" · {} new · {} existing", tally.new, tally.counted - tally.new));
    }
    let aside = [(tally.gone, facts::gone(report)), (tally.suppressed, "suppressed"), (tally.fixed, "fixed")];
    for (count, word) in aside {
        if count > 0 {
            out.push_str(&format!(" · {count} {word}"));
        }
    }
    out.push('\n');
    out
}

fn incomplete(report: &ScanReport) -> String {
    let coverage = &report.coverage;
    if coverage.complete {
        return String::new();
    }
    let mut gaps: Vec<&Gap> = coverage.gaps.iter().collect();
    // What was not audited must not be cut off the end of the list.
    gaps.sort_by_key(|gap| (gap.kind != GapKind::NotAudited, gap.kind));
    let few = gaps.len() <= LINES;
    let gaps = gaps
        .chunk_by(|a, b| a.kind == b.kind)
        .flat_map(|alike| of_kind(alike, if few { alike.len() } else { OF_A_KIND }));
    let rules = coverage.engines.iter().flat_map(|engine| &engine.rules_rejected);
    let rules = rules
        .map(|rule| format!("- rule {} did not run: {}\n", code(&rule.id, 100), text(&rule.reason, 300)));
    let all: Vec<String> = gaps.chain(rules).collect();
    let rejected: usize = coverage.engines.iter().map(|engine| engine.rules_rejected.len()).sum();
    let count = coverage.gaps.len() + rejected;
    let mut out = format!(
        "\n> **This scan is incomplete**: {} not examined. No finding there does not mean no defect.\n\n\
         <details><summary>What was not examined</summary>\n\n",
        if count == 1 { "1 thing was".to_owned() } else { format!("{count} things were") }
    );
    out.extend(all.iter().take(LINES).map(String::as_str));
    out.push_str(&more(all.len(), "- "));
    out.push_str("\n</details>\n");
    out
}

/// Gaps of one kind; where there are many, the first few and how many more.
fn of_kind(alike: &[&Gap], most: usize) -> Vec<String> {
    let line = |gap: &&Gap| {
        let subject = code(&gap.subject, 200);
        format!("- {}: {subject}: {}\n", facts::word(&gap.kind), text(&gap.detail, 300))
    };
    let mut lines: Vec<String> = alike.iter().take(most).map(line).collect();
    if let (Some(first), true) = (alike.first(), alike.len() > most) {
        lines.push(format!("- {}: and {} more\n", facts::word(&first.kind), alike.len() - most));
    }
    lines
}

fn changes(report: &ScanReport) -> String {
    let mut out = String::new();
    if !report.protected_changes.is_empty() {
        out.push_str("\n**This change alters what judges it:**\n\n");
        for change in report.protected_changes.iter().take(LINES) {
            let line = change.line.map(|line| format!(":{line}")).unwrap_or_default();
            let place = code(&format!("{}{line}", change.path), 200);
            out.push_str(&format!("- {place}: {}\n", text(&change.detail, 300)));
        }
        out.push_str(&more(report.protected_changes.len(), "- "));
    }
    if !report.exception_issues.is_empty() {
        out.push_str("\n**Exceptions to look at:**\n\n");
        for issue in report.exception_issues.iter().take(LINES) {
            let owner = text(&issue.exception.owner, 60);
            out.push_str(&format!(
                "- {} (owner {owner}): {}\n",
                facts::word(&issue.problem),
                text(&issue.detail, 300)
            ));
        }
        out.push_str(&more(report.exception_issues.len(), "- "));
    }
    out
}

fn findings(page: &mut Page, report: &ScanReport, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    let heading = if facts::compared(report) { "New findings" } else { "Findings" };
    page.push(&format!("\n#### {heading}\n\n{TABLE}"));
    let mut shown = 0;
    for finding in findings.iter().take(ROWS) {
        if !page.push(&row(finding)) {
            break;
        }
        shown += 1;
    }
    page.lost += findings.len() - shown;
    let mut of_rule: BTreeMap<&RuleRef, usize> = BTreeMap::new();
    let mut room = DETAILS;
    for finding in findings.iter().take(shown) {
        let number = of_rule.entry(&finding.rule).or_default();
        *number += 1;
        if *number > ALIKE || room == 0 {
            continue;
        }
        room -= 1;
        // What to do is said once.
        if !page.push(&details(report, finding, *number == 1)) {
            break;
        }
    }
}

fn existing(page: &mut Page, findings: &[&Finding]) {
    const SHOWN: usize = 20;
    if findings.is_empty() {
        return;
    }
    let mut part = format!(
        "\n<details><summary>{} not brought by this change</summary>\n\n{TABLE}",
        facts::plural(findings.len(), "finding")
    );
    part.extend(findings.iter().take(SHOWN).map(|finding| row(finding)));
    part.push_str(&more(findings.len(), "\n"));
    part.push_str("\n</details>\n");
    if !page.push(&part) {
        page.lost += findings.len();
    }
}

const TABLE: &str = "| Severity | Rule | Where | What |\n|---|---|---|---|\n";

fn row(finding: &Finding) -> String {
    let place = finding.locations.first().map(facts::place).unwrap_or_default();
    let others = facts::occurrences(finding).saturating_sub(1);
    let others =
        if others > 0 { format!(" and {}", facts::plural(others, "other place")) } else { String::new() };
    format!(
        "| {} | {} | {}{others} | {} |\n",
        severity(finding.severity),
        code(&finding.rule.id, 80),
        code(&place, 160),
        text(facts::title(finding), 160),
    )
}

fn details(report: &ScanReport, finding: &Finding, with_help: bool) -> String {
    let place = finding.locations.first();
    let mut out = format!(
        "\n<details><summary>{}: {} in {}</summary>\n\n",
        finding.severity,
        text(facts::title(finding), 120),
        code(&place.map(facts::place).unwrap_or_default(), 160),
    );
    if let Some(message) = facts::message(finding) {
        out.push_str(&format!("{}\n\n", text(message, 600)));
    }
    if let Some(snippet) = place.and_then(|place| place.snippet.as_deref()) {
        out.push_str(&format!("{}\n\n", escape::block(snippet, 200)));
    }
    if let Some(commit) = facts::introduction(finding) {
        out.push_str(&format!("- Since: {}\n", text(&facts::commit(&commit), 200)));
    }
    if let Some(layer) = place.and_then(facts::layer) {
        out.push_str(&format!("- In: {}\n", text(&layer, 200)));
    }
    let head = facts::fate(finding).map(|text| format!(", {text}")).unwrap_or_default();
    out.push_str(&format!("- Confidence: {}{head}\n", finding.confidence));
    if with_help && let Some(step) = facts::first_step(report, finding) {
        out.push_str(&format!("- What to do: {}\n", text(&step, 800)));
    }
    out.push_str(&format!("- Fingerprint: {}\n\n</details>\n", code(&finding.fingerprints.primary.0, 120)));
    out
}

fn severity(severity: Severity) -> String {
    if severity >= Severity::High { format!("**{severity}**") } else { severity.to_string() }
}

fn more(total: usize, start: &str) -> String {
    if total > LINES { format!("{start}and {} more\n", total - LINES) } else { String::new() }
}

fn examined(report: &ScanReport) -> String {
    let files: u64 = report.coverage.engines.iter().map(|engine| engine.files).sum();
    let rules: u64 = report.coverage.engines.iter().map(|engine| engine.rules_loaded).sum();
    format!(
        "{} {} examined {} with {} in {}",
        report.tool.name,
        report.tool.version,
        facts::plural64(files, facts::unit(report)),
        facts::plural64(rules, "rule"),
        facts::duration(report.duration_ms),
    )
}
