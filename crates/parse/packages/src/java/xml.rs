use std::ops::Range;

use quick_xml::{
    Reader,
    events::{BytesRef, Event},
};

use super::coordinates::shown;

/// Levels of nesting that are kept. Maven's own model needs ten, with profiles.
const DEPTH: usize = 64;
/// Elements that are kept: far more than the largest bill of materials has.
const ELEMENTS: usize = 500_000;

/// The elements of a document, without attributes. Nothing is expanded but the five entities of XML itself and
/// references to characters; document types are passed over.
pub(super) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    /// What could not be read, and from which byte on.
    pub(super) problems: Vec<(String, usize)>,
}

/// An element.
pub(super) struct Node<'a> {
    /// Its name, without a prefix.
    pub(super) name: &'a str,
    text: String,
    /// The bytes from its start tag to its end tag.
    pub(super) bytes: Range<usize>,
    children: Vec<u32>,
    closed: bool,
}

impl<'a> Tree<'a> {
    /// Reads a document. `skip` says which elements are passed over, by the depth of the parent (the root's is 1),
    /// its name and their own. Takes time and memory linear in the text.
    pub(super) fn read(text: &'a str, skip: impl Fn(usize, &str, &str) -> bool) -> Self {
        let mut builder = Builder {
            text,
            tree: Self { nodes: Vec::new(), problems: Vec::new() },
            open: Vec::new(),
            hidden: 0,
            deep: false,
            skip,
        };
        builder.run();
        builder.tree
    }

    /// The root element.
    pub(super) fn root(&self) -> Option<&Node<'a>> {
        self.nodes.first()
    }

    /// The children of an element that were read to their end.
    pub(super) fn children<'t>(&'t self, node: &'t Node<'a>) -> impl Iterator<Item = &'t Node<'a>> {
        self.all_children(node).filter(|child| child.closed)
    }

    /// The first child of this name, whether or not the text breaks off inside it.
    pub(super) fn section<'t>(&'t self, node: &'t Node<'a>, name: &str) -> Option<&'t Node<'a>> {
        self.all_children(node).find(|child| child.name == name)
    }

    /// The text of the first child of this name, trimmed; nothing when the text breaks off inside it.
    pub(super) fn text<'t>(&'t self, node: &'t Node<'a>, name: &str) -> Option<&'t str> {
        self.children(node).find(|child| child.name == name).map(Node::text)
    }

    fn all_children<'t>(&'t self, node: &'t Node<'a>) -> impl Iterator<Item = &'t Node<'a>> {
        node.children.iter().filter_map(|&child| self.nodes.get(child as usize))
    }
}

impl Node<'_> {
    /// Its own text, trimmed.
    pub(super) fn text(&self) -> &str {
        self.text.trim()
    }
}

struct Builder<'a, F> {
    text: &'a str,
    tree: Tree<'a>,
    /// The elements that are open and kept, outermost first.
    open: Vec<usize>,
    /// How many open elements inside the innermost of those are passed over.
    hidden: usize,
    deep: bool,
    skip: F,
}

impl<'a, F: Fn(usize, &str, &str) -> bool> Builder<'a, F> {
    fn run(&mut self) {
        let mut reader = Reader::from_str(self.text);
        reader.config_mut().allow_dangling_amp = true;
        loop {
            let start = offset(reader.buffer_position());
            let event = reader.read_event();
            let end = offset(reader.buffer_position());
            match event {
                Ok(Event::Start(_)) => self.start(start..end),
                Ok(Event::Empty(_)) => {
                    self.start(start..end);
                    self.end(end);
                }
                Ok(Event::End(_)) => self.end(end),
                Ok(Event::Text(text)) => self.append(&text),
                Ok(Event::CData(text)) => self.append(&text),
                Ok(Event::GeneralRef(reference)) => self.reference(&reference, start),
                Ok(Event::Eof) => break,
                Ok(_) => {}
                Err(error) => {
                    self.stop(&format!("this is not well-formed XML ({error})"), start);
                    return;
                }
            }
        }
        if !self.open.is_empty() {
            self.stop("the file breaks off inside an element", self.text.len());
        } else if self.tree.nodes.is_empty() {
            self.stop("there is no XML element in it", 0);
        }
    }

    fn start(&mut self, bytes: Range<usize>) {
        let text = self.text;
        let name = name_of(text.get(bytes.clone()).unwrap_or_default());
        let second_root = self.open.is_empty() && !self.tree.nodes.is_empty();
        if self.hidden > 0 || second_root || self.is_skipped(name) || !self.has_room(bytes.start) {
            self.hidden += 1;
            return;
        }
        let index = self.tree.nodes.len();
        if let Some(parent) = self.open.last().and_then(|&parent| self.tree.nodes.get_mut(parent)) {
            parent.children.push(u32::try_from(index).unwrap_or(u32::MAX));
        }
        self.tree.nodes.push(Node { name, text: String::new(), bytes, children: Vec::new(), closed: false });
        self.open.push(index);
    }

