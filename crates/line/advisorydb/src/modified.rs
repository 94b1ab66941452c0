//! The list of what changed in an ecosystem, `modified_id.csv`: one line `time,id` for each record, newest first.

use std::io::{self, BufRead, Read};

/// What changed after a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// These records, newest first.
    Few {
        /// Their ids, each once.
        ids: Vec<String>,
        /// The time of the newest line; `None` for an empty list.
        newest: Option<jiff::Timestamp>,
    },
    /// More records than asked for, or a list that cannot be trusted: fetch the whole.
    Many,
}

/// Bytes of the longest line read.
const LONGEST_LINE: u64 = 512;

/// Reads the list down to `position`, and not further. More than `most` records are [`Changes::Many`], and so is a list
/// with a broken line or out of order.
///
/// # Errors
/// When the list cannot be read.
pub fn since(list: &mut dyn BufRead, position: jiff::Timestamp, most: usize) -> io::Result<Changes> {
    let mut ids: Vec<String> = Vec::new();
    let mut newest: Option<jiff::Timestamp> = None;
    let mut previous = jiff::Timestamp::MAX;
    let mut line = String::new();
    loop {
        line.clear();
        if (&mut *list).take(LONGEST_LINE).read_line(&mut line)? == 0 {
            break;
        }
        let Some((time, id)) = parse(&line) else { return Ok(Changes::Many) };
        if time > previous {
            return Ok(Changes::Many);
        }
        previous = time;
        newest = newest.or(Some(time));
        if time <= position {
            break;
        }
        if ids.len() >= most {
            return Ok(Changes::Many);
        }
        ids.push(id.to_owned());
    }
    let mut known = std::collections::HashSet::new();
    ids.retain(|id| known.insert(id.clone()));
    Ok(Changes::Few { ids, newest })
}

/// A line of the list; `None` when it is none.
fn parse(line: &str) -> Option<(jiff::Timestamp, &str)> {
    let (time, id) = line.strip_suffix('\n').unwrap_or(line).trim_end_matches('\r').split_once(',')?;
    Some((time.parse().ok()?, Some(id).filter(|id| is_id(id))?))
}

/// Whether a text can be the id of a record: it becomes part of an address and of a file's name.
pub(crate) fn is_id(id: &str) -> bool {
    const LONGEST: usize = 120;
    let fine = |letter: char| letter.is_ascii_alphanumeric() || "-_.:+".contains(letter);
    !id.is_empty() && id.len() <= LONGEST && !id.starts_with('.') && id.chars().all(fine)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: &str = "2024-05-02T00:00:00Z";

    fn check(list: &str, expected: Option<(&[&str], Option<&str>)>) {
        let position = "2024-05-01T00:00:00.5Z".parse().unwrap();
        let found = since(&mut list.as_bytes(), position, 3).unwrap();
        let expected = expected.map_or(Changes::Many, |(ids, newest)| Changes::Few {
            ids: ids.iter().map(|id| (*id).to_owned()).collect(),
            newest: newest.map(|time| time.parse().unwrap()),
        });
        assert_eq!(found, expected, "{list}");
    }

    #[test]
    fn the_list_is_read_down_to_the_position() {
        check("", Some((&[], None)));
        check("2024-05-01T00:00:00.5Z,A-1\nrubbish", Some((&[], Some("2024-05-01T00:00:00.5Z"))));
        check(
            &format!("{DAY},A-1\r\n{DAY},B:1\n{DAY},A-1\n2024-04-01T00:00:00Z,C"),
            Some((&["A-1", "B:1"], Some(DAY))),
        );
        check(&format!("{DAY},A-1"), Some((&["A-1"], Some(DAY))));
    }

    #[test]
    fn what_cannot_be_trusted_is_fetched_whole() {
        check(&format!("{DAY},A\n{DAY},B\n{DAY},C\n{DAY},D\n"), None);
        check(&format!("{DAY},A\n2024-05-03T00:00:00Z,B\n"), None);
        for id in ["", "../../x", "a/b", ".a", "a b", "ä", &"x".repeat(200)] {
            check(&format!("{DAY},{id}\n"), None);
        }
        check("yesterday,A\n", None);
        check("<html>\n", None);
        check(&"x".repeat(10_000), None);
        assert!(since(&mut &b"\xFF\xFE,A\n"[..], jiff::Timestamp::UNIX_EPOCH, 3).is_err());
    }
}
