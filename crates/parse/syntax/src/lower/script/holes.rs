use super::object::is_metavariable;
use crate::build::{DEEP, ELLIPSIS, METAVARIABLE, METAVARIABLE_ELLIPSIS};

/// A pattern as code that the grammar takes: its holes are written as names. Strings, regular expressions, comments and
/// texts (of templates, between tags) stay as they are. `jsx` tells whether a `<` may open a tag.
pub(super) fn write(pattern: &str, jsx: bool) -> String {
    let mut writer = Writer {
        pattern,
        at: 0,
        out: String::with_capacity(pattern.len() + 32),
        frames: Vec::new(),
        before: Before::Start,
        word: "",
        closed: "",
        new_line: false,
        jsx,
    };
    while writer.at < pattern.len() {
        writer.step();
    }
    writer.out
}

/// What is open around the position.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame<'p> {
    /// `(`, after this word.
    Paren(&'p str),
    /// `{` of statements, members or an object.
    Brace,
    /// `{` of a switch.
    Cases,
    Bracket,
    /// `<...`.
    Deep,
    Template,
    /// `${` in a template, `{` in a tag or between tags.
    Hole,
    Tag,
    ClosingTag,
    /// Between tags.
    Text,
}

/// The last token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Start,
    /// An operand: what follows is an operator.
    Value,
    /// A word after which an operand follows.
    Keyword,
    Sign(u8),
}

struct Writer<'p> {
    pattern: &'p str,
    at: usize,
    out: String,
    frames: Vec<Frame<'p>>,
    before: Before,
    /// The last token if it was a word.
    word: &'p str,
    /// The word before the parentheses that were closed last.
    closed: &'p str,
    /// Whether a line ended since the last token.
    new_line: bool,
    jsx: bool,
}

impl<'p> Writer<'p> {
    fn step(&mut self) {
        match self.frames.last() {
            Some(Frame::Template) => self.template(),
            Some(Frame::Text) => self.text(),
            Some(Frame::Tag | Frame::ClosingTag) => self.tag(),
            _ => self.code(),
        }
    }

