//! The tokens of a pattern and what its brackets enclose, to write its holes as code that the grammar takes.

use std::iter;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A name, keyword or number.
    Word,
    /// `$X`.
    Metavariable,
    /// `$...X`.
    MetavariableEllipsis,
    /// A string or character.
    Quoted,
    /// `...`.
    Dots,
    /// `<...`.
    DeepOpen,
    /// `...>`.
    DeepClose,
    /// Any other sign; `->` and `::` are one.
    Sign,
}

/// What a pair of brackets encloses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Enclosed {
    /// Statements, which is also what is outside of all brackets.
    Block,
    /// Members of a class.
    Members,
    /// Constants of an enumeration.
    Constants,
    /// Branches of a switch.
    Branches,
    /// Elements of an array or annotation.
    Elements,
    /// Arguments, an index, type arguments, a condition.
    Expressions,
    /// The condition of a statement, after which a statement stands.
    Condition,
    /// Parameters with types.
    Params,
    /// Parameters of a lambda without types.
    Names,
    /// Arguments of an annotation.
    Annotation,
    /// The parameter of a handler.
    Catch,
    /// The head of a `for`.
    For,
    /// `(T $X)`.
    Typed,
}

/// What a pattern's first word says it can be. The grammar would take `else` for a name and `try {}` in a class for a
/// constructor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum First {
    /// An expression or statement.
    Expression,
    /// A statement.
    Statement,
    /// A statement or a member.
    Definition,
    /// Anything.
    Other,
}

/// A pattern's tokens.
#[derive(Debug)]
pub(super) struct Tokens<'p> {
    text: &'p str,
    tokens: Vec<(Token, usize, usize)>,
    /// For a bracket, the other of its pair.
    pair: Vec<Option<usize>>,
}

const KEYWORDS: [&str; 26] = [
    "assert",
    "break",
    "case",
    "catch",
    "class",
    "continue",
    "default",
    "do",
    "else",
    "enum",
    "extends",
    "finally",
    "for",
    "if",
    "implements",
    "import",
    "instanceof",
    "interface",
    "new",
    "package",
    "return",
    "switch",
    "synchronized",
    "throw",
    "try",
    "while",
];
const MODIFIERS: [&str; 8] =
    ["public", "protected", "private", "static", "final", "abstract", "native", "default"];

