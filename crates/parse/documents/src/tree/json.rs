use super::build::{Builder, Full, slice};
use super::{NodeKind, Slice, Tree};
use crate::Problem;

/// Faults after which a text is given up as something else than JSON.
const HOPELESS: usize = 10_000;

pub(super) fn read(text: &str, comments: bool) -> Tree<'_> {
    let builder = match Builder::new(text) {
        Ok(builder) => builder,
        Err(tree) => return tree,
    };
    let mut reader =
        Reader { text, at: 0, builder, comments, comma: true, maps: 0, lists: 0, faults: 0, ended: false };
    if reader.document().is_err() {
        let at = reader.at;
        reader.fault(at, Problem::TooManyNodes(Tree::MAX_NODES));
    }
    reader.builder.finish()
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    builder: Builder<'a>,
    comments: bool,
    /// Whether a comma, or the start of a container, came before.
    comma: bool,
    maps: usize,
    lists: usize,
    faults: usize,
    /// Whether the root value is complete.
    ended: bool,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<(), Full> {
        while let Some(byte) = self.next_token() {
            if self.ended || self.faults > HOPELESS {
                self.syntax("expected the end of the document");
                return Ok(());
            }
            match byte {
                b'}' => self.close(NodeKind::Map),
                b']' => self.close(NodeKind::List),
                b',' => self.comma(),
                b':' => {
                    self.syntax("unexpected `:`");
                    self.at += 1;
                }
                b'"' if self.builder.wants_key() => self.key(),
                _ if self.builder.wants_key() => {
                    self.syntax("expected a key in quotes");
                    self.skip_word();
                }
                _ => self.value(byte)?,
            }
        }
        if !self.ended {
            let what = if self.builder.depth() == 0 {
                "expected a value"
            } else {
                "the text ends before the document does"
            };
            self.syntax(what);
        }
        Ok(())
    }

    fn value(&mut self, byte: u8) -> Result<(), Full> {
        if self.builder.inside() == Some(NodeKind::List) {
            self.expect_comma();
        }
        let start = self.at;
        match byte {
            b'{' | b'[' => {
                let kind = if byte == b'{' { NodeKind::Map } else { NodeKind::List };
                self.builder.open(kind, start)?;
                *self.count(kind) += 1;
                self.at += 1;
                self.comma = true;
                return Ok(());
            }
            b'"' => {
                let text = self.string();
                self.builder.scalar(NodeKind::Text, text, start, self.at)?;
            }
            _ => {
                let kind = self.word();
                self.builder.scalar(kind, slice(start, self.at), start, self.at)?;
            }
        }
        self.complete();
        Ok(())
    }

    fn complete(&mut self) {
        self.comma = false;
        self.ended = self.builder.depth() == 0;
    }

    fn key(&mut self) {
        self.expect_comma();
        let start = self.at;
        let key = self.string();
        if self.next_token() == Some(b':') {
            self.at += 1;
            self.builder.set_key(key, start);
        } else {
            self.syntax("expected `:` after a key");
        }
    }

    fn comma(&mut self) {
        if self.comma || self.builder.has_key() {
            self.syntax("unexpected `,`");
            self.builder.drop_key();
        }
        self.comma = true;
        self.at += 1;
    }

    fn expect_comma(&mut self) {
        if !self.comma {
            self.syntax("expected `,`");
        }
        self.comma = false;
    }

    /// Closes the innermost container of a kind; what was left open inside it is closed with it.
    fn close(&mut self, kind: NodeKind) {
        if self.builder.has_key() {
            self.syntax("expected a value");
        } else if self.comma && !self.comments && self.after_comma() {
            self.syntax("a comma before the end of a list or an object");
        }
        self.at += 1;
        if *self.count(kind) == 0 {
            self.at -= 1;
            self.syntax("this closes nothing");
            self.at += 1;
            return;
        }
        while let Some(inside) = self.builder.inside() {
            self.builder.close(Some(self.at));
            *self.count(inside) -= 1;
            if inside == kind {
                break;
            }
            self.syntax("a bracket of another kind is still open");
        }
        self.complete();
    }

    /// Whether the comma that was noted is one, not the start of the container.
    fn after_comma(&self) -> bool {
        let before = self.text.as_bytes().get(..self.at).unwrap_or_default();
        before.iter().rev().find(|byte| !byte.is_ascii_whitespace()) == Some(&b',')
    }

    fn count(&mut self, kind: NodeKind) -> &mut usize {
        if kind == NodeKind::Map { &mut self.maps } else { &mut self.lists }
    }

    /// The next byte that is neither white space nor in a comment.
    fn next_token(&mut self) -> Option<u8> {
        loop {
            match self.peek()? {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                b'/' if matches!(self.text.as_bytes().get(self.at + 1), Some(b'/' | b'*')) => self.comment(),
                byte => return Some(byte),
            }
        }
    }

    fn comment(&mut self) {
        if !self.comments {
            self.syntax("a comment; this format has none");
        }
        let rest = self.text.get(self.at + 2..).unwrap_or_default();
        let (end, closing) =
            if self.text.as_bytes().get(self.at + 1) == Some(&b'/') { ("\n", 1) } else { ("*/", 2) };
        self.at = rest.find(end).map_or(self.text.len(), |length| self.at + 2 + length + closing);
    }

    /// Reads a string; one that is not closed ends with its line.
    fn string(&mut self) -> Slice {
        let start = self.at;
        let mut plain = true;
        self.at += 1;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.at += 1;
                    return if plain { slice(start + 1, self.at - 1) } else { self.unescape(start) };
                }
                b'\n' => break,
                b'\\' => {
                    plain = false;
                    self.at += 2;
                }
                0..0x20 => {
                    plain = false;
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        self.at = self.at.min(self.text.len());
        while !self.text.is_char_boundary(self.at) {
            self.at -= 1;
        }
        self.fault(start, Problem::Syntax("a string without an end".to_owned()));
        slice(start + 1, self.at)
    }

    fn unescape(&mut self, start: usize) -> Slice {
        let raw = self.text.get(start..self.at).unwrap_or_default();
        if let Ok(text) = serde_json::from_str::<String>(raw) {
            return self.builder.own(text);
        }
        self.fault(
            start,
            Problem::Syntax("an escape sequence or a control character in a string".to_owned()),
        );
        slice(start + 1, self.at - 1)
    }

    /// Reads a number, a truth value or `null`.
    fn word(&mut self) -> NodeKind {
        let start = self.at;
        self.skip_word();
        match self.text.get(start..self.at).unwrap_or_default() {
            "null" => NodeKind::Null,
            "true" | "false" => NodeKind::Bool,
            word if is_number(word) => NodeKind::Number,
            _ => {
                self.fault(start, Problem::Syntax("expected a value".to_owned()));
                NodeKind::Null
            }
        }
    }

    fn skip_word(&mut self) {
        let stop = |byte: u8| b",:[]{}\" \t\r\n".contains(&byte);
        let start = self.at;
        while self.peek().is_some_and(|byte| !stop(byte)) {
            self.at += 1;
        }
        if self.at == start {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn syntax(&mut self, message: &str) {
        self.fault(self.at, Problem::Syntax(message.to_owned()));
    }

    fn fault(&mut self, at: usize, problem: Problem) {
        self.faults += 1;
        self.builder.fault(at, problem);
    }
}

/// RFC 8259, section 6.
fn is_number(word: &str) -> bool {
    let word = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match word.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        None => (word, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction) && digits(exponent) && (whole == "0" || !whole.starts_with('0'))
}
