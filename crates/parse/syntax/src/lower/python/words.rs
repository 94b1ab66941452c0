use std::ops::Range;

/// What has to be known of a pattern's text before its holes can be written.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Strings, the literal parts of f-strings, and comments, in order.
    pub(super) literals: Vec<Range<usize>>,
    /// Where `...` stands between the pairs of a dictionary, in order.
    pub(super) dots_in_dict: Vec<usize>,
    /// Where `...` belongs to a relative import, in order.
    pub(super) dots_of_import: Vec<usize>,
    /// Where the colon of `($X : T)` stands, in order.
    pub(super) typed: Vec<usize>,
    /// After the last character that is neither space nor comment.
    pub(super) end: usize,
}

/// Reads a pattern's text once, from left to right.
pub(super) fn scan(text: &str) -> Scan {
    let mut scanner =
        Scanner { text, at: 0, scan: Scan::default(), frames: Vec::new(), word: Word::default() };
    while scanner.at < text.len() {
        scanner.step();
    }
    scanner.scan.dots_in_dict.sort_unstable();
    scanner.scan
}

/// An open bracket or f-string.
enum Frame {
    Bracket {
        open: u8,
        part: usize,
        is_params: bool,
        is_dict: bool,
        lambdas: usize,
        dots: Vec<usize>,
    },
    /// The text of an f-string; or of a format, which has no quote.
    Text {
        quote: Option<String>,
    },
    /// `{…}` in an f-string.
    Field,
}

/// The words before the current place.
#[derive(Default)]
struct Word {
    /// Whether a `def` waits for its parameters.
    defines: bool,
    /// Whether the line is a `from …` whose module is being read.
    imports: bool,
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    scan: Scan,
    frames: Vec<Frame>,
    word: Word,
}

impl<'t> Scanner<'t> {
    fn step(&mut self) {
        if let Some(Frame::Text { quote }) = self.frames.last() {
            let quote = quote.clone();
            return self.text_piece(quote.as_deref(), self.at);
        }
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return self.at = self.text.len() };
        if first == '#' {
            return self.literal(rest.find('\n').unwrap_or(rest.len()));
        }
        if first == '\n' {
            self.word.imports = false;
        }
        if !first.is_whitespace() {
            self.scan.end = self.at + first.len_utf8();
        }
        if let Some((prefix, quote)) = opening(rest) {
            return self.string(prefix, quote);
        }
        if first.is_alphanumeric() || first == '_' {
            return self.word();
        }
        if let Some(length) = hole_length(rest) {
            self.scan.end = self.at + length;
            return self.at += length;
        }
        if rest.starts_with("...") {
            return self.dots();
        }
        self.punctuation(first);
        self.at += first.len_utf8();
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn literal(&mut self, length: usize) {
        self.scan.literals.push(self.at..self.at + length);
        self.at += length;
    }

    fn word(&mut self) {
        let rest = self.rest();
        let length =
            rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default();
        let (is_lambda, is_def, is_import) = (word == "lambda", word == "def", word == "import");
        let starts_import = word == "from" && self.starts_statement();
        self.at += length;
        self.scan.end = self.at;
        self.word.defines |= is_def;
        self.word.imports = starts_import || (self.word.imports && !is_import);
        if let Some(Frame::Bracket { lambdas, .. }) = self.frames.last_mut() {
            *lambdas += usize::from(is_lambda);
        }
    }

    fn starts_statement(&self) -> bool {
        let before = self.text.get(..self.at).unwrap_or_default();
        let before = before.trim_end_matches([' ', '\t']);
        before.is_empty() || before.ends_with(['\n', ';', ':'])
    }

    fn dots(&mut self) {
        if self.word.imports {
            self.scan.dots_of_import.push(self.at);
        } else if self.stands_alone()
            && let Some(Frame::Bracket { open: b'{', dots, .. }) = self.frames.last_mut()
        {
            dots.push(self.at);
        }
        self.at += 3;
        self.scan.end = self.at;
    }

    /// Whether `...` is a whole element.
    fn stands_alone(&self) -> bool {
        let before = self.text.get(..self.at).unwrap_or_default().trim_end();
        let after = self.text.get(self.at + 3..).unwrap_or_default().trim_start();
        before.ends_with(['{', ',']) && (after.is_empty() || after.starts_with([',', '}']))
    }

    fn punctuation(&mut self, first: char) {
        let at = self.at;
        match first {
            '(' | '[' | '{' => {
                let is_params = first == '(' && std::mem::take(&mut self.word.defines);
                let frame = Frame::Bracket {
                    open: first as u8,
                    part: at + 1,
                    is_params,
                    is_dict: false,
                    lambdas: 0,
                    dots: Vec::new(),
                };
                self.frames.push(frame);
            }
            ')' | ']' | '}' => self.close(),
            ':' => self.colon(),
            ',' | '*' => self.separator(first),
            _ => {}
        }
    }

