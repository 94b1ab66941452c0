//! What reports show instead of a secret. No more than its first four characters, and never more than a quarter.

use std::fmt::Write as _;
use std::ops::Range;

/// Prefixes that name the vendor and the sort of token and are the same in every such token; shown whole.
const PREFIXES: [&str; 34] = [
    "github_pat_",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "glpat-",
    "glrt-",
    "gldt-",
    "npm_",
    "pypi-",
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "rk_test_",
    "whsec_",
    "xoxb-",
    "xoxp-",
    "xapp-",
    "AKIA",
    "ASIA",
    "AIza",
    "ya29.",
    "SG.",
    "hvs.",
    "hvb.",
    "dop_v1_",
    "shpat_",
    "sk-ant-",
    "sk-proj-",
    "hf_",
    "lin_api_",
    "dckr_pat_",
    "eyJ",
];

/// Shorter secrets show nothing of themselves.
const MIN_SHOWN: usize = 12;
/// Longer lines are cut, so that a report stays readable; in characters.
const MAX_LINE: usize = 400;
/// How much stands before the first secret of a line that is cut, in characters.
const LEAD: usize = 80;

/// A secret as reports show it: `ghp_…(40 characters)`, the header line of a PEM block, or only that it is short.
pub(crate) fn redacted(secret: &[u8]) -> String {
    let text = String::from_utf8_lossy(secret);
    let text = text.trim();
    let length = text.chars().count();
    if length < MIN_SHOWN {
        return format!("…(fewer than {MIN_SHOWN} characters)");
    }
    let shown = match (pem_header(text), PREFIXES.iter().find(|prefix| text.starts_with(**prefix))) {
        (Some(header), _) => header.to_owned(),
        (None, Some(prefix)) if length >= 2 * prefix.len() + MIN_SHOWN => (*prefix).to_owned(),
        _ => text.chars().take_while(|c| *c != '\n').take((length / 4).min(4)).collect(),
    };
    format!("{}…({length} characters)", visible(&shown))
}

/// A line as reports show it: `spans` (bytes; in any order, they may overlap) replaced by their redacted form, what
/// else repeats one of them replaced too, control characters made visible, and at most 400 characters around the
/// first secret.
pub(crate) fn mask(line: &str, spans: &[Range<usize>]) -> String {
    let spans = normalized(line, spans);
    let mut masked = String::new();
    let mut first_secret = None;
    let mut copied = 0;
    for span in &spans {
        masked.push_str(&visible(line.get(copied..span.start).unwrap_or_default()));
        first_secret.get_or_insert(masked.len());
        masked.push_str(&redacted(line.get(span.clone()).unwrap_or_default().as_bytes()));
        copied = span.end;
    }
    masked.push_str(&visible(line.get(copied..).unwrap_or_default()));
    cut(&masked, first_secret.unwrap_or(0))
}

/// `-----BEGIN … PRIVATE KEY-----`
fn pem_header(text: &str) -> Option<&str> {
    let label = text.strip_prefix("-----BEGIN ")?;
    let end = label.find("-----")?;
    let plain = label.get(..end)?.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b' ');
    (plain && end <= 40).then(|| text.get(.."-----BEGIN ".len() + end + "-----".len())).flatten()
}

