use super::class::class;
use super::escape::{Escape, escape};

/// An expression in the syntax that both engines read.
pub(super) struct Translated {
    pub(super) text: String,
    /// Where the text holds `\b` or `\B`, for which the engines have different ways to say that words are ASCII.
    pub(super) boundaries: Vec<usize>,
    pub(super) needs_backtracking: bool,
}

/// Translates the syntax of PCRE2 (pcre2pattern(3)). What differs: classes such as `\w` are ASCII, braces and brackets
/// stand for themselves where they open nothing, and there are more escapes.
pub(super) fn translate(source: &str) -> Result<Translated, String> {
    let groups = source.matches('(').count();
    let mut out = Translated { text: String::new(), boundaries: Vec::new(), needs_backtracking: false };
    let mut rest = source;
    // Of each group that is open, whether it only looks.
    let mut open = Vec::new();
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '\\' => translate_escape(rest, groups, &mut out)?,
            '[' => class(rest, &mut out.text)?,
            '(' => {
                let after = group(rest, &mut out)?;
                let read = rest.get(..rest.len() - after.len()).unwrap_or_default();
                if !read.ends_with(')') {
                    open.push(["(?=", "(?!", "(?<=", "(?<!"].contains(&read));
                }
                after
            }
            ')' => {
                let after = push(rest, 1, ")", &mut out);
                if open.pop() == Some(true) { pass_repetition(after)? } else { after }
            }
            '{' => brace(rest, &mut out),
            '}' | ']' => push(rest, 1, &format!("\\{first}"), &mut out),
            '*' | '+' | '?' => {
                let after = push(rest, 1, &rest[..1], &mut out);
                suffix(after, &mut out)
            }
            _ => push(rest, first.len_utf8(), &rest[..first.len_utf8()], &mut out),
        };
    }
    Ok(out)
}

fn push<'s>(rest: &'s str, taken: usize, text: &str, out: &mut Translated) -> &'s str {
    out.text.push_str(text);
    rest.get(taken..).unwrap_or_default()
}

/// Looking twice is looking once.
fn pass_repetition(rest: &str) -> Result<&str, String> {
    if rest.starts_with(['*', '?']) || rest.starts_with("{0") {
        return Err("looking ahead or back as often as one likes is not supported".to_owned());
    }
    if let Some(after) = rest.strip_prefix('+') {
        return Ok(after);
    }
    let mut ignored = Translated { text: String::new(), boundaries: Vec::new(), needs_backtracking: false };
    let after = if rest.starts_with('{') { brace(rest, &mut ignored) } else { rest };
    Ok(if ignored.text.starts_with("\\{") { rest } else { after })
}

/// What may follow a repetition: `+` for one that gives nothing back.
fn suffix<'s>(rest: &'s str, out: &mut Translated) -> &'s str {
    if rest.starts_with('+') {
        out.needs_backtracking = true;
        return push(rest, 1, "+", out);
    }
    rest
}

fn brace<'s>(rest: &'s str, out: &mut Translated) -> &'s str {
    let Some(end) = rest.find('}') else {
        return push(rest, 1, "\\{", out);
    };
    let inner = rest.get(1..end).unwrap_or_default();
    let (least, most) = inner.split_once(',').unwrap_or((inner, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if least.is_empty() || !is_number(least) || !is_number(most) {
        return push(rest, 1, "\\{", out);
    }
    let after = push(rest, end + 1, &rest[..=end], out);
    suffix(after, out)
}

fn group<'s>(rest: &'s str, out: &mut Translated) -> Result<&'s str, String> {
    if rest.starts_with("(*") {
        return verb(rest);
    }
    let Some(after) = rest.strip_prefix("(?") else {
        return Ok(push(rest, 1, "(", out));
    };
    for (written, needs_backtracking) in
        [("<=", true), ("<!", true), ("=", true), ("!", true), (">", true), (":", false)]
    {
        if after.starts_with(written) {
            out.needs_backtracking |= needs_backtracking;
            let length = 2 + written.len();
            return Ok(push(rest, length, &rest[..length], out));
        }
    }
    if after.starts_with('#') {
        let end = rest.find(')').ok_or("a comment does not end")?;
        return Ok(&rest[end + 1..]);
    }
    if after.starts_with('(') {
        out.needs_backtracking = true;
        return Ok(push(rest, 3, "(?(", out));
    }
    if let Some(name) = after.strip_prefix("P=") {
        let end = name.find(')').ok_or("a reference does not end")?;
        out.needs_backtracking = true;
        return Ok(push(name, end + 1, &format!("\\k<{}>", &name[..end]), out));
    }
    for (open, close) in [("P<", '>'), ("<", '>'), ("'", '\'')] {
        if let Some(name) = after.strip_prefix(open) {
            let end = name.find(close).ok_or("the name of a group does not end")?;
            return Ok(push(name, end + 1, &format!("(?P<{}>", &name[..end]), out));
        }
    }
    flags(rest, out)
}

/// `(?i)` and `(?i:`.
fn flags<'s>(rest: &'s str, out: &mut Translated) -> Result<&'s str, String> {
    let after = rest.get(2..).unwrap_or_default();
    let end = after.find([')', ':']).ok_or("a group does not end")?;
    let written = after.get(..end).unwrap_or_default();
    if let Some(other) = written.chars().find(|flag| !"imsxUJ-".contains(*flag)) {
        return Err(format!("`(?{other}` is not supported"));
    }
    let mut kept: String = written.chars().filter(|flag| *flag != 'J').collect();
    if kept.ends_with('-') {
        kept.pop();
    }
    if kept.is_empty() && after[end..].starts_with(')') {
        return Ok(&after[end + 1..]);
    }
    let text = format!("(?{kept}{}", &after[end..=end]);
    Ok(push(after, end + 1, &text, out))
}

/// `(*UTF)` and the like at the start, which say what holds anyway.
fn verb(rest: &str) -> Result<&str, String> {
    for known in ["(*UTF8)", "(*UTF)", "(*UCP)"] {
        if let Some(after) = rest.strip_prefix(known) {
            return Ok(after);
        }
    }
    Err("verbs such as `(*SKIP)` are not supported".to_owned())
}

fn translate_escape<'s>(rest: &'s str, groups: usize, out: &mut Translated) -> Result<&'s str, String> {
    let (found, after) = escape(rest, groups)?;
    match found {
        Escape::Text(text) => out.text.push_str(&text),
        Escape::Set { items, negated } => {
            out.text.push_str(if negated { "[^" } else { "[" });
            out.text.push_str(items);
            out.text.push(']');
        }
        Escape::Boundary(text) => {
            out.boundaries.push(out.text.len());
            out.text.push_str(text);
        }
        Escape::Backtracking(text) => {
            out.needs_backtracking = true;
            out.text.push_str(&text);
        }
    }
    Ok(after)
}
