//! Words that people write as licences, brought into expressions.

use spdx::{Expression, ParseMode};

use super::names::{EXCEPTIONS, NAMES};

/// Longest text that is tried, in bytes; whole licence texts are words.
const LONGEST: usize = 1024;

const STRICT: ParseMode = ParseMode {
    allow_slash_as_or_operator: false,
    // The library's own list of names guesses: it takes `gnu gpl v2` for version 3.
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: true,
    allow_deprecated: true,
    allow_unknown: false,
};

/// The expression that a declared licence means: SPDX as it is; common names, Python's classifiers and lists such as
/// `MIT/Apache-2.0` as far as their meaning is certain. `None` for everything else.
pub fn expression_of(text: &str) -> Option<Expression> {
    let text = text.trim();
    // `NOASSERTION` is on the library's list of licences, and none.
    if text.len() > LONGEST || matches!(text, "NOASSERTION" | "NONE") {
        return None;
    }
    let text = classified(text);
    parse(text).or_else(|| parse(&single(text)?)).or_else(|| parse(&combined(text)?))
}

fn parse(text: &str) -> Option<Expression> {
    // The library counts characters where it should count bytes.
    if !text.is_ascii() || text.contains("NOASSERTION") {
        return None;
    }
    Expression::parse_mode(text, STRICT).ok()
}

/// What a classifier of Python's says (`License :: OSI Approved :: MIT License`).
fn classified(text: &str) -> &str {
    match text.rsplit_once("::") {
        Some((before, last)) if before.trim_start().starts_with("License") => last.trim(),
        _ => text,
    }
}

/// One licence: an identifier in any case, a name of the table, a licence of GNU's in whatever words.
fn single(text: &str) -> Option<String> {
    if let Some(found) =
        spdx::identifiers::LICENSES.iter().find(|license| license.name.eq_ignore_ascii_case(text))
    {
        return Some(found.name.to_owned()).filter(|name| name != "NOASSERTION");
    }
    let key = key(text);
    if let Ok(position) = NAMES.binary_search_by(|(name, _)| (*name).cmp(key.as_str())) {
        return NAMES.get(position).map(|(_, expression)| (*expression).to_owned());
    }
    gnu(&key)
}

/// The words that matter, in lower case: no punctuation, no `the` and `license`, no `v` before a number.
fn key(text: &str) -> String {
    let lower = text.to_ascii_lowercase().replace(">=", " later ");
    let words = lower.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '+'));
    let mut key = String::with_capacity(lower.len());
    for word in words {
        let word = word.trim_matches('.');
        let word = match word.strip_prefix('v') {
            Some(number) if number.starts_with(|c: char| c.is_ascii_digit()) => number,
            _ => word,
        };
        if !matches!(
            word,
            "" | "the"
                | "license"
                | "licence"
                | "licenses"
                | "licensed"
                | "software"
                | "version"
                | "v"
                | "a"
                | "under"
        ) {
            if !key.is_empty() {
                key.push(' ');
            }
            key.push_str(word);
        }
    }
    key
}

/// A licence of GNU's in whatever words: `gplv2+`, `gnu lesser general public 3.0 or later lgplv3+`.
fn gnu(key: &str) -> Option<String> {
    let mut found = Gnu::default();
    for word in key.split(' ') {
        found.take(word)?;
    }
    let family = found.family?;
    let version = found.version.as_deref();
    let (version, later) = match (family, version) {
        // Without a version any that was ever published may be chosen (GPL-2.0, section 9).
        ("GPL", None) => ("1.0", true),
        ("LGPL", None) => ("2.0", true),
        ("AGPL", None) => ("3.0", true),
        (_, None) => return None,
        (_, Some(version)) => (version, found.later),
    };
    let name = format!("{family}-{version}-{}", if later { "or-later" } else { "only" });
    spdx::license_id(&name)?;
    Some(name)
}

/// What the words about a licence of GNU's have said so far.
#[derive(Default)]
struct Gnu {
    family: Option<&'static str>,
    version: Option<String>,
    later: bool,
}

