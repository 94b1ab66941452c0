use std::fmt;

use serde_json::Value;

/// One document: its value, and where each part of it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The value, with aliases resolved. Keys keep their order.
    pub value: Value,
    nodes: Vec<Node>,
    root: u32,
}

impl Document {
    /// Where the value that a JSON pointer (RFC 6901) names was written; `None` if there is no such value. What came
    /// in through an alias is located at its anchor.
    pub fn locate(&self, pointer: &str) -> Option<Position> {
        self.walk(pointer).ok().map(|found| found.value)
    }

    /// Like [`Document::locate`], but where the value belongs to a key: where that key was written.
    pub fn locate_key(&self, pointer: &str) -> Option<Position> {
        self.walk(pointer).ok().map(|found| found.key.unwrap_or(found.value))
    }

    /// Like [`Document::locate_key`] for the longest part of the pointer that exists.
    pub fn locate_nearest(&self, pointer: &str) -> Position {
        let (Ok(found) | Err(found)) = self.walk(pointer);
        found.key.unwrap_or(found.value)
    }

    pub(crate) fn new(value: Value, nodes: Vec<Node>, root: u32) -> Self {
        Self { value, nodes, root }
    }

    fn walk(&self, pointer: &str) -> Result<Found, Found> {
        let mut value = &self.value;
        let mut node = self.nodes.get(self.root as usize);
        let mut found = Found { key: None, value: node.map_or_else(Position::default, |node| node.at) };
        for token in pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            let (index, next) = step(value, &token).ok_or(found)?;
            let child = node.and_then(|node| node.children.get(index)).ok_or(found)?;
            let inner = self.nodes.get(child.node as usize).ok_or(found)?;
            found = Found { key: child.key, value: inner.at };
            (value, node) = (next, Some(inner));
        }
        Ok(found)
    }
}

/// A place in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, 1-based.
    pub line: u32,
    /// Column, 1-based, counting characters.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Where one value was written; its children in the order of the value's own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) at: Position,
    pub(crate) children: Vec<Child>,
}

/// A child of a node; several parents share one after an alias.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Child {
    pub(crate) key: Option<Position>,
    pub(crate) node: u32,
}

#[derive(Clone, Copy)]
struct Found {
    key: Option<Position>,
    value: Position,
}

fn step<'a>(value: &'a Value, token: &str) -> Option<(usize, &'a Value)> {
    match value {
        Value::Object(map) => map
            .iter()
            .enumerate()
            .find(|(_, (key, _))| *key == token)
            .map(|(index, (_, value))| (index, value)),
        Value::Array(items) => {
            let index = token.parse::<usize>().ok()?;
            items.get(index).map(|value| (index, value))
        }
        _ => None,
    }
}
