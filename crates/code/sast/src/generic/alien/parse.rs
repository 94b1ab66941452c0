use super::super::{Error, Span};
use super::characters::{Characters, is_blank, is_space};

/// A part of a pattern as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'p> {
    /// `...`, and `....` if it is long; with its name if it has one, which includes the dots.
    Ellipsis {
        name: Option<String>,
        is_long: bool,
    },
    /// `$X`.
    Metavariable(&'p str),
    Word(&'p str),
    Open(u8, u8),
    Close(u8),
    /// The end of a line, where that counts.
    Newline,
    Other(&'p str),
}

/// Most tokens of a pattern.
const MOST: usize = 4096;

/// The tokens of a pattern.
pub(super) fn tokens<'p>(text: &'p str, characters: &Characters) -> Result<Vec<Token<'p>>, Error> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let byte = u8::try_from(first).unwrap_or(u8::MAX);
        let is_passed = if characters.is_multi_line { is_space(byte) } else { is_blank(byte) };
        let length = if is_passed && first.is_ascii() {
            1
        } else {
            let (token, length) = token(rest, first, characters);
            tokens.push(token);
            length
        };
        rest = rest.get(length..).unwrap_or_default();
        if tokens.len() > MOST {
            return Err(Error::TooLarge("it has more than 4096 words and signs"));
        }
    }
    Ok(tokens)
}

fn token<'p>(rest: &'p str, first: char, characters: &Characters) -> (Token<'p>, usize) {
    let (dots, name) = rest.strip_prefix('$').map_or((rest, None), |after| (after, Some(after)));
    let count = dots.bytes().take(4).take_while(|dot| *dot == b'.').count();
    let is_long = count == 4;
    if let Some(after) = name
        && matches!(count, 0 | 3 | 4)
        && let Some(length) = after.get(count..).and_then(name_length)
    {
        let end = 1 + count + length;
        let written = rest.get(..end).unwrap_or_default();
        let short = || format!("$...{}", written.get(1 + count..).unwrap_or_default());
        let token = match count {
            0 => Token::Metavariable(written),
            _ => Token::Ellipsis { name: Some(short()), is_long },
        };
        return (token, end);
    }
    if name.is_none() && count >= 3 {
        return (Token::Ellipsis { name: None, is_long }, count);
    }
    let word = rest.bytes().take_while(|byte| characters.is_word(*byte)).count();
    if word > 0 {
        return (Token::Word(rest.get(..word).unwrap_or_default()), word);
    }
    if let Some(line) = ["\n", "\r\n"].into_iter().find(|line| rest.starts_with(line)) {
        return (Token::Newline, line.len());
    }
    let byte = u8::try_from(first).ok().filter(u8::is_ascii);
    if let Some(open) = byte
        && let Some(close) = characters.close_of(open)
    {
        return (Token::Open(open, close), 1);
    }
    match byte.filter(|byte| characters.is_close(*byte)) {
        Some(close) => (Token::Close(close), 1),
        None => (Token::Other(rest.get(..first.len_utf8()).unwrap_or_default()), first.len_utf8()),
    }
}

fn name_length(rest: &str) -> Option<usize> {
    let is_name = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    rest.starts_with(|first: char| first.is_ascii_uppercase())
        .then(|| rest.bytes().take_while(is_name).count())
}

/// For each token that opens a bracket, the one that closes it.
pub(super) fn pairs(tokens: &[Token<'_>]) -> Vec<Option<usize>> {
    let mut pairs: Vec<Option<usize>> = vec![None; tokens.len()];
    for open in (0..tokens.len()).rev() {
        let Some(Token::Open(_, wanted)) = tokens.get(open) else { continue };
        let mut at = open + 1;
        let close = loop {
            at = match tokens.get(at) {
                None => break None,
                Some(Token::Close(byte) | Token::Open(byte, _)) if byte == wanted => break Some(at),
                Some(_) => pairs.get(at).copied().flatten().unwrap_or(at) + 1,
            };
        };
        if let Some(slot) = pairs.get_mut(open) {
            *slot = close;
        }
    }
    pairs
}

/// A span of two places.
pub(super) fn span(start: usize, end: usize) -> Span {
    let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { start: clamp(start), end: clamp(end) }
}
