//! What several formats say about a report, worked out once.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use andon_model::{
    CommitRef, Confidence, Finding, Location, RuleDescription, RuleRef, ScanReport, Severity, State,
    TargetKind, Verdict,
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
    /// Those that count and are no longer at HEAD.
    pub(crate) gone: usize,
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
                tally.gone += usize::from(at_head(finding) == Some(false));
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

/// Worst first, then the rules that are most sure, and of a rule what is new, present and sure first, then by place.
pub(crate) fn ordered<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<&'a Finding> {
    let mut all: Vec<&Finding> = findings.into_iter().collect();
    let mut surest: BTreeMap<(Severity, &RuleRef), Confidence> = BTreeMap::new();
    for finding in &all {
        let best = surest.entry((finding.severity, &finding.rule)).or_insert(finding.confidence);
        *best = (*best).max(finding.confidence);
    }
    all.sort_by_key(|finding| {
        let place = finding.locations.first();
        let position =
            place.and_then(|place| place.region).map(|region| (region.start_line, region.start_column));
        let rule = (Reverse(surest.get(&(finding.severity, &finding.rule)).copied()), &finding.rule);
        let urgency = (!finding.is_new(), at_head(finding) == Some(false), Reverse(finding.confidence));
        let place = (place.map(|place| &place.path), position, &finding.fingerprints.primary);
        (Reverse(finding.severity), rule, urgency, place)
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

/// What the message says beyond the title and the redacted secret, if anything. Not cleaned.
pub(crate) fn message(finding: &Finding) -> Option<&str> {
    let separators = [':', '.', ',', ' '];
    let redacted = evidence(finding, "redacted").unwrap_or_default();
    let message = finding.message.trim();
    let beyond = message.strip_prefix(title(finding).trim_end_matches('.'));
    let beyond = beyond.filter(|rest| rest.is_empty() || rest.starts_with(separators)).unwrap_or(message);
    let beyond = beyond.trim_start_matches(separators);
    let rest = beyond.strip_prefix(redacted).unwrap_or(beyond).trim_start_matches(separators);
    rest.contains(char::is_alphanumeric).then_some(rest)
}

/// Whether no file at all was looked at although something should have been: no finding then says nothing.
pub(crate) fn examined_nothing(report: &ScanReport) -> bool {
    let trees = [TargetKind::Directory, TargetKind::WorkingTree, TargetKind::History, TargetKind::Image];
    let listed = report.inventory.as_ref().is_some_and(|inventory| !inventory.components.is_empty());
    trees.contains(&report.target.kind)
        && !listed
        && report.coverage.engines.iter().all(|engine| engine.files == 0)
}

/// What is no longer there is called so.
pub(crate) fn gone(report: &ScanReport) -> &'static str {
    if report.target.kind == TargetKind::Image { "only in lower layers" } else { "gone from HEAD" }
}

/// The commit that brought it first. Of one that is not among the places listed only the identifier is known.
pub(crate) fn introduction(finding: &Finding) -> Option<CommitRef> {
    let when = |commit: &CommitRef| commit.date.parse::<jiff::Timestamp>().ok();
    let mut commits = finding.locations.iter().filter_map(|location| location.commit.as_ref());
    if let Some(id) = finding.properties.get("introduced") {
        let known = commits.find(|commit| commit.id == *id).cloned();
        return Some(known.unwrap_or_else(|| CommitRef { id: id.clone(), ..CommitRef::default() }));
    }
    commits.min_by_key(|commit| (when(commit).is_none(), when(commit))).cloned()
}

/// Whether any place is still at HEAD; `None` where that is not known.
pub(crate) fn at_head(finding: &Finding) -> Option<bool> {
    let mut known = finding.locations.iter().filter_map(|location| location.at_head).peekable();
    known.peek()?;
    Some(known.any(|there| there))
}

/// What became of it: at HEAD, or in the image as it runs.
pub(crate) fn fate(finding: &Finding) -> Option<&'static str> {
    let in_image = finding.locations.iter().any(|location| location.layer.is_some());
    match (at_head(finding)?, in_image) {
        (true, true) => None,
        (false, true) => Some("a later layer deletes or replaces it; whoever has the image still has it"),
        (true, false) => Some("still at HEAD"),
        (false, false) => Some("gone from HEAD, still in the history"),
    }
}

/// `layer 3 (RUN apt-get install -y curl)`. Not cleaned.
pub(crate) fn layer(location: &Location) -> Option<String> {
    let layer = location.layer.as_ref()?;
    let gone = if location.at_head == Some(false) { ", gone in a later one" } else { "" };
    let instruction = instruction(&layer.instruction);
    let by = if instruction.is_empty() { String::new() } else { format!(" ({instruction})") };
    Some(format!("layer {}{gone}{by}", layer.index))
}

/// The instruction as the recipe has it: without the shell that the builder puts before it.
fn instruction(text: &str) -> String {
    let text = text.trim();
    let text = text.split_once("#(nop)").map_or(text, |(_, rest)| rest.trim());
    let text = text.trim_end_matches("# buildkit").trim_end();
    let shell = text.strip_prefix("RUN /bin/sh -c ").or_else(|| text.strip_prefix("/bin/sh -c "));
    shell.map_or_else(|| text.to_owned(), |command| format!("RUN {command}"))
}

/// In how many places it stands; a finding lists only so many.
pub(crate) fn occurrences(finding: &Finding) -> usize {
    let all = finding.properties.get("occurrences").and_then(|count| count.parse().ok());
    all.unwrap_or(0).max(finding.locations.len())
}

/// `path:line`, with paths inside archives after `!/`. What is gone from HEAD can only be read in its commit, and is
/// written as git names it: `commit:path:line`. Not cleaned.
pub(crate) fn place(location: &Location) -> String {
    let mut text = String::new();
    if location.at_head == Some(false)
        && let Some(commit) = &location.commit
    {
        text.push_str(&format!("{}:", short_id(&commit.id)));
    }
    text.push_str(&path(location));
    if let Some(region) = location.region {
        text.push_str(&format!(":{}", region.start_line));
    }
    text
}

/// An object id as people write it. Not cleaned.
pub(crate) fn short_id(id: &str) -> String {
    id.chars().take(10).collect()
}

/// The path, with paths inside archives after `!/`. Not cleaned.
pub(crate) fn path(location: &Location) -> String {
    if location.path == "-" {
        return "<standard input>".to_owned();
    }
    location.full_path()
}

/// The evidence of a kind.
pub(crate) fn evidence<'a>(finding: &'a Finding, kind: &str) -> Option<&'a str> {
    let found = finding.evidence.iter().find(|evidence| evidence.kind == kind);
    found.map(|evidence| evidence.value.as_str()).filter(|value| !value.is_empty())
}

/// `<short id> by <author> on <day>: <summary>`. Not cleaned.
pub(crate) fn commit(commit: &CommitRef) -> String {
    let mut text = short_id(&commit.id);
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
    // Hard-coded password, cryptographic key, credentials: in one's own code, that is.
    !crate::components::is_about(finding)
        && (named(&finding.engine)
            || named(&finding.rule.id)
            || finding.cwe.iter().any(|cwe| [259, 321, 798].contains(cwe)))
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

/// What the numbers of a coverage count.
pub(crate) fn unit(report: &ScanReport) -> &'static str {
    if matches!(report.target.kind, TargetKind::History | TargetKind::Range) { "blob" } else { "file" }
}
