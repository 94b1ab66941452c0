//! What a regular expression needs before it can match: literals that every match contains, how far from its start,
//! and how far a match can reach.

use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};
use serde::{Deserialize, Serialize};

/// Most strings that a set of required literals may hold.
const MAX_LITERALS: usize = 48;
/// Longest literal worth keeping.
const MAX_LITERAL_LEN: usize = 24;
/// Largest class that is spelt out.
const MAX_CLASS: usize = 8;

/// What is known of every match of an expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shape {
    /// The best anchors, if there are any worth looking for.
    pub(crate) anchors: Option<Anchors>,
    /// How far a match can reach.
    pub(crate) reach: Reach,
    /// A match can begin at the start of a text only.
    pub(crate) at_start: bool,
}

/// Literals of which every match contains at least one (ignoring ASCII case), beginning at most `max_before` bytes
/// after the start of the match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Anchors {
    /// Lower-case, none empty.
    pub(crate) literals: Vec<Vec<u8>>,
    /// Bytes.
    pub(crate) max_before: usize,
    /// Which part of the expression, if that is a concatenation, they begin.
    pub(crate) part: Option<usize>,
}

/// How far a match can reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reach {
    /// Longest match in bytes, if there is a longest.
    pub(crate) bytes: Option<usize>,
    /// Most line feeds that a match can contain, if there is a limit.
    pub(crate) line_feeds: Option<usize>,
}

impl Shape {
    /// Analyses an expression.
    pub(crate) fn of(hir: &Hir) -> Self {
        let Strings { exact, best } = strings(hir);
        let whole = exact.map(Anchors::at_once);
        let reach = Reach { bytes: hir.properties().maximum_len(), line_feeds: line_feeds(hir) };
        let at_start = hir.properties().look_set_prefix().contains(Look::Start);
        Self { anchors: better(whole.filter(usable), best), reach, at_start }
    }
}

impl Anchors {
    /// Literals that begin a match.
    fn at_once(literals: Vec<Vec<u8>>) -> Self {
        Self { literals, max_before: 0, part: None }
    }
}

/// The expression from one of its parts on, without its groups.
pub(crate) fn tail(hir: &Hir, part: usize) -> Option<Hir> {
    match hir.kind() {
        HirKind::Capture(capture) => tail(&capture.sub, part),
        HirKind::Concat(parts) => Some(Hir::concat(parts.get(part..)?.iter().map(without_groups).collect())),
        _ => None,
    }
}

fn without_groups(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Capture(capture) => without_groups(&capture.sub),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(without_groups).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(without_groups).collect()),
        HirKind::Repetition(repetition) => {
            let sub = Box::new(without_groups(&repetition.sub));
            Hir::repetition(Repetition { sub, ..repetition.clone() })
        }
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => hir.clone(),
    }
}

/// What is known of the strings that a part of an expression matches.
struct Strings {
    /// It is exactly one of these strings, ignoring case.
    exact: Option<Vec<Vec<u8>>>,
    best: Option<Anchors>,
}

fn strings(hir: &Hir) -> Strings {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Strings { exact: Some(vec![Vec::new()]), best: None },
        HirKind::Literal(literal) if literal.0.len() <= MAX_LITERAL_LEN => {
            Strings { exact: Some(vec![literal.0.to_ascii_lowercase()]), best: None }
        }
        HirKind::Literal(literal) => {
            let literals = vec![literal.0[..MAX_LITERAL_LEN].to_ascii_lowercase()];
            Strings { exact: None, best: Some(Anchors::at_once(literals)) }
        }
        HirKind::Class(class) => Strings { exact: spell_out(class), best: None },
        HirKind::Capture(capture) => strings(&capture.sub),
        HirKind::Repetition(repetition) => repeated(&repetition.sub, repetition.min, repetition.max),
        HirKind::Concat(parts) => concatenated(parts),
        HirKind::Alternation(parts) => alternated(parts),
    }
}

fn repeated(sub: &Hir, min: u32, max: Option<u32>) -> Strings {
    let Strings { exact, best } = strings(sub);
    match (min, max) {
        (0, Some(1)) => {
            let exact = exact.map(|mut literals| {
                literals.push(Vec::new());
                literals
            });
            Strings { exact: exact.filter(|literals| literals.len() <= MAX_CLASS), best: None }
        }
        (0, _) => Strings { exact: None, best: None },
        (1, Some(1)) => Strings { exact, best },
        _ => {
            let once = exact.map(Anchors::at_once).filter(usable);
            let best = better(once, best).map(|best| Anchors { part: None, ..best });
            Strings { exact: None, best }
        }
    }
}

