//! Text of others inside GitHub or GitLab flavoured Markdown: nothing of it becomes markup, a link, a mention or a
//! reference.

/// For running text and table cells, on one line, at most `limit` characters.
pub(super) fn text(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let clean = clipped(&crate::clean::line(text), limit);
    let mut before = ' ';
    for c in clean.chars() {
        match c {
            // Mentions and references are looked for after entities are resolved, so that only a character between
            // helps. It has no width.
            '@' | '#' | '!' | '~' | '$' => {
                out.push_str(&entity(c));
                out.push_str("&#8203;");
            }
            // Addresses become links by themselves.
            '/' if before == '/' || before == ':' => out.push_str("&#8203;/"),
            '.' if before.eq_ignore_ascii_case(&'w') => out.push_str("&#8203;."),
            c if c.is_alphanumeric() || " ,./:;()'-".contains(c) && !(out.is_empty() && c == '-') => {
                out.push(c)
            }
            c if c.is_ascii() => out.push_str(&entity(c)),
            c => out.push(c),
        }
        before = c;
    }
    out
}

/// As code, on one line, at most `limit` characters. Mentions and references are not looked for in code.
pub(super) fn code(text: &str, limit: usize) -> String {
    format!("<code>{}</code>", verbatim(&clipped(&crate::clean::line(text), limit)))
}

/// Lines of code as they are, each at most `limit` characters.
pub(super) fn block(text: &str, limit: usize) -> String {
    let clean = crate::clean::block(text);
    let lines: Vec<String> = clean.lines().map(|line| verbatim(&clipped(line, limit))).collect();
    format!("<pre>{}</pre>", lines.join("&#10;"))
}

fn verbatim(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        let address =
            c == '/' && matches!(before, ':' | '/') || c == '.' && before.eq_ignore_ascii_case(&'w');
        let plain = c.is_alphanumeric() || !c.is_ascii() || " -./:,".contains(c) && !address;
        if plain {
            out.push(c)
        } else {
            out.push_str(&entity(c))
        }
        before = c;
    }
    out
}

fn entity(c: char) -> String {
    format!("&#{};", u32::from(c))
}

fn clipped(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some(_) => text.chars().take(limit.saturating_sub(1)).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        for hostile in [
            "<img src=x onerror=alert(1)>",
            "| a | b |",
            "`code` **bold** _it_",
            "[link](https://evil.example)",
            "@everyone and #1 and !2",
            "https://evil.example www.evil.example",
            "line\n# heading\r\n- item",
            "a\\|b",
            "&lt;b&gt; &#64;x",
            "- item",
            "<!-- -->",
        ] {
            let shown = text(hostile, 200);
            assert!(
                !shown.contains(['<', '>', '|', '`', '*', '_', '[', ']', '\\', '@', '\n', '"']),
                "{shown}"
            );
            assert!(!shown.contains("://") && !shown.contains("www."), "{shown}");
            let shown = code(hostile, 200);
            assert!(!shown.contains("://") && !shown.contains("www."), "{shown}");
            let inner = shown.strip_prefix("<code>").unwrap().strip_suffix("</code>").unwrap();
            assert!(
                !inner.contains(['<', '>', '|', '`', '*', '_', '[', ']', '\\', '@', '\n', '"']),
                "{inner}"
            );
        }
        assert_eq!(text("plain words, 1.5 (ok)", 99), "plain words, 1.5 (ok)");
        assert_eq!(text("@jane", 99), "&#64;&#8203;jane");
        assert_eq!(text("abcdef", 3), "ab…");
        assert_eq!(block("a|b\n\tc", 9), "<pre>a&#124;b&#10;    c</pre>");
    }
}
