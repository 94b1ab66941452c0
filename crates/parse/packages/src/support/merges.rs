use std::borrow::Cow;
use std::ops::Range;

/// Takes the markers of an unresolved merge out of a text, so that both sides can be read: their lines, and the common
/// ancestor's side where there is one, become blanks, and every byte keeps its place. Where the markers that open a
/// conflict were.
pub(crate) fn blank(text: Cow<'_, str>) -> (Cow<'_, str>, Vec<Range<usize>>) {
    if !text.contains(OPENS) {
        return (text, Vec::new());
    }
    let mut found = Vec::new();
    let mut place = Place::Outside;
    let mut result = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let start = result.len();
        let content = line.trim_end_matches(['\n', '\r']);
        let next = place.after(content);
        if next == Place::Ours && place != Place::Ours {
            found.push(start..start + content.len());
        }
        if next == place && place != Place::Ancestor {
            result.push_str(line);
        } else {
            result.extend(std::iter::repeat_n(' ', content.len()));
            result.push_str(line.get(content.len()..).unwrap_or_default());
        }
        place = next;
    }
    (Cow::Owned(result), found)
}

const OPENS: &str = concat!("<<<<", "<<<");
const ANCESTOR: &str = concat!("||||", "|||");
const DIVIDES: &str = concat!("====", "===");
const CLOSES: &str = concat!(">>>>", ">>>");

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    Ours,
    Ancestor,
    Theirs,
}

impl Place {
    fn after(self, line: &str) -> Self {
        let is = |marker: &str| {
            line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        match self {
            Self::Outside if is(OPENS) => Self::Ours,
            Self::Ours if is(ANCESTOR) => Self::Ancestor,
            Self::Ours | Self::Ancestor if is(DIVIDES) => Self::Theirs,
            Self::Ours | Self::Ancestor | Self::Theirs if is(CLOSES) => Self::Outside,
            place => place,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ANCESTOR, CLOSES, DIVIDES, OPENS, blank};

    #[test]
    fn both_sides_stay_and_the_ancestor_goes() {
        let text = format!("a\n{OPENS} é\nb\n{ANCESTOR} base\nc\n{DIVIDES}\nd\r\n{CLOSES} x\r\n{DIVIDES}\ne");
        let (blanked, found) = blank(text.as_str().into());
        let kept: Vec<&str> = blanked.split_whitespace().collect();
        assert_eq!(kept, ["a", "b", "d", DIVIDES, "e"]);
        assert_eq!(blanked.len(), text.len());
        assert_eq!(blanked.find('d'), text.find('d'));
        assert_eq!((found.len(), found.first().cloned()), (1, Some(2..12)));
    }

    #[test]
    fn no_conflict_changes_nothing() {
        let text = format!("a {OPENS}\n{DIVIDES}\n");
        assert_eq!(blank(text.as_str().into()), (text.as_str().into(), vec![]));
    }
}
