use super::holes;
use crate::Kind;
use crate::build::ELLIPSIS;
use crate::pattern::{Attempt, Place, Shape};

/// The ways to read a pattern. Where several would do, the first is what the reference implementation takes: an object
/// before a block, an expression before statements, a pair before a label.
pub(super) fn attempts(pattern: &str, jsx: bool) -> Vec<Attempt> {
    let code = holes::write(pattern, jsx);
    let code = code.trim();
    let words = words(code);
    let mut attempts = Vec::new();
    let mut attempt = |source: String, place, shape| attempts.push(Attempt { source, place, shape });
    let file = |shape| (code.to_owned(), Place::File, shape);
    let dots = format!("{ELLIPSIS};");
    let partial = |before: &str, after: &str| format!("{before}{code}{after}");

    match words.as_slice() {
        ["catch", ..] => attempt(partial("try {} ", ""), Place::First(Kind::Catch), Shape::Partial),
        ["finally", ..] => {
            attempt(partial("try {} ", ""), Place::Child { kind: Kind::Try, position: 3 }, Shape::Partial);
        }
        ["else", ..] => {
            attempt(partial("if (a) {} ", ""), Place::Child { kind: Kind::If, position: 2 }, Shape::Partial);
        }
        ["case" | "default", ..] => {
            attempt(partial("switch (a) { ", "\n}"), Place::First(Kind::Case), Shape::Partial);
        }
        _ => {}
    }
    let is_definition = matches!(words.as_slice(), ["function", name, ..] if *name != "(")
        || matches!(words.as_slice(), ["async", "function", name, ..] if *name != "(")
        || matches!(words.as_slice(), ["class", name, ..] if *name != "{" && *name != "extends");
    let is_cut_off = (is_definition && !code.ends_with(['}', ';'])) || words.first() == Some(&"try");
    if is_cut_off {
        heads(code, &words, &dots, &mut attempts);
    }
    let mut attempt = |source: String, place, shape| attempts.push(Attempt { source, place, shape });
    if is_definition {
        let (source, place, shape) = file(Shape::Statements);
        attempt(source, place, shape);
    }
    let ends_open = !code.ends_with(';');
    if ends_open {
        if words.first().is_some_and(|first| matches!(*first, "{" | "function" | "async" | "class")) {
            attempt(partial("(", "\n)"), Place::OnlyExpression, Shape::Expression);
        } else {
            attempt(code.to_owned(), Place::OnlyExpression, Shape::Expression);
        }
        if matches!(words.as_slice(), ["\"" | "'" | "[", ..] | [_, ":", ..]) {
            let members = Place::Inside { kind: Kind::Record, skip: 0 };
            attempt(partial("({", "\n})"), members, Shape::Pair);
        }
    }
    let (source, place, shape) = file(Shape::Statements);
    attempt(source, place, shape);
    heads(code, &words, &dots, &mut attempts);
    fragments(code, &mut attempts);
    attempts
}

/// Statements whose rest was left out.
fn heads(code: &str, words: &[&str], dots: &str, attempts: &mut Vec<Attempt>) {
    let (rest, kind) = match words {
        ["function", ..] | ["async", "function", ..] => (format!("{{{dots}}}"), Kind::FunctionDef),
        ["class", ..] | ["abstract", "class", ..] => (format!("{{{dots}}}"), Kind::ClassDef),
        ["if", ..] => (dots.to_owned(), Kind::If),
        ["while", ..] => (dots.to_owned(), Kind::While),
        ["for", ..] => (dots.to_owned(), Kind::For),
        ["switch", ..] => (format!("{{ case {ELLIPSIS}: }}"), Kind::Switch),
        ["try", ..] => (format!("catch ({ELLIPSIS}) {{}}"), Kind::Try),
        _ => return,
    };
    let place = if kind == Kind::For { Place::File } else { Place::First(kind) };
    attempts.push(Attempt { source: format!("{code} {rest}"), place, shape: Shape::Partial });
    if kind == Kind::FunctionDef {
        let source = format!("({code} {rest})");
        attempts.push(Attempt { source, place: Place::OnlyExpression, shape: Shape::Partial });
    }
}

/// Parts of classes, decorators, attributes and types.
fn fragments(code: &str, attempts: &mut Vec<Attempt>) {
    let mut attempt = |source, place, shape| attempts.push(Attempt { source, place, shape });
    let members = Place::Inside { kind: Kind::ClassBody, skip: 0 };
    if code.starts_with('@') {
        attempt(format!("{code} class A {{}}"), Place::First(Kind::Attribute), Shape::Attribute);
        let partial = format!("class A {{ {code} {{ {ELLIPSIS}; }} }}");
        attempt(format!("class A {{ {code}\n}}"), members, Shape::Members);
        attempt(partial, Place::First(Kind::FunctionDef), Shape::Partial);
    } else {
        attempt(format!("class A {{ {code}\n}}"), members, Shape::Members);
    }
    attempt(format!("(<A {code} />)"), Place::First(Kind::XmlAttribute), Shape::XmlAttribute);
    let value = Place::Child { kind: Kind::TypeAlias, position: 2 };
    attempt(format!("type A = {code};"), value, Shape::Type);
}

/// The first words and signs, past comments.
fn words(code: &str) -> Vec<&str> {
    let mut rest = code;
    let mut words = Vec::new();
    while words.len() < 3 {
        rest = rest.trim_start();
        if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.split_once('\n').map_or("", |(_, after)| after);
            continue;
        }
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
            continue;
        }
        let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$' | '*');
        let Some(first) = rest.chars().next() else { break };
        let length = rest.find(|letter| !is_part(letter)).filter(|length| *length > 0);
        let length = length.unwrap_or(if is_part(first) { rest.len() } else { first.len_utf8() });
        let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        words.push(word);
        rest = after;
    }
    words
}
