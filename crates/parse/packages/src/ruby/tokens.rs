/// A part of a line of Ruby, as far as a `Gemfile` needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A name or a keyword.
    Word(String),
    /// A string without interpolation.
    Text(String),
    /// `:name` or `:"name"`.
    Symbol(String),
    /// `name:` before a value.
    Key(String),
    /// `=>`.
    Arrow,
    /// Another character.
    Other(char),
    /// A string whose value only running the program could tell.
    Unknown,
}

/// The tokens of a line, up to its comment.
pub(super) fn tokens(line: &str) -> Vec<Token> {
    let mut reader = Reader { rest: line };
    let mut found = Vec::new();
    while let Some(token) = reader.next() {
        found.push(token);
    }
    found
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<Token> {
        self.rest = self.rest.trim_start();
        let first = self.rest.chars().next().filter(|first| *first != '#')?;
        if first == '\'' || first == '"' {
            let text = self.string(first);
            if self.rest.starts_with(':') && !self.rest.starts_with("::") {
                self.skip(1);
                return Some(text.map_or(Token::Unknown, Token::Key));
            }
            return Some(text.map_or(Token::Unknown, Token::Text));
        }
        if let Some(after) = self.rest.strip_prefix(':')
            && let Some(next) = after.chars().next()
        {
            if next == '"' || next == '\'' {
                self.skip(1);
                return Some(self.string(next).map_or(Token::Unknown, Token::Symbol));
            }
            if is_word(next) {
                self.skip(1);
                return Some(Token::Symbol(self.word()));
            }
        }
        if let Some(rest) = self.rest.strip_prefix("=>") {
            self.rest = rest;
            return Some(Token::Arrow);
        }
        if is_word(first) {
            let word = self.word();
            if self.rest.starts_with(':') && !self.rest.starts_with("::") {
                self.skip(1);
                return Some(Token::Key(word));
            }
            return Some(Token::Word(word));
        }
        self.skip(first.len_utf8());
        Some(Token::Other(first))
    }

    fn word(&mut self) -> String {
        let end = self.rest.find(|c| !is_word(c)).unwrap_or(self.rest.len());
        let word = self.rest.get(..end).unwrap_or_default().to_owned();
        self.skip(end);
        word
    }

    /// A string in these quotes; `None` for one with interpolation, or without an end.
    fn string(&mut self, quote: char) -> Option<String> {
        let mut text = String::new();
        let mut known = true;
        let mut chars = self.rest.char_indices().skip(1).peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => text.extend(chars.next().map(|(_, c)| c)),
                '#' if quote == '"' && chars.peek().is_some_and(|(_, next)| *next == '{') => known = false,
                _ if c == quote => {
                    self.skip(at + 1);
                    return known.then_some(text);
                }
                _ => text.push(c),
            }
        }
        self.rest = "";
        None
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '?'
}

#[cfg(test)]
mod tests {
    use super::{Token, tokens};

    fn check(line: &str, expected: &str) {
        let shown = tokens(line).into_iter().map(|token| match token {
            Token::Word(text) => text,
            Token::Text(text) => format!("'{text}'"),
            Token::Symbol(text) => format!(":{text}"),
            Token::Key(text) => format!("{text}:"),
            Token::Arrow => "=>".to_owned(),
            Token::Other(c) => c.to_string(),
            Token::Unknown => "<unknown>".to_owned(),
        });
        assert_eq!(shown.collect::<Vec<_>>().join(" "), expected, "{line}");
    }

    #[test]
    fn lines() {
        check(r#"gem "a", '~> 1.0', group: :test # x"#, "gem 'a' , '~> 1.0' , group: :test");
        check(r#"gem 'a', :group => [:b, "c"]"#, "gem 'a' , :group => [ :b , 'c' ]");
        check(r##"gem "a#{b}", 'it\'s'"##, "gem <unknown> , 'it's'");
        check(r#"gem "open"#, "gem <unknown>");
        check("A::B.c?(1)", "A : :B . c? ( 1 )");
        check("\"a\": 1", "a: 1");
    }
}
