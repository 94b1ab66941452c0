use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{Error, Names, Span};
use super::lexer::{Line, is_word, lines, span, token_end};
use crate::rule::Options;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(in super::super) struct Pattern {
    pub(super) nodes: Vec<Node>,
    /// What its words and signs say, each once.
    pub(super) literals: Vec<Box<str>>,
    /// How many metavariables it has.
    pub(super) slots: usize,
    /// How many lines an ellipsis goes on for after the one that it starts on.
    pub(super) span: u32,
}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// A word or a sign.
    Literal(u32),
    /// `$X`: any word.
    Metavariable(u32),
    /// Lines that are indented more than what they follow.
    Block(Vec<Node>),
    /// `...`, or `$...X`.
    Ellipsis {
        slot: Option<u32>,
        /// A number for those after which failing does not depend on what metavariables stand for, and that are come
        /// to in several ways.
        memo: Option<u32>,
    },
}

/// Deepest nesting of lines.
const DEEPEST: usize = 64;
/// Most ellipses and nested lines.
const MOST_BRANCHES: usize = 400;

impl Pattern {
    pub(in super::super) fn compile(text: &str, options: &Options, names: &mut Names) -> Result<Self, Error> {
        let mut parser =
            Parser { text, names, literals: Vec::new(), numbers: FxHashMap::default(), branches: 0 };
        let mut stack: Vec<(u32, Vec<Node>)> = vec![(0, Vec::new())];
        for line in lines(text) {
            while stack.len() > 1 && stack.last().is_some_and(|(indent, _)| *indent > line.indent) {
                close(&mut stack);
            }
            if stack.last().is_some_and(|(indent, _)| *indent < line.indent) {
                stack.push((line.indent, Vec::new()));
                parser.branch()?;
            }
            if stack.len() > DEEPEST {
                return Err(Error::TooLarge("its lines are indented in more than 64 ways"));
            }
            if let Some((_, nodes)) = stack.last_mut() {
                parser.line(&line, nodes)?;
            }
        }
        while stack.len() > 1 {
            close(&mut stack);
        }
        let mut nodes = stack.pop().map(|(_, nodes)| nodes).unwrap_or_default();
        if nodes.is_empty() {
            return Err(Error::Empty);
        }
        let literals = parser.literals;
        Memos::default().number(&mut nodes);
        let span = options.generic_ellipsis_max_span;
        Ok(Self { nodes, literals, slots: names.0.len(), span })
    }
}

fn close(stack: &mut Vec<(u32, Vec<Node>)>) {
    if let Some((_, inner)) = stack.pop()
        && let Some((_, outer)) = stack.last_mut()
    {
        outer.push(Node::Block(inner));
    }
}

struct Parser<'p> {
    text: &'p str,
    names: &'p mut Names,
    literals: Vec<Box<str>>,
    numbers: FxHashMap<&'p str, u32>,
    branches: usize,
}

impl Parser<'_> {
    fn line(&mut self, line: &Line, nodes: &mut Vec<Node>) -> Result<(), Error> {
        let (mut at, end) = (line.content.start as usize, line.content.end as usize);
        while let Some(rest) = self.text.get(at..end).filter(|rest| !rest.is_empty()) {
            if rest.starts_with([' ', '\t']) {
                at += 1;
            } else if let Some((name, length)) = metavariable(rest) {
                nodes.push(Node::Metavariable(self.names.slot(name)));
                at += length;
            } else if let Some((name, length)) = ellipsis(rest) {
                self.branch()?;
                if let (Some(name), Some(Node::Ellipsis { .. })) = (&name, nodes.last()) {
                    return Err(Error::Ellipses(name.clone()));
                }
                nodes.push(Node::Ellipsis { slot: name.map(|name| self.names.slot(name)), memo: None });
                at += length;
            } else if rest.starts_with("....") {
                for _ in rest.bytes().take_while(|byte| *byte == b'.') {
                    self.literal(span(at, at + 1), nodes);
                    at += 1;
                }
            } else {
                let Some(next) = token_end(self.text, at, end) else { break };
                self.literal(span(at, next), nodes);
                at = next;
            }
        }
        Ok(())
    }

    fn literal(&mut self, token: Span, nodes: &mut Vec<Node>) {
        let text = token.of(self.text);
        let next = u32::try_from(self.literals.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(text).or_insert(next);
        if number == next {
            self.literals.push(text.into());
        }
        nodes.push(Node::Literal(number));
    }

    fn branch(&mut self) -> Result<(), Error> {
        self.branches += 1;
        if self.branches > MOST_BRANCHES {
            return Err(Error::TooLarge("it has more than 400 ellipses and indented parts"));
        }
        Ok(())
    }
}

/// `$X`, and how long it is.
fn metavariable(rest: &str) -> Option<(String, usize)> {
    let name = rest.strip_prefix('$')?;
    let length = name_length(name)?;
    Some((format!("${}", name.get(..length)?), 1 + length))
}

/// `...` or `$...X`, with the name of the latter, and how long it is.
fn ellipsis(rest: &str) -> Option<(Option<String>, usize)> {
    if let Some(name) = rest.strip_prefix("$...") {
        let length = name_length(name)?;
        return Some((Some(format!("$...{}", name.get(..length)?)), 4 + length));
    }
    (rest.starts_with("...") && !rest.starts_with("....")).then_some((None, 3))
}

fn name_length(rest: &str) -> Option<usize> {
    rest.starts_with(|first: char| first.is_ascii_uppercase())
        .then(|| rest.bytes().take_while(|byte| is_word(*byte)).count())
}

/// Finds the ellipses after which a failure can be remembered.
#[derive(Default)]
struct Memos {
    next: u32,
    /// Metavariables so far.
    bound: FxHashSet<u32>,
}

impl Memos {
    fn number(&mut self, nodes: &mut [Node]) {
        let mut has_choice = false;
        let mut follows_ellipsis = false;
        for at in 0..nodes.len() {
            let is_choice = matches!(nodes.get(at), Some(Node::Ellipsis { .. }));
            let is_free = is_choice
                && has_choice
                && !follows_ellipsis
                && !mentions(nodes.get(at..).unwrap_or_default(), &self.bound);
            match nodes.get_mut(at) {
                Some(Node::Ellipsis { slot, memo }) => {
                    if is_free {
                        *memo = Some(self.next);
                        self.next += 1;
                    }
                    self.bound.extend(*slot);
                    has_choice = true;
                }
                Some(Node::Block(inner)) => self.number(inner),
                Some(Node::Metavariable(slot)) => {
                    self.bound.insert(*slot);
                }
                Some(Node::Literal(_)) | None => {}
            }
            follows_ellipsis = is_choice;
        }
    }
}

fn mentions(nodes: &[Node], bound: &FxHashSet<u32>) -> bool {
    nodes.iter().any(|node| match node {
        Node::Metavariable(slot) | Node::Ellipsis { slot: Some(slot), .. } => bound.contains(slot),
        Node::Block(inner) => mentions(inner, bound),
        Node::Literal(_) | Node::Ellipsis { slot: None, .. } => false,
    })
}
