//! Breaking text into lines of a width.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that clean text takes on a terminal.
pub(crate) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// Breaks clean text at spaces into lines of at most `limit` columns; a longer word is broken anywhere. Line breaks of
/// the text stay. At least one line.
pub(crate) fn wrap(text: &str, limit: usize) -> Vec<String> {
    let limit = limit.max(8);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            let space = usize::from(!line.is_empty());
            if width(&line) + space + width(word) > limit && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            push_word(&mut lines, &mut line, word, limit);
        }
        lines.push(line);
    }
    lines
}

fn push_word(lines: &mut Vec<String>, line: &mut String, word: &str, limit: usize) {
    let mut used = width(line);
    for c in word.chars() {
        let columns = c.width().unwrap_or(0);
        if used + columns > limit {
            lines.push(std::mem::take(line));
            used = 0;
        }
        line.push(c);
        used += columns;
    }
}

/// [`wrap`], with every line but the first indented by `indent` spaces.
pub(crate) fn hanging(text: &str, limit: usize, indent: usize) -> String {
    wrap(text, limit.saturating_sub(indent)).join(&format!("\n{}", " ".repeat(indent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_never_wider_than_asked() {
        let check = |text: &str, limit: usize, expected: &[&str]| assert_eq!(wrap(text, limit), expected);
        check("one two three", 8, &["one two", "three"]);
        check("abcdefghijklmnopqrst x", 8, &["abcdefgh", "ijklmnop", "qrst x"]);
        check("a\n\nb", 8, &["a", "", "b"]);
        check("", 8, &[""]);
        check("日本語日本語", 8, &["日本語日", "本語"]);
    }
}
