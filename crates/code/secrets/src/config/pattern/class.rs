use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::PatternError;
use super::{escape, unicode};

/// A set of characters while it is read.
pub(super) struct Set {
    ranges: Vec<ClassUnicodeRange>,
    fold: bool,
}

/// Reads a class in brackets; returns what follows it.
pub(super) fn bracket(source: &str, fold: bool) -> Result<(ClassUnicode, &str), PatternError> {
    let unclosed = || PatternError::new("a `[` is not closed");
    let mut rest = source.strip_prefix('[').ok_or_else(unclosed)?;
    let negated = rest.starts_with('^');
    rest = rest.strip_prefix('^').unwrap_or(rest);
    let mut set = Set::new(fold);
    let mut first = true;
    loop {
        if let Some(after) = rest.strip_prefix(']').filter(|_| !first) {
            return Ok((set.finish(negated), after));
        }
        first = false;
        if let Some(after) = set.posix(rest)? {
            rest = after;
        } else if let Some(after) = set.named(rest)? {
            rest = after;
        } else {
            let (low, after) = character(rest).ok_or_else(unclosed)??;
            rest = after;
            let mut high = low;
            if let Some(end) = rest.strip_prefix('-').filter(|end| !end.is_empty() && !end.starts_with(']')) {
                (high, rest) = character(end).ok_or_else(unclosed)??;
            }
            set.range(low, high)?;
        }
    }
}

impl Set {
    /// An empty set; with `fold`, what is added brings its other cases along.
    pub(super) fn new(fold: bool) -> Self {
        Self { ranges: Vec::new(), fold }
    }

    /// The set, or all that is not in it.
    pub(super) fn finish(self, negated: bool) -> ClassUnicode {
        let mut class = ClassUnicode::new(self.ranges);
        if negated {
            class.negate();
        }
        class
    }

    /// Adds the characters from `low` to `high`.
    pub(super) fn range(&mut self, low: char, high: char) -> Result<(), PatternError> {
        if high < low {
            return Err(PatternError::new("a range of characters is the wrong way round"));
        }
        if !self.fold {
            self.ranges.push(ClassUnicodeRange::new(low, high));
        } else if high.is_ascii() {
            self.ranges.push(ClassUnicodeRange::new(low, high));
            self.add_shifted(low.max('a'), high.min('z'), |c| c.to_ascii_uppercase());
            self.add_shifted(low.max('A'), high.min('Z'), |c| c.to_ascii_lowercase());
        } else {
            let class = unicode::fold(&ClassUnicode::new([ClassUnicodeRange::new(low, high)]))?;
            self.ranges.extend_from_slice(class.ranges());
        }
        Ok(())
    }

    /// Adds `\d`, `\D`, `\s`, `\S`, `\w`, `\W`, `\pL`, `\p{Greek}`, `\PL` if `source` begins with one; returns what
    /// follows.
    pub(super) fn named<'a>(&mut self, source: &'a str) -> Result<Option<&'a str>, PatternError> {
        let Some(letter) = source.strip_prefix('\\').and_then(|s| s.chars().next()) else { return Ok(None) };
        let ranges: &[(char, char)] = match letter {
            'd' | 'D' => &[('0', '9')],
            's' | 'S' => &[('\t', '\n'), ('\x0c', '\r'), (' ', ' ')],
            'w' | 'W' => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
            'p' | 'P' => {
                let (class, rest) = unicode::property(source, self.fold)?;
                self.ranges.extend_from_slice(class.ranges());
                return Ok(Some(rest));
            }
            _ => return Ok(None),
        };
        self.group(ranges, letter.is_ascii_uppercase());
        Ok(source.get(2..))
    }

    /// Adds `[:alpha:]` or `[:^alpha:]` if `source` begins with one; returns what follows.
    fn posix<'a>(&mut self, source: &'a str) -> Result<Option<&'a str>, PatternError> {
        let Some((name, rest)) = source.strip_prefix("[:").and_then(|s| s.split_once(":]")) else {
            return Ok(None);
        };
        let (negated, word) = name.strip_prefix('^').map_or((false, name), |word| (true, word));
        let ranges: &[(char, char)] = match word {
            "alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
            "alpha" => &[('A', 'Z'), ('a', 'z')],
            "ascii" => &[('\0', '\x7f')],
            "blank" => &[('\t', '\t'), (' ', ' ')],
            "cntrl" => &[('\0', '\x1f'), ('\x7f', '\x7f')],
            "digit" => &[('0', '9')],
            "graph" => &[('!', '~')],
            "lower" => &[('a', 'z')],
            "print" => &[(' ', '~')],
            "punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
            "space" => &[('\t', '\r'), (' ', ' ')],
            "upper" => &[('A', 'Z')],
            "word" => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
            "xdigit" => &[('0', '9'), ('A', 'F'), ('a', 'f')],
            _ => return Err(PatternError::new(format!("there is no character class `[:{name}:]`"))),
        };
        self.group(ranges, negated);
        Ok(Some(rest))
    }

    /// Adds an ASCII group. Other cases are added before it is negated, as Go does.
    fn group(&mut self, ranges: &[(char, char)], negated: bool) {
        let mut inner = Self::new(self.fold);
        for &(low, high) in ranges {
            // Cannot fail: the tables are in order.
            let _ = inner.range(low, high);
        }
        self.ranges.extend_from_slice(inner.finish(negated).ranges());
    }

    fn add_shifted(&mut self, low: char, high: char, shift: fn(&char) -> char) {
        if low <= high {
            self.ranges.push(ClassUnicodeRange::new(shift(&low), shift(&high)));
        }
    }
}

/// One character of a class; `None` at the end of the expression.
fn character(source: &str) -> Option<Result<(char, &str), PatternError>> {
    let c = source.chars().next()?;
    Some(if c == '\\' {
        escape::character(source)
    } else {
        Ok((c, source.get(c.len_utf8()..).unwrap_or_default()))
    })
}
