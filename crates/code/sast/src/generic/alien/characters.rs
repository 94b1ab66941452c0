use super::super::Error;
use crate::rule::Options;

/// What characters are to a pattern and to the texts that it is compared with.
#[derive(Clone, Debug)]
pub(super) struct Characters {
    /// Those of words, by their codes.
    words: [bool; 128],
    /// Pairs of brackets. No character opens or closes two kinds.
    pub(super) brackets: Vec<(u8, u8)>,
    pub(super) is_caseless: bool,
    /// Whether the end of a line is a space like others.
    pub(super) is_multi_line: bool,
}

impl Characters {
    pub(super) fn new(options: &Options) -> Result<Self, Error> {
        let mut words: [bool; 128] = std::array::from_fn(|code| {
            u8::try_from(code).is_ok_and(|code| code.is_ascii_alphanumeric() || code == b'_')
        });
        for extra in &options.generic_extra_word_characters {
            if let Some(slot) = words.get_mut(usize::from(single(extra)?)) {
                *slot = true;
            }
        }
        let mut brackets = match &options.generic_braces {
            Some(pairs) => pairs.iter().map(pair).collect::<Result<_, _>>()?,
            None => vec![(b'(', b')'), (b'[', b']'), (b'{', b'}')],
        };
        for extra in &options.generic_extra_braces {
            brackets.push(pair(extra)?);
        }
        let characters = Self {
            words,
            brackets,
            is_caseless: options.generic_caseless,
            is_multi_line: options.generic_multiline,
        };
        characters.check()?;
        Ok(characters)
    }

    fn check(&self) -> Result<(), Error> {
        for (at, (open, close)) in self.brackets.iter().enumerate() {
            if let Some(bracket) = [*open, *close].into_iter().find(|bracket| self.is_word(*bracket)) {
                let bracket = char::from(bracket);
                return Err(Error::Option(format!("`{bracket}` cannot be both a bracket and part of words")));
            }
            if self.brackets.iter().take(at).any(|other| other.0 == *open || other.1 == *close) {
                let (open, close) = (char::from(*open), char::from(*close));
                return Err(Error::Option(format!("`{open}` or `{close}` belongs to two kinds of brackets")));
            }
        }
        Ok(())
    }

    pub(super) fn is_word(&self, byte: u8) -> bool {
        self.words.get(usize::from(byte)).is_some_and(|is_word| *is_word)
    }

    /// What closes a bracket.
    pub(super) fn close_of(&self, open: u8) -> Option<u8> {
        self.brackets.iter().find(|bracket| bracket.0 == open).map(|bracket| bracket.1)
    }

    pub(super) fn is_close(&self, byte: u8) -> bool {
        self.brackets.iter().any(|bracket| bracket.1 == byte)
    }
}

/// Any space.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// A space inside a line.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn pair((open, close): &(String, String)) -> Result<(u8, u8), Error> {
    Ok((single(open)?, single(close)?))
}

fn single(text: &str) -> Result<u8, Error> {
    match text.as_bytes() {
        [byte] => Ok(*byte),
        _ => Err(Error::Option(format!("`{text}` must be one ASCII character"))),
    }
}