impl<'p> Tokens<'p> {
    pub(super) fn of(text: &'p str) -> Self {
        let mut tokens = Vec::new();
        let mut deep = 0_usize;
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let (token, length) = scan(rest, deep);
            match token {
                Some(Token::DeepOpen) => deep += 1,
                Some(Token::DeepClose) => deep = deep.saturating_sub(1),
                _ => {}
            }
            tokens.extend(token.map(|token| (token, at, at + length)));
            at += length;
        }
        let pair = pairs(text, &tokens);
        Self { text, tokens, pair }
    }

    /// What the first word says.
    pub(super) fn first_word(&self) -> First {
        match self.at(0) {
            "new" | "switch" => First::Expression,
            "class" | "enum" | "interface" | "default" | "synchronized" => First::Definition,
            keyword if KEYWORDS.contains(&keyword) => First::Statement,
            _ => First::Other,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn token(&self, at: usize) -> Option<Token> {
        self.tokens.get(at).map(|(token, _, _)| *token)
    }

    /// A token's text; empty outside.
    pub(super) fn at(&self, at: usize) -> &'p str {
        self.tokens.get(at).and_then(|(_, start, end)| self.text.get(*start..*end)).unwrap_or_default()
    }

    /// The text before a token; empty for the first.
    pub(super) fn before(&self, at: usize) -> &'p str {
        at.checked_sub(1).map_or("", |before| self.at(before))
    }

    /// What stands between a token and the one before: blanks and comments.
    pub(super) fn gap(&self, at: usize) -> &'p str {
        let start =
            at.checked_sub(1).and_then(|before| self.tokens.get(before)).map_or(0, |(_, _, end)| *end);
        let end = self.tokens.get(at).map_or(self.text.len(), |(_, start, _)| *start);
        self.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn pair(&self, at: usize) -> Option<usize> {
        self.pair.get(at).copied().flatten()
    }

    /// Whether a token can be the name of something or a type.
    pub(super) fn is_name(&self, at: usize) -> bool {
        matches!(self.token(at), Some(Token::Word | Token::Metavariable))
            && !KEYWORDS.contains(&self.at(at))
            && !MODIFIERS.contains(&self.at(at))
    }

    /// Whether a type can end with a token.
    pub(super) fn ends_type(&self, at: usize) -> bool {
        self.is_name(at) || matches!(self.at(at), "]" | ">")
    }

    /// What the bracket at a position encloses.
    pub(super) fn enclosed(&self, open: usize) -> Enclosed {
        match self.at(open) {
            "(" => self.in_parentheses(open),
            "{" => self.in_braces(open),
            _ => Enclosed::Expressions,
        }
    }

    fn in_parentheses(&self, open: usize) -> Enclosed {
        let close = self.pair(open).unwrap_or(self.len());
        match self.before(open) {
            "catch" => return Enclosed::Catch,
            "for" => return Enclosed::For,
            "if" | "while" | "switch" | "synchronized" => return Enclosed::Condition,
            _ => {}
        }
        if self.at(close + 1) == "->" && !self.at(close).is_empty() {
            let has_types = (open + 1..close).any(|at| self.ends_type(at) && self.is_name(at + 1));
            return if has_types { Enclosed::Params } else { Enclosed::Names };
        }
        let Some(name) = open.checked_sub(1).filter(|name| self.is_name(*name)) else {
            let is_call = self.before(open) == ">";
            return if !is_call && self.is_typed(open, close) {
                Enclosed::Typed
            } else {
                Enclosed::Expressions
            };
        };
        let first = self.first_of_name(name);
        match self.before(first) {
            "@" => Enclosed::Annotation,
            "new" => Enclosed::Expressions,
            _ if first == name && self.is_defined(name, close) => Enclosed::Params,
            _ => Enclosed::Expressions,
        }
    }

    /// The first token of the dotted name that ends with a token.
    fn first_of_name(&self, name: usize) -> usize {
        let mut first = name;
        while self.before(first) == "." && first >= 2 && self.is_name(first - 2) {
            first -= 2;
        }
        first
    }

    /// Whether what looks like a call is the head of a method, constructor or record.
    fn is_defined(&self, name: usize, close: usize) -> bool {
        match self.at(close + 1) {
            "{" | "throws" | "implements" => true,
            "" | ";" | "default" => match name.checked_sub(1) {
                None => false,
                Some(before) if MODIFIERS.contains(&self.at(before)) => true,
                Some(before) if self.at(before) == ">" => self.generic(before).is_some(),
                Some(before) => self.ends_type(before) && self.at(before) != "yield",
            },
            _ => false,
        }
    }

    /// Whether parentheses hold a type and a metavariable.
    fn is_typed(&self, open: usize, close: usize) -> bool {
        let Some(name) = close.checked_sub(1).filter(|name| *name > open + 1) else { return false };
        let part = |at| {
            self.is_name(at)
                || matches!(self.at(at), "." | "<" | ">" | "," | "[" | "]" | "?" | "extends" | "super" | "&")
        };
        self.token(name) == Some(Token::Metavariable)
            && self.ends_type(name - 1)
            && (open + 1..name).all(part)
            && self.is_balanced(open + 1..name)
    }

    fn is_balanced(&self, range: std::ops::Range<usize>) -> bool {
        let mut depth = 0_i32;
        for at in range {
            match self.at(at) {
                "<" => depth += 1,
                ">" => depth -= 1,
                "," if depth == 0 => return false,
                _ => {}
            }
            if depth < 0 {
                return false;
            }
        }
        depth == 0
    }

    fn in_braces(&self, open: usize) -> Enclosed {
        match self.before(open) {
            "=" | "]" | "," | "(" => return Enclosed::Elements,
            "->" | "" => return Enclosed::Block,
            ")" => {
                let parenthesis = open.checked_sub(1).and_then(|close| self.pair(close)).unwrap_or(0);
                if self.before(parenthesis) == "switch" {
                    return Enclosed::Branches;
                }
                if self.is_creation(parenthesis) {
                    return Enclosed::Members;
                }
            }
            _ => {}
        }
        for at in self.back_from(open) {
            match self.at(at) {
                "enum" => return Enclosed::Constants,
                "class" | "interface" | "record" if self.before(at) != "." => return Enclosed::Members,
                _ => {}
            }
        }
        Enclosed::Block
    }

    /// Whether the parentheses are those of `new T(...)`.
    fn is_creation(&self, parenthesis: usize) -> bool {
        let last = parenthesis.checked_sub(1);
        let last = last.and_then(|last| if self.at(last) == ">" { self.generic(last) } else { Some(last) });
        let Some(last) = last else { return false };
        self.is_name(last) && self.before(self.first_of_name(last)) == "new"
    }

    /// The name before the type arguments that end with a token.
    fn generic(&self, end: usize) -> Option<usize> {
        let mut depth = 0_usize;
        let open = (0..=end).rev().find(|at| {
            match self.at(*at) {
                ">" => depth += 1,
                "<" => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        });
        open?.checked_sub(1).filter(|name| self.is_name(*name))
    }

    /// The tokens before a brace that are of the same statement or member, the last first, without what brackets enclose.
    fn back_from(&self, brace: usize) -> impl Iterator<Item = usize> {
        let mut next = brace;
        iter::from_fn(move || {
            next = next.checked_sub(1)?;
            if self.at(next) == ")" {
                next = self.pair(next)?;
            }
            (!matches!(self.at(next), ";" | "{" | "}")).then_some(next)
        })
    }
}

