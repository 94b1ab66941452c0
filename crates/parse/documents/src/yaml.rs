use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};
use serde_json::{Map, Value};

use crate::document::{Child, Node};
use crate::{Document, Error, Limits, Position, Problem, scalar};

const MAX_DEPTH: usize = 128;

/// Reads a stream of YAML 1.2 documents by the core schema. `!!str` makes a string; every other tag is ignored. Keys
/// are taken as they are written (`on`, `1` and `null` are the keys "on", "1" and "null").
///
/// # Errors
/// The first thing that breaks the grammar, a duplicate key, or a limit. Nothing is returned of what came before.
pub fn yaml(text: &str, limits: &Limits) -> Result<Vec<Document>, Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let limits = Limits { depth: limits.depth.min(MAX_DEPTH), ..*limits };
    let mut parser = Parser::new_from_str(text);
    let mut budget = Budget { limits, nodes: 0, bytes: 0 };
    let mut read = 0;
    let mut documents = Vec::new();
    while let Some((event, span)) = next(&mut parser)? {
        if matches!(event, Event::DocumentStart(_)) {
            let mut composer = Composer::new(limits, read);
            let root = composer.compose(&mut parser)?;
            read += composer.nodes.len();
            documents.push(finish(composer, root, &mut budget)?);
        } else if matches!(event, Event::StreamEnd) {
            break;
        }
        if documents.len() > limits.nodes {
            return Err(Problem::TooManyNodes(limits.nodes).at(position(&span.start)));
        }
    }
    Ok(documents)
}

/// Reads exactly one YAML document. An empty text is the value `null`.
///
/// # Errors
/// As [`yaml`], and [`Problem::SecondDocument`].
pub fn yaml_one(text: &str, limits: &Limits) -> Result<Document, Error> {
    let mut documents = yaml(text, limits)?;
    if let Some(second) = documents.get(1) {
        return Err(Problem::SecondDocument.at(second.locate_nearest("")));
    }
    Ok(documents.pop().unwrap_or_else(|| {
        let node = Node { at: Position { line: 1, column: 1 }, children: Vec::new() };
        Document::new(Value::Null, vec![node], 0)
    }))
}

type Events<'a> = Parser<'a, StrInput<'a>>;

fn next<'a>(parser: &mut Events<'a>) -> Result<Option<(Event<'a>, Span)>, Error> {
    parser
        .next_event()
        .transpose()
        .map_err(|error: ScanError| Problem::Syntax(error.info().to_owned()).at(position(error.marker())))
}

fn position(marker: &Marker) -> Position {
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    Position { line: number(marker.line()), column: number(marker.col()).saturating_add(1) }
}

/// Builds a graph in which an alias shares its anchor's node, so that nothing grows before it is counted.
struct Composer {
    limits: Limits,
    /// Nodes of earlier documents of the stream.
    earlier: usize,
    nodes: Vec<Node>,
    contents: Vec<Content>,
    anchors: HashMap<usize, u32>,
    open: Vec<Open>,
}

enum Content {
    Scalar(Value),
    Sequence,
    Mapping(Vec<String>),
}

/// A sequence or mapping whose end has not been read yet.
struct Open {
    node: u32,
    anchor: usize,
    seen: Option<HashMap<String, Position>>,
    key: Option<(String, Position)>,
}

impl Composer {
    fn new(limits: Limits, earlier: usize) -> Self {
        let (nodes, contents) = (Vec::new(), Vec::new());
        Self { limits, earlier, nodes, contents, anchors: HashMap::new(), open: Vec::new() }
    }

    /// Reads events up to the end of the document; returns its root.
    fn compose(&mut self, parser: &mut Events<'_>) -> Result<Option<u32>, Error> {
        let mut root = None;
        while let Some((event, span)) = next(parser)? {
            let at = position(&span.start);
            let complete = match event {
                Event::DocumentEnd | Event::StreamEnd => break,
                Event::Scalar(text, style, anchor, tag) => {
                    if self.expects_key() {
                        self.set_key(text.into_owned(), at, anchor)?;
                        continue;
                    }
                    let value = scalar_value(&text, style, tag.as_deref());
                    let node = self.add(Content::Scalar(value), at)?;
                    self.anchor(anchor, node);
                    Some(node)
                }
                Event::SequenceStart(anchor, _) => {
                    self.start(Content::Sequence, anchor, at)?;
                    None
                }
                Event::MappingStart(anchor, _) => {
                    self.start(Content::Mapping(Vec::new()), anchor, at)?;
                    None
                }
                Event::SequenceEnd | Event::MappingEnd => self.end(),
                Event::Alias(anchor) => match self.alias(anchor, at)? {
                    Some(node) => Some(node),
                    None => continue,
                },
                Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => None,
            };
            if let Some(node) = complete {
                root = self.attach(node).or(root);
            }
        }
        Ok(root)
    }

    fn add(&mut self, content: Content, at: Position) -> Result<u32, Error> {
        let count = self.nodes.len();
        if count + self.earlier >= self.limits.nodes {
            return Err(Problem::TooManyNodes(self.limits.nodes).at(at));
        }
        self.nodes.push(Node { at, children: Vec::new() });
        self.contents.push(content);
        u32::try_from(count).map_err(|_| Problem::TooManyNodes(self.limits.nodes).at(at))
    }

