use andon_syntax::Symbols;

use super::words::{Word, words};
use super::{Binary, Constant, Function, Term, Unary};
use crate::rule::Expression;

const DEEPEST: usize = 64;

/// Operators by how loosely they bind, from `or` on.
const LEVELS: [&[(&str, Binary)]; 8] = [
    &[("or", Binary::Or)],
    &[("and", Binary::And)],
    &[
        ("<", Binary::Less),
        ("<=", Binary::AtMost),
        (">", Binary::Greater),
        (">=", Binary::AtLeast),
        ("==", Binary::Equal),
        ("!=", Binary::Unequal),
        ("in", Binary::In),
        ("not in", Binary::NotIn),
    ],
    &[("|", Binary::BitOr)],
    &[("^", Binary::BitXor)],
    &[("&", Binary::BitAnd)],
    &[("+", Binary::Add), ("-", Binary::Subtract)],
    &[("*", Binary::Multiply), ("/", Binary::Divide), ("%", Binary::Modulo)],
];
const AND: usize = 1;
const COMPARING: usize = 2;

pub(super) fn parse(text: &str, strip: bool, symbols: &mut Symbols) -> Result<Term, String> {
    let words = words(text)?;
    let mut parser = Parser { words, next: 0, depth: 0, strip, symbols };
    let term = parser.level(0)?;
    match parser.words.get(parser.next) {
        None => Ok(term),
        Some(word) => Err(format!("{word:?} is not expected there")),
    }
}

struct Parser<'t, 's> {
    words: Vec<Word<'t>>,
    next: usize,
    depth: usize,
    strip: bool,
    symbols: &'s mut Symbols,
}

impl Parser<'_, '_> {
    fn is(&self, ahead: usize, text: &str) -> bool {
        match self.words.get(self.next + ahead) {
            Some(Word::Sign(word) | Word::Name(word)) => *word == text,
            _ => false,
        }
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.is(0, text);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, text: &str) -> Result<(), String> {
        if self.take(text) { Ok(()) } else { Err(format!("a `{text}` is missing")) }
    }

    fn operator(&mut self, level: usize) -> Option<Binary> {
        let operators = LEVELS.get(level)?;
        if level == COMPARING && self.is(0, "not") && self.is(1, "in") {
            self.next += 2;
            return Some(Binary::NotIn);
        }
        let found = operators.iter().find(|(text, _)| self.is(0, text)).map(|(_, operator)| *operator)?;
        self.next += 1;
        Some(found)
    }

    fn level(&mut self, level: usize) -> Result<Term, String> {
        if level >= LEVELS.len() {
            return self.unary();
        }
        if level == AND + 1 && self.take("not") {
            self.deeper()?;
            let inner = self.level(level)?;
            self.depth -= 1;
            return Ok(Term::Unary(Unary::Not, Box::new(inner)));
        }
        let mut left = self.level(level + 1)?;
        let mut chain: Option<Term> = None;
        while let Some(operator) = self.operator(level) {
            let right = self.level(level + 1)?;
            if level == COMPARING {
                let one = Term::Binary(operator, Box::new(left), Box::new(right.clone()));
                chain = Some(match chain {
                    Some(before) => Term::Binary(Binary::And, Box::new(before), Box::new(one)),
                    None => one,
                });
                left = right;
            } else {
                left = Term::Binary(operator, Box::new(left), Box::new(right));
            }
        }
        Ok(chain.unwrap_or(left))
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > DEEPEST { Err("it nests too deep".to_owned()) } else { Ok(()) }
    }

    fn unary(&mut self) -> Result<Term, String> {
        self.deeper()?;
        let sign = [("-", Unary::Minus), ("+", Unary::Plus), ("~", Unary::Invert)]
            .into_iter()
            .find(|(text, _)| self.is(0, text));
        let term = if let Some((_, sign)) = sign {
            self.next += 1;
            Term::Unary(sign, Box::new(self.unary()?))
        } else {
            let base = self.primary()?;
            if self.take("**") {
                Term::Binary(Binary::Power, Box::new(base), Box::new(self.unary()?))
            } else {
                base
            }
        };
        self.depth -= 1;
        Ok(term)
    }

    fn primary(&mut self) -> Result<Term, String> {
        let word = self.words.get(self.next).cloned().ok_or("something is missing at the end")?;
        self.next += 1;
        Ok(match word {
            Word::Integer(number) => Term::Constant(Constant::Integer(number)),
            Word::Float(number) => Term::Constant(Constant::Float(number)),
            Word::Text(text) => Term::Constant(Constant::Text(text)),
            Word::Sign("(") => {
                let inner = self.level(0)?;
                self.expect(")")?;
                inner
            }
            Word::Sign("[") => Term::List(self.list("]")?),
            Word::Sign(sign) => return Err(format!("`{sign}` is not expected there")),
            Word::Name("True") => Term::Constant(Constant::Bool(true)),
            Word::Name("False") => Term::Constant(Constant::Bool(false)),
            Word::Name(name) if name.starts_with('$') => self.metavariable(name),
            Word::Name(name) => return self.call(name),
        })
    }

    fn metavariable(&mut self, name: &str) -> Term {
        let term = Term::Metavariable(self.symbols.intern(name));
        if self.strip { Term::Call(Function::Integer, Box::new(term)) } else { term }
    }

    fn list(&mut self, close: &str) -> Result<Vec<Term>, String> {
        let mut items = Vec::new();
        while !self.take(close) {
            items.push(self.level(0)?);
            if !self.take(",") {
                self.expect(close)?;
                break;
            }
        }
        Ok(items)
    }

    fn call(&mut self, name: &str) -> Result<Term, String> {
        if name == "re" && self.is(0, ".") && self.is(1, "match") {
            self.next += 2;
            self.expect("(")?;
            return self.regex_match();
        }
        let function = match name {
            "int" => Some(Function::Integer),
            "str" => Some(Function::Text),
            "strptime" => Some(Function::Date),
            "parse_promql_duration" => Some(Function::Duration),
            "today" => None,
            _ => return Err(format!("`{name}` is not supported in a comparison")),
        };
        self.expect("(")?;
        let mut arguments = self.list(")")?;
        match (function, arguments.pop()) {
            (None, None) => Ok(Term::Today),
            (Some(function), Some(argument)) if arguments.is_empty() => {
                Ok(Term::Call(function, Box::new(argument)))
            }
            _ => Err(format!("`{name}` has the wrong number of arguments")),
        }
    }

    fn regex_match(&mut self) -> Result<Term, String> {
        let Some(Word::Text(source)) = self.words.get(self.next).cloned() else {
            return Err("the expression of `re.match` must be a text".to_owned());
        };
        self.next += 1;
        self.expect(",")?;
        let text = self.level(0)?;
        self.take(",");
        self.expect(")")?;
        let regex = Expression::new(&source, false, self.symbols)?;
        Ok(Term::Matches(Box::new(regex), Box::new(text)))
    }
}
