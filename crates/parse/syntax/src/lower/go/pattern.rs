//! How a pattern is read: its holes written as code, and the places that such code may stand in.

use crate::Kind;
use crate::lower::go::{PARTIAL, TYPED};
use crate::pattern::{Attempt, DOTS, Place, Shape, write_holes};

/// The ways to read a pattern, the likeliest first.
pub(super) fn attempts(pattern: &str) -> Vec<Attempt> {
    let code = format!("{}\n", write_holes(&typed(pattern), quoted, dots));
    let trimmed = pattern.trim().trim_end_matches(';').trim_end();
    let mut attempts = Vec::new();
    let mut add = |source: String, place, shape| attempts.push(Attempt { source, place, shape });
    add(code.clone(), Place::OnlyExpression, Shape::Expression);
    if is_field(trimmed) {
        add(format!("var x = T{{ {code},\n}}"), Place::First(Kind::Pair), Shape::Pair);
    }
    let head = format!("{}{{ {PARTIAL} }}", code.trim_end().trim_end_matches(';'));
    if is_head(trimmed) {
        add(head.clone(), Place::File, Shape::Partial);
    }
    if is_method(trimmed) {
        add(format!("func {head}"), Place::File, Shape::Partial);
    }
    add(code.clone(), Place::File, Shape::Statements);
    if trimmed.starts_with('{') {
        add(format!("var x = T{code}"), Place::First(Kind::Dict), Shape::Expression);
    }
    add(format!("var x {code}"), Place::Child { kind: Kind::VarDef, position: 2 }, Shape::Type);
    let fields = Place::Inside { kind: Kind::ClassBody, skip: 0 };
    add(format!("type T struct {{\n{code}\n}}\n"), fields, Shape::Members);
    attempts
}

/// The length of the string, character or comment that a text starts with.
fn quoted(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if let Some(inside) = rest.strip_prefix("/*") {
        return Some(inside.find("*/").map_or(rest.len(), |end| end + 4));
    }
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`'))?;
    let mut is_escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if quote != '`' => is_escaped = true,
            '\n' if quote != '`' => return Some(at),
            _ if letter == quote => return Some(at + 1),
            _ => {}
        }
    }
    Some(rest.len())
}

/// What the `...` at a position is written as; none where it is Go's own.
fn dots(pattern: &str, at: usize) -> Option<&'static str> {
    let before = pattern.get(..at)?;
    let after = pattern.get(at + 3..)?.trim_start_matches([' ', '\t']);
    let next = after.chars().next().unwrap_or('\n');
    let last = before.trim_end().chars().next_back().unwrap_or('\n');
    if before.trim_end().ends_with("case") && next != ':' {
        return Some("__dots__:");
    }
    let is_variadic_type = is_word(next) || matches!(next, '*' | '[' | '$');
    let is_variadic_argument =
        before.chars().next_back().is_some_and(|last| is_word(last) || matches!(last, ')' | ']' | '}'));
    if is_variadic_argument || (is_variadic_type && (is_word(last) || matches!(last, '(' | ','))) {
        return None;
    }
    if last == '[' && next == ']' {
        let object = before.trim_end().trim_end_matches('[').chars().next_back().unwrap_or('\n');
        return (is_word(object) || matches!(object, ')' | ']')).then_some(DOTS);
    }
    let begins = matches!(last, '(' | '{' | ';') || before.trim_end_matches([' ', '\t']).ends_with('\n');
    Some(match enclosing(before) {
        Enclosing::Imports => "\"__dots__\"",
        Enclosing::Variables if begins => "__dots__ = __dots__",
        Enclosing::Types if begins => "__dots__ __dots__",
        Enclosing::Branches if last == '{' => "case __dots__:",
        Enclosing::Other if last == '.' => DOTS,
        _ if is_statement(before, begins, pattern.get(at + 3..).unwrap_or_default()) => "__dots__;",
        _ => DOTS,
    })
}

/// Whether `...` is a statement after which another follows in the same line.
fn is_statement(before: &str, begins: bool, after: &str) -> bool {
    let next = after.chars().next().unwrap_or('\n');
    let has_gap = matches!(next, ' ' | '\t');
    let next = after.trim_start_matches([' ', '\t']).chars().next().unwrap_or('\n');
    let follows = is_word(next) || matches!(next, '$' | '"' | '`');
    let is_start = before.trim().is_empty() || begins && !before.trim_end().ends_with('(');
    has_gap && follows && is_start
}