impl Gnu {
    /// Takes a word in; `None` when it does not belong there or contradicts what was said.
    fn take(&mut self, word: &str) -> Option<()> {
        let at = word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len());
        let (letters, number) = word.split_at_checked(at)?;
        let letters = letters.trim_end_matches('+');
        self.later |= word.ends_with('+');
        match letters.strip_suffix('v').unwrap_or(letters) {
            "gpl" | "general" => self.family = Some(self.family.unwrap_or("GPL")),
            "lgpl" | "lesser" | "library" => self.family = Some("LGPL"),
            "agpl" | "affero" => self.family = Some("AGPL"),
            "later" | "newer" | "higher" | "above" | "greater" => self.later = true,
            "" | "gnu" | "public" | "or" | "only" | "any" | "at" | "your" | "option" | "of" | "and" => {}
            _ => return None,
        }
        let number = number.trim_end_matches('+');
        if number.is_empty() {
            return Some(());
        }
        let version = match number {
            "1" | "1.0" => "1.0",
            "2" | "2.0" => "2.0",
            "2.1" => "2.1",
            "3" | "3.0" => "3.0",
            _ => return None,
        };
        if self.version.as_deref().is_some_and(|other| other != version) {
            return None;
        }
        self.version = Some(version.to_owned());
        Some(())
    }
}

/// Several licences, joined by `or`, `/`, `|` or by `and`, `,`, `;`, `&`, with exceptions and parentheses.
fn combined(text: &str) -> Option<String> {
    let mut expression = String::with_capacity(text.len() + 16);
    for part in parts(text) {
        let closing = matches!(part, Part::Sign(")"));
        if !closing && !expression.is_empty() && !expression.ends_with('(') {
            expression.push(' ');
        }
        match part {
            Part::Sign(sign) => expression.push_str(sign),
            Part::Words(words) => expression.push_str(&term(words)?),
        }
    }
    Some(expression)
}

/// One licence, perhaps with an exception.
fn term(text: &str) -> Option<String> {
    let at = text.to_ascii_lowercase().find(" with ");
    let Some((licence, exception)) = at.and_then(|at| Some((text.get(..at)?, text.get(at + 6..)?))) else {
        return grouped(single(text)?);
    };
    let exception = exception.trim();
    let exact = spdx::identifiers::EXCEPTIONS.iter().find(|known| known.name.eq_ignore_ascii_case(exception));
    let key = key(exception);
    let known = EXCEPTIONS.iter().find(|(name, _)| *name == key).map(|(_, id)| *id);
    let name = exact.map(|known| known.name).or(known)?;
    Some(format!("{} WITH {name}", single(licence.trim())?))
}

fn grouped(expression: String) -> Option<String> {
    Some(if expression.contains(' ') { format!("({expression})") } else { expression })
}

enum Part<'a> {
    Sign(&'static str),
    Words(&'a str),
}

/// The text cut at operators and parentheses.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        match sign(rest) {
            Some((length, sign)) => {
                push_words(&mut parts, text.get(start..at));
                parts.push(Part::Sign(sign));
                at += length;
                start = at;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    push_words(&mut parts, text.get(start..));
    parts
}

fn push_words<'a>(parts: &mut Vec<Part<'a>>, words: Option<&'a str>) {
    parts.extend(words.map(str::trim).filter(|words| !words.is_empty()).map(Part::Words));
}

