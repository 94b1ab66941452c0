//! One match of one rule: its secret, and whether anything speaks against it. Follows gitleaks' `detectRule`.

use std::ops::Range;

use super::lines::Lines;
use crate::config::{Allowlist, RegexTarget, Rule, RuleSet};
use crate::decode::Pass;
use crate::entropy;
use crate::facts::{Pending, Validation};
use crate::matcher::RawMatch;
use crate::noise::{self, Strength};
use crate::validate::{self, Verdict};

/// What tells gitleaks to leave a line alone.
const ALLOW_COMMENT: &[u8] = b"gitleaks:allow";

/// A match that may be a credential.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) rule: usize,
    /// Where the secret is in the original text; all of the encoded value if it was decoded.
    pub(crate) span: Range<usize>,
    /// 1-based line where the match starts, as gitleaks counts.
    pub(crate) match_line: u32,
    /// Column where the match starts, as gitleaks counts.
    pub(crate) match_column: u32,
    /// The secret in clear; never leaves this crate.
    pub(crate) secret: Vec<u8>,
    pub(crate) entropy: f64,
    pub(crate) validation: Validation,
    pub(crate) tags: Vec<String>,
    pub(crate) allowed_inline: bool,
    pub(crate) pending: Vec<Pending>,
    pub(crate) companions: Vec<u32>,
    /// Positions of the candidates that speak instead where they count.
    pub(crate) rivals: Vec<u32>,
}

/// Turns a match into a candidate, unless its content speaks against it.
pub(crate) fn judge(
    set: &RuleSet,
    found: &RawMatch,
    original: &[u8],
    pass: Option<&Pass>,
    lines: &mut Lines<'_>,
) -> Option<Candidate> {
    let rule = set.rules.get(found.rule)?;
    let text = pass.map_or(original, |pass| pass.text.as_slice());
    let trimmed = trim_line_feeds(text, &found.range);
    let matched = text.get(trimmed.clone())?;
    let place = place(found, trimmed, original, pass, lines)?;
    let secret_range = secret_in(rule, matched);
    let secret = matched.get(secret_range.clone())?;
    let entropy = entropy::shannon(secret);
    if rule.entropy != 0.0 && entropy <= rule.entropy {
        return None;
    }
    let line = place.current_line.as_deref().unwrap_or_else(|| with_line_feed(original, &place.line));
    let pending = allowances(set, rule, matched, secret, line)?;
    let validation = if rule.ours { own_checks(rule, secret, line)? } else { Validation::None };
    let span = match pass {
        None => place.span.start + secret_range.start..place.span.start + secret_range.end,
        Some(_) => place.span.clone(),
    };
    Some(Candidate {
        rule: found.rule,
        match_line: lines.match_line(place.start),
        match_column: lines.match_column(place.start),
        span,
        secret: secret.to_vec(),
        entropy,
        validation,
        tags: place.tags,
        allowed_inline: contains(original.get(place.line).unwrap_or(&[]), ALLOW_COMMENT),
        pending,
        companions: Vec::new(),
        rivals: Vec::new(),
    })
}

struct Place {
    /// Where the match starts in the original text.
    start: usize,
    /// The match in the original text, without the line feeds around it.
    span: Range<usize>,
    /// The lines that hold it, in the original text.
    line: Range<usize>,
    /// The decoded line, if decoded.
    current_line: Option<Vec<u8>>,
    tags: Vec<String>,
}

/// Where the match stands in the original text; `None` for what an earlier pass has seen already.
fn place(
    found: &RawMatch,
    trimmed: Range<usize>,
    original: &[u8],
    pass: Option<&Pass>,
    lines: &mut Lines<'_>,
) -> Option<Place> {
    let Some(pass) = pass else {
        let line = lines.around(&trimmed);
        let start = found.range.start;
        return Some(Place { start, span: trimmed, line, current_line: None, tags: Vec::new() });
    };
    let segments = pass.overlapping(found.range.start, found.range.end);
    if segments.is_empty() {
        return None;
    }
    let span = pass.to_original(found.range.clone());
    let start = span.start.min(original.len());
    let span = trim_line_feeds(original, &(start..span.end.min(original.len())));
    let line = lines.around(&span);
    let current_line = Some(pass.current_line(segments).to_vec());
    Some(Place { start, span, line, current_line, tags: Pass::tags(segments) })
}

