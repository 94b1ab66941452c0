//! Regular expressions that a text can make run for very long.

/// Whether an expression repeats something that itself repeats, before something that can fail: the engine then tries
/// every way to split the text among them. An estimate that knows nothing of what the parts match.
pub(super) fn is_slow(source: &str) -> bool {
    let mut parser = Parser { rest: source, depth: 0 };
    parser.alternatives().is_some_and(|parts| parser.rest.is_empty() && parts.is_slow)
}

/// What is known of a part of an expression.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    /// It can match a text in two ways that are both not empty.
    is_ambiguous: bool,
    /// It or something in it can.
    holds_ambiguous: bool,
    /// It or something in it repeats something that can.
    holds_explosive: bool,
    /// It can fail to match.
    can_fail: bool,
    /// Something in it is slow.
    is_slow: bool,
}

impl Part {
    fn joined(self, other: Self) -> Self {
        Self {
            is_ambiguous: false,
            holds_ambiguous: self.holds_ambiguous || other.holds_ambiguous,
            holds_explosive: self.holds_explosive || other.holds_explosive,
            can_fail: self.can_fail || other.can_fail,
            is_slow: self.is_slow || other.is_slow,
        }
    }
}

struct Parser<'t> {
    rest: &'t str,
    depth: usize,
}

const DEEPEST: usize = 100;
/// How often something must be repeated to take long.
const OFTEN: u32 = 4;

impl Parser<'_> {
    fn take(&mut self, prefix: &str) -> bool {
        match self.rest.strip_prefix(prefix) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let next = characters.next()?;
        self.rest = characters.as_str();
        Some(next)
    }

    fn alternatives(&mut self) -> Option<Part> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut whole = self.sequence()?;
        while self.take("|") {
            whole = whole.joined(self.sequence()?);
        }
        self.depth -= 1;
        Some(whole)
    }

    fn sequence(&mut self) -> Option<Part> {
        let mut whole: Option<Part> = None;
        while !self.rest.is_empty() && !self.rest.starts_with(['|', ')']) {
            let atom = self.atom()?;
            let part = self.repeated(atom)?;
            whole = Some(match whole {
                None => part,
                Some(before) => {
                    let is_slow = before.holds_explosive && part.can_fail;
                    let joined = before.joined(part);
                    Part { is_slow: joined.is_slow || is_slow, ..joined }
                }
            });
        }
        Some(whole.unwrap_or_default())
    }

    fn repeated(&mut self, mut part: Part) -> Option<Part> {
        while let Some((least, most)) = self.quantifier() {
            let is_possessive = self.take("+");
            if !is_possessive {
                self.take("?");
                let is_often = most.is_none_or(|most| most >= OFTEN);
                part.holds_explosive |= is_often && part.holds_ambiguous;
                part.is_ambiguous = match most {
                    None => true,
                    Some(most) => least >= 1 && most > least || least == 0 && most >= 2,
                };
                part.holds_ambiguous |= part.is_ambiguous;
            } else {
                part.is_ambiguous = false;
            }
        }
        Some(part)
    }

    fn quantifier(&mut self) -> Option<(u32, Option<u32>)> {
        for (sign, least, most) in [("*", 0, None), ("+", 1, None), ("?", 0, Some(1))] {
            if self.take(sign) {
                return Some((least, most));
            }
        }
        let (inner, after) = self.rest.strip_prefix('{')?.split_once('}')?;
        let (least, most) = match inner.split_once(',') {
            None => (inner.parse().ok()?, inner.parse().ok()),
            Some((least, "")) => (least.parse().ok()?, None),
            Some((least, most)) => (least.parse().ok()?, Some(most.parse().ok()?)),
        };
        self.rest = after;
        Some((least, most))
    }

    fn atom(&mut self) -> Option<Part> {
        let certain = Part { can_fail: true, ..Part::default() };
        match self.next()? {
            '(' => self.group(),
            '[' => {
                self.class()?;
                Some(certain)
            }
            '\\' => {
                let is_reset = self.next()? == 'K';
                Some(Part { can_fail: !is_reset, ..Part::default() })
            }
            '*' | '+' | '?' => None,
            _ => Some(certain),
        }
    }

    fn group(&mut self) -> Option<Part> {
        if self.take("?") {
            if self.take("#") {
                let (_, after) = self.rest.split_once(')')?;
                self.rest = after;
                return Some(Part::default());
            }
            let known = ["<=", "<!", "=", "!", ">", ":"];
            if !known.iter().any(|known| self.take(known)) {
                let end = self.rest.find([')', ':', '>', '\''])?;
                let is_flags = self.rest.get(end..)?.starts_with(')');
                let is_quoted = self.rest.starts_with('\'');
                self.rest = self.rest.get(end + 1..)?;
                if is_quoted {
                    self.rest = self.rest.split_once('\'')?.1;
                }
                if is_flags {
                    return Some(Part::default());
                }
            }
        }
        let inner = self.alternatives()?;
        self.take(")").then_some(inner)
    }

    fn class(&mut self) -> Option<()> {
        self.take("^");
        self.take("]");
        loop {
            match self.next()? {
                ']' => return Some(()),
                '\\' => {
                    self.next()?;
                }
                '[' if self.rest.starts_with(':') => {
                    let (_, after) = self.rest.split_once(":]")?;
                    self.rest = after;
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_slow;

    #[test]
    fn nested_repetition_before_something_that_can_fail() {
        let rows = [
            ("^(a+)+$", true),
            ("(a*)*b", true),
            ("(a|b?c+)*x", true),
            ("([a-z]+)*[0-9]", true),
            ("(?:(a{2,})+)+\\d", true),
            ("(?<name>\\w+\\s?)*$", true),
            ("(a+)+", false),
            ("(a+){2}b", false),
            ("(a++)+b", false),
            ("(a+)++b", false),
            ("(a{3})+b", false),
            ("(ab?)*c", false),
            ("a+b+c", false),
            ("[(a+)+]b", false),
            ("(a+", false),
            ("", false),
        ];
        for (source, expected) in rows {
            assert_eq!(is_slow(source), expected, "{source}");
        }
        assert!(!is_slow(&"(".repeat(100_000)));
    }
}
