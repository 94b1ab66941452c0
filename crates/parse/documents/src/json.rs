use std::collections::HashMap;

use serde_json::Value;

use crate::document::{Child, Node};
use crate::{Document, Error, Limits, Position, Problem};

/// Reads one JSON text (RFC 8259).
///
/// # Errors
/// What breaks the grammar, a duplicate key, or a limit; nesting is limited to 128 levels whatever the limits say.
pub fn json(text: &str, limits: &Limits) -> Result<Document, Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > limits.bytes {
        return Err(Problem::TooLarge(limits.bytes).at(Position { line: 1, column: 1 }));
    }
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX).max(1);
        let position = Position { line: number(error.line()), column: number(error.column()) };
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        Problem::Syntax(message.to_owned()).at(position)
    })?;
    let mut scanner =
        Scanner { text, at: 0, here: Position { line: 1, column: 1 }, nodes: vec![], open: vec![] };
    scanner.scan(limits)?;
    Ok(Document::new(value, scanner.nodes, 0))
}

/// Finds where the parts of a valid JSON text are.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    here: Position,
    nodes: Vec<Node>,
    open: Vec<Open>,
}

struct Open {
    node: u32,
    seen: Option<HashMap<String, Position>>,
    key: Option<Position>,
}

impl Scanner<'_> {
    fn scan(&mut self, limits: &Limits) -> Result<(), Error> {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' => self.advance(),
                b'}' | b']' => {
                    self.open.pop();
                    self.advance();
                }
                b'{' | b'[' => {
                    let node = self.node(limits)?;
                    if self.open.len() + 1 >= limits.depth {
                        return Err(Problem::TooDeep(limits.depth).at(self.here));
                    }
                    let seen = (byte == b'{').then(HashMap::new);
                    self.open.push(Open { node, seen, key: None });
                    self.advance();
                }
                b'"' if self.open.last().is_some_and(|open| open.seen.is_some() && open.key.is_none()) => {
                    self.key()?;
                }
                _ => {
                    self.node(limits)?;
                    self.skip_scalar();
                }
            }
        }
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn advance(&mut self) {
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        if byte == b'\n' {
            self.here = Position { line: self.here.line.saturating_add(1), column: 1 };
        } else if byte & 0xC0 != 0x80 {
            self.here.column = self.here.column.saturating_add(1);
        }
    }

    fn node(&mut self, limits: &Limits) -> Result<u32, Error> {
        let too_many = || Problem::TooManyNodes(limits.nodes).at(self.here);
        if self.nodes.len() >= limits.nodes {
            return Err(too_many());
        }
        let node = u32::try_from(self.nodes.len()).map_err(|_| too_many())?;
        self.nodes.push(Node { at: self.here, children: Vec::new() });
        if let Some(open) = self.open.last_mut() {
            let child = Child { key: open.key.take(), node };
            if let Some(parent) = self.nodes.get_mut(open.node as usize) {
                parent.children.push(child);
            }
        }
        Ok(node)
    }

    fn key(&mut self) -> Result<(), Error> {
        let (start, here) = (self.at, self.here);
        self.skip_scalar();
        let raw = self.text.get(start..self.at).unwrap_or_default();
        let key: String = serde_json::from_str(raw).unwrap_or_default();
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        open.key = Some(here);
        match open.seen.as_mut().and_then(|seen| seen.insert(key.clone(), here)) {
            Some(first) => Err(Problem::DuplicateKey { key, first }.at(here)),
            None => Ok(()),
        }
    }

    fn skip_scalar(&mut self) {
        if self.peek() != Some(b'"') {
            while self.peek().is_some_and(|byte| !b",:]} \t\r\n".contains(&byte)) {
                self.advance();
            }
            return;
        }
        self.advance();
        while let Some(byte) = self.peek() {
            self.advance();
            match byte {
                b'"' => return,
                b'\\' => self.advance(),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::json;
    use crate::Limits;

    fn check_error(text: &str, limits: Limits, expected: &str) {
        assert_eq!(json(text, &limits).expect_err(text).to_string(), expected, "{text}");
    }

    #[test]
    fn values_and_positions() {
        let text = "{\n  \"a\\u0062\": [1, \"é\", {\"x\": null}],\n  \"b\": -1.5e3 }";
        let document = json(text, &Limits::default()).unwrap();
        assert_eq!(document.value, serde_json::json!({"ab": [1, "é", {"x": null}], "b": -1500.0}));
        let rows = [("", "1:1"), ("/ab", "2:3"), ("/ab/1", "2:18"), ("/ab/2/x", "2:24"), ("/b", "3:3")];
        for (pointer, expected) in rows {
            assert_eq!(document.locate_key(pointer).unwrap().to_string(), expected, "{pointer}");
        }
        assert_eq!(document.locate("/ab/2/x").unwrap().to_string(), "2:29");
    }

    #[test]
    fn errors_say_where() {
        let limits = Limits::default();
        check_error(
            "{\"a\": 1,\n \"\\u0061\": 2}",
            limits,
            "2:2: the key `a` is already set at 1:2; keep one of them",
        );
        check_error("[1, }", limits, "1:5: expected value");
        check_error("[[1]]", Limits { depth: 2, ..limits }, "1:2: nested more than 2 levels deep");
        check_error(
            "[1, 2]",
            Limits { nodes: 2, ..limits },
            "1:5: more than 2 values once aliases are expanded",
        );
        check_error(
            "[1, 2]",
            Limits { bytes: 2, ..limits },
            "1:1: more than 2 bytes of text once aliases are expanded",
        );
        let deep = json(&"[".repeat(100_000), &limits).unwrap_err();
        assert_eq!(deep.to_string(), "1:128: recursion limit exceeded");
    }
}