/// A line, or several, as gitleaks' allowlists see them: with the line feed before.
fn with_line_feed<'a>(text: &'a [u8], line: &Range<usize>) -> &'a [u8] {
    text.get(line.start.saturating_sub(1)..line.end).unwrap_or(&[])
}

/// The secret is the rule's group, or the first group that holds something, or the whole match. Groups are looked up
/// in the match alone, without its surroundings, as gitleaks does.
fn secret_in(rule: &Rule, matched: &[u8]) -> Range<usize> {
    let whole = 0..matched.len();
    let Some(pattern) = rule.regex.as_ref().filter(|pattern| pattern.group_count() > 0) else { return whole };
    let regex = pattern.regex();
    let mut captures = regex.create_captures();
    regex.captures(matched, &mut captures);
    if !captures.is_match() {
        return whole;
    }
    let group = match rule.secret_group {
        0 => (1..captures.group_len())
            .filter_map(|group| captures.get_group(group))
            .find(|span| !span.is_empty()),
        group => Some(captures.get_group(group).unwrap_or(regex_automata::Span { start: 0, end: 0 })),
    };
    group.map_or(whole, |span| span.range())
}

/// The allowlists that still wait for a path or a commit; `None` when one allows the match already.
fn allowances(
    set: &RuleSet,
    rule: &Rule,
    matched: &[u8],
    secret: &[u8],
    line: &[u8],
) -> Option<Vec<Pending>> {
    let global = set.allowlists.iter().enumerate().map(|(index, list)| (Pending::Global(index as u32), list));
    let own = rule.allowlists.iter().enumerate().map(|(index, list)| (Pending::Rule(index as u32), list));
    let mut pending = Vec::new();
    for (name, list) in global.chain(own) {
        match allowance(list, matched, secret, line) {
            Allowance::Allowed => return None,
            Allowance::Depends => pending.push(name),
            Allowance::No => {}
        }
    }
    Some(pending)
}

enum Allowance {
    Allowed,
    Depends,
    No,
}

fn allowance(list: &Allowlist, matched: &[u8], secret: &[u8], line: &[u8]) -> Allowance {
    let target = match list.target {
        RegexTarget::Secret => secret,
        RegexTarget::Match => matched,
        RegexTarget::Line => line,
    };
    let regex = || list.regex_allowed(target);
    let stopword = || list.contains_stopword(secret);
    if !list.all {
        return if regex() || stopword() { Allowance::Allowed } else { Allowance::No };
    }
    let content = (!list.has_regexes() || regex()) && (!list.has_stopwords() || stopword());
    let depends = list.has_paths() || list.has_commits();
    match (content, depends) {
        (false, _) => Allowance::No,
        (true, false) => Allowance::Allowed,
        (true, true) => Allowance::Depends,
    }
}

/// What only our own pack asks for: no placeholders, and a structure that holds.
fn own_checks(rule: &Rule, secret: &[u8], line: &[u8]) -> Option<Validation> {
    let strength = if rule.is_generic() { Strength::Generic } else { Strength::Structured };
    if noise::is_noise(secret, line, strength).is_some() {
        return None;
    }
    let Some(kind) = &rule.meta.validate else { return Some(Validation::None) };
    match validate::validate(kind, secret) {
        Verdict::Valid { note, expires: Some(expires) } => Some(Validation::Expires(expires, note)),
        Verdict::Valid { note, expires: None } => Some(Validation::Valid(note)),
        Verdict::Unknown => Some(Validation::None),
        Verdict::Invalid { .. } | Verdict::Test { .. } => None,
    }
}

/// A range of a text without the line feeds at its ends.
fn trim_line_feeds(text: &[u8], range: &Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or(&[]);
    let before = part.iter().take_while(|byte| **byte == b'\n').count();
    let after = part.iter().skip(before).rev().take_while(|byte| **byte == b'\n').count();
    range.start + before..range.end.saturating_sub(after).max(range.start + before)
}

fn contains(text: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(text, needle).is_some()
}
