use std::cell::OnceCell;

use super::super::Span;
use super::nesting::Nesting;
use super::parse::span;
use super::pattern::{Element, Pattern};

/// Compares a pattern with a text.
pub(super) struct Matcher<'a> {
    pattern: &'a Pattern,
    text: &'a str,
    /// Steps that are left.
    pub(super) steps: u64,
    /// What the metavariables stand for.
    slots: Vec<Option<Span>>,
    /// How brackets nest in lines, and over lines.
    nestings: [OnceCell<Nesting<'a>>; 2],
    /// For each element, the places from which an ellipsis is known to fail, one a bit.
    failed: Vec<Vec<u64>>,
}

/// An ellipsis that is being matched.
#[derive(Clone, Copy)]
struct Ellipsis {
    /// Its number among the elements.
    element: usize,
    slot: Option<u32>,
    close: Option<u8>,
    is_free: bool,
    crosses_lines: bool,
    /// Where it starts.
    start: usize,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(pattern: &'a Pattern, text: &'a str, steps: u64) -> Self {
        let failed = vec![Vec::new(); pattern.elements.len()];
        Self { pattern, text, steps, slots: Vec::new(), nestings: Default::default(), failed }
    }

    /// Where a match ends that starts at a place.
    pub(super) fn from(&mut self, at: usize) -> Option<usize> {
        self.slots.clear();
        self.slots.resize(self.pattern.slots, None);
        self.elements(0, at)
    }

    /// What the metavariables stand for after a match.
    pub(super) fn slots(&self) -> Vec<Option<Span>> {
        self.slots.clone()
    }

    /// Matches from an element on. Calls itself once for each ellipsis, which are few.
    fn elements(&mut self, from: usize, mut at: usize) -> Option<usize> {
        let pattern = self.pattern;
        for (number, element) in pattern.elements.iter().enumerate().skip(from) {
            if number > 0 {
                let after = self.nesting(pattern.characters.is_multi_line).after_space(at);
                self.spend(after - at)?;
                at = after;
            }
            let end = match element {
                Element::Ellipsis { slot, is_long, close, is_free } => {
                    let ellipsis = Ellipsis {
                        element: number,
                        slot: *slot,
                        close: *close,
                        is_free: *is_free,
                        crosses_lines: *is_long,
                        start: at,
                    };
                    return self.ellipsis(ellipsis);
                }
                Element::Metavariable(slot) => {
                    let end = self.word_end(at)?;
                    self.bind(Some(*slot), at, end);
                    end
                }
                Element::Word(word) => self.whole(word, at)?,
                Element::Same(slot) => self.whole(self.bound(*slot)?, at)?,
                Element::Sign(sign) => self.literal(sign, at)?,
                Element::SameEllipsis(slot) => self.same_ellipsis(*slot, at)?,
                Element::Newline => self.newline(at)?,
                Element::Start => (at == 0).then_some(at)?,
                Element::End => (at == self.text.len()).then_some(at)?,
                Element::LineStart => (at == 0 || self.byte(at - 1) == Some(b'\n')).then_some(at)?,
                Element::LineEnd => (at == self.text.len() || self.newline(at).is_some()).then_some(at)?,
            };
            self.spend(end - at)?;
            at = end;
        }
        Some(at)
    }

    /// Takes steps for a part of the text of this length.
    fn spend(&mut self, length: usize) -> Option<()> {
        self.steps = self.steps.saturating_sub(1 + length as u64 / 16);
        (self.steps > 0).then_some(())
    }

    /// Matches an ellipsis, as short as possible, and what follows.
    fn ellipsis(&mut self, ellipsis: Ellipsis) -> Option<usize> {
        let found = self.extended(ellipsis, ellipsis.start);
        if found.is_some() || self.pattern.characters.is_multi_line || !ellipsis.crosses_lines {
            return found;
        }
        // Between lines that count, a long one may also start at the end of a line.
        if self.byte(ellipsis.start) != Some(b'\n') {
            return None;
        }
        let from = self.nesting(true).after_space(ellipsis.start);
        self.extended(ellipsis, from)
    }

