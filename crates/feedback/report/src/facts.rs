//! What several formats say about a report, worked out once.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use andon_model::{
    CommitRef, Confidence, Finding, Location, RuleDescription, ScanReport, Severity, State, Verdict,
};

/// Numbers of findings.
#[derive(Default)]
pub(crate) struct Tally {
    /// Those that count, by severity, lowest first.
    severities: [usize; Severity::ALL.len()],
    /// Those that count.
    pub(crate) counted: usize,
    /// Those that count and were brought by the change.
    pub(crate) new: usize,
    pub(crate) suppressed: usize,
    pub(crate) fixed: usize,
}

impl Tally {
    pub(crate) fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut tally = Self::default();
        for finding in findings {
            if finding.state == State::Fixed {
                tally.fixed += 1;
            } else if finding.suppression.is_some() {
                tally.suppressed += 1;
            } else {
                tally.counted += 1;
                tally.new += usize::from(finding.is_new());
                if let Some(count) = tally.severities.get_mut(finding.severity as usize) {
                    *count += 1;
                }
            }
        }
        tally
    }

    /// Each severity that occurs with its number, worst first.
    pub(crate) fn severities(&self) -> impl Iterator<Item = (Severity, usize)> {
        Severity::ALL.iter().copied().zip(self.severities).rev().filter(|(_, count)| *count > 0)
    }
}

/// Worst first, then by rule, new ones first, then by place.
pub(crate) fn ordered<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<&'a Finding> {
    let mut all: Vec<&Finding> = findings.into_iter().collect();
    all.sort_by_key(|finding| {
        let place = finding.locations.first();
        let position =
            place.and_then(|place| place.region).map(|region| (region.start_line, region.start_column));
        (
            Reverse(finding.severity),
            &finding.rule,
            !finding.is_new(),
            place.map(|place| &place.path),
            position,
            &finding.fingerprints.primary,
        )
    });
    all
}

/// Whether the report knows a baseline, so that `new` says something.
pub(crate) fn compared(report: &ScanReport) -> bool {
    report.target.base.is_some() || report.findings.iter().any(|finding| finding.state != State::New)
}

pub(crate) fn description<'a>(report: &'a ScanReport, finding: &Finding) -> Option<&'a RuleDescription> {
    let exact = report.rules.iter().find(|rule| rule.rule == finding.rule);
    exact.or_else(|| report.rules.iter().find(|rule| rule.rule.id == finding.rule.id))
}

/// What to do about a finding, in Markdown.
pub(crate) fn remedy<'a>(report: &'a ScanReport, finding: &'a Finding) -> Option<&'a str> {
    let own = finding.fix.as_ref().map(|fix| fix.description.as_str());
    let rule = || description(report, finding).map(|rule| rule.remediation.as_str());
    own.or_else(rule).filter(|text| !text.trim().is_empty())
}

/// What to do first: the first paragraph of the remedy, on one line. Not cleaned.
pub(crate) fn first_step(report: &ScanReport, finding: &Finding) -> Option<String> {
    let lines = remedy(report, finding)?.trim().lines().take_while(|line| !line.trim().is_empty());
    let words: Vec<&str> = lines.map(str::trim).collect();
    Some(words.join(" "))
}

/// Never empty: the title, else the rule.
pub(crate) fn title(finding: &Finding) -> &str {
    let names = [finding.title.as_str(), &finding.rule.id];
    names.into_iter().find(|text| !text.trim().is_empty()).unwrap_or("a finding without a name")
}

/// The commit that brought it first, among those that are known.
pub(crate) fn introduction(finding: &Finding) -> Option<&CommitRef> {
    let when = |commit: &CommitRef| commit.date.parse::<jiff::Timestamp>().ok();
    let commits = finding.locations.iter().filter_map(|location| location.commit.as_ref());
    commits.min_by_key(|commit| (when(commit).is_none(), when(commit)))
}

/// Whether any place is still at HEAD; `None` where that is not known.
pub(crate) fn at_head(finding: &Finding) -> Option<bool> {
    let mut known = finding.locations.iter().filter_map(|location| location.at_head).peekable();
    known.peek()?;
    Some(known.any(|there| there))
}