/// The operator that a text begins with, and its length in bytes.
fn sign(text: &str) -> Option<(usize, &'static str)> {
    const SIGNS: &[(&str, &str)] = &[
        (" or ", "OR"),
        (" and ", "AND"),
        ("||", "OR"),
        ("|", "OR"),
        ("/", "OR"),
        ("&&", "AND"),
        ("&", "AND"),
        (",", "AND"),
        (";", "AND"),
        ("(", "("),
        (")", ")"),
    ];
    let starts = |sign: &str| {
        text.as_bytes().get(..sign.len()).is_some_and(|start| start.eq_ignore_ascii_case(sign.as_bytes()))
    };
    // The blank after a word is left: it may be the one before the next word.
    SIGNS
        .iter()
        .find(|(sign, _)| starts(sign))
        .map(|(sign, meaning)| (if sign.starts_with(' ') { sign.len() - 1 } else { sign.len() }, *meaning))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = expression_of(text).map(|expression| expression.to_string()).unwrap_or_default();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn names_are_sorted_and_valid() {
        assert!(NAMES.is_sorted_by(|a, b| a.0 < b.0));
        for (name, expression) in NAMES {
            assert!(parse(expression).is_some(), "{name}: {expression}");
            assert_eq!(key(name), *name);
        }
        for (name, exception) in EXCEPTIONS {
            assert!(spdx::exception_id(exception).is_some(), "{name}: {exception}");
        }
    }

    #[test]
    fn expressions_stay() {
        for text in ["MIT", "MIT OR Apache-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", "LicenseRef-x"]
        {
            check(text, text);
        }
        check("mit", "MIT");
        check("apache-2.0", "Apache-2.0");
    }

    #[test]
    fn common_names() {
        check("Apache 2.0", "Apache-2.0");
        check("Apache License, Version 2.0", "Apache-2.0");
        check("The Apache Software License, Version 2.0", "Apache-2.0");
        check("BSD", "BSD-2-Clause AND BSD-3-Clause");
        check("3-Clause BSD License", "BSD-3-Clause");
        check("MIT/X11", "MIT");
        check("The MIT License (MIT)", "MIT");
        check("License :: OSI Approved :: MIT License", "MIT");
        check("License :: OSI Approved :: Python Software Foundation License", "PSF-2.0");
        check("License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0");
        check("License :: OSI Approved", "");
        check("License :: Public Domain", "");
    }

    #[test]
    fn licences_of_gnu() {
        check("GPLv2+", "GPL-2.0-or-later");
        check("GPL-2+", "GPL-2.0-or-later");
        check("GPL v2", "GPL-2.0-only");
        check("gnu gpl v2", "GPL-2.0-only");
        check("GPL (>= 2)", "GPL-2.0-or-later");
        check("GPL", "GPL-1.0-or-later");
        check("LGPL-2.1+", "LGPL-2.1+");
        check("LGPLv2.1+", "LGPL-2.1-or-later");
        check("GNU Lesser General Public License v3 or later (LGPLv3+)", "LGPL-3.0-or-later");
        check("GNU General Public License v2 (GPLv2)", "GPL-2.0-only");
        check("License :: OSI Approved :: GNU Affero General Public License v3", "AGPL-3.0-only");
        check("GNU Library or Lesser General Public License (LGPL)", "LGPL-2.0-or-later");
        check("GPLv2 or GPLv3", "GPL-2.0-only OR GPL-3.0-only");
        check("GPL-like", "");
    }

    #[test]
    fn lists() {
        check("MIT/Apache-2.0", "MIT OR Apache-2.0");
        check("Apache 2.0 or MIT License", "Apache-2.0 OR MIT");
        check("GPL-2 | GPL-3", "GPL-2.0-only OR GPL-3.0-only");
        check("MIT, BSD", "MIT AND (BSD-2-Clause AND BSD-3-Clause)");
        check("GPLv2 with Classpath exception", "GPL-2.0-only WITH Classpath-exception-2.0");
        check("Apache 2.0 with LLVM-exception OR MIT", "Apache-2.0 WITH LLVM-exception OR MIT");
        check("(MIT or GPLv3) and zlib", "(MIT OR GPL-3.0-only) AND Zlib");
        check("MIT, see LICENSE", "");
        check("MIT and/or BSD", "");
        check("SEE LICENSE IN LICENSE.txt", "");
        check("UNLICENSED", "");
        check("NOASSERTION", "");
        check("MIT OR NOASSERTION", "");
        check("", "");
        check("ünlizenziert", "");
    }
}
