use std::borrow::Cow;

use crate::rule::CommentStyle;

/// The text with spaces in place of comments, each as long as it was. Kinds of comments are removed one after the other,
/// as Semgrep does, so that `//` inside `/* */` is the start of a comment.
pub(super) fn without_comments(text: &str, style: Option<CommentStyle>) -> Cow<'_, str> {
    let kinds: &[(&str, &str)] = match style {
        None => &[],
        Some(CommentStyle::Shell) => &[("#", "\n")],
        Some(CommentStyle::C) => &[("/*", "*/")],
        Some(CommentStyle::Cpp) => &[("//", "\n"), ("/*", "*/")],
    };
    let mut text = Cow::Borrowed(text);
    for (open, close) in kinds {
        if let Some(blanked) = blank(&text, open, close) {
            text = Cow::Owned(blanked);
        }
    }
    text
}

fn blank(text: &str, open: &str, close: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        let end = match after.find(close) {
            Some(at) => at + close.len(),
            None if close == "\n" => after.len(),
            None => break,
        };
        out.push_str(before);
        let comment = rest.get(before.len()..before.len() + open.len() + end).unwrap_or_default();
        out.extend(
            comment.bytes().map(|byte| if matches!(byte, b'\r' | b'\n') { char::from(byte) } else { ' ' }),
        );
        rest = after.get(end..).unwrap_or_default();
    }
    if rest.len() == text.len() {
        return None;
    }
    out.push_str(rest);
    Some(out)
}