    /// Matches what follows an ellipsis after ever more of the text.
    fn extended(&mut self, ellipsis: Ellipsis, from: usize) -> Option<usize> {
        let mut at = from;
        let mut is_first = true;
        loop {
            if ellipsis.is_free && self.has_failed(ellipsis.element, at) {
                return None;
            }
            self.bind(ellipsis.slot, ellipsis.start, at);
            if let Some(end) = self.elements(ellipsis.element + 1, at) {
                return Some(end);
            }
            let nesting = self.nesting(ellipsis.crosses_lines);
            let next = if is_first { at } else { nesting.after_space(at) };
            let node = nesting.node_end(next);
            let is_closed = ellipsis.close.is_some() && self.byte(next) == ellipsis.close;
            // The first may not stand after space, so that its start is another state than the same place later.
            if ellipsis.is_free && !is_first {
                self.fail(ellipsis.element, at);
            }
            let end = node.filter(|_| !is_closed)?;
            // Brackets are stepped over at once.
            let is_word = self.byte(next).is_some_and(|byte| self.pattern.characters.is_word(byte));
            self.spend(if is_word { end - at } else { next - at })?;
            at = end;
            is_first = false;
        }
    }

    fn has_failed(&self, element: usize, at: usize) -> bool {
        let word = self.failed.get(element).and_then(|bits| bits.get(at / 64));
        word.is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    fn fail(&mut self, element: usize, at: usize) {
        let length = self.text.len() / 64 + 1;
        let Some(bits) = self.failed.get_mut(element).filter(|_| self.steps > 0) else { return };
        bits.resize(length, 0);
        if let Some(word) = bits.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    fn nesting(&self, crosses_lines: bool) -> &Nesting<'a> {
        let [in_lines, over_lines] = &self.nestings;
        let cell = if crosses_lines { over_lines } else { in_lines };
        cell.get_or_init(|| Nesting::new(self.text, &self.pattern.characters, crosses_lines))
    }

    fn bind(&mut self, slot: Option<u32>, start: usize, end: usize) {
        if let Some(slot) = slot.and_then(|slot| self.slots.get_mut(slot as usize)) {
            *slot = Some(span(start, end));
        }
    }

    fn bound(&self, slot: u32) -> Option<&'a str> {
        let span = (*self.slots.get(slot as usize)?)?;
        Some(span.of(self.text))
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// Whether a place has a character of words on both sides.
    fn is_in_word(&self, at: usize) -> bool {
        let is_word = |byte: Option<u8>| byte.is_some_and(|byte| self.pattern.characters.is_word(byte));
        is_word(self.byte(at)) && is_word(at.checked_sub(1).and_then(|before| self.byte(before)))
    }

    fn word_end(&self, at: usize) -> Option<usize> {
        if self.is_in_word(at) {
            return None;
        }
        let is_word = |byte: &&u8| self.pattern.characters.is_word(**byte);
        let length = self.text.as_bytes().get(at..)?.iter().take_while(is_word).count();
        (length > 0).then_some(at + length)
    }

    /// The place after a word that is whole here.
    fn whole(&self, word: &str, at: usize) -> Option<usize> {
        let end = self.literal(word, at)?;
        (!self.is_in_word(at) && !self.is_in_word(end)).then_some(end)
    }

    fn same_ellipsis(&mut self, slot: u32, at: usize) -> Option<usize> {
        let bound = self.bound(slot)?;
        self.spend(bound.len())?;
        let end = self.literal(bound, at)?;
        (!self.is_in_word(at) && !self.is_in_word(end)).then_some(end)
    }

    fn literal(&self, wanted: &str, at: usize) -> Option<usize> {
        let end = at.checked_add(wanted.len())?;
        let found = self.text.as_bytes().get(at..end)?;
        let is_same = if self.pattern.characters.is_caseless {
            found.eq_ignore_ascii_case(wanted.as_bytes())
        } else {
            found == wanted.as_bytes()
        };
        is_same.then_some(end)
    }

    fn newline(&self, at: usize) -> Option<usize> {
        match (self.byte(at)?, self.byte(at + 1)) {
            (b'\n', _) => Some(at + 1),
            (b'\r', Some(b'\n')) => Some(at + 2),
            _ => None,
        }
    }
}
