use std::borrow::Cow;

use andon_model::Gap;

use super::{View, paint};
use crate::components::Unaudited;
use crate::{clean, facts, wrap};

const SHOWN: usize = 10;
/// Gaps of one kind, and lines in all, where there are more than [`SHOWN`].
const OF_A_KIND: usize = 3;
const LINES: usize = 24;

/// What was not looked at, loudly; what was left out on purpose, quietly; what changed about the judge.
pub(super) fn parts(view: &View<'_>) -> Vec<String> {
    let mut parts = Vec::new();
    parts.extend(incomplete(view));
    parts.extend(protected(view));
    parts.extend(exceptions(view));
    parts
}

fn incomplete(view: &View<'_>) -> Option<String> {
    let coverage = &view.report.coverage;
    if coverage.complete {
        return None;
    }
    let mut gaps: Vec<&Gap> = coverage.gaps.iter().collect();
    gaps.sort_by(|a, b| (a.kind, &a.subject, &a.detail).cmp(&(b.kind, &b.subject, &b.detail)));
    let few = view.verbose || gaps.len() <= SHOWN;
    let of_kinds = gaps.chunk_by(|a, b| a.kind == b.kind);
    let gaps = of_kinds.flat_map(|alike| of_kind(alike, if few { alike.len() } else { OF_A_KIND }));
    let rules = coverage.engines.iter().flat_map(|engine| &engine.rules_rejected);
    let rules = rules.map(|rule| format!("rule did not run: {} of {}: {}", rule.id, rule.pack, rule.reason));
    let lines: Vec<String> = gaps.chain(rules).collect();
    let title = match Unaudited::of(view.report) {
        Some(open) => open.words(),
        None => "this scan did not look at everything",
    };
    Some(warning(view, "incomplete", title, &lines, if few { SHOWN } else { LINES }))
}

/// Gaps of one kind; where there are many, the first few and how many more.
fn of_kind(alike: &[&Gap], most: usize) -> Vec<String> {
    let line = |gap: &&Gap| format!("{}: {}: {}", facts::word(&gap.kind), ends(&gap.subject), gap.detail);
    // A line that says `and 1 more` is as long as what it stands for.
    let shown = if alike.len() <= most + 1 { alike.len() } else { most };
    let mut lines: Vec<String> = alike.iter().take(shown).map(line).collect();
    if let (Some(first), true) = (alike.first(), alike.len() > shown) {
        let (kind, more) = (facts::word(&first.kind), facts::grouped((alike.len() - shown) as u64));
        lines.push(format!("{kind}: and {more} more; --verbose shows them all"));
    }
    lines
}

/// A path so long that what happened to it would be cut off, without its middle.
fn ends(subject: &str) -> Cow<'_, str> {
    const START: usize = 60;
    const END: usize = 100;
    let count = subject.chars().count();
    if count <= START + END {
        return Cow::Borrowed(subject);
    }
    let start: String = subject.chars().take(START).collect();
    let end: String = subject.chars().skip(count - END).collect();
    Cow::Owned(format!("{start}…{end}"))
}

fn protected(view: &View<'_>) -> Option<String> {
    let changes = &view.report.protected_changes;
    let lines: Vec<String> = changes
        .iter()
        .map(|change| match change.line {
            Some(line) => format!("{}:{line}: {}", change.path, change.detail),
            None => format!("{}: {}", change.path, change.detail),
        })
        .collect();
    (!lines.is_empty())
        .then(|| warning(view, "protected-change", "this change alters what judges it", &lines, SHOWN))
}

fn exceptions(view: &View<'_>) -> Option<String> {
    let issues = &view.report.exception_issues;
    let lines: Vec<String> = issues
        .iter()
        .map(|issue| {
            let exception = &issue.exception;
            let what = exception.fingerprint.as_ref().or(exception.rule.as_ref());
            let what = what.map(|text| format!(" {}", clean::short(text, 60))).unwrap_or_default();
            let owner = if exception.owner.is_empty() { "nobody" } else { &exception.owner };
            format!("{}:{what} (owner {owner}): {}", facts::word(&issue.problem), issue.detail)
        })
        .collect();
    (!lines.is_empty()).then(|| warning(view, "exceptions", "some exceptions do not hold", &lines, SHOWN))
}

/// A warning with lines below it, in the manner of the findings.
fn warning(view: &View<'_>, id: &str, title: &str, lines: &[String], most: usize) -> String {
    let head = view.paint.paint(paint::WARNING, &format!("warning[{id}]"));
    let mut out = format!("{head}{}", view.paint.bold(&format!(": {title}")));
    let shown = if view.verbose { lines.len() } else { most };
    for line in lines.iter().take(shown) {
        out.push_str(&item(view, line));
    }
    if lines.len() > shown {
        out.push_str(&item(view, &format!("and {} more; --verbose shows them all", lines.len() - shown)));
    }
    out
}

/// `  = text`, wrapped.
pub(super) fn item(view: &View<'_>, text: &str) -> String {
    let mark = view.paint.paint(paint::FRAME, "=");
    format!("\n  {mark} {}", wrap::hanging(&clean::short(text, 1_000), view.width, 4))
}