/// The token that a text starts with, if it does not start with a blank or comment, and its length.
fn scan(rest: &str, deep: usize) -> (Option<Token>, usize) {
    let first = rest.chars().next().unwrap_or(' ');
    if first.is_whitespace() {
        return (None, first.len_utf8());
    }
    if let Some(length) = comment(rest) {
        return (None, length);
    }
    if first == '"' || first == '\'' {
        return (Some(Token::Quoted), quoted(rest, first));
    }
    if rest.starts_with("<...")
        && !matches!(rest.trim_start_matches("<...").trim_start().chars().next(), Some('>' | ','))
    {
        return (Some(Token::DeepOpen), 4);
    }
    if deep > 0 && rest.starts_with("...>") {
        return (Some(Token::DeepClose), 4);
    }
    if rest.starts_with("...") {
        return (Some(Token::Dots), 3);
    }
    let word = |text: &str| text.find(|letter: char| !is_word(letter)).unwrap_or(text.len());
    if let Some(name) = rest.strip_prefix("$...") {
        return (Some(Token::MetavariableEllipsis), 4 + word(name));
    }
    if first == '$' && is_metavariable(rest.get(1..word(rest)).unwrap_or_default()) {
        return (Some(Token::Metavariable), word(rest));
    }
    if is_word(first) {
        return (Some(Token::Word), word(rest));
    }
    let length = if rest.starts_with("->") || rest.starts_with("::") { 2 } else { first.len_utf8() };
    (Some(Token::Sign), length)
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}

fn is_metavariable(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    let inside = rest.strip_prefix("/*")?;
    Some(inside.find("*/").map_or(rest.len(), |end| end + 4))
}

/// The length of the string or character that a text starts with.
fn quoted(rest: &str, quote: char) -> usize {
    if let Some(inside) = rest.strip_prefix("\"\"\"") {
        return inside.find("\"\"\"").map_or(rest.len(), |end| end + 6);
    }
    let mut is_escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '\n' => return at,
            _ if letter == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn pairs(text: &str, tokens: &[(Token, usize, usize)]) -> Vec<Option<usize>> {
    let mut pair = vec![None; tokens.len()];
    let mut open = Vec::new();
    for (at, (_, start, end)) in tokens.iter().enumerate() {
        match text.get(*start..*end) {
            Some("(" | "{" | "[") => open.push(at),
            Some(")" | "}" | "]") => {
                let Some(other) = open.pop() else { continue };
                for (one, two) in [(at, other), (other, at)] {
                    if let Some(slot) = pair.get_mut(one) {
                        *slot = Some(two);
                    }
                }
            }
            _ => {}
        }
    }
    pair
}
