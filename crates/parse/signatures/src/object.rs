use std::borrow::Cow;

use jiff::Timestamp;

use crate::person::Person;

/// What begins a signature in the text of a tag.
const BEGINNINGS: [&[u8]; 4] = [
    b"-----BEGIN PGP SIGNATURE-----",
    b"-----BEGIN PGP MESSAGE-----",
    b"-----BEGIN SIGNED MESSAGE-----",
    b"-----BEGIN SSH SIGNATURE-----",
];

/// Which kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ObjectKind {
    /// A commit, signed in a header.
    Commit,
    /// An annotated tag, signed at the end of its text.
    Tag,
}

/// A git commit or tag, taken apart into what was signed and the signature, exactly as git does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedObject<'a> {
    /// Commit or tag.
    pub kind: ObjectKind,
    /// What the signature is over.
    pub payload: Cow<'a, [u8]>,
    /// The armored signature, the contents of several headers one after the other; `None` if there is none.
    pub signature: Option<Vec<u8>>,
    /// The author of a commit.
    pub author: Option<Person>,
    /// The committer of a commit, the tagger of a tag.
    pub committer: Option<Person>,
}

impl<'a> SignedObject<'a> {
    /// Takes apart the bytes of an object, without git's own header (`commit 123\0`). Never fails: what has no
    /// signature is unsigned.
    pub fn parse(object: &'a [u8]) -> Self {
        let is_tag = object.starts_with(b"object ");
        let (payload, signature) = if is_tag { split_tag(object) } else { split_commit(object) };
        Self {
            kind: if is_tag { ObjectKind::Tag } else { ObjectKind::Commit },
            author: header(&payload, b"author ").and_then(Person::parse),
            committer: header(&payload, if is_tag { b"tagger " } else { b"committer " })
                .and_then(Person::parse),
            payload,
            signature,
        }
    }

    /// When the committer or tagger says the object was made. Anyone can write any time there.
    pub fn time(&self) -> Option<Timestamp> {
        self.committer.as_ref().and_then(|person| person.time)
    }
}

fn split_commit(object: &[u8]) -> (Cow<'_, [u8]>, Option<Vec<u8>>) {
    let own = own_header(object);
    let mut payload = Vec::with_capacity(object.len());
    let mut signature: Option<Vec<u8>> = None;
    let (mut in_signature, mut in_other) = (false, false);
    let mut rest = object;
    while !rest.is_empty() {
        let (line, after) = first_line(rest);
        let continued = if in_signature { line.strip_prefix(b" ") } else { None };
        let begins = || line.strip_prefix(own)?.strip_prefix(b" ");
        if let Some(part) = continued.or_else(begins) {
            signature.get_or_insert_default().extend_from_slice(part);
            (in_signature, in_other) = (true, false);
            rest = after;
            continue;
        }
        in_signature = false;
        if line.starts_with(b"gpgsig") {
            in_other = true;
        } else if !line.starts_with(b" ") {
            in_other = false;
        }
        let text_begins = line == b"\n";
        if !in_other {
            payload.extend_from_slice(if text_begins { rest } else { line });
        }
        rest = if text_begins { &[] } else { after };
    }
    if signature.is_none() && payload.len() == object.len() {
        return (Cow::Borrowed(object), None);
    }
    (Cow::Owned(payload), signature)
}

fn split_tag(object: &[u8]) -> (Cow<'_, [u8]>, Option<Vec<u8>>) {
    let mut start = None;
    let mut rest = object;
    while !rest.is_empty() {
        if BEGINNINGS.iter().any(|beginning| rest.starts_with(beginning)) {
            start = Some(object.len() - rest.len());
        }
        rest = first_line(rest).1;
    }
    let Some((payload, signature)) = start.and_then(|start| object.split_at_checked(start)) else {
        return (Cow::Borrowed(object), None);
    };
    (without_header(payload), Some(signature.to_vec()))
}

