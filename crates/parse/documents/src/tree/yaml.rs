use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};

use super::build::{Builder, Full, slice};
use super::{NodeKind, Slice, Tree};
use crate::Problem;

const MAX_DEPTH: usize = 128;

pub(super) fn read(text: &str) -> Tree<'_> {
    let builder = match Builder::new(text) {
        Ok(builder) => builder,
        Err(tree) => return tree,
    };
    let mut reader = Reader {
        text,
        offsets: Offsets::new(text),
        builder,
        anchors: HashMap::new(),
        open_anchors: Vec::new(),
    };
    reader.stream(&mut Parser::new_from_str(text));
    reader.builder.finish()
}

struct Reader<'a> {
    text: &'a str,
    offsets: Offsets<'a>,
    builder: Builder<'a>,
    anchors: HashMap<usize, u32>,
    open_anchors: Vec<usize>,
}

impl<'a> Reader<'a> {
    fn stream(&mut self, parser: &mut Parser<'a, StrInput<'a>>) {
        while let Some(event) = parser.next_event() {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => {
                    let at = self.offsets.byte(error.marker().index());
                    return self.builder.fault(at, Problem::Syntax(error.info().to_owned()));
                }
            };
            let start = self.offsets.byte(span.start.index());
            match self.event(event, &span, start) {
                Ok(None) => {}
                Ok(Some(problem)) => return self.builder.fault(start, problem),
                Err(Full) => return self.builder.fault(start, Problem::TooManyNodes(Tree::MAX_NODES)),
            }
        }
    }

    fn event(&mut self, event: Event<'_>, span: &Span, start: usize) -> Result<Option<Problem>, Full> {
        match event {
            Event::Scalar(text, style, anchor, _) => self.scalar(text, style, anchor, span, start)?,
            Event::SequenceStart(anchor, _) => return self.open(NodeKind::List, anchor, start),
            Event::MappingStart(anchor, _) => return self.open(NodeKind::Map, anchor, start),
            Event::SequenceEnd | Event::MappingEnd => {
                // Only the end of a flow collection has bytes of its own: its bracket.
                let flow = span.end.index() > span.start.index();
                let node = self.builder.close(flow.then_some(start + 1));
                if let (Some(anchor), Some(node)) = (self.open_anchors.pop(), node) {
                    self.anchor(anchor, node);
                }
            }
            Event::Alias(anchor) => return self.alias(anchor, start),
            Event::DocumentEnd => self.anchors.clear(),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
        }
        Ok(None)
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        span: &Span,
        start: usize,
    ) -> Result<(), Full> {
        let end = self.offsets.byte(span.end.index());
        let kind = if style == ScalarStyle::Plain { plain_kind(&text) } else { NodeKind::Text };
        let text = self.slice(text, start, end);
        if self.builder.wants_key() {
            self.builder.set_key(text, start);
            return Ok(());
        }
        let node = self.builder.scalar(kind, text, start, end)?;
        self.anchor(anchor, node);
        Ok(())
    }

    /// The part of the source that a scalar's text is, or the text itself where the source writes it otherwise.
    fn slice(&mut self, text: Cow<'_, str>, start: usize, end: usize) -> Slice {
        for from in [start, start + 1] {
            let to = from + text.len();
            if to <= end && self.text.get(from..to) == Some(&*text) {
                return slice(from, to);
            }
        }
        self.builder.own(text.into_owned())
    }

    fn open(&mut self, kind: NodeKind, anchor: usize, start: usize) -> Result<Option<Problem>, Full> {
        if self.builder.wants_key() {
            return Ok(Some(Problem::ComplexKey));
        }
        if self.builder.depth() >= MAX_DEPTH {
            return Ok(Some(Problem::TooDeep(MAX_DEPTH)));
        }
        self.builder.open(kind, start)?;
        self.open_anchors.push(anchor);
        Ok(None)
    }

    fn alias(&mut self, anchor: usize, start: usize) -> Result<Option<Problem>, Full> {
        let Some(&node) = self.anchors.get(&anchor) else { return Ok(Some(Problem::CyclicAlias)) };
        if self.builder.wants_key() {
            let Some(text) = self.builder.scalar_of(node) else { return Ok(Some(Problem::ComplexKey)) };
            self.builder.set_key(text, start);
        } else {
            self.builder.repeat(node)?;
        }
        Ok(None)
    }

    fn anchor(&mut self, anchor: usize, node: u32) {
        if anchor != 0 {
            self.anchors.insert(anchor, node);
        }
    }
}

fn plain_kind(text: &str) -> NodeKind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => NodeKind::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => NodeKind::Bool,
        _ => NodeKind::Text,
    }
}

/// Byte offsets of characters, which is what the parser counts in.
struct Offsets<'a> {
    text: &'a str,
    /// The byte offset of every `STRIDE`th character; empty where characters are bytes.
    marks: Vec<u32>,
}

const STRIDE: usize = 128;

impl<'a> Offsets<'a> {
    fn new(text: &'a str) -> Self {
        let offset = |(at, _): (usize, char)| u32::try_from(at).unwrap_or(u32::MAX);
        let marks = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(STRIDE).map(offset).collect()
        };
        Self { text, marks }
    }

    fn byte(&self, index: usize) -> usize {
        if self.marks.is_empty() {
            return index.min(self.text.len());
        }
        let Some(&mark) = self.marks.get(index / STRIDE) else { return self.text.len() };
        let rest = self.text.get(mark as usize..).unwrap_or_default();
        rest.char_indices().nth(index % STRIDE).map_or(self.text.len(), |(at, _)| mark as usize + at)
    }
}