    fn rest(&self) -> &'p str {
        self.pattern.get(self.at..).unwrap_or_default()
    }

    fn copy(&mut self, length: usize) {
        let rest = self.rest();
        let length = (length.min(rest.len())..=rest.len())
            .find(|end| rest.is_char_boundary(*end))
            .unwrap_or(rest.len());
        self.out.push_str(rest.get(..length).unwrap_or_default());
        self.at += length.max(1);
    }

    fn replace(&mut self, length: usize, text: &str) {
        self.out.push_str(text);
        self.at += length;
        self.token(Before::Value, "");
    }

    fn token(&mut self, before: Before, word: &'p str) {
        self.before = before;
        self.word = word;
        self.new_line = false;
    }

    fn template(&mut self) {
        let rest = self.rest();
        if rest.starts_with('`') {
            self.frames.pop();
            self.copy(1);
            self.token(Before::Value, "");
        } else if rest.starts_with("${") {
            self.copy(2);
            self.frames.push(Frame::Hole);
            self.token(Before::Sign(b'{'), "");
        } else {
            self.copy(if rest.starts_with('\\') { 2 } else { 1 });
        }
    }

    fn text(&mut self) {
        let rest = self.rest();
        if rest.starts_with("</") {
            self.copy(2);
            self.frames.pop();
            self.frames.push(Frame::ClosingTag);
        } else if rest.starts_with('<') {
            self.copy(1);
            self.frames.push(Frame::Tag);
        } else if rest.starts_with('{') {
            self.copy(1);
            self.frames.push(Frame::Hole);
            self.token(Before::Sign(b'{'), "");
        } else {
            self.copy(1);
        }
    }

    fn tag(&mut self) {
        let rest = self.rest();
        let is_value = self.before == Before::Sign(b'=');
        let braces = |name: &str| if is_value { format!("{{{name}}}") } else { name.to_owned() };
        if rest.starts_with('>') {
            let closing = self.frames.pop() == Some(Frame::ClosingTag);
            self.copy(1);
            if !closing {
                self.frames.push(Frame::Text);
            }
            self.token(Before::Value, "");
        } else if rest.starts_with("/>") {
            self.frames.pop();
            self.copy(2);
            self.token(Before::Value, "");
        } else if let Some((length, name)) = metavariable(rest) {
            self.replace(length, &braces(&name));
        } else if rest.starts_with("...") {
            self.replace(3, &braces(ELLIPSIS));
        } else if let Some(length) = string(rest) {
            self.copy(length);
            self.token(Before::Value, "");
        } else if rest.starts_with('{') {
            self.copy(1);
            self.frames.push(Frame::Hole);
            self.token(Before::Sign(b'{'), "");
        } else if let Some(length) = word(rest) {
            self.copy(length);
            self.token(Before::Value, "");
        } else {
            if rest.starts_with('=') {
                self.token(Before::Sign(b'='), "");
            }
            self.copy(1);
        }
    }

    fn code(&mut self) {
        let rest = self.rest();
        if let Some(length) = comment(rest) {
            self.new_line = true;
            return self.copy(length);
        }
        if rest.starts_with(char::is_whitespace) {
            self.new_line |= rest.starts_with('\n');
            if self.word == "new" {
                // The grammar would end the statement here.
                self.out.push(' ');
                self.at += 1;
                return;
            }
            return self.copy(1);
        }
        if let Some((length, name)) = metavariable(rest) {
            let only_string = self.word == "from";
            let name = if only_string { format!("\"{name}\"") } else { name };
            return self.replace(length, &name);
        }
        if rest.starts_with("<...") || rest.starts_with("...") {
            return self.dots();
        }
        let literal = string(rest).or_else(|| self.regex(rest)).or_else(|| number(rest));
        if let Some(length) = literal {
            self.copy(length);
            return self.token(Before::Value, "");
        }
        if let Some(length) = word(rest) {
            let word = rest.get(..length).unwrap_or_default();
            self.copy(length);
            let is_member = self.before == Before::Sign(b'.');
            let before = if !is_member && is_keyword(word) { Before::Keyword } else { Before::Value };
            return self.token(before, word);
        }
        self.sign();
    }

    fn sign(&mut self) {
        let rest = self.rest();
        let sign = rest.bytes().next().unwrap_or_default();
        if sign == b'<' && self.opens_tag() {
            self.copy(1);
            self.frames.push(Frame::Tag);
            return self.token(Before::Start, "");
        }
        match sign {
            b'(' => self.frames.push(Frame::Paren(self.word)),
            b'[' => self.frames.push(Frame::Bracket),
            b'{' if self.before == Before::Sign(b')') && self.closed == "switch" => {
                self.frames.push(Frame::Cases)
            }
            b'{' => self.frames.push(Frame::Brace),
            b'`' => self.frames.push(Frame::Template),
            b')' | b']' | b'}' => self.close(),
            _ => {}
        }
        self.copy(1);
        self.token(Before::Sign(sign), "");
    }

    fn close(&mut self) {
        self.closed = match self.frames.pop() {
            Some(Frame::Paren(word)) => word,
            _ => "",
        };
    }

    fn is_after_operand(&self) -> bool {
        matches!(self.before, Before::Value | Before::Sign(b')' | b']' | b'}'))
    }

    fn opens_tag(&self) -> bool {
        let opens = |letter: char| letter.is_alphabetic() || matches!(letter, '_' | '$' | '>');
        let is_operand_over =
            self.is_after_operand() && !(self.new_line && self.before == Before::Sign(b'}'));
        self.jsx && !is_operand_over && self.rest().chars().nth(1).is_some_and(opens)
    }

    fn regex(&self, rest: &str) -> Option<usize> {
        if self.is_after_operand() || !rest.starts_with('/') {
            return None;
        }
        let (mut in_class, mut escaped) = (false, false);
        for (at, byte) in rest.bytes().enumerate().skip(1) {
            match byte {
                b'\n' => return None,
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => {
                    let flags = rest.bytes().skip(at + 1).take_while(u8::is_ascii_lowercase).count();
                    return Some(at + 1 + flags);
                }
                _ => {}
            }
        }
        None
    }

    fn dots(&mut self) {
        let rest = self.rest();
        if rest.starts_with("<...>") {
            return self.replace(5, &format!("<{ELLIPSIS}>"));
        }
        if rest.starts_with("<...") {
            self.replace(4, &format!("{DEEP}("));
            self.frames.push(Frame::Deep);
            return self.token(Before::Sign(b'('), "");
        }
        let after = rest.get(3..).unwrap_or_default();
        if after.starts_with('>') && self.frames.last() == Some(&Frame::Deep) {
            self.frames.pop();
            return self.replace(4, ")");
        }
        let is_spread = after.starts_with(|next: char| next.is_alphanumeric() || "_$([{'\"`".contains(next));
        if is_spread && self.word != "function" {
            self.copy(3);
            return self.token(Before::Sign(b'.'), "...");
        }
        let text = match self.frames.last() {
            Some(Frame::Cases) if self.before == Before::Sign(b'{') => format!("case {ELLIPSIS}:"),
            Some(Frame::Paren("for"))
                if self.before == Before::Sign(b'(') && after.trim_start().starts_with(')') =>
            {
                format!("{ELLIPSIS};;")
            }
            None | Some(Frame::Brace | Frame::Cases) if self.is_statement(after) => format!("{ELLIPSIS};"),
            _ => ELLIPSIS.to_owned(),
        };
        self.replace(3, &text);
    }

    /// Whether `...` is a statement or member that something on the same level follows.
    fn is_statement(&self, after: &str) -> bool {
        let begins = match self.before {
            Before::Start | Before::Sign(b'{' | b'}' | b';' | b')') => true,
            Before::Value => self.new_line,
            Before::Keyword | Before::Sign(_) => false,
        };
        let ends = |next: char| ",)]}=.:?;".contains(next);
        begins && after.trim_start().chars().next().is_some_and(|next| !ends(next))
    }
}

