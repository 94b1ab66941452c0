use super::characters::{Characters, is_blank, is_space};

/// How brackets nest in a text.
pub(super) struct Nesting<'t> {
    text: &'t [u8],
    characters: &'t Characters,
    /// Whether brackets go over the ends of lines.
    crosses_lines: bool,
    /// For each kind of brackets and each place, the first place from there on that closes one, passing over nested ones.
    closes: Vec<Vec<u32>>,
}

const NONE: u32 = u32::MAX;

impl<'t> Nesting<'t> {
    pub(super) fn new(text: &'t str, characters: &'t Characters, crosses_lines: bool) -> Self {
        let text = text.as_bytes();
        let closes = vec![vec![NONE; text.len() + 1]; characters.brackets.len()];
        let mut nesting = Self { text, characters, crosses_lines, closes };
        for at in (0..text.len()).rev() {
            nesting.fill(at);
        }
        nesting
    }

    fn fill(&mut self, at: usize) {
        let Some(byte) = self.text.get(at).copied() else { return };
        let is_end = is_space(byte) && !self.is_passed(byte);
        let next = self.bracket(at, byte).unwrap_or(at + 1);
        for (kind, (_, close)) in self.characters.brackets.iter().enumerate() {
            let Some(closes) = self.closes.get_mut(kind) else { continue };
            let found = match byte {
                _ if is_end => NONE,
                _ if byte == *close => u32::try_from(at).unwrap_or(NONE),
                _ => closes.get(next).copied().unwrap_or(NONE),
            };
            if let Some(slot) = closes.get_mut(at) {
                *slot = found;
            }
        }
    }

    fn is_passed(&self, byte: u8) -> bool {
        if self.crosses_lines { is_space(byte) } else { is_blank(byte) }
    }

    /// The place after the space that starts at a place.
    pub(super) fn after_space(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        at + rest.iter().take_while(|byte| self.is_passed(**byte)).count()
    }

    /// The place after the brackets that open at a place. As in Semgrep, brackets with nothing but space in them are none.
    fn bracket(&self, at: usize, open: u8) -> Option<usize> {
        let kind = self.characters.brackets.iter().position(|bracket| bracket.0 == open)?;
        let close = self.characters.brackets.get(kind)?.1;
        let first = *self.text.get(at + 1)?;
        if first == close {
            return Some(at + 2);
        }
        let found = *self.closes.get(kind)?.get(at + 1)?;
        if found == NONE || self.is_passed(first) && found as usize == self.after_space(at + 1) {
            return None;
        }
        Some(found as usize + 1)
    }

    /// The place after the word, the brackets or the sign that starts at a place.
    pub(super) fn node_end(&self, at: usize) -> Option<usize> {
        let byte = *self.text.get(at)?;
        if is_space(byte) {
            return None;
        }
        if self.characters.is_word(byte) {
            let is_inside = at.checked_sub(1).and_then(|before| self.text.get(before));
            let rest = self.text.get(at..)?;
            let end = at + rest.iter().take_while(|byte| self.characters.is_word(**byte)).count();
            return is_inside.is_none_or(|before| !self.characters.is_word(*before)).then_some(end);
        }
        self.bracket(at, byte).or_else(|| {
            let rest = self.text.get(at + 1..)?;
            Some(at + 1 + rest.iter().take_while(|byte| (0x80..0xC0).contains(*byte)).count())
        })
    }
}