fn concatenated(parts: &[Hir]) -> Strings {
    let mut run = Run { strings: vec![Vec::new()], start: Some(0), part: 0 };
    let mut end = Some(0_usize);
    let mut best = None;
    let mut whole = true;
    for (index, part) in parts.iter().enumerate() {
        let Strings { exact, best: inner } = strings(part);
        let extended = exact.as_ref().and_then(|literals| run.extended(literals));
        match (extended, exact) {
            (Some(strings), _) => run.strings = strings,
            (None, exact) => {
                whole = false;
                best = better(best, run.anchors());
                best = better(best, inner.and_then(|inner| shifted(inner, end, index)));
                run = Run { strings: exact.unwrap_or_else(|| vec![Vec::new()]), start: end, part: index };
                if run.strings == [Vec::<u8>::new()] {
                    run.start = add(end, part.properties().maximum_len());
                    run.part = index + 1;
                }
            }
        }
        end = add(end, part.properties().maximum_len());
    }
    if whole {
        return Strings { exact: Some(run.strings), best: None };
    }
    best = better(best, run.anchors());
    Strings { exact: None, best }
}

fn alternated(parts: &[Hir]) -> Strings {
    let each: Vec<Strings> = parts.iter().map(strings).collect();
    let exact: Option<Vec<_>> = each.iter().map(|strings| strings.exact.clone()).collect();
    if let Some(literals) = exact {
        let literals = unique(literals.into_iter().flatten().collect());
        if literals.len() <= MAX_LITERALS {
            return Strings { exact: Some(literals), best: None };
        }
    }
    let anchors: Option<Vec<Anchors>> = each
        .into_iter()
        .map(|Strings { exact, best }| {
            let whole = exact.map(Anchors::at_once);
            better(whole.filter(usable), best)
        })
        .collect();
    let best = anchors.map(|anchors| Anchors {
        max_before: anchors.iter().map(|a| a.max_before).max().unwrap_or(0),
        literals: unique(anchors.into_iter().flat_map(|a| a.literals).collect()),
        part: None,
    });
    Strings { exact: None, best: best.filter(usable) }
}

/// A stretch of a concatenation whose strings are all known.
struct Run {
    strings: Vec<Vec<u8>>,
    start: Option<usize>,
    /// The part of the concatenation where it begins.
    part: usize,
}

impl Run {
    fn extended(&self, tails: &[Vec<u8>]) -> Option<Vec<Vec<u8>>> {
        if self.strings.len().saturating_mul(tails.len()) > MAX_LITERALS {
            return None;
        }
        let mut strings = Vec::new();
        for head in &self.strings {
            for tail in tails {
                let mut string = head.clone();
                string.extend_from_slice(tail);
                if string.len() > MAX_LITERAL_LEN {
                    return None;
                }
                strings.push(string);
            }
        }
        Some(unique(strings))
    }

    fn anchors(&self) -> Option<Anchors> {
        let (literals, max_before) = (self.strings.clone(), self.start?);
        let anchors = Anchors { literals, max_before, part: Some(self.part) };
        Some(anchors).filter(usable)
    }
}

fn shifted(mut anchors: Anchors, by: Option<usize>, part: usize) -> Option<Anchors> {
    anchors.part = (anchors.max_before == 0).then_some(part);
    anchors.max_before = anchors.max_before.checked_add(by?)?;
    Some(anchors)
}

fn usable(anchors: &Anchors) -> bool {
    /// Windows longer than this cost more than they save.
    const MAX_BEFORE: usize = 512;
    anchors.literals.len() <= MAX_LITERALS
        && anchors.max_before <= MAX_BEFORE
        && shortest(anchors) >= 2
        && anchors
            .literals
            .iter()
            .all(|literal| literal.len() > 2 || literal.iter().any(u8::is_ascii_alphanumeric))
}

