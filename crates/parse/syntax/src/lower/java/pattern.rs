//! How a pattern is read: its holes written as code, and the places that such code may stand in.

use std::fmt::Write as _;

use crate::Kind;
use crate::build::{METAVARIABLE, METAVARIABLE_ELLIPSIS};
use crate::lower::java::tokens::{Enclosed, First, Token, Tokens};
use crate::lower::java::{PARTIAL, SUPER, THIS, TYPED, UNTYPED};
use crate::pattern::{Attempt, DEEP_CALL, DOTS, Place, Shape};

/// The ways to read a pattern, the likeliest first.
pub(super) fn attempts(pattern: &str) -> Vec<Attempt> {
    let tokens = Tokens::of(pattern);
    let code = write(&tokens, Enclosed::Block);
    let members = write(&tokens, Enclosed::Members);
    let last = tokens.before(tokens.len());
    let mut attempts = Vec::new();
    let mut add = |source: String, place, shape| attempts.push(Attempt { source, place, shape });
    let first = tokens.first_word();
    if last != ";" && !matches!(first, First::Statement | First::Definition) {
        add(format!("{code}\n;"), Place::OnlyExpression, Shape::Expression);
    }
    add(code.clone(), Place::File, Shape::Statements);
    partial_statement(&tokens, &code, &mut add);
    let may_be_member = matches!(first, First::Definition | First::Other);
    if may_be_member {
        add(in_class(&members), MEMBERS, Shape::Statements);
    }
    if is_annotation(&tokens) {
        add(format!("{code}\nclass C {{}}"), Place::First(Kind::Attribute), Shape::Attribute);
    }
    if last != ";" && may_be_member {
        partial_definition(&code, &members, &mut add);
    }
    if tokens.is_name(0) {
        add(format!("{code} x;"), Place::Child { kind: Kind::VarDef, position: 2 }, Shape::Type);
    }
    if tokens.len() > 1 {
        add(format!("{code}\n;"), Place::File, Shape::Statements);
    }
    attempts
}

const MEMBERS: Place = Place::Inside { kind: Kind::ClassBody, skip: 0 };

fn in_class(members: &str) -> String {
    format!("class C {{\n{members}\n}}")
}

/// Statements without their rest.
fn partial_statement(tokens: &Tokens<'_>, code: &str, add: &mut impl FnMut(String, Place, Shape)) {
    let finally = Place::Child { kind: Kind::Try, position: 3 };
    match tokens.at(0) {
        "if" => add(format!("{code}\n{DOTS}; else {DOTS};"), Place::File, Shape::Partial),
        "while" | "for" => add(format!("{code}\n{DOTS};"), Place::File, Shape::Partial),
        "try" => add(format!("{code}\ncatch ({PARTIAL} x) {{}}"), Place::File, Shape::Partial),
        "catch" => add(format!("try {{}} {code}"), Place::First(Kind::Catch), Shape::Partial),
        "finally" => add(format!("try {{}} {code}"), finally, Shape::Partial),
        _ => {}
    }
}

/// Definitions without their bodies.
fn partial_definition(code: &str, members: &str, add: &mut impl FnMut(String, Place, Shape)) {
    let left_out = format!("{{ {PARTIAL} x; }}");
    add(format!("{code}\n{left_out}"), Place::File, Shape::Partial);
    add(in_class(&format!("{members}\n{left_out}")), MEMBERS, Shape::Partial);
    add(format!("{code}\n{{ ; {PARTIAL} x; }}"), Place::File, Shape::Partial);
}

/// Whether a pattern is one annotation.
fn is_annotation(tokens: &Tokens<'_>) -> bool {
    let mut at = 1;
    while tokens.is_name(at) && tokens.at(at + 1) == "." {
        at += 2;
    }
    let after = match tokens.pair(at + 1) {
        Some(close) if tokens.at(at + 1) == "(" => close + 1,
        _ => at + 1,
    };
    tokens.at(0) == "@" && tokens.is_name(at) && after == tokens.len()
}

/// A pattern with its holes written as code. `top` says what it is outside of all brackets.
fn write(tokens: &Tokens<'_>, top: Enclosed) -> String {
    let mut writer = Writer { tokens, out: String::new(), inside: vec![(usize::MAX, top)] };
    for at in 0..tokens.len() {
        writer.out.push_str(tokens.gap(at));
        writer.token(at);
    }
    writer.out.push_str(tokens.gap(tokens.len()));
    writer.out
}

struct Writer<'t, 'p> {
    tokens: &'t Tokens<'p>,
    out: String,
    /// The brackets that are open, and what they enclose.
    inside: Vec<(usize, Enclosed)>,
}

