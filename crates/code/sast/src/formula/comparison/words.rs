/// A word of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word<'t> {
    /// A name, a keyword or a metavariable.
    Name(&'t str),
    /// An operator or a bracket.
    Sign(&'t str),
    Integer(i64),
    Float(f64),
    Text(String),
}

const SIGNS: [&str; 28] = [
    "**", "//", "<<", ">>", "==", "!=", "<=", ">=", "<", ">", "(", ")", "[", "]", ",", "+", "-", "*", "/",
    "%", "~", "&", "|", "^", ".", "=", ":", "@",
];

/// Splits a comparison.
pub(super) fn words(text: &str) -> Result<Vec<Word<'_>>, String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = match first {
            '$' | '_' | 'a'..='z' | 'A'..='Z' => name_or_text(rest)?,
            '0'..='9' => number(rest)?,
            '"' | '\'' => quoted(rest, false)?,
            _ => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                let sign = sign.ok_or_else(|| format!("`{first}` is not expected"))?;
                (Word::Sign(sign), &rest[sign.len()..])
            }
        };
        words.push(word);
        rest = after.trim_start();
    }
    Ok(words)
}

fn name_or_text(rest: &str) -> Result<(Word<'_>, &str), String> {
    let start = ["$...", "$"].iter().find(|start| rest.starts_with(**start)).map_or(0, |start| start.len());
    let body = rest.get(start..).unwrap_or_default();
    let length = body.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(body.len());
    let (name, after) = rest.split_at(start + length);
    if after.starts_with(['"', '\'']) && matches!(name, "r" | "R" | "u" | "b") {
        return quoted(after, matches!(name, "r" | "R"));
    }
    Ok((Word::Name(name), after))
}

fn quoted(rest: &str, is_raw: bool) -> Result<(Word<'_>, &str), String> {
    let mut characters = rest.char_indices();
    let quote = characters.next().map_or('"', |(_, quote)| quote);
    let mut text = String::new();
    while let Some((at, character)) = characters.next() {
        if character == quote {
            return Ok((Word::Text(text), &rest[at + 1..]));
        }
        if character != '\\' {
            text.push(character);
            continue;
        }
        let (_, escaped) = characters.next().ok_or("a text does not end")?;
        match escaped {
            'n' if !is_raw => text.push('\n'),
            't' if !is_raw => text.push('\t'),
            '\\' | '"' | '\'' if !is_raw => text.push(escaped),
            _ => text.extend(['\\', escaped]),
        }
    }
    Err("a text does not end".to_owned())
}

fn number(rest: &str) -> Result<(Word<'_>, &str), String> {
    let mut length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let fraction = rest.get(length..).and_then(|after| after.strip_prefix('.'));
    if let Some(fraction) = fraction {
        length += 1 + fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
    }
    let (digits, after) = rest.split_at(length);
    if let Some(integer) = integer(digits) {
        return Ok((Word::Integer(integer), after));
    }
    let float = digits
        .replace('_', "")
        .parse()
        .map_err(|_| format!("`{digits}` is no number that can be compared"))?;
    Ok((Word::Float(float), after))
}

/// The number that a text is, in the ways of Python and C.
pub(super) fn integer(text: &str) -> Option<i64> {
    let text = text.trim().replace('_', "");
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(&text)),
    };
    let lower = digits.to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = lower.strip_prefix(prefix) {
            let is_digits = digits.chars().all(|digit| digit.is_digit(radix));
            return is_digits.then(|| i64::from_str_radix(&format!("{sign}{digits}"), radix).ok()).flatten();
        }
    }
    let is_digits = lower.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| format!("{sign}{lower}").parse().ok()).flatten()
}