fn better(a: Option<Anchors>, b: Option<Anchors>) -> Option<Anchors> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if score(&b) > score(&a) { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// Long literals are rare; few are cheap; near the start is best.
fn score(anchors: &Anchors) -> i64 {
    let shortest = shortest(anchors).min(6) as i64;
    let near = i64::from(anchors.max_before == 0);
    shortest * 100 + near * 60 - anchors.literals.len() as i64 - (anchors.max_before as i64) / 4
}

fn shortest(anchors: &Anchors) -> usize {
    anchors.literals.iter().map(Vec::len).min().unwrap_or(0)
}

fn spell_out(class: &Class) -> Option<Vec<Vec<u8>>> {
    let mut strings = Vec::new();
    let ranges: Vec<(u32, u32)> = match class {
        Class::Unicode(class) => class.iter().map(|r| (r.start().into(), r.end().into())).collect(),
        Class::Bytes(class) => class.iter().map(|r| (r.start().into(), r.end().into())).collect(),
    };
    let size: u64 = ranges.iter().map(|(start, end)| u64::from(end - start) + 1).sum();
    if size == 0 || size > 2 * MAX_CLASS as u64 || ranges.iter().any(|(_, end)| *end > 0x7f) {
        return None;
    }
    for code in ranges.into_iter().flat_map(|(start, end)| start..=end) {
        strings.push(vec![u8::try_from(code).ok()?.to_ascii_lowercase()]);
    }
    Some(unique(strings)).filter(|strings| strings.len() <= MAX_CLASS)
}

fn line_feeds(hir: &Hir) -> Option<usize> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(0),
        HirKind::Literal(literal) => Some(literal.0.iter().filter(|byte| **byte == b'\n').count()),
        HirKind::Class(Class::Unicode(class)) => {
            Some(usize::from(class.iter().any(|r| r.start() <= '\n' && '\n' <= r.end())))
        }
        HirKind::Class(Class::Bytes(class)) => {
            Some(usize::from(class.iter().any(|r| r.start() <= b'\n' && b'\n' <= r.end())))
        }
        HirKind::Capture(capture) => line_feeds(&capture.sub),
        HirKind::Repetition(repetition) => match (line_feeds(&repetition.sub)?, repetition.max) {
            (0, _) => Some(0),
            (each, Some(max)) => each.checked_mul(max as usize),
            (_, None) => None,
        },
        HirKind::Concat(parts) => {
            parts.iter().try_fold(0_usize, |sum, part| sum.checked_add(line_feeds(part)?))
        }
        HirKind::Alternation(parts) => {
            parts.iter().try_fold(0_usize, |most, part| Some(most.max(line_feeds(part)?)))
        }
    }
}

fn add(a: Option<usize>, b: Option<usize>) -> Option<usize> {
    a?.checked_add(b?)
}

fn unique(mut strings: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    strings.sort();
    strings.dedup();
    strings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, literals: &[&str], max_before: usize) {
        let pattern = crate::config::Pattern::new(pattern).unwrap();
        let Some(anchors) = &pattern.shape().anchors else { panic!("no anchors for {}", pattern.source()) };
        let found: Vec<_> =
            anchors.literals.iter().map(|l| String::from_utf8_lossy(l).into_owned()).collect();
        assert_eq!(
            (found.as_slice(), anchors.max_before),
            (literals.map_owned().as_slice(), max_before),
            "{}",
            pattern.source()
        );
    }

    trait MapOwned {
        fn map_owned(&self) -> Vec<String>;
    }
    impl MapOwned for &[&str] {
        fn map_owned(&self) -> Vec<String> {
            self.iter().map(|s| (*s).to_owned()).collect()
        }
    }

    #[test]
    fn anchors_are_the_rarest_required_literals() {
        check(r"\b(ghp_[0-9A-Za-z]{36})\b", &["ghp_"], 0);
        check(r"(?:A3T[A-Z0-9]|AKIA|ASIA)[A-Z2-7]{16}", &["a3t", "akia", "asia"], 0);
        check(r"(?i)[a-z.-]{0,50}?(?:adobe)(?:[ \t]{0,20})=([a-f0-9]{32})", &["adobe"], 50);
        check(r"-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY-----", &["-----begin"], 0);
        check(r"xox[bp]-[0-9]{10}", &["xoxb-", "xoxp-"], 0);
        check(r"colou?r=[0-9]+", &["color=", "colour="], 0);
    }

    #[test]
    fn no_anchor_without_a_required_literal() {
        for pattern in [r"[a-z]{20}", r"(?:abc|[0-9]{4})x{0,3}", r".*secret", r"a?b?"] {
            let hir = regex_syntax::Parser::new().parse(pattern).unwrap();
            assert_eq!(Shape::of(&hir).anchors, None, "{pattern}");
        }
    }

    #[test]
    fn reach_counts_bytes_and_line_feeds() {
        let of = |pattern: &str| Shape::of(&regex_syntax::Parser::new().parse(pattern).unwrap()).reach;
        assert_eq!(of("ab{2,4}"), Reach { bytes: Some(5), line_feeds: Some(0) });
        assert_eq!(of(r"a.*[\n ]{0,3}"), Reach { bytes: None, line_feeds: Some(3) });
        assert_eq!(of(r"a\s*b"), Reach { bytes: None, line_feeds: None });
    }
}