/// Without the header that holds the signature for the other of git's hashes.
fn without_header(payload: &[u8]) -> Cow<'_, [u8]> {
    let mut kept = Vec::new();
    let mut inside = false;
    let mut found = false;
    let mut rest = payload;
    while !rest.is_empty() {
        let (line, after) = first_line(rest);
        inside = line.starts_with(b"gpgsig-sha256 ") || inside && line.starts_with(b" ");
        found |= inside;
        if line == b"\n" {
            kept.extend_from_slice(rest);
            break;
        }
        if !inside {
            kept.extend_from_slice(line);
        }
        rest = after;
    }
    if found { Cow::Owned(kept) } else { Cow::Borrowed(payload) }
}

/// The header with the signature: git's second hash has its own, and the ids in an object tell which it is.
fn own_header(object: &[u8]) -> &'static [u8] {
    let tree = header(object, b"tree ").unwrap_or_default();
    if tree.len() == 64 { b"gpgsig-sha256" } else { b"gpgsig" }
}

/// The first header of this name, without its line end.
fn header<'b>(object: &'b [u8], name: &[u8]) -> Option<&'b [u8]> {
    let mut rest = object;
    while !rest.is_empty() {
        let (line, after) = first_line(rest);
        if line == b"\n" {
            return None;
        }
        if let Some(value) = line.strip_prefix(name) {
            return Some(value.strip_suffix(b"\n").unwrap_or(value));
        }
        rest = after;
    }
    None
}

/// The first line with its line end, and what follows.
fn first_line(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|&byte| byte == b'\n').map_or(text.len(), |at| at + 1);
    text.split_at_checked(end).unwrap_or((text, &[]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(object: &str, payload: &str, signature: Option<&str>) {
        let parsed = SignedObject::parse(object.as_bytes());
        assert_eq!(String::from_utf8_lossy(&parsed.payload), payload, "{object}");
        let seen = parsed.signature.as_deref().map(String::from_utf8_lossy);
        assert_eq!(seen.as_deref(), signature, "{object}");
    }

    #[test]
    fn commits() {
        let sha256 = format!("tree {}\n", "0".repeat(64));
        let rows = [
            ("tree 1\n\ntext\n", "tree 1\n\ntext\n", None),
            (
                "tree 1\ngpgsig A\n B\n \n C\nencoding x\n\nt\n",
                "tree 1\nencoding x\n\nt\n",
                Some("A\nB\n\nC\n"),
            ),
            ("tree 1\ngpgsig A\nx y\ngpgsig B\n C\n\nt", "tree 1\nx y\n\nt", Some("A\nB\nC\n")),
            ("tree 1\ngpgsig-sha256 A\n B\n\nt\n", "tree 1\n\nt\n", None),
            ("tree 1\ngpgsig-sha256 A\n B\ngpgsig C\n D\n\nt\n", "tree 1\n\nt\n", Some("C\nD\n")),
            (
                "tree 1\nmergetag object 2\n gpgsig X\n Y\n\nt\n",
                "tree 1\nmergetag object 2\n gpgsig X\n Y\n\nt\n",
                None,
            ),
            ("tree 1\n\ngpgsig A\n B\n", "tree 1\n\ngpgsig A\n B\n", None),
            ("tree 1\ngpgsig A\n B", "tree 1\n", Some("A\nB")),
            ("tree 1\ngpgsignature A\n B\n\nt\n", "tree 1\n\nt\n", None),
            ("", "", None),
        ];
        for (object, payload, signature) in rows {
            check(object, payload, signature);
        }
        check(
            &format!("{sha256}gpgsig A\ngpgsig-sha256 B\n C\n\nt\n"),
            &format!("{sha256}\nt\n"),
            Some("B\nC\n"),
        );
    }

    #[test]
    fn tags() {
        let mark = "-----BEGIN SSH SIGNATURE-----";
        check("object 1\ntag v1\n\nt\n", "object 1\ntag v1\n\nt\n", None);
        check(&format!("object 1\n\nt\n{mark}\nA\n"), "object 1\n\nt\n", Some(&format!("{mark}\nA\n")));
        check(
            &format!("object 1\ngpgsig-sha256 A\n B\n\n{mark}\nt\n{mark}\nA\n"),
            &format!("object 1\n\n{mark}\nt\n"),
            Some(&format!("{mark}\nA\n")),
        );
    }
}
