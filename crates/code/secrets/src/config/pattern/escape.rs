use super::PatternError;

/// Reads an escape that stands for one character; `source` begins with the backslash. Returns what follows.
pub(super) fn character(source: &str) -> Result<(char, &str), PatternError> {
    let mut chars = source.chars();
    chars.next();
    let Some(c) = chars.next() else {
        return Err(PatternError::new("it ends in a backslash"));
    };
    let rest = chars.as_str();
    match c {
        '0' => octal(source),
        '1'..='7' if rest.starts_with(|c: char| c.is_digit(8)) => octal(source),
        '1'..='9' => Err(PatternError::new(format!("back-references (`\\{c}`) are not in Go's syntax"))),
        'x' => hexadecimal(rest),
        'a' => Ok(('\x07', rest)),
        'f' => Ok(('\x0c', rest)),
        'n' => Ok(('\n', rest)),
        'r' => Ok(('\r', rest)),
        't' => Ok(('\t', rest)),
        'v' => Ok(('\x0b', rest)),
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => Ok((c, rest)),
        c => Err(PatternError::new(format!("Go's syntax has no escape `\\{c}`"))),
    }
}

/// Reads `{n}`, `{n,}` or `{n,m}`. `None` when it is no repetition: Go takes the brace for itself then.
pub(super) fn bounds(source: &str) -> Option<(u32, Option<u32>, &str)> {
    let (min, rest) = number(source.strip_prefix('{')?)?;
    let (max, rest) = match rest.strip_prefix(',') {
        None => (Some(min), rest),
        Some(rest) if rest.starts_with('}') => (None, rest),
        Some(rest) => number(rest).map(|(max, rest)| (Some(max), rest))?,
    };
    Some((min, max, rest.strip_prefix('}')?))
}

/// A decimal number without leading zeros; one too large for the type is its maximum.
fn number(source: &str) -> Option<(u32, &str)> {
    let end = source.find(|c: char| !c.is_ascii_digit()).unwrap_or(source.len());
    let (digits, rest) = source.split_at_checked(end)?;
    if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    Some((digits.parse().unwrap_or(u32::MAX), rest))
}

/// `\0`, `\12`, `\123`: up to three octal digits.
fn octal(source: &str) -> Result<(char, &str), PatternError> {
    let digits = source.get(1..).unwrap_or_default();
    let length = digits.bytes().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
    let (digits, rest) = digits.split_at_checked(length).unwrap_or_default();
    scalar(u32::from_str_radix(digits, 8).ok(), rest)
}

/// `\x7F` and `\x{10FFFF}`; `source` begins behind the `x`.
fn hexadecimal(source: &str) -> Result<(char, &str), PatternError> {
    let parts = match source.strip_prefix('{') {
        Some(braced) => braced.split_once('}'),
        None => source.split_at_checked(2),
    };
    let (digits, rest) = parts.unwrap_or_default();
    let significant = digits.trim_start_matches('0');
    let value = match (digits.is_empty(), significant.is_empty()) {
        (true, _) => None,
        (false, true) => Some(0),
        (false, false) if significant.bytes().all(|b| b.is_ascii_hexdigit()) => {
            u32::from_str_radix(significant, 16).ok()
        }
        (false, false) => None,
    };
    scalar(value, rest)
}

fn scalar(value: Option<u32>, rest: &str) -> Result<(char, &str), PatternError> {
    let c = value.and_then(char::from_u32);
    c.map(|c| (c, rest))
        .ok_or_else(|| PatternError::new("a numeric escape is malformed or is no Unicode character"))
}
