//! Licence texts as the formats want them: identifiers, expressions, anybody's own words.

use spdx::{Expression, ParseMode};

/// What a declared licence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A single identifier of the SPDX list.
    Identifier,
    /// A valid SPDX expression.
    Expression,
    /// Something else.
    Words,
}

/// Expressions longer than this are words, in bytes.
const LONGEST: usize = 4096;

/// Deprecated identifiers are still identifiers, and `GPL-2.0+` is one of them.
const MODE: ParseMode = ParseMode {
    allow_slash_as_or_operator: false,
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: true,
    allow_deprecated: true,
    allow_unknown: false,
};

pub(crate) fn form(text: &str) -> Form {
    if is_identifier(text) {
        Form::Identifier
    } else if is_expression(text) {
        Form::Expression
    } else {
        Form::Words
    }
}

/// Whether the text says nothing: `NOASSERTION` and `NONE`.
pub(crate) fn says_nothing(text: &str) -> bool {
    matches!(text.trim(), "" | "NOASSERTION" | "NONE")
}

fn is_identifier(text: &str) -> bool {
    !says_nothing(text)
        && spdx::identifiers::LICENSES.binary_search_by(|license| license.name.cmp(text)).is_ok()
}

fn is_expression(text: &str) -> bool {
    // The list that the parser uses has `NOASSERTION` among its identifiers.
    text.len() <= LONGEST
        && text.is_ascii()
        && !text.contains("NOASSERTION")
        && Expression::parse_mode(text, MODE).is_ok()
}

/// The expressions that `text` joins by `AND` on its outermost level; the text itself if it does not, or is no
/// expression.
pub(crate) fn conjuncts(text: &str) -> Vec<String> {
    if !is_expression(text) {
        return vec![text.to_owned()];
    }
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, word) in words(text) {
        match word {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            // `AND` binds tighter: what has an `OR` beside it is no conjunction.
            _ if depth == 0 && word.eq_ignore_ascii_case("or") => return vec![text.to_owned()],
            _ if depth == 0 && word.eq_ignore_ascii_case("and") => {
                parts.extend(text.get(start..at));
                start = at + word.len();
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..));
    if parts.len() == 1 {
        return vec![text.to_owned()];
    }
    parts.into_iter().map(|part| without_parentheses(part.trim()).to_owned()).collect()
}

/// One expression that demands all of these.
pub(crate) fn conjunction<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut parts: Vec<&str> = parts.into_iter().collect();
    parts.dedup();
    match parts.as_slice() {
        [one] => (*one).to_owned(),
        _ => {
            let grouped = |part: &&str| {
                if has_or(part) { format!("({part})") } else { (*part).to_owned() }
            };
            parts.iter().map(grouped).collect::<Vec<_>>().join(" AND ")
        }
    }
}

fn has_or(text: &str) -> bool {
    words(text).any(|(_, word)| word.eq_ignore_ascii_case("or"))
}

/// The parentheses around the whole of an expression taken away.
fn without_parentheses(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) else { return text };
    let mut depth = 0_usize;
    for byte in inner.bytes() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 0 => return text,
            b')' => depth -= 1,
            _ => {}
        }
    }
    inner.trim()
}

/// The words and parentheses of an expression with their positions.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.len() - rest.trim_start().len();
        let rest = text.get(start..)?;
        let end = match rest.find(|c: char| c.is_whitespace() || c == '(' || c == ')') {
            Some(0) => 1,
            Some(end) => end,
            None => rest.len(),
        };
        at = start + end;
        rest.get(..end).filter(|word| !word.is_empty()).map(|word| (start, word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected_form: Form, expected: &[&str]) {
        assert_eq!(form(text), expected_form, "{text}");
        assert_eq!(conjuncts(text), expected, "{text}");
    }

    #[test]
    fn forms_and_conjunctions() {
        check("MIT", Form::Identifier, &["MIT"]);
        check("GPL-2.0+", Form::Identifier, &["GPL-2.0+"]);
        check("MIT OR Apache-2.0", Form::Expression, &["MIT OR Apache-2.0"]);
        check("(MIT OR Apache-2.0) AND Zlib", Form::Expression, &["MIT OR Apache-2.0", "Zlib"]);
        check("MIT AND Zlib OR ISC", Form::Expression, &["MIT AND Zlib OR ISC"]);
        check("(MIT OR ISC) AND (Zlib OR X11)", Form::Expression, &["MIT OR ISC", "Zlib OR X11"]);
        check("Apache-2.0 WITH LLVM-exception", Form::Expression, &["Apache-2.0 WITH LLVM-exception"]);
        check("LicenseRef-x AND MIT", Form::Expression, &["LicenseRef-x", "MIT"]);
        check("Apache License 2.0", Form::Words, &["Apache License 2.0"]);
        check("NOASSERTION", Form::Words, &["NOASSERTION"]);
        check("MIT AND", Form::Words, &["MIT AND"]);
    }

    #[test]
    fn conjunctions_are_put_together_again() {
        assert_eq!(conjunction(["MIT OR ISC", "Zlib"]), "(MIT OR ISC) AND Zlib");
        assert_eq!(conjunction(["MIT OR ISC"]), "MIT OR ISC");
    }
}
