use std::cmp::Ordering;

use andon_syntax::Symbol;

use super::words::integer;
use super::{Binary, Comparison, Function, Term, Unary};

/// A value that a comparison knows.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number; points in time in seconds since 1970.
    Float(f64),
    /// A text, without quotes.
    Text(String),
    /// A list.
    List(Vec<Constant>),
    /// Code whose value is not known, as it is written.
    Code(String),
}

impl Constant {
    /// It as a text, without quotes; none for a list.
    pub fn into_text(self) -> Option<String> {
        Some(match self {
            Self::Bool(value) => value.to_string(),
            Self::Integer(value) => value.to_string(),
            Self::Float(value) if value.fract() == 0.0 => format!("{value}."),
            Self::Float(value) => value.to_string(),
            Self::Text(text) | Self::Code(text) => text,
            Self::List(_) => return None,
        })
    }
}

impl Comparison {
    /// Whether it is true of what the metavariables hold. False where that cannot be said, such as for a number and
    /// code that is no constant. `today` is the time now, in seconds since 1970.
    pub fn holds(&self, value: &dyn Fn(Symbol) -> Option<Constant>, today: f64) -> bool {
        evaluate(&self.0, &Known { value, today }) == Some(Constant::Bool(true))
    }
}

struct Known<'a> {
    value: &'a dyn Fn(Symbol) -> Option<Constant>,
    today: f64,
}

fn evaluate(term: &Term, known: &Known<'_>) -> Option<Constant> {
    match term {
        Term::Constant(constant) => Some(constant.clone()),
        Term::Metavariable(name) => (known.value)(*name),
        Term::List(items) => {
            items.iter().map(|item| evaluate(item, known)).collect::<Option<_>>().map(Constant::List)
        }
        Term::Unary(operator, inner) => unary(*operator, evaluate(inner, known)?),
        Term::Binary(operator, left, right) => {
            binary(*operator, &evaluate(left, known)?, &evaluate(right, known)?)
        }
        Term::Call(function, argument) => call(*function, evaluate(argument, known)?),
        Term::Matches(regex, text) => match evaluate(text, known)? {
            Constant::Text(text) => Some(Constant::Bool(regex.at_start(&text).is_some())),
            _ => None,
        },
        Term::Today => Some(Constant::Float(known.today)),
    }
}

fn unary(operator: Unary, value: Constant) -> Option<Constant> {
    Some(match (operator, value) {
        (Unary::Not, Constant::Bool(value)) => Constant::Bool(!value),
        (Unary::Minus, Constant::Integer(value)) => Constant::Integer(value.wrapping_neg()),
        (Unary::Minus, Constant::Float(value)) => Constant::Float(-value),
        (Unary::Plus, value @ (Constant::Integer(_) | Constant::Float(_))) => value,
        (Unary::Invert, Constant::Integer(value)) => Constant::Integer(!value),
        _ => return None,
    })
}

fn binary(operator: Binary, left: &Constant, right: &Constant) -> Option<Constant> {
    use Constant::{Bool, Code, Float, Integer};
    if matches!(left, Code(_)) || matches!(right, Code(_)) {
        return None;
    }
    match operator {
        Binary::And | Binary::Or => match (left, right) {
            (Bool(a), Bool(b)) => Some(Bool(if operator == Binary::And { *a && *b } else { *a || *b })),
            _ => None,
        },
        Binary::Equal => Some(Bool(equal(left, right))),
        Binary::Unequal => Some(Bool(!equal(left, right))),
        Binary::In => Some(Bool(contains(right, left) == Some(true))),
        Binary::NotIn => Some(Bool(contains(right, left) == Some(false))),
        Binary::Less => ordered(left, right).map(|order| Bool(order == Ordering::Less)),
        Binary::AtMost => ordered(left, right).map(|order| Bool(order != Ordering::Greater)),
        Binary::Greater => ordered(left, right).map(|order| Bool(order == Ordering::Greater)),
        Binary::AtLeast => ordered(left, right).map(|order| Bool(order != Ordering::Less)),
        _ => match (left, right) {
            (Integer(a), Integer(b)) => integers(operator, *a, *b).map(Integer),
            _ => floats(operator, number(left)?, number(right)?).map(Float),
        },
    }
}

