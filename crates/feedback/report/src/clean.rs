//! Makes text from a report harmless for a terminal: no escape sequence, no change of writing direction, no character
//! that hides or moves others.

use unicode_width::UnicodeWidthChar;

/// `text` on one line: white space becomes one space each, other control characters become visible.
pub(crate) fn line(text: &str) -> String {
    text.trim().chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if c.is_whitespace() {
            out.push(' ')
        } else {
            push_visible(&mut out, c)
        }
        out
    })
}

/// Like [`line`], at most `limit` columns wide.
pub(crate) fn short(text: &str, limit: usize) -> String {
    cut(&line(text), limit)
}

/// `text` with its line breaks kept; tabs become four spaces.
pub(crate) fn block(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (number, line) in text.trim_end().lines().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        line.chars().for_each(|c| if c == '\t' { out.push_str("    ") } else { push_visible(&mut out, c) });
    }
    out
}

/// Puts one character of source code at the end of `out`. Tabs stay: whoever draws the frame expands them and still
/// counts them as one column, as editors do.
pub(crate) fn push_source(out: &mut String, c: char) {
    if c == '\t' { out.push(c) } else { push_visible(out, c) }
}

/// Cuts `text`, which must be clean, to `limit` columns; the last one says so.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    match fitting(text.chars(), text, limit) {
        None => text.to_owned(),
        Some(kept) => kept.into_iter().chain(['…']).collect(),
    }
}

/// Cuts the beginning of `text`, which must be clean, to `limit` columns: of a path the end says most.
pub(crate) fn cut_start(text: &str, limit: usize) -> String {
    match fitting(text.chars().rev(), text, limit) {
        None => text.to_owned(),
        Some(kept) => std::iter::once('…').chain(kept.into_iter().rev()).collect(),
    }
}

/// The first of `characters` that fit into `limit` columns with one to spare; `None` when all of `text` fits.
fn fitting(characters: impl Iterator<Item = char>, text: &str, limit: usize) -> Option<Vec<char>> {
    if crate::wrap::width(text) <= limit {
        return None;
    }
    let mut used = 0;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used < limit
    };
    Some(characters.take_while(fits).collect())
}

fn push_visible(out: &mut String, c: char) {
    match c {
        '\0'..='\u{1f}' => out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}')),
        '\u{7f}' => out.push('\u{2421}'),
        _ if c.is_control() || hides(c) => out.push_str(&format!("<U+{:04X}>", u32::from(c))),
        _ => out.push(c),
    }
}

/// Characters without a shape of their own: zero-width ones, marks of writing direction, line separators, tags.
fn hides(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        let check = |text: &str, expected: &str| assert_eq!(line(text), expected);
        check("a\u{1b}[31mb", "a\u{241b}[31mb");
        check("a\r\nb\tc", "a  b c");
        check("\u{202e}evil", "<U+202E>evil");
        check("\u{9b}31m", "<U+009B>31m");
        check("ünïcode 日本", "ünïcode 日本");
        assert_eq!(block("a\n\tb\u{7}\n\n"), "a\n    b\u{2407}");
    }

    #[test]
    fn cutting_counts_columns() {
        let check = |text: &str, limit: usize, expected: &str| assert_eq!(short(text, limit), expected);
        check("abcdef", 6, "abcdef");
        check("abcdefg", 6, "abcde…");
        check("日本語", 5, "日本…");
        let check = |text: &str, limit: usize, expected: &str| assert_eq!(cut_start(text, limit), expected);
        check("abcdef", 6, "abcdef");
        check("abcdefg", 6, "…cdefg");
        check("日本語", 5, "…本語");
    }
}
