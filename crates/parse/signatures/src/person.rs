use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A person as a commit or tag names it: its author, committer or tagger. Anyone can write any name there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name; bytes that are not UTF-8 are replaced.
    pub name: String,
    /// The e-mail address between the angle brackets.
    pub email: String,
    /// The time, as the person's machine told it; `None` if there is none or it is out of range.
    pub time: Option<Timestamp>,
}

impl Person {
    /// Reads `Name <e-mail> seconds zone`, as git does: the address ends at the last `>` that the time follows.
    pub(crate) fn parse(line: &[u8]) -> Option<Self> {
        let line = String::from_utf8_lossy(line);
        let (name, rest) = line.split_once('<')?;
        let (email, after) = rest.split_once('>')?;
        let after = after.rsplit_once('>').map_or(after, |(_, after)| after);
        let seconds = after.split_ascii_whitespace().next().and_then(|word| word.parse().ok());
        Some(Self {
            name: name.trim().to_owned(),
            email: email.trim().to_owned(),
            time: seconds.and_then(|seconds| Timestamp::from_second(seconds).ok()),
        })
    }
}

/// The e-mail address in a user id such as `Name (comment) <e-mail>`, or the whole if it is nothing but one.
pub(crate) fn email_of(identity: &str) -> Option<&str> {
    let trimmed = identity.trim();
    if let Some(inside) = trimmed.strip_suffix('>') {
        return inside.rsplit_once('<').map(|(_, email)| email.trim());
    }
    (trimmed.contains('@') && !trimmed.contains(char::is_whitespace)).then_some(trimmed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people() {
        let rows = [
            (
                "A U Thor <a@x.example> 1700000000 +0100",
                Some(("A U Thor", "a@x.example", Some(1_700_000_000))),
            ),
            (" <> 0 +0000", Some(("", "", Some(0)))),
            ("A <a@x> b> 5 +0000", Some(("A", "a@x", Some(5)))),
            ("A <a@x>", Some(("A", "a@x", None))),
            ("A <a@x> 99999999999999999 +0000", Some(("A", "a@x", None))),
            ("nobody", None),
            ("nobody <a", None),
        ];
        for (line, expected) in rows {
            let person = Person::parse(line.as_bytes());
            let seen = person
                .as_ref()
                .map(|p| (p.name.as_str(), p.email.as_str(), p.time.map(Timestamp::as_second)));
            assert_eq!(seen, expected, "{line}");
        }
    }

    #[test]
    fn addresses() {
        let rows = [
            ("A (work) <a@x>", Some("a@x")),
            ("a@x", Some("a@x")),
            ("<a@x>", Some("a@x")),
            ("A a@x", None),
            ("A", None),
            ("A <b@x> <a@x>", Some("a@x")),
        ];
        for (identity, expected) in rows {
            assert_eq!(email_of(identity), expected, "{identity}");
        }
    }
}
