use super::escape::class_escape;

/// Translates a class in brackets at the start of `rest` and returns what follows it.
pub(super) fn class<'s>(rest: &'s str, out: &mut String) -> Result<&'s str, String> {
    let mut rest = rest.get(1..).unwrap_or_default();
    out.push('[');
    if let Some(after) = rest.strip_prefix('^') {
        out.push('^');
        rest = after;
    }
    let mut is_first = true;
    // Whether what stands before can begin a range, and whether a range waits for its end.
    let (mut can_begin, mut waits) = (false, false);
    while let Some(next) = rest.chars().next() {
        let after = rest.get(next.len_utf8()..).unwrap_or_default();
        let is_character;
        match next {
            ']' if !is_first => {
                out.push(']');
                return Ok(after);
            }
            '-' if !is_first && can_begin && !waits && begins_character(after) => {
                out.push('-');
                (waits, can_begin, rest) = (true, false, after);
                continue;
            }
            '[' if after.starts_with(':') && after.contains(":]") => {
                let end = rest.find(":]").map_or(rest.len(), |at| at + 2);
                out.push_str(rest.get(..end).unwrap_or_default());
                rest = rest.get(end..).unwrap_or_default();
                is_character = false;
            }
            '\\' => {
                let (text, is_one, after) = class_escape(rest)?;
                out.push_str(&text);
                (is_character, rest) = (is_one, after);
            }
            _ => {
                literal(next, out);
                (is_character, rest) = (true, after);
            }
        }
        can_begin = is_character && !waits;
        (waits, is_first) = (false, false);
    }
    Err("a class `[` does not end".to_owned())
}

/// Whether a range can end with what stands there.
fn begins_character(after: &str) -> bool {
    let mut characters = after.chars();
    match (characters.next(), characters.next()) {
        (Some(']') | None, _) => false,
        (Some('\\'), Some(letter)) => !"dDwWsShHvVpPQE".contains(letter),
        (Some('['), Some(':')) => false,
        _ => true,
    }
}

fn literal(character: char, out: &mut String) {
    match character {
        '[' | ']' | '&' | '~' | '-' | '#' | '^' => {
            out.push('\\');
            out.push(character);
        }
        ' ' => out.push_str(r"\x20"),
        _ => out.push(character),
    }
}
