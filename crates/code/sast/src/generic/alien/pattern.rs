use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{Error, Names};
use super::characters::Characters;
use super::parse::{Token, pairs, tokens};
use crate::rule::Options;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(in super::super) struct Pattern {
    pub(super) characters: Characters,
    /// Its parts. Between any two may be space.
    pub(super) elements: Vec<Element>,
    /// How many metavariables it has.
    pub(super) slots: usize,
}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// A whole word.
    Word(Box<str>),
    /// Any word.
    Metavariable(u32),
    /// The word that a metavariable stands for.
    Same(u32),
    /// A sign.
    Sign(Box<str>),
    /// The end of a line.
    Newline,
    /// Words, signs and what is between brackets.
    Ellipsis {
        slot: Option<u32>,
        /// Whether it goes over the ends of lines.
        is_long: bool,
        /// What closes the brackets that the pattern has around it, which it does not go over.
        close: Option<u8>,
        /// Whether failing after it does not depend on what metavariables stand for.
        is_free: bool,
    },
    /// What an ellipsis with a name stands for.
    SameEllipsis(u32),
    /// The start of the text.
    Start,
    /// The end of the text.
    End,
    /// The start of a line.
    LineStart,
    /// The end of a line, before what ends it.
    LineEnd,
}

/// Most ellipses of a pattern.
const MOST_ELLIPSES: usize = 400;

impl Pattern {
    pub(in super::super) fn compile(text: &str, options: &Options, names: &mut Names) -> Result<Self, Error> {
        let characters = Characters::new(options)?;
        let tokens = tokens(text, &characters)?;
        if tokens.is_empty() {
            return Err(Error::Empty);
        }
        if tokens.iter().filter(|token| matches!(token, Token::Ellipsis { .. })).count() > MOST_ELLIPSES {
            return Err(Error::TooLarge("it has more than 400 ellipses"));
        }
        check_names(&tokens)?;
        let mut builder =
            Builder { characters: &characters, names, elements: Vec::new(), bound: FxHashSet::default() };
        builder.all(&tokens);
        let mut elements = builder.elements;
        free(&mut elements);
        Ok(Self { characters, elements, slots: names.0.len() })
    }
}

/// A name must be used for the same kind of thing everywhere.
fn check_names(tokens: &[Token<'_>]) -> Result<(), Error> {
    let mut known = FxHashMap::default();
    for token in tokens {
        let (name, kind) = match token {
            Token::Metavariable(name) => (name.trim_start_matches('$'), 0),
            Token::Ellipsis { name: Some(name), is_long } => {
                (name.trim_start_matches(['$', '.']), 1 + u8::from(*is_long))
            }
            _ => continue,
        };
        if *known.entry(name).or_insert(kind) != kind {
            return Err(Error::Inconsistent(format!("${name}")));
        }
    }
    Ok(())
}

struct Builder<'p> {
    characters: &'p Characters,
    names: &'p mut Names,
    elements: Vec<Element>,
    bound: FxHashSet<u32>,
}

impl Builder<'_> {
    fn all(&mut self, tokens: &[Token<'_>]) {
        let pairs = pairs(tokens);
        let mut inside: Vec<(usize, u8)> = Vec::new();
        let is_break = |token: Option<&Token<'_>>| matches!(token, None | Some(Token::Newline));
        for (at, token) in tokens.iter().enumerate() {
            let previous = at.checked_sub(1).and_then(|before| tokens.get(before));
            let next = tokens.get(at + 1);
            let closes = inside.pop_if(|(close, _)| *close == at).is_some();
            match token {
                Token::Ellipsis { name, is_long } => {
                    let crosses = *is_long || self.characters.is_multi_line;
                    match (crosses, previous) {
                        (true, None) => self.elements.push(Element::Start),
                        (false, before) if is_break(before) => self.elements.push(Element::LineStart),
                        _ => {}
                    }
                    self.ellipsis(name.as_ref(), crosses, inside.last().map(|(_, close)| *close));
                    match (crosses, next) {
                        (true, None) => self.elements.push(Element::End),
                        (false, after) if is_break(after) => self.elements.push(Element::LineEnd),
                        _ => {}
                    }
                }
                Token::Metavariable(name) => {
                    let slot = self.names.slot((*name).to_owned());
                    let is_new = self.bound.insert(slot);
                    self.elements.push(if is_new {
                        Element::Metavariable(slot)
                    } else {
                        Element::Same(slot)
                    });
                }
                Token::Word(word) => self.elements.push(Element::Word((*word).into())),
                Token::Newline => self.elements.push(Element::Newline),
                Token::Other(sign) => self.elements.push(Element::Sign((*sign).into())),
                Token::Open(byte, _) | Token::Close(byte) => {
                    self.elements.push(Element::Sign(char::from(*byte).to_string().into()));
                }
            }
            if let (Token::Open(_, close), false, Some(end)) =
                (token, closes, pairs.get(at).copied().flatten())
            {
                inside.push((end, *close));
            }
        }
    }

    fn ellipsis(&mut self, name: Option<&String>, is_long: bool, close: Option<u8>) {
        let slot = name.map(|name| self.names.slot(name.clone()));
        self.elements.push(match slot.filter(|slot| !self.bound.insert(*slot)) {
            Some(slot) => Element::SameEllipsis(slot),
            None => Element::Ellipsis { slot, is_long, close, is_free: false },
        });
    }
}

/// Finds the ellipses after which nothing refers back to them or to what is before them.
fn free(elements: &mut [Element]) {
    let mut bound_at: FxHashMap<u32, usize> = FxHashMap::default();
    for (at, element) in elements.iter().enumerate() {
        if let Element::Metavariable(slot) | Element::Ellipsis { slot: Some(slot), .. } = element {
            bound_at.insert(*slot, at);
        }
    }
    let mut earliest = usize::MAX;
    for (at, element) in elements.iter_mut().enumerate().rev() {
        match element {
            Element::Same(slot) | Element::SameEllipsis(slot) => {
                earliest = earliest.min(bound_at.get(slot).copied().unwrap_or(0));
            }
            Element::Ellipsis { is_free, .. } => *is_free = earliest > at,
            _ => {}
        }
    }
}
