use super::{holes, words};
use crate::Kind;
use crate::pattern::{Attempt, DOTS, Place, Shape};

/// The ways to read a pattern, best first.
pub(super) fn attempts(pattern: &str) -> Vec<Attempt> {
    let pattern = without_indentation(pattern);
    let (pattern, lacks_body) = with_body(&pattern);
    let code = holes::write(&pattern);
    let rest = &code;
    let filler = format!("if {DOTS}:\n    {DOTS}\n");
    let attempt = |source: String, place, shape| Attempt { source, place, shape };
    match first_word(rest) {
        "else" => vec![attempt(format!("{filler}{rest}\n"), Place::File, Shape::Partial)],
        "elif" => {
            let place = Place::Child { kind: Kind::If, position: 2 };
            vec![attempt(format!("{filler}{rest}\n"), place, Shape::Partial)]
        }
        "except" => {
            vec![attempt(format!("try:\n    {DOTS}\n{rest}\n"), Place::First(Kind::Catch), Shape::Partial)]
        }
        "finally" => {
            let place = Place::Child { kind: Kind::Try, position: 3 };
            vec![attempt(format!("try:\n    {DOTS}\n{rest}\n"), place, Shape::Partial)]
        }
        first => {
            let is_partial = is_one_statement(rest) && (lacks_body || (first == "try" && is_bare_try(rest)));
            let statements = if is_partial { Shape::Partial } else { Shape::Statements };
            vec![
                attempt(format!("{rest}\n"), Place::OnlyExpression, Shape::Expression),
                attempt(format!("{rest}\n"), Place::File, statements),
                attempt(
                    format!("{rest}\ndef {DOTS}(): {DOTS}\n"),
                    Place::Inside { kind: Kind::Attributes, skip: 0 },
                    Shape::Attribute,
                ),
                attempt(format!("{{{rest}\n}}\n"), Place::Inside { kind: Kind::Dict, skip: 0 }, Shape::Pair),
            ]
        }
    }
}

/// A pattern without the indentation that all its lines share.
fn without_indentation(pattern: &str) -> String {
    let lines = || pattern.lines().filter(|line| !line.trim().is_empty());
    let indentation = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let shared = lines().map(indentation).min().unwrap_or(0);
    let mut out = String::with_capacity(pattern.len());
    for line in pattern.lines() {
        out.push_str(line.get(shared..).unwrap_or_default());
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out
}

/// A pattern whose last statement has a body, and whether it had none.
fn with_body(pattern: &str) -> (String, bool) {
    let end = words::scan(pattern).end;
    let (code, comment) = pattern.split_at_checked(end).unwrap_or((pattern, ""));
    let lacks_body = code.ends_with(':');
    let body = if lacks_body { " ..." } else { "" };
    (format!("{code}{body}{comment}"), lacks_body)
}

fn first_word(code: &str) -> &str {
    let line = top_lines(code).next().unwrap_or_default();
    let end = line.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(line.len());
    line.get(..end).unwrap_or_default()
}

/// Whether only one statement starts at the margin; clauses belong to theirs.
fn is_one_statement(code: &str) -> bool {
    let continues = |line: &&str| {
        let clauses = ["@", ")", "]", "}", "else", "elif", "except", "finally", "case"];
        clauses.iter().any(|clause| line.starts_with(clause))
    };
    top_lines(code).filter(|line| !continues(line)).count() == 1
}

fn is_bare_try(code: &str) -> bool {
    top_lines(code).count() == 1
}

/// The lines at the margin, without comments.
fn top_lines(code: &str) -> impl Iterator<Item = &str> {
    code.lines().filter(|line| !line.is_empty() && !line.starts_with([' ', '\t', '#']))
}