    fn close(&mut self) {
        if let Some(Frame::Bracket { open: b'{', is_dict, part, dots, .. }) = self.frames.pop() {
            let last = self.text.get(part..self.at).unwrap_or_default().trim();
            let only_dots = !dots.is_empty() && (last.is_empty() || last == "...") && !is_dict;
            let is_only = only_dots && self.only_dots(&dots);
            if is_dict || is_only {
                self.scan.dots_in_dict.extend(dots);
            }
        }
    }

    /// Whether nothing but `...` and commas stands in the bracket that these are in.
    fn only_dots(&self, dots: &[usize]) -> bool {
        let first = dots.first().copied().unwrap_or(self.at);
        let before = self.text.get(..first).unwrap_or_default().trim_end();
        let inner = self.text.get(first..self.at).unwrap_or_default();
        before.ends_with('{') && inner.chars().all(|letter| letter.is_whitespace() || ".,".contains(letter))
    }

    fn colon(&mut self) {
        let (text, at) = (self.text, self.at);
        let walrus = text.get(at + 1..).is_some_and(|after| after.starts_with('='));
        match self.frames.last_mut() {
            Some(Frame::Bracket { lambdas, .. }) if *lambdas > 0 => *lambdas -= 1,
            Some(Frame::Bracket { open: b'{', is_dict, .. }) if !walrus => *is_dict = true,
            Some(Frame::Bracket { open: b'(', is_params: false, part, .. }) if !walrus => {
                let name = text.get(*part..at).unwrap_or_default().trim();
                if hole_length(name) == Some(name.len()) {
                    self.scan.typed.push(at);
                }
            }
            Some(Frame::Field) => self.frames.push(Frame::Text { quote: None }),
            _ => {}
        }
    }

    fn separator(&mut self, first: char) {
        let (text, at) = (self.text, self.at);
        let doubled = text.get(at + 1..).is_some_and(|after| after.starts_with('*'));
        if let Some(Frame::Bracket { part, is_dict, .. }) = self.frames.last_mut() {
            if first == ',' {
                *part = at + 1;
            } else if doubled && text.get(*part..at).unwrap_or_default().trim().is_empty() {
                *is_dict = true;
            }
        }
    }

    fn string(&mut self, prefix: usize, quote: &str) {
        let rest = self.rest();
        let opens = prefix + quote.len();
        let reads_variables = rest.get(..prefix).unwrap_or_default().contains(['f', 'F', 't', 'T']);
        if reads_variables {
            let start = self.at;
            self.at += opens;
            self.frames.push(Frame::Text { quote: Some(quote.to_owned()) });
            self.text_piece(Some(quote), start);
        } else {
            let length = opens + closing(rest.get(opens..).unwrap_or_default(), quote);
            self.literal(length);
        }
        self.scan.end = self.at;
    }

    /// The text of an f-string from here to its next field or its end; `start` is where the literal part began.
    fn text_piece(&mut self, quote: Option<&str>, start: usize) {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            let doubled = bytes.get(self.at + 1) == Some(byte);
            match byte {
                b'\\' => self.at += 1,
                b'{' if doubled && quote.is_some() => self.at += 1,
                b'{' => {
                    self.scan.literals.push(start..self.at);
                    self.at += 1;
                    return self.frames.push(Frame::Field);
                }
                b'}' if quote.is_none() => {
                    self.scan.literals.push(start..self.at);
                    self.frames.pop();
                    return;
                }
                _ => {}
            }
            if let Some(quote) = quote
                .filter(|quote| bytes.get(self.at..).is_some_and(|rest| rest.starts_with(quote.as_bytes())))
            {
                self.at += quote.len();
                self.scan.literals.push(start..self.at);
                self.scan.end = self.at;
                self.frames.pop();
                return;
            }
            self.at += 1;
        }
        self.at = self.text.len();
        self.scan.literals.push(start..self.at);
        self.scan.end = self.at;
    }
}

/// The length of a string's prefix and its quote, if a string starts here.
fn opening(rest: &str) -> Option<(usize, &'static str)> {
    let prefix = rest.bytes().take(3).take_while(|byte| b"rRbBuUfFtT".contains(byte)).count();
    let after = rest.get(prefix..)?;
    let quotes = ["\"\"\"", "'''", "\"", "'"];
    let quote = quotes.into_iter().find(|quote| after.starts_with(quote))?;
    Some((prefix, quote))
}

/// The length of a string's text with its closing quote.
fn closing(text: &str, quote: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' if quote.len() == 1 => return at,
            _ if bytes.get(at..).is_some_and(|rest| rest.starts_with(quote.as_bytes())) => {
                return at + quote.len();
            }
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// The length of `$X`, `$...X`, `<...` or `...>` at the start of a text.
fn hole_length(rest: &str) -> Option<usize> {
    if rest.starts_with("<...") || rest.starts_with("...>") {
        return Some(4);
    }
    let after = rest.strip_prefix('$')?;
    let dots = if after.starts_with("...") { 3 } else { 0 };
    let name =
        after.get(dots..)?.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    (name > 0).then_some(1 + dots + name)
}
