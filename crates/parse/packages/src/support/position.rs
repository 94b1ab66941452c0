use std::ops::Range;

use andon_model::Region;

/// Bytes between two marks. Small, so that finding a place costs little however long the lines are.
const STRIDE: usize = 256;

/// Finds the lines and columns of byte offsets in a text: built once, in time and memory linear in the text.
pub(crate) struct Lines<'a> {
    text: &'a str,
    /// For every `STRIDE` bytes, the place of the first of them.
    marks: Vec<Mark>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut mark = Mark { line: 1, column: 1 };
        let marks = text
            .as_bytes()
            .chunks(STRIDE)
            .map(|chunk| {
                let here = mark;
                mark.pass(chunk);
                here
            })
            .collect();
        Self { text, marks }
    }

    /// The region of these bytes; offsets beyond the end count as the end. Inside a character, its start counts.
    pub(crate) fn region(&self, bytes: Range<usize>) -> Region {
        let end = bytes.end.min(self.text.len());
        let start = bytes.start.min(end);
        let (first, last) = (self.mark(start), self.mark(end));
        Region {
            start_byte: start as u64,
            end_byte: end as u64,
            start_line: first.line,
            start_column: first.column,
            end_line: last.line,
            end_column: last.column,
        }
    }

    fn mark(&self, offset: usize) -> Mark {
        let block = (offset / STRIDE).min(self.marks.len().saturating_sub(1));
        let mut mark = self.marks.get(block).copied().unwrap_or(Mark { line: 1, column: 1 });
        mark.pass(self.text.as_bytes().get(block * STRIDE..offset).unwrap_or_default());
        mark
    }
}

#[derive(Clone, Copy)]
struct Mark {
    line: u32,
    column: u32,
}

impl Mark {
    fn pass(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if byte == b'\n' {
                self.line = self.line.saturating_add(1);
                self.column = 1;
            } else if byte & 0xC0 != 0x80 {
                self.column = self.column.saturating_add(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    fn check(text: &str, bytes: std::ops::Range<usize>, expected: &str) {
        let region = Lines::new(text).region(bytes.clone());
        let place = format!(
            "{}:{}-{}:{}",
            region.start_line, region.start_column, region.end_line, region.end_column
        );
        assert_eq!(place, expected, "{bytes:?}");
    }

    #[test]
    fn lines_and_columns() {
        check("", 0..0, "1:1-1:1");
        check("a\nbc\n", 0..1, "1:1-1:2");
        check("a\nbc\n", 2..4, "2:1-2:3");
        check("a\nbc\n", 3..99, "2:2-3:1");
        check("é€x\ny", 5..6, "1:3-1:4");
        check("a\r\nb", 3..4, "2:1-2:2");
        let long = "é\n".repeat(1000);
        check(&long, 2999..3000, "1000:2-1001:1");
        check(&"x".repeat(512), 512..512, "1:513-1:513");
    }
}
