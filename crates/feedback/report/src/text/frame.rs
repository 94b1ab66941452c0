use std::ops::Range;

use andon_model::{Location, Region};
use annotate_snippets::{AnnotationKind, Group, Origin, Snippet};

use crate::{clean, facts};

/// Adds the place of a finding to a message: the lines with a marker, or only the path where there are none. Says
/// whether there are lines.
pub(super) fn place<'a>(
    group: Group<'a>,
    location: &Location,
    redacted: Option<&str>,
    label: &str,
) -> (Group<'a>, bool) {
    let path = clean::short(&facts::place(&Location { region: None, ..location.clone() }), 400);
    let Some(region) = location.region else { return (group.element(Origin::path(path)), false) };
    let line = usize::try_from(region.start_line.max(1)).unwrap_or(1);
    let snippet = location.snippet.as_deref().unwrap_or_default();
    match marked(snippet, &region, redacted) {
        Some(Marked { source, span }) => {
            let mut annotation = AnnotationKind::Primary.span(span);
            if !label.is_empty() {
                annotation = annotation.label(label.to_owned());
            }
            (group.element(Snippet::source(source).line_start(line).path(path).annotation(annotation)), true)
        }
        None => {
            let column = usize::try_from(region.start_column.max(1)).unwrap_or(1);
            (group.element(Origin::path(path).line(line).char_column(column)), false)
        }
    }
}

struct Marked {
    /// Clean lines.
    source: String,
    /// Bytes of `source`.
    span: Range<usize>,
}

/// Cleans the lines and finds what to mark. Redaction may have changed the length of a line, so that the redacted
/// secret itself says more than the columns do; these are brought within the line in any case.
fn marked(snippet: &str, region: &Region, redacted: Option<&str>) -> Option<Marked> {
    let lines: Vec<Line> = snippet.lines().map(Line::new).collect();
    let first = lines.first().filter(|_| !snippet.trim().is_empty())?;
    let start_column = column(region.start_column);
    let (start, end) = match redacted.and_then(|redacted| first.find(redacted, start_column)) {
        Some(found) => found,
        None if region.end_line > region.start_line => (first.offset(start_column), None),
        None => (first.offset(start_column), Some(first.offset(column(region.end_column)))),
    };
    let source = lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
    // Without an end on the first line the mark goes to the end of the last one.
    let end = end.unwrap_or_else(|| source.trim_end().len());
    let span = if start < end { start..end } else { first.trimmed() };
    (!span.is_empty()).then_some(Marked { source, span })
}

fn column(one_based: u32) -> usize {
    usize::try_from(one_based.saturating_sub(1)).unwrap_or(usize::MAX)
}

struct Line {
    raw: Vec<char>,
    text: String,
    /// Where in `text` each character of `raw` begins, and the end.
    offsets: Vec<usize>,
}

impl Line {
    fn new(raw: &str) -> Self {
        let mut line = Self { raw: raw.chars().collect(), text: String::new(), offsets: Vec::new() };
        for c in &line.raw {
            line.offsets.push(line.text.len());
            clean::push_source(&mut line.text, *c);
        }
        line.offsets.push(line.text.len());
        line
    }

    fn offset(&self, character: usize) -> usize {
        self.offsets.get(character).copied().unwrap_or(self.text.len())
    }

    /// Where `part` stands nearest to a character position.
    fn find(&self, part: &str, near: usize) -> Option<(usize, Option<usize>)> {
        let part: Vec<char> = part.lines().next().unwrap_or_default().chars().collect();
        if part.len() < 4 {
            return None;
        }
        let at =
            (0..self.raw.len()).filter(|at| self.raw.get(*at..).is_some_and(|rest| rest.starts_with(&part)));
        let start = at.min_by_key(|at| at.abs_diff(near))?;
        Some((self.offset(start), Some(self.offset(start + part.len()))))
    }

    fn trimmed(&self) -> Range<usize> {
        let end = self.text.trim_end().len();
        self.text.len() - self.text.trim_start().len()..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_on_the_secret() {
        let check = |snippet: &str, columns: (u32, u32), redacted: Option<&str>, expected: &str| {
            let region = Region {
                start_line: 1,
                end_line: 1,
                start_column: columns.0,
                end_column: columns.1,
                ..Region::default()
            };
            let marked = marked(snippet, &region, redacted).unwrap();
            assert_eq!(&marked.source[marked.span], expected);
        };
        check("key = abcd", (7, 11), None, "abcd");
        check("\tkey = abcd", (8, 12), None, "abcd");
        check("ü = \u{7}x", (5, 7), None, "\u{2407}x");
        check("key = ab**", (7, 40), None, "ab**");
        check("key = ab**", (90, 99), None, "key = ab**");
        check("ab** = ab**;", (8, 40), Some("ab**"), "ab**");
        check("  gone  ", (3, 3), None, "gone");
        assert!(marked("  ", &Region::default(), None).is_none());
        assert!(marked("", &Region::default(), Some("x")).is_none());
    }
}
