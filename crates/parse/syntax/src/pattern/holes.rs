use crate::build::{DEEP, METAVARIABLE, METAVARIABLE_ELLIPSIS};

/// See [`super::write_holes`].
pub(super) fn write(
    pattern: &str,
    skip: impl Fn(&str) -> Option<usize>,
    dots: impl Fn(&str, usize) -> Option<&'static str>,
) -> String {
    let mut out = String::with_capacity(pattern.len() + 32);
    let mut at = 0;
    while let Some(rest) = pattern.get(at..).filter(|rest| !rest.is_empty()) {
        let (text, length) = piece(pattern, at, rest, &skip, &dots);
        out.push_str(&text);
        at += length;
    }
    out
}

/// What to write for the text at a position, and how much of the pattern it stands for.
fn piece(
    pattern: &str,
    at: usize,
    rest: &str,
    skip: impl Fn(&str) -> Option<usize>,
    dots: impl Fn(&str, usize) -> Option<&'static str>,
) -> (String, usize) {
    if let Some(length) = skip(rest).filter(|length| *length > 0) {
        let end = rest.len().min(length);
        return (rest.get(..end).unwrap_or(rest).to_owned(), end);
    }
    if rest.starts_with("<...") {
        return (format!("{DEEP}("), 4);
    }
    if rest.starts_with("...>") {
        return (")".to_owned(), 4);
    }
    if let Some(name) = rest.strip_prefix("$...").and_then(metavariable_name) {
        return (format!("{METAVARIABLE_ELLIPSIS}{name}"), name.len() + 4);
    }
    if let Some(name) = rest.strip_prefix('$').and_then(metavariable_name) {
        return (format!("{METAVARIABLE}{name}"), name.len() + 1);
    }
    if let Some(text) = rest.strip_prefix("...").and_then(|_| dots(pattern, at)) {
        return (text.to_owned(), 3);
    }
    let first = rest.chars().next().map_or(1, char::len_utf8);
    (rest.get(..first).unwrap_or_default().to_owned(), first)
}

/// The name of a metavariable: capitals, digits and underscores, not starting with a digit. `$1` is one too.
fn metavariable_name(rest: &str) -> Option<&str> {
    let is_part = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    let length = rest.bytes().take_while(|byte| is_part(byte)).count();
    let continues = rest.as_bytes().get(length).is_some_and(|byte| byte.is_ascii_lowercase());
    rest.get(..length).filter(|name| !name.is_empty() && !continues)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_become_names() {
        let quoted =
            |rest: &str| rest.starts_with('"').then(|| rest[1..].find('"').map_or(rest.len(), |at| at + 2));
        let write = |pattern| write(pattern, quoted, |_, _| Some("__dots__"));
        assert_eq!(write("f($X, ...)"), "f(__hole_X, __dots__)");
        assert_eq!(write("f($...ARGS)"), "f(__holes_ARGS)");
        assert_eq!(write("g(<... $X_1 ...>)"), "g(__deep__( __hole_X_1 ))");
        assert_eq!(write("f(\"$X ...\", $_)"), "f(\"$X ...\", __hole__)");
        assert_eq!(write("$x + $Xy"), "$x + $Xy");
    }
}
