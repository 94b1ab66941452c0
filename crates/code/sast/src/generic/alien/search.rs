use super::super::{Found, MOST_MATCHES, steps};
use super::matcher::Matcher;
use super::parse::span;
use super::pattern::{Element, Pattern};

/// Where a pattern matches, without overlap, and whether that is all.
pub(in super::super) fn search(pattern: &Pattern, text: &str) -> (Vec<Found>, bool) {
    let mut found = Vec::new();
    if !may_match(pattern, text) {
        return (found, true);
    }
    let mut matcher = Matcher::new(pattern, text, steps(text));
    let mut next = Some(0);
    while let Some(start) = next.and_then(|at| candidate(pattern, text, at)) {
        if found.len() >= MOST_MATCHES {
            return (found, false);
        }
        let end = matcher.from(start);
        if matcher.steps == 0 {
            return (found, false);
        }
        if let Some(end) = end {
            found.push(Found { span: span(start, end), slots: matcher.slots() });
        }
        let after = end.filter(|end| *end > start).unwrap_or(start + 1);
        next = (after <= text.len()).then_some(after);
    }
    (found, true)
}

/// Parts of a pattern that are looked for in the whole text before it is compared.
const LOOKED_FOR: usize = 16;

/// Whether what the pattern says is somewhere in the text.
fn may_match(pattern: &Pattern, text: &str) -> bool {
    pattern.characters.is_caseless
        || pattern.elements.iter().take(LOOKED_FOR).all(|element| match element {
            Element::Word(said) | Element::Sign(said) => text.contains(&**said),
            _ => true,
        })
}

/// The first place from one on where the pattern may start.
fn candidate(pattern: &Pattern, text: &str, from: usize) -> Option<usize> {
    let from = (from..=text.len()).find(|at| text.is_char_boundary(*at))?;
    let rest = text.get(from..)?;
    match pattern.elements.first()? {
        Element::Start => (from == 0).then_some(from),
        Element::LineStart if from == 0 => Some(from),
        Element::LineStart => {
            let line = text.as_bytes().get(from - 1..)?.iter().position(|byte| *byte == b'\n')?;
            Some(from + line)
        }
        Element::Word(said) | Element::Sign(said) if !pattern.characters.is_caseless => {
            rest.find(&**said).map(|at| from + at)
        }
        Element::Metavariable(_) => {
            rest.bytes().position(|byte| pattern.characters.is_word(byte)).map(|at| from + at)
        }
        _ => Some(from),
    }
}
