use std::ops::Range;

use andon_syntax::Symbols;

use crate::rule::FixRegex;

/// What a part of a text becomes when what an expression matches in it is replaced; none if it matches nothing.
pub(super) fn replaced(part: &str, fix: &FixRegex, symbols: &Symbols) -> Option<String> {
    let (hits, _) = fix.regex.all(part);
    let most = fix.count.map_or(usize::MAX, |count| count as usize);
    let mut text = String::new();
    let mut at = 0;
    for hit in hits.iter().take(most) {
        text.push_str(part.get(at..hit.span.start)?);
        text.push_str(&expanded(&fix.replacement, |number| {
            let name = format!("${number}");
            let (_, range) = hit.groups.iter().find(|(group, _)| symbols.text(*group) == name)?;
            part.get(range.clone())
        }));
        at = hit.span.end;
    }
    text.push_str(part.get(at..)?);
    (!hits.is_empty()).then_some(text)
}

/// A replacement with the groups in place of `\1`.
fn expanded<'t>(replacement: &str, group: impl Fn(&str) -> Option<&'t str>) -> String {
    let mut parts = replacement.split('\\');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        if number.is_empty() {
            text.push('\\');
        } else {
            text.push_str(group(number).unwrap_or_default());
        }
        text.push_str(rest);
    }
    text
}

/// A text with places replaced. Of those that overlap the first is taken.
pub fn apply_fixes<'f>(text: &str, fixes: impl IntoIterator<Item = (Range<usize>, &'f str)>) -> String {
    let mut fixes: Vec<_> = fixes.into_iter().collect();
    fixes.sort_by_key(|(span, _)| (span.start, span.end));
    let mut fixed = String::with_capacity(text.len());
    let mut at = 0;
    for (span, fix) in fixes {
        let Some(before) = text.get(at..span.start).filter(|_| span.start >= at) else { continue };
        fixed.push_str(before);
        fixed.push_str(fix);
        at = span.end;
    }
    fixed.push_str(text.get(at..).unwrap_or_default());
    fixed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_put_in_and_overlaps_left_out() {
        assert_eq!(expanded(r"a\1b\2", |number| Some(if number == "1" { "X" } else { "Y" })), "aXbY");
        assert_eq!(apply_fixes("abcdef", [(1..3, "X"), (2..4, "Y"), (5..6, "")]), "aXde");
    }
}
