//! Values that stand where a secret will stand: templates, instructions to the reader, dummy words.

use super::Surroundings;
use super::words::split;

/// Longer secrets are not searched for dummy words: at random they hold one sooner or later.
const LONG: usize = 200;
/// Letters of a word that does not come up by chance in a private key, however long.
const LONG_WORD: usize = 7;

/// Nobody's random characters, wherever they stand in a secret.
const ANYWHERE: [&str; 24] = [
    "example",
    "placeholder",
    "changeme",
    "change_me",
    "change-me",
    "changeit",
    "redacted",
    "dummy",
    "sample",
    "foobar",
    "foo_bar",
    "lorem",
    "ipsum",
    "insert",
    "replaceme",
    "replace_me",
    "replace-me",
    "replace_with",
    "replace-with",
    "deadbeef",
    "notasecret",
    "not-a-secret",
    "not_a_secret",
    "removed",
];

/// Short or common words: only when they stand alone.
const ALONE: [&str; 14] = [
    "todo",
    "fixme",
    "fake",
    "mock",
    "mocked",
    "tbd",
    "bogus",
    "invalid",
    "replace",
    "masked",
    "hidden",
    "sanitized",
    "obfuscated",
    "censored",
];

/// Words that say who is to put what there.
const INSTRUCTIONS: [&str; 10] =
    ["your_", "your-", "your ", "<your", "my_own_", "put_", "enter_", "enter-", "paste_", "add_your"];

/// Pairs that enclose the name of a value in a template.
const TEMPLATES: [(&str, &str); 11] = [
    ("${", "}"),
    ("{{", "}}"),
    ("%(", ")s"),
    ("#{", "}"),
    ("$(", ")"),
    ("<%", "%>"),
    ("{%", "%}"),
    ("$[", "]"),
    ("@@", "@@"),
    ("[[", "]]"),
    ("<<", ">>"),
];

/// Why a value is a placeholder. Reads the characters right around it too, because a rule's group often stops before
/// a bracket.
pub(super) fn reason(text: &str, line: &Surroundings) -> Option<&'static str> {
    if text.is_empty() {
        return Some("empty");
    }
    if is_template(text) || is_enclosed(line) {
        return Some("template");
    }
    if is_masked(text) {
        return Some("masked");
    }
    let lower = text.to_ascii_lowercase();
    let dummy = if text.len() <= LONG { has_dummy_word(&lower, text) } else { is_dummy_key(&lower) };
    dummy.then_some("placeholder")
}

fn is_template(text: &str) -> bool {
    let pair = |(open, close): &(&str, &str)| {
        text.split_once(open).is_some_and(|(_, rest)| rest.find(close).is_some_and(|at| at > 0))
    };
    let name = |inner: &str| {
        !inner.is_empty()
            && inner.len() <= 60
            && inner.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-. ".contains(&b))
    };
    let wrapped = |open: char, close: char| {
        text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(name)
    };
    let variable = |sign: char| {
        let name = text.strip_prefix(sign).unwrap_or_default();
        let letters = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        letters && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    TEMPLATES.iter().any(pair)
        || wrapped('<', '>')
        || wrapped('{', '}')
        || wrapped('[', ']')
        || wrapped('%', '%')
        || wrapped('@', '@')
        || variable('$')
        || variable('%')
        || php_variable(text)
        || inner_angle(text)
}

/// `$token`, `$this->token`, `$env:TOKEN`
fn php_variable(text: &str) -> bool {
    let Some(name) = text.strip_prefix('$') else { return false };
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_->:[]'\".".contains(&b));
    plain && name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_') && super::words::is_wordy(name)
}

/// `ghp_<token>`: a name in angle brackets within the value.
fn inner_angle(text: &str) -> bool {
    let Some((_, rest)) = text.split_once('<') else { return false };
    let Some((name, _)) = rest.split_once('>') else { return false };
    !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphabetic() || b"_- ".contains(&b))
        && name.len() >= 3
}

fn is_enclosed(line: &Surroundings) -> bool {
    let (before, after) = (line.before.trim_end_matches(' '), line.after.trim_start_matches(' '));
    let pair = |(open, close): &(&str, &str)| before.ends_with(open) && after.starts_with(close);
    TEMPLATES.iter().any(pair) || (line.before.ends_with('<') && line.after.starts_with('>'))
}

/// `****`, `xxxx`, `....`, `…`
fn is_masked(text: &str) -> bool {
    let run = |wanted: &str, least: usize| {
        let bytes = text.as_bytes();
        let least = if text.len() > LONG { least * 2 } else { least };
        bytes
            .chunk_by(|a, b| a == b)
            .any(|group| group.len() >= least && group.first().is_some_and(|b| wanted.as_bytes().contains(b)))
    };
    run("*", 3)
        || run("xX", 4)
        || run(".", 3)
        || run("?", 4)
        || run("#", 4)
        || text.contains(['…', '•', '●'])
        || text.bytes().all(|b| !b.is_ascii_alphanumeric() && b.is_ascii())
}

/// A private key with a word in it, as documentation has them.
fn is_dummy_key(lower: &str) -> bool {
    lower.starts_with("-----begin ")
        && ANYWHERE.iter().any(|word| word.len() >= LONG_WORD && lower.contains(word))
}

fn has_dummy_word(lower: &str, text: &str) -> bool {
    let instruction = INSTRUCTIONS.iter().any(|word| lower.contains(word))
        || ["here", "goes"]
            .iter()
            .any(|word| split(text).last().is_some_and(|last| last.eq_ignore_ascii_case(word)));
    instruction
        || ANYWHERE.iter().any(|word| lower.contains(word))
        || lower
            .split(|c: char| !c.is_alphanumeric())
            .any(|part| ALONE.contains(&part.trim_matches(|c: char| c.is_ascii_digit())))
}