/// `$X` or `$...X` at the start: its length and the name that stands for it.
fn metavariable(rest: &str) -> Option<(usize, String)> {
    if let Some(name) = rest.strip_prefix("$...") {
        let length = word(name)?;
        return Some((length + 4, format!("{METAVARIABLE_ELLIPSIS}{}", name.get(..length)?)));
    }
    let length = word(rest)?;
    let name = rest.get(..length).filter(|name| is_metavariable(name))?;
    Some((length, format!("{METAVARIABLE}{}", name.get(1..)?)))
}

fn word(rest: &str) -> Option<usize> {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
    let length = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
    Some(length).filter(|length| *length > 0)
}

fn number(rest: &str) -> Option<usize> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let whole = Some(rest).filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))?;
    Some(whole.find(|letter| !is_part(letter)).unwrap_or(whole.len()))
}

fn string(rest: &str) -> Option<usize> {
    let quote = rest.bytes().next().filter(|first| matches!(first, b'"' | b'\''))?;
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            _ if byte == quote => return Some(at + 1),
            _ => {}
        }
    }
    Some(rest.len())
}

fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    let inner = rest.strip_prefix("/*")?;
    Some(inner.find("*/").map_or(rest.len(), |end| end + 4))
}

fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "return"
            | "typeof"
            | "case"
            | "in"
            | "of"
            | "delete"
            | "void"
            | "throw"
            | "new"
            | "else"
            | "do"
            | "yield"
            | "await"
            | "default"
            | "extends"
            | "instanceof"
            | "import"
            | "export"
            | "const"
            | "let"
            | "var"
            | "function"
            | "class"
    )
}