    fn anchor(&mut self, anchor: usize, node: u32) {
        if anchor != 0 {
            self.anchors.insert(anchor, node);
        }
    }

    fn start(&mut self, content: Content, anchor: usize, at: Position) -> Result<(), Error> {
        if self.expects_key() {
            return Err(Problem::ComplexKey.at(at));
        }
        if self.open.len() + 1 >= self.limits.depth {
            return Err(Problem::TooDeep(self.limits.depth).at(at));
        }
        let seen = matches!(content, Content::Mapping(_)).then(HashMap::new);
        let node = self.add(content, at)?;
        self.open.push(Open { node, anchor, seen, key: None });
        Ok(())
    }

    fn end(&mut self) -> Option<u32> {
        let open = self.open.pop()?;
        self.anchor(open.anchor, open.node);
        Some(open.node)
    }

    /// The node that an alias stands for, or `None` if it stood for a key.
    fn alias(&mut self, anchor: usize, at: Position) -> Result<Option<u32>, Error> {
        let node = *self.anchors.get(&anchor).ok_or_else(|| Problem::CyclicAlias.at(at))?;
        if !self.expects_key() {
            return Ok(Some(node));
        }
        let key = match self.contents.get(node as usize) {
            Some(Content::Scalar(Value::String(text))) => text.clone(),
            Some(Content::Scalar(other)) => other.to_string(),
            _ => return Err(Problem::ComplexKey.at(at)),
        };
        self.set_key(key, at, 0)?;
        Ok(None)
    }

    fn expects_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.seen.is_some() && open.key.is_none())
    }

    fn set_key(&mut self, key: String, at: Position, anchor: usize) -> Result<(), Error> {
        if anchor != 0 {
            let node = self.add(Content::Scalar(Value::String(key.clone())), at)?;
            self.anchor(anchor, node);
        }
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        if let Some(seen) = &mut open.seen
            && let Some(first) = seen.insert(key.clone(), at)
        {
            return Err(Problem::DuplicateKey { key, first }.at(at));
        }
        open.key = Some((key, at));
        Ok(())
    }

    /// Hangs a finished node under what is open; returns it if it is the root.
    fn attach(&mut self, node: u32) -> Option<u32> {
        let Some(open) = self.open.last_mut() else { return Some(node) };
        let key = open.key.take();
        let parent = open.node as usize;
        if let Some(parent) = self.nodes.get_mut(parent) {
            parent.children.push(Child { key: key.as_ref().map(|(_, at)| *at), node });
        }
        if let (Some((key, _)), Some(Content::Mapping(keys))) = (key, self.contents.get_mut(parent)) {
            keys.push(key);
        }
        None
    }
}

fn scalar_value(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let string = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
    if style == ScalarStyle::Plain && !string {
        scalar::resolve(text)
    } else {
        Value::String(text.to_owned())
    }
}

/// What has been spent of the limits, aliases expanded.
struct Budget {
    limits: Limits,
    nodes: usize,
    bytes: usize,
}

impl Budget {
    fn node(&mut self, at: Position, depth: usize) -> Result<(), Error> {
        self.nodes += 1;
        if depth > self.limits.depth {
            return Err(Problem::TooDeep(self.limits.depth).at(at));
        }
        if self.nodes > self.limits.nodes {
            return Err(Problem::TooManyNodes(self.limits.nodes).at(at));
        }
        Ok(())
    }

    fn text(&mut self, at: Position, bytes: usize) -> Result<(), Error> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > self.limits.bytes { Err(Problem::TooLarge(self.limits.bytes).at(at)) } else { Ok(()) }
    }
}

fn finish(composer: Composer, root: Option<u32>, budget: &mut Budget) -> Result<Document, Error> {
    let Some(root) = root else {
        let node = Node { at: Position { line: 1, column: 1 }, children: Vec::new() };
        return Ok(Document::new(Value::Null, vec![node], 0));
    };
    let value = expand(&composer, root, 1, budget)?;
    Ok(Document::new(value, composer.nodes, root))
}

fn expand(composer: &Composer, index: u32, depth: usize, budget: &mut Budget) -> Result<Value, Error> {
    let index = index as usize;
    let (Some(node), Some(content)) = (composer.nodes.get(index), composer.contents.get(index)) else {
        return Ok(Value::Null);
    };
    budget.node(node.at, depth)?;
    match content {
        Content::Scalar(value) => {
            budget.text(node.at, value.as_str().map_or(0, str::len))?;
            Ok(value.clone())
        }
        Content::Sequence => {
            let items = node.children.iter().map(|child| expand(composer, child.node, depth + 1, budget));
            items.collect::<Result<Vec<_>, _>>().map(Value::Array)
        }
        Content::Mapping(keys) => {
            let mut map = Map::with_capacity(keys.len());
            for (key, child) in keys.iter().zip(&node.children) {
                budget.text(node.at, key.len())?;
                map.insert(key.clone(), expand(composer, child.node, depth + 1, budget)?);
            }
            Ok(Value::Object(map))
        }
    }
}

#[cfg(test)]
mod tests;
