mod components;
mod coverage;
mod finding;
mod frame;
mod gate;
pub(crate) mod paint;
mod places;
mod summary;

use std::collections::BTreeSet;

use andon_model::{Finding, ScanReport, State};

use crate::components::{Labels, is_about};
use crate::{clean, facts};
use paint::Paint;

/// So many findings of one rule are shown in full; where there are more, the others are listed.
const ALIKE: usize = 3;

/// How the terminal form looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextOptions {
    /// Columns of the terminal; taken as at least 40 and at most 160.
    pub width: usize,
    /// Also show what is suppressed, fixed, skipped and existing in full.
    pub verbose: bool,
    /// Write ANSI styles. The text says the same without.
    pub color: bool,
    /// Findings shown in full; the others are counted.
    pub max_findings: usize,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { width: 100, verbose: false, color: false, max_findings: 50 }
    }
}

/// What every part needs.
#[derive(Clone, Copy)]
struct View<'a> {
    report: &'a ScanReport,
    labels: &'a Labels<'a>,
    paint: Paint,
    width: usize,
    verbose: bool,
    max_findings: usize,
}

/// Findings first and the summary last: the end is what stays on the screen.
pub(crate) fn text(report: &ScanReport, options: &TextOptions) -> String {
    let labels = Labels::of(report);
    let view = View {
        report,
        labels: &labels,
        paint: Paint { color: options.color },
        width: options.width.clamp(40, 160),
        verbose: options.verbose,
        max_findings: options.max_findings,
    };
    let mut parts = view.findings();
    parts.extend(view.others());
    parts.extend(coverage::parts(&view));
    parts.push(summary::summary(&view));
    let mut out = parts.join("\n\n");
    out.push('\n');
    out
}

impl View<'_> {
    /// Findings in full: those that count, of a change only what it brings.
    fn findings(&self) -> Vec<String> {
        let compared = facts::compared(self.report) && !self.verbose;
        let shown = self.report.findings.iter().filter(|f| f.counts() && (!compared || f.is_new()));
        let (of_components, of_code): (Vec<&Finding>, Vec<&Finding>) = shown.partition(|f| is_about(f));
        let shown = facts::ordered(of_code);
        let mut parts: Vec<String> = Vec::new();
        let mut rest: &[&Finding] = &shown;
        let mut room = self.max_findings;
        let mut told = BTreeSet::new();
        while let Some(first) = rest.first().filter(|_| room > 0) {
            let same = |other: &&&Finding| other.rule == first.rule && other.severity == first.severity;
            let (alike, others) = rest.split_at(rest.iter().take_while(same).count());
            let in_full =
                if self.verbose || alike.len() <= ALIKE { alike.len() } else { ALIKE - 1 }.min(room);
            let (full, brief) = alike.split_at(in_full);
            for one in full {
                // What to do is said once, though several rules ask for the same.
                let with_help = told.insert(facts::first_step(self.report, one));
                parts.push(finding::finding(self, one, with_help));
            }
            if !brief.is_empty() {
                let title = format!("{} of {}", facts::plural(brief.len(), "more finding"), first.rule.id);
                parts.push(self.list(&clean::line(&title), brief, finding::grep));
            }
            room -= in_full;
            rest = others;
        }
        if !rest.is_empty() {
            let title = format!("{} not shown above", facts::plural(rest.len(), "more finding"));
            parts.push(self.list(&title, rest, finding::one_line));
        }
        parts.extend(components::parts(self, &of_components));
        parts
    }

    /// Findings of which a line says enough.
    fn others(&self) -> Vec<String> {
        let select = |wanted: fn(&Finding) -> bool| {
            facts::ordered(self.report.findings.iter().filter(|finding| wanted(finding)))
        };
        let mut lists = Vec::new();
        if !self.verbose && facts::compared(self.report) {
            lists.push(("that this change did not bring", select(|f| f.counts() && !f.is_new())));
        }
        if self.verbose {
            lists.push(("suppressed", select(|f| f.suppression.is_some() && f.state != State::Fixed)));
            lists.push(("fixed", select(|f| f.state == State::Fixed)));
        }
        let lists = lists.into_iter().filter(|(_, findings)| !findings.is_empty());
        lists
            .map(|(what, found)| {
                let title = format!("{} {what}", facts::plural(found.len(), "finding"));
                self.list(&title, &found, finding::one_line)
            })
            .collect()
    }

    fn list(&self, title: &str, findings: &[&Finding], line: fn(&Self, &Finding, usize) -> String) -> String {
        const SHOWN: usize = 10;
        let shown = if self.verbose { findings.len() } else { SHOWN };
        let mut out = self.paint.bold(title);
        let rule_width = finding::rule_width(findings.get(..shown.min(findings.len())).unwrap_or_default());
        for finding in findings.iter().take(shown) {
            out.push('\n');
            out.push_str(&line(self, finding, rule_width));
        }
        if findings.len() > shown {
            let more = format!(
                "\n  and {} more; --verbose shows them all",
                facts::grouped((findings.len() - shown) as u64)
            );
            out.push_str(&self.paint.quiet(&more));
        }
        out
    }
}