impl Writer<'_, '_> {
    fn token(&mut self, at: usize) {
        let text = self.tokens.at(at);
        match self.tokens.token(at) {
            Some(Token::Dots) => self.dots(at, DOTS),
            Some(Token::MetavariableEllipsis) => {
                let name = text.strip_prefix("$...").unwrap_or_default();
                self.dots(at, &format!("{METAVARIABLE_ELLIPSIS}{name}"));
            }
            Some(Token::DeepOpen) => self.push(&[DEEP_CALL, "("]),
            Some(Token::DeepClose) => self.push(&[")"]),
            Some(Token::Metavariable) => self.metavariable(at, text.get(1..).unwrap_or_default()),
            Some(Token::Word) if self.tokens.at(at + 1) == "(" && text == "super" => self.push(&[SUPER]),
            Some(Token::Word) if self.tokens.at(at + 1) == "(" && text == "this" => self.push(&[THIS]),
            Some(Token::Word) if self.is_bare_parameter(at) => self.push(&[UNTYPED, " ", text]),
            Some(Token::Sign) => self.sign(at, text),
            _ => self.push(&[text]),
        }
    }

    fn push(&mut self, texts: &[&str]) {
        self.out.extend(texts.iter().copied());
    }

    fn enclosed(&self) -> (usize, Enclosed) {
        self.inside.last().copied().unwrap_or((usize::MAX, Enclosed::Block))
    }

    fn metavariable(&mut self, at: usize, name: &str) {
        let is_typed = self.enclosed().1 == Enclosed::Typed && self.tokens.at(at + 1) == ")";
        if is_typed && self.tokens.pair(at + 1) == Some(self.enclosed().0) {
            self.push(&[") ", METAVARIABLE, name]);
        } else if self.is_bare_parameter(at) {
            self.push(&[UNTYPED, " ", METAVARIABLE, name]);
        } else {
            self.push(&[METAVARIABLE, name]);
        }
    }

    fn sign(&mut self, at: usize, text: &str) {
        match text {
            "(" | "{" | "[" => {
                let enclosed = self.tokens.enclosed(at);
                self.inside.push((at, enclosed));
                self.push(&[if enclosed == Enclosed::Typed { "((" } else { text }]);
            }
            ")" | "}" | "]" if self.inside.len() > 1 => {
                let closed = self.inside.pop();
                self.push(&[text]);
                if closed.is_some_and(|(_, enclosed)| enclosed == Enclosed::Typed) {
                    self.push(&[".", TYPED]);
                }
            }
            ";" => {
                // After the constants of an enumeration come its members.
                if let Some((_, enclosed @ Enclosed::Constants)) = self.inside.last_mut() {
                    *enclosed = Enclosed::Members;
                }
                self.push(&[text]);
            }
            _ => self.push(&[text]),
        }
    }

    /// `...` or `$...X`, as `name`.
    fn dots(&mut self, at: usize, name: &str) {
        let (open, enclosed) = self.enclosed();
        let before = self.tokens.before(at);
        let starts = matches!(before, "(" | ",");
        let is_alone = at.checked_sub(1) == Some(open) && self.tokens.pair(open) == Some(at + 1);
        match enclosed {
            _ if before == "." => self.push(&[name]),
            Enclosed::Params if starts => self.push(&[UNTYPED, " ", name]),
            Enclosed::Params if self.tokens.is_name(at + 1) => self.push(&[self.tokens.at(at)]),
            Enclosed::Catch if is_alone => self.push(&[name, " ", name]),
            Enclosed::For if is_alone => {
                let _ = write!(self.out, "{name}; {name}; {name}");
            }
            Enclosed::Annotation if starts && !is_alone => self.push(&[name, " = ", name]),
            Enclosed::Members if self.is_statement(at) => self.push(&[UNTYPED, " ", name, ";"]),
            Enclosed::Branches if before == "->" && self.tokens.at(at + 1) != ";" => self.push(&[name, ";"]),
            Enclosed::Branches if before == "{" => self.push(&["case ", name, ":"]),
            Enclosed::Block | Enclosed::Branches if self.is_statement(at) => self.push(&[name, ";"]),
            _ => self.push(&[name]),
        }
    }

    /// Whether the ellipsis at a position is a whole statement or member.
    fn is_statement(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return !self.continues(at) };
        let starts = match self.tokens.at(before) {
            "{" | "}" | ";" | "else" | "do" => true,
            ":" => self.enclosed().1 == Enclosed::Branches,
            ")" => self.tokens.pair(before).is_some_and(|open| {
                matches!(self.tokens.enclosed(open), Enclosed::Condition | Enclosed::For)
            }),
            _ => matches!(self.tokens.token(before), Some(Token::Dots | Token::MetavariableEllipsis)),
        };
        starts && !self.continues(at)
    }

    /// Whether what follows makes an expression of an ellipsis.
    fn continues(&self, at: usize) -> bool {
        let operators = ["+", "-", "*", "/", "%", "&", "|", "^", "<", ">", "=", "!", "?", "."];
        operators.contains(&self.tokens.at(at + 1))
    }

    /// Whether a name stands for a parameter without its type.
    fn is_bare_parameter(&self, at: usize) -> bool {
        self.enclosed().1 == Enclosed::Params
            && matches!(self.tokens.before(at), "(" | ",")
            && matches!(self.tokens.at(at + 1), ")" | ",")
    }
}