/// What the innermost brackets around a position are, as far as it matters to `...`.
enum Enclosing {
    Imports,
    Variables,
    Types,
    /// The branches of `switch` and `select`.
    Branches,
    Other,
}

fn enclosing(before: &str) -> Enclosing {
    let mut depth = 0_usize;
    for (at, letter) in before.char_indices().rev() {
        match letter {
            ')' | '}' | ']' => depth += 1,
            '(' | '{' | '[' if depth > 0 => depth -= 1,
            '(' | '{' | '[' => return opened(before.get(..at).unwrap_or_default().trim_end(), letter),
            _ => {}
        }
    }
    Enclosing::Other
}

fn opened(head: &str, bracket: char) -> Enclosing {
    let last = head.rsplit(|letter: char| !is_word(letter)).next().unwrap_or_default();
    let line = head.rsplit(['\n', ';', '{', '}']).next().unwrap_or_default().trim_start();
    let first = line.split(|letter: char| !is_word(letter)).next().unwrap_or_default();
    match (bracket, last) {
        ('(', "import") => Enclosing::Imports,
        ('(', "var" | "const") => Enclosing::Variables,
        ('(', "type") => Enclosing::Types,
        ('{', _) if matches!(first, "switch" | "select") => Enclosing::Branches,
        _ => Enclosing::Other,
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Whether a pattern is one field of a literal: `Name: value`.
fn is_field(pattern: &str) -> bool {
    let Some((key, value)) = pattern.split_once(':') else { return false };
    let key = key.trim_end();
    let is_name = !key.is_empty() && key.chars().all(|letter| is_word(letter) || letter == '$');
    is_name
        && !value.starts_with('=')
        && !value.trim_start_matches([' ', '\t']).starts_with('\n')
        && !value.is_empty()
}

/// Whether a pattern is a function without its body: without braces but those of types.
fn is_head(pattern: &str) -> bool {
    let is_type = |(at, _): (usize, &str)| {
        let before = pattern.get(..at).unwrap_or_default().trim_end();
        before.ends_with("interface") || before.ends_with("struct")
    };
    pattern.starts_with("func") && pattern.match_indices('{').all(is_type)
}

/// Whether a pattern is a method of an interface, with a type after its parameters: `f(...) T`.
fn is_method(pattern: &str) -> bool {
    let Some((name, rest)) = pattern.split_once('(') else { return false };
    let is_name = !name.is_empty() && name.chars().all(|letter| is_word(letter) || letter == '$');
    let mut depth = 1_usize;
    let end = rest.find(|letter: char| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    let after = end.and_then(|end| rest.get(end + 1..)).unwrap_or_default();
    let result = after.trim_start_matches([' ', '\t']);
    let is_type = result.starts_with(|letter: char| is_word(letter) || matches!(letter, '$' | '*' | '['));
    let has_gap = after.starts_with([' ', '\t']);
    is_name && name != "func" && is_type && has_gap && !result.contains('\n')
}

/// A pattern with `($X : T)` written as `(X.(T))` with a name that says so.
fn typed(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 32);
    // The parentheses that are open, and whether they are of a typed metavariable.
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(rest) = pattern.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(length) = quoted(rest) {
            out.push_str(rest.get(..length).unwrap_or(rest));
            at += length.max(1);
            continue;
        }
        let letter = rest.chars().next().unwrap_or(' ');
        at += letter.len_utf8();
        match letter {
            '(' => match typed_name(rest) {
                Some((name, length)) => {
                    open.push(true);
                    out.push_str(&format!("({TYPED}{name}.("));
                    at += length - 1;
                }
                None => {
                    open.push(false);
                    out.push('(');
                }
            },
            ')' => out.push_str(if open.pop() == Some(true) { "))" } else { ")" }),
            _ => out.push(letter),
        }
    }
    out
}

/// The name in `($X :` at the start of a text, and the length of that.
fn typed_name(rest: &str) -> Option<(&str, usize)> {
    let inside = rest.strip_prefix('(')?;
    let name = inside.trim_start().strip_prefix('$')?;
    let length = name.find(|letter: char| !is_word(letter)).unwrap_or(name.len());
    let (name, after) = name.split_at_checked(length)?;
    let kind = after.trim_start().strip_prefix(':').filter(|kind| !kind.starts_with('='))?;
    (!name.is_empty()).then_some((name, rest.len() - kind.len()))
}
