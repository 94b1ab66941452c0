use std::borrow::Cow;
use std::ops::Range;

/// A line of a requirements file, its continuations joined.
pub(crate) struct Line<'a> {
    /// What is not comment.
    pub(crate) code: Cow<'a, str>,
    /// What stands behind `#`.
    pub(crate) comment: Option<&'a str>,
    /// The bytes of the code, without the space around it.
    pub(crate) span: Range<usize>,
}

/// Joins lines that end with a backslash, as pip does: a comment line ends the joining.
pub(crate) fn logical_lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut line: Option<Line<'_>> = None;
        while !rest.is_empty() {
            let start = text.len() - rest.len();
            let (physical, after) = rest.find('\n').map_or((rest, ""), |end| rest.split_at(end + 1));
            rest = after;
            let content = physical.trim_end_matches(['\n', '\r']);
            let (code, comment) = split_comment(content);
            let continued = comment.is_none() && code.ends_with('\\');
            let code = if continued { code.trim_end_matches('\\') } else { code };
            let indent = code.len() - code.trim_start().len();
            let span = start + indent..start + code.trim_end().len().max(indent);
            line = Some(match line {
                None => Line { code: Cow::Borrowed(code), comment, span },
                Some(before) => before.join(code, comment, span),
            });
            if !continued {
                break;
            }
        }
        line
    })
}

impl<'a> Line<'a> {
    fn join(mut self, code: &str, comment: Option<&'a str>, span: Range<usize>) -> Self {
        // A comment between two parts must not make them one word.
        if comment.is_some() && !code.starts_with(' ') {
            self.code.to_mut().push(' ');
        }
        self.code.to_mut().push_str(code);
        let end = if code.trim().is_empty() { self.span.end } else { span.end };
        Line { code: self.code, comment, span: self.span.start..end }
    }
}

/// A `#` begins a comment at the start of a line or after a space; in an address it does not.
fn split_comment(line: &str) -> (&str, Option<&str>) {
    let hash = memchr::memchr_iter(b'#', line.as_bytes())
        .find(|at| *at == 0 || line.as_bytes().get(at - 1).is_some_and(u8::is_ascii_whitespace));
    match hash {
        Some(at) => (line.get(..at).unwrap_or_default(), line.get(at + 1..)),
        None => (line, None),
    }
}