/// Numbers of places and of different files.
pub(crate) fn spread(finding: &Finding) -> (usize, usize) {
    let files: BTreeSet<(&str, &[String])> = finding
        .locations
        .iter()
        .map(|location| (location.path.as_str(), location.nested.as_slice()))
        .collect();
    (finding.locations.len(), files.len())
}

/// `path:line`, with paths inside archives after `!/`. Not cleaned.
pub(crate) fn place(location: &Location) -> String {
    let mut text = path(location);
    if let Some(region) = location.region {
        text.push_str(&format!(":{}", region.start_line));
    }
    text
}

/// The path, with paths inside archives after `!/`. Not cleaned.
pub(crate) fn path(location: &Location) -> String {
    if location.path == "-" {
        return "<standard input>".to_owned();
    }
    std::iter::once(&location.path).chain(&location.nested).cloned().collect::<Vec<_>>().join("!/")
}

/// The evidence of a kind.
pub(crate) fn evidence<'a>(finding: &'a Finding, kind: &str) -> Option<&'a str> {
    let found = finding.evidence.iter().find(|evidence| evidence.kind == kind);
    found.map(|evidence| evidence.value.as_str()).filter(|value| !value.is_empty())
}

/// A fingerprint short enough to read: the scheme, twelve digits and the ordinal.
pub(crate) fn short_fingerprint(finding: &Finding) -> String {
    let text = &finding.fingerprints.primary.0;
    let (text, ordinal) = text.split_once('#').map_or((text.as_str(), None), |(text, n)| (text, Some(n)));
    let mut short = match text.split_once(':') {
        Some((scheme, hash)) => format!("{scheme}:{}", hash.chars().take(12).collect::<String>()),
        None => text.chars().take(24).collect(),
    };
    if let Some(ordinal) = ordinal {
        short.push_str(&format!("#{ordinal}"));
    }
    short
}

/// `<short id> by <author> on <day>: <summary>`. Not cleaned.
pub(crate) fn commit(commit: &CommitRef) -> String {
    let mut text: String = commit.id.chars().take(10).collect();
    if !commit.author.is_empty() {
        text.push_str(&format!(" by {}", commit.author));
    }
    let is_day = |day: &&str| day.chars().all(|c| c.is_ascii_digit() || c == '-');
    if let Some(day) = commit.date.get(..10).filter(is_day) {
        text.push_str(&format!(" on {day}"));
    }
    if !commit.summary.is_empty() {
        text.push_str(&format!(": {}", commit.summary));
    }
    text
}

pub(crate) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Warn => "warn",
        Verdict::NeedsApproval => "needs approval",
        Verdict::Stop => "stop",
    }
}

/// The word that serde writes for a fieldless variant, with spaces for hyphens.
pub(crate) fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text.replace('-', " "),
        _ => String::new(),
    }
}

/// Whether it is about a credential: those are what GitLab's report takes and what must be revoked.
pub(crate) fn is_secret(finding: &Finding) -> bool {
    let named = |text: &str| {
        let text = text.to_ascii_lowercase();
        ["secret", "gitleaks", "trufflehog", "credential"].iter().any(|word| text.contains(word))
    };
    // Hard-coded password, cryptographic key, credentials.
    named(&finding.engine)
        || named(&finding.rule.id)
        || finding.cwe.iter().any(|cwe| [259, 321, 798].contains(cwe))
}

pub(crate) fn sure(finding: &Finding) -> bool {
    finding.confidence == Confidence::High
}

/// `1,234 files`, `1 file`.
pub(crate) fn plural(count: usize, word: &str) -> String {
    plural64(u64::try_from(count).unwrap_or(u64::MAX), word)
}

/// [`plural`] for a number of 64 bits.
pub(crate) fn plural64(count: u64, word: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {word}{ending}", grouped(count))
}

/// `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `83.1 MB`: powers of ten.
pub(crate) fn bytes(count: u64) -> String {
    let scaled = |unit: f64| count as f64 / unit;
    match count {
        0..1_000 => plural64(count, "byte"),
        1_000..1_000_000 => format!("{:.0} kB", scaled(1e3)),
        1_000_000..1_000_000_000 => format!("{:.1} MB", scaled(1e6)),
        _ => format!("{:.1} GB", scaled(1e9)),
    }
}

/// `340 ms`, `1.2 s`, `3 min 20 s`.
pub(crate) fn duration(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{:.1} s", ms as f64 / 1e3),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}