fn integers(operator: Binary, a: i64, b: i64) -> Option<i64> {
    Some(match operator {
        Binary::Add => a.wrapping_add(b),
        Binary::Subtract => a.wrapping_sub(b),
        Binary::Multiply => a.wrapping_mul(b),
        Binary::Divide => a.checked_div(b)?,
        Binary::Modulo => a.checked_rem(b)?,
        Binary::Power => a.wrapping_pow(u32::try_from(b).ok()?),
        Binary::BitAnd => a & b,
        Binary::BitOr => a | b,
        Binary::BitXor => a ^ b,
        _ => return None,
    })
}

fn floats(operator: Binary, a: f64, b: f64) -> Option<f64> {
    Some(match operator {
        Binary::Add => a + b,
        Binary::Subtract => a - b,
        Binary::Multiply => a * b,
        Binary::Divide => a / b,
        Binary::Modulo => a % b,
        Binary::Power => a.powf(b),
        _ => return None,
    })
}

fn number(value: &Constant) -> Option<f64> {
    match value {
        Constant::Integer(value) => Some(*value as f64),
        Constant::Float(value) => Some(*value),
        _ => None,
    }
}

fn ordered(left: &Constant, right: &Constant) -> Option<Ordering> {
    match (left, right) {
        (Constant::Integer(a), Constant::Integer(b)) => Some(a.cmp(b)),
        _ => number(left)?.partial_cmp(&number(right)?),
    }
}

fn equal(left: &Constant, right: &Constant) -> bool {
    match (left, right) {
        (Constant::Integer(_), Constant::Float(_)) | (Constant::Float(_), Constant::Integer(_)) => {
            number(left) == number(right)
        }
        _ => left == right,
    }
}

/// Whether a list or a text holds a value; none if it is neither.
fn contains(whole: &Constant, part: &Constant) -> Option<bool> {
    match (whole, part) {
        (Constant::List(items), _) => Some(items.iter().any(|item| item == part)),
        (Constant::Text(whole), Constant::Text(part)) => Some(whole.contains(part.as_str())),
        _ => None,
    }
}

fn call(function: Function, argument: Constant) -> Option<Constant> {
    match (function, argument) {
        (Function::Integer, value @ Constant::Integer(_)) => Some(value),
        (Function::Integer, Constant::Text(text)) => integer(&text).map(Constant::Integer),
        (Function::Text, value) => value.into_text().map(Constant::Text),
        (Function::Date, Constant::Text(text)) => date(&text).map(Constant::Float),
        (Function::Duration, Constant::Text(text)) => duration(&text).map(Constant::Integer),
        _ => None,
    }
}

/// The start of a day `YYYY-MM-DD` in seconds since 1970.
fn date(text: &str) -> Option<f64> {
    let mut parts = text.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(is_leap),
        _ => 31,
    };
    if parts.next().is_some() || !(1..=9999).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    if !(1..=longest).contains(&day) {
        return None;
    }
    // Years that start in March, so that the day that comes and goes is their last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1 - 719_468;
    Some((days * 86_400) as f64)
}

/// A duration such as `1h30m` in milliseconds.
fn duration(text: &str) -> Option<i64> {
    let mut total: i64 = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let length = rest.find(|c: char| !c.is_ascii_digit()).filter(|length| *length > 0)?;
        let (digits, after) = rest.split_at(length);
        let units = [
            ("ms", 1),
            ("s", 1000),
            ("m", 60_000),
            ("h", 3_600_000),
            ("d", 86_400_000),
            ("w", 604_800_000),
            ("y", 31_536_000_000),
        ];
        let (unit, milliseconds) = units.into_iter().find(|(unit, _)| after.starts_with(unit))?;
        total = total.checked_add(digits.parse::<i64>().ok()?.checked_mul(milliseconds)?)?;
        rest = after.get(unit.len()..)?;
    }
    (!text.is_empty()).then_some(total)
}