    fn end(&mut self, end: usize) {
        if self.hidden > 0 {
            self.hidden -= 1;
        } else if let Some(node) = self.open.pop().and_then(|index| self.tree.nodes.get_mut(index)) {
            node.bytes.end = end;
            node.closed = true;
        }
    }

    fn is_skipped(&self, name: &str) -> bool {
        self.innermost().is_some_and(|parent| (self.skip)(self.open.len(), parent.name, name))
    }

    fn has_room(&mut self, at: usize) -> bool {
        let room = self.open.len() < DEPTH && self.tree.nodes.len() < ELEMENTS;
        if !room && !self.deep {
            self.deep = true;
            let problem =
                format!("elements nested deeper than {DEPTH} or beyond the first {ELEMENTS} are not read");
            self.tree.problems.push((problem, at));
        }
        room
    }

    fn append(&mut self, text: &str) {
        if self.hidden > 0 {
            return;
        }
        if let Some(node) = self.open.last().and_then(|&index| self.tree.nodes.get_mut(index)) {
            // White space between the elements would cost an allocation for each.
            if node.text.is_empty() {
                node.text.push_str(text.trim_start());
            } else {
                node.text.push_str(text);
            }
        }
    }

    fn reference(&mut self, reference: &BytesRef<'_>, at: usize) {
        let character = reference.resolve_char_ref().ok().flatten();
        let name: &str = reference;
        match (character, name) {
            (Some(character), _) => self.append(character.encode_utf8(&mut [0; 4])),
            (_, "amp") => self.append("&"),
            (_, "lt") => self.append("<"),
            (_, "gt") => self.append(">"),
            (_, "quot") => self.append("\""),
            (_, "apos") => self.append("'"),
            _ => {
                if self.hidden == 0 && self.tree.problems.len() < 8 {
                    let problem =
                        format!("the entity &{}; is not expanded; write its text in its place", shown(name));
                    self.tree.problems.push((problem, at));
                }
                self.append(&format!("&{name};"));
            }
        }
    }

    fn stop(&mut self, what: &str, at: usize) {
        for &index in &self.open {
            if let Some(node) = self.tree.nodes.get_mut(index) {
                node.bytes.end = at.max(node.bytes.end);
            }
        }
        self.tree.problems.push((format!("{what}; what comes before is listed: repair the file"), at));
    }

    fn innermost(&self) -> Option<&Node<'a>> {
        self.open.last().and_then(|&index| self.tree.nodes.get(index))
    }
}

/// The local name in a tag as it is written, `<p:name …>`.
fn name_of(tag: &str) -> &str {
    let inside = tag.strip_prefix('<').unwrap_or(tag);
    let end = inside.find(|c: char| c.is_whitespace() || c == '/' || c == '>').unwrap_or(inside.len());
    let name = inside.get(..end).unwrap_or_default();
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kept elements in one line each, children behind their parent.
    fn outline(text: &str) -> String {
        let tree = Tree::read(text, |_, parent, name| parent == "a" && name == "skipped");
        let mut lines: Vec<String> = tree
            .nodes
            .iter()
            .map(|node| format!("{}={}{}", node.name, node.text(), if node.closed { "" } else { "…" }))
            .collect();
        lines.extend(tree.problems.iter().map(|(problem, at)| {
            format!("{at}: {}", problem.split([';', '(']).next().unwrap_or_default().trim())
        }));
        lines.join(" ")
    }

    #[test]
    fn documents() {
        let rows = [
            ("<a><b>1</b></a>", "a= b=1"),
            ("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x 'y'>]><m:a xmlns:m='u'>\n<m:b/> </m:a>", "a= b="),
            ("<a> 1<!-- c -->.<![CDATA[2&]]>&lt;&#x41; </a>", "a=1.2&<A"),
            ("<a><skipped><b/><skipped/></skipped><c/></a>", "a= c="),
            ("<a>&x;</a>", "a=&x; 3: the entity &x"),
            ("<a><b>1</b><c>2", "a=… b=1 c=2… 15: the file breaks off inside an element"),
            ("<a><b>1</b><c", "a=… b=1 11: this is not well-formed XML"),
            ("<a><b>1</c></a>", "a=… b=1… 7: this is not well-formed XML"),
            ("<a/><b/>", "a="),
            ("", "0: there is no XML element in it"),
            ("<a>fish & chips</a>", "a=fish & chips"),
        ];
        for (text, expected) in rows {
            assert_eq!(outline(text), expected, "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_cut() {
        let text = format!("{}1{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
        let tree = Tree::read(&text, |_, _, _| false);
        assert_eq!(tree.nodes.len(), DEPTH);
        assert_eq!(tree.problems.len(), 1);
    }
}
