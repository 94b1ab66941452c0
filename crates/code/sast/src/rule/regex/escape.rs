/// What a backslash and what follows it stand for.
pub(super) enum Escape {
    /// One character or an assertion, written for the engines.
    Text(String),
    /// A set of characters, written for the inside of brackets.
    Set { items: &'static str, negated: bool },
    /// `\b` and `\B`.
    Boundary(&'static str),
    /// Something that only the backtracking engine knows.
    Backtracking(String),
}

const SPACES: &str = r"\t\n\x0B\f\r\x20";

/// The sets that a letter names.
fn set(letter: char) -> Option<&'static str> {
    Some(match letter.to_ascii_lowercase() {
        'd' => "0-9",
        'w' => "0-9A-Za-z_",
        's' => SPACES,
        'h' => r"\t\x20\x{A0}",
        'v' => r"\n\x0B\f\r\x{85}\x{2028}\x{2029}",
        _ => return None,
    })
}

/// Reads an escape at the start of `rest` and returns what follows it.
pub(super) fn escape(rest: &str, groups: usize) -> Result<(Escape, &str), String> {
    let body = rest.get(1..).unwrap_or_default();
    let letter = body.chars().next().ok_or("a backslash stands at the end")?;
    let after = body.get(letter.len_utf8()..).unwrap_or_default();
    let found = match letter {
        'b' => Escape::Boundary(r"\b"),
        'B' => Escape::Boundary(r"\B"),
        'A' | 'z' => Escape::Text(format!("\\{letter}")),
        'Z' => Escape::Backtracking(r"(?=\n?\z)".to_owned()),
        'G' | 'K' => Escape::Backtracking(format!("\\{letter}")),
        'R' => Escape::Text(r"(?:\r\n|[\n\x0B\f\r])".to_owned()),
        'N' => Escape::Text(r"[^\n]".to_owned()),
        'Q' => {
            let (quoted, after) = after.split_once("\\E").unwrap_or((after, ""));
            return Ok((Escape::Text(regex::escape(quoted)), after));
        }
        'E' => Escape::Text(String::new()),
        'g' | 'k' => return reference(after, groups),
        '1'..='9' => return numbered(body, groups),
        _ => match set(letter) {
            Some(items) => Escape::Set { items, negated: letter.is_ascii_uppercase() },
            None => {
                let (text, after) = character(body)?;
                return Ok((Escape::Text(text), after));
            }
        },
    };
    Ok((found, after))
}

/// Reads an escape inside brackets: what to write there, whether it is one character, and what follows.
pub(super) fn class_escape(rest: &str) -> Result<(String, bool, &str), String> {
    let body = rest.get(1..).unwrap_or_default();
    let letter = body.chars().next().ok_or("a backslash stands at the end")?;
    let after = body.get(letter.len_utf8()..).unwrap_or_default();
    if let Some(items) = set(letter) {
        let text = if letter.is_ascii_uppercase() { format!("[^{items}]") } else { items.to_owned() };
        return Ok((text, false, after));
    }
    match letter {
        'b' => Ok((r"\x08".to_owned(), true, after)),
        'p' | 'P' => character(body).map(|(text, after)| (text, false, after)),
        'Q' | 'E' => Ok((String::new(), false, after)),
        '1'..='7' => Ok(octal(body)).map(|(text, after)| (text, true, after)),
        _ => character(body).map(|(text, after)| (text, true, after)),
    }
}

/// A character, from what follows the backslash.
fn character(body: &str) -> Result<(String, &str), String> {
    let letter = body.chars().next().ok_or("a backslash stands at the end")?;
    let after = body.get(letter.len_utf8()..).unwrap_or_default();
    let text = match letter {
        'a' => r"\x07".to_owned(),
        'e' => r"\x1B".to_owned(),
        'f' | 'n' | 'r' | 't' => format!("\\{letter}"),
        '0' => return Ok(octal(body)),
        'x' => return hexadecimal(after),
        'p' | 'P' => return property(letter, after),
        'c' => {
            let control = after.chars().next().filter(char::is_ascii).ok_or("`\\c` needs a letter")?;
            let code = (control.to_ascii_uppercase() as u8) ^ 0x40;
            return Ok((format!("\\x{code:02X}"), after.get(1..).unwrap_or_default()));
        }
        _ if letter.is_ascii_alphanumeric() || !letter.is_ascii() => letter.to_string(),
        ' ' => r"\x20".to_owned(),
        '\n' => r"\n".to_owned(),
        '<' | '>' | '_' => letter.to_string(),
        _ if letter.is_ascii_punctuation() => format!("\\{letter}"),
        _ => format!("\\x{:02X}", letter as u32),
    };
    Ok((text, after))
}

fn octal(body: &str) -> (String, &str) {
    let length = body.bytes().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
    let (digits, after) = body.split_at(length);
    (format!("\\x{{{:X}}}", u32::from_str_radix(digits, 8).unwrap_or(0)), after)
}

fn hexadecimal(after: &str) -> Result<(String, &str), String> {
    if let Some(braced) = after.strip_prefix('{') {
        let (digits, after) = braced.split_once('}').ok_or("`\\x{` does not end")?;
        return Ok((format!("\\x{{{}}}", digits.trim()), after));
    }
    let length = after.bytes().take(2).take_while(u8::is_ascii_hexdigit).count();
    let (digits, after) = after.split_at(length);
    Ok((format!("\\x{{{}}}", if digits.is_empty() { "0" } else { digits }), after))
}

fn property(letter: char, after: &str) -> Result<(String, &str), String> {
    if after.starts_with('{') {
        let end = after.find('}').ok_or("`\\p{` does not end")?;
        return Ok((format!("\\{letter}{}", &after[..=end]), &after[end + 1..]));
    }
    let name = after.chars().next().ok_or("`\\p` needs a name")?;
    Ok((format!("\\{letter}{name}"), after.get(name.len_utf8()..).unwrap_or_default()))
}

/// `\1`; `\12` is a reference only where there are so many groups, and else an octal number.
fn numbered(body: &str, groups: usize) -> Result<(Escape, &str), String> {
    let length = body.bytes().take(3).take_while(u8::is_ascii_digit).count();
    let (digits, after) = body.split_at(length);
    let number: usize = digits.parse().map_err(|_| "a reference is no number")?;
    if number < 10 || number <= groups {
        return Ok((Escape::Backtracking(format!("(?:\\{number})")), after));
    }
    let (text, after) = octal(body);
    Ok((Escape::Text(text), after))
}

/// `\g{1}`, `\g1`, `\g{NAME}`, `\k<NAME>`, `\k{NAME}`, `\k'NAME'`.
fn reference(after: &str, groups: usize) -> Result<(Escape, &str), String> {
    for (open, close) in [('{', '}'), ('<', '>'), ('\'', '\'')] {
        let Some(name) = after.strip_prefix(open) else {
            continue;
        };
        let (name, after) = name.split_once(close).ok_or("a reference does not end")?;
        if name.starts_with('-') {
            return Err("references counted backwards are not supported".to_owned());
        }
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            let (found, _) = numbered(name, groups)?;
            return Ok((found, after));
        }
        return Ok((Escape::Backtracking(format!("\\k<{name}>")), after));
    }
    numbered(after, groups)
}