/// The spans and the other places where their text stands, widened to whole characters, sorted, merged, not empty.
fn normalized(line: &str, spans: &[Range<usize>]) -> Vec<Range<usize>> {
    const SEARCHED: usize = 8;
    let mut all: Vec<Range<usize>> = spans.iter().map(|span| whole_characters(line, span)).collect();
    for index in 0..all.len().min(SEARCHED) {
        let secret = all.get(index).and_then(|span| line.get(span.clone())).unwrap_or_default();
        if secret.len() >= MIN_SHOWN {
            let repeated: Vec<_> =
                line.match_indices(secret).map(|(at, found)| at..at + found.len()).collect();
            all.extend(repeated);
        }
    }
    all.retain(|span| !span.is_empty());
    all.sort_by_key(|span| span.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for span in all {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

fn whole_characters(line: &str, span: &Range<usize>) -> Range<usize> {
    let end = span.end.min(line.len());
    let start = span.start.min(end);
    let start = (0..=start).rev().find(|i| line.is_char_boundary(*i)).unwrap_or(0);
    let end = (end..=line.len()).find(|i| line.is_char_boundary(*i)).unwrap_or(line.len());
    start..end
}

/// Control characters, invisible ones and those that reorder text, as `\u{1b}`. Tabs stay.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' => shown.push('\t'),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            c if c.is_control() || is_invisible(c) => {
                // Writing to a String cannot fail.
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    shown
}

fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

/// At most [`MAX_LINE`] characters; `keep` is the byte where the first secret stands.
fn cut(line: &str, keep: usize) -> String {
    let length = line.chars().count();
    if length <= MAX_LINE {
        return line.to_owned();
    }
    let before = line.get(..keep).unwrap_or_default().chars().count();
    let skip = if before + LEAD < MAX_LINE / 2 { 0 } else { before - before.min(LEAD) };
    let (head, tail) = (skip > 0, length - skip > MAX_LINE);
    let room = MAX_LINE - usize::from(head) - usize::from(tail);
    let kept = line.chars().skip(skip).take(room);
    let mark = |wanted: bool| wanted.then_some('…');
    mark(head).into_iter().chain(kept).chain(mark(tail)).collect()
}

#[cfg(test)]
mod tests {
    use super::{mask, redacted};

    #[test]
    fn secrets_show_a_prefix_and_their_length() {
        let body = "Zk3".repeat(12);
        let check = |secret: &str, shown: &str| assert_eq!(redacted(secret.as_bytes()), shown);
        check(&format!("{}_{body}", "ghp"), "ghp_…(40 characters)");
        check(&format!("{}_{body}{body}", "github_pat"), "github_pat_…(83 characters)");
        check("correct-horse-battery", "corr…(21 characters)");
        check("elevenchars", "…(fewer than 12 characters)");
        check("twelve-chars", "twe…(12 characters)");
        check("", "…(fewer than 12 characters)");
        check("a\nmulti-line secret", "a…(19 characters)");
        check("\u{1b}[31mred alert!!", "\\u{1b}[31…(16 characters)");
    }

    #[test]
    fn keys_show_their_header_only() {
        let header = format!("-----{} RSA PRIVATE {}-----", "BEGIN", "KEY");
        let key = format!("{header}\nMIIE\n");
        assert_eq!(redacted(key.as_bytes()), format!("{header}…({} characters)", key.trim().chars().count()));
        let escaped = format!("{header}\\nMIIE\\n");
        assert!(redacted(escaped.as_bytes()).starts_with(&format!("{header}…")));
        assert_eq!(redacted(b"-----BEGIN x\x1b]0;-----abc"), "----…(24 characters)");
    }

    #[test]
    fn lines_are_masked_wherever_the_secret_stands() {
        let secret = "correct-horse-battery";
        let line = format!("a = {secret} # was {secret}");
        let shown = "a = corr…(21 characters) # was corr…(21 characters)";
        let span = 4..4 + secret.len();
        assert_eq!(mask(&line, std::slice::from_ref(&span)), shown);
        assert_eq!(mask(&line, &[8..25, span, 5..9]), shown);
        let short = 8..15;
        assert_eq!(
            mask("short = hunter2;", std::slice::from_ref(&short)),
            "short = …(fewer than 12 characters);"
        );
        assert_eq!(mask("nothing", &[]), "nothing");
        assert_eq!(mask("é=ü", &[4..900, 7..7]), "é=…(fewer than 12 characters)");
    }

    #[test]
    fn control_characters_are_visible() {
        assert_eq!(mask("a\u{1b}[2J\u{202e}b\r\n\tc\u{9b}", &[]), "a\\u{1b}[2J\\u{202e}b\\r\\n\tc\\u{9b}");
    }

    #[test]
    fn long_lines_are_cut_around_the_first_secret() {
        let secret = "correct-horse-battery";
        let line = format!("{}{secret}{}", "é".repeat(5000), "x".repeat(5000));
        let span = 10_000..10_000 + secret.len();
        let masked = mask(&line, std::slice::from_ref(&span));
        assert_eq!(masked.chars().count(), 400);
        assert!(
            masked.starts_with("…é") && masked.ends_with("x…") && masked.contains("écorr…(21 characters)x")
        );
        assert!(!masked.contains(secret));
        let span = 2..2 + secret.len();
        let early = mask(&format!("k={secret}{}", "x".repeat(500)), std::slice::from_ref(&span));
        assert!(early.starts_with("k=corr…(21") && early.ends_with('…') && early.chars().count() == 400);
    }
}
