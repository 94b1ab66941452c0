use serde::{Deserialize, Serialize};

use crate::{Format, Listing, support::text};

/// Bytes of one value that are kept.
const LENGTH: usize = 256;

/// The distribution that an `os-release` names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distribution {
    /// `ID`, lower case: `debian`, `alpine`; `linux` when it has none.
    pub id: String,
    /// `VERSION_ID`: `12`, `22.04`, `3.19.1`; absent for rolling releases.
    pub version_id: Option<String>,
    /// `VERSION_CODENAME`: `bookworm`.
    pub version_codename: Option<String>,
    /// `PRETTY_NAME`: `Debian GNU/Linux 12 (bookworm)`.
    pub pretty_name: Option<String>,
}

/// Reads an `os-release` (`os-release(5)`): assignments as a shell has them, without expansion.
pub(crate) fn os_release(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::OsRelease);
    let (text, _) = text::decode(bytes);
    let mut found = Distribution::default();
    let mut assignments = 0_usize;
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        let Some((name, value)) = line.split_once('=') else { continue };
        assignments += 1;
        let value = || Some(unquote(value)).filter(|value| !value.is_empty());
        match name {
            "ID" => found.id = value().unwrap_or_default().to_ascii_lowercase(),
            "VERSION_ID" => found.version_id = value(),
            "VERSION_CODENAME" => found.version_codename = value(),
            "PRETTY_NAME" => found.pretty_name = value(),
            _ => {}
        }
    }
    if assignments == 0 {
        listing.problem("it has no NAME=value lines, so the distribution is not known: restore the file");
        return listing;
    }
    if found.id.is_empty() {
        "linux".clone_into(&mut found.id);
    }
    listing.distribution = Some(found);
    listing
}

/// A value without its quotes; a backslash takes the meaning from the character behind it.
fn unquote(value: &str) -> String {
    let value = value.trim();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''));
    let inside = quote.and_then(|quote| value.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(value);
    let mut result = String::new();
    let mut escaped = false;
    for character in inside.chars() {
        if character == '\\' && !escaped && quote != Some('\'') {
            escaped = true;
            continue;
        }
        escaped = false;
        if character.is_control() {
            continue;
        }
        if result.len() + character.len_utf8() > LENGTH {
            break;
        }
        result.push(character);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<[&str; 4]>) {
        let listing = os_release(text.as_bytes());
        let found = listing.distribution.map(|found| {
            let or = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
            [found.id, or(found.version_id), or(found.version_codename), or(found.pretty_name)]
        });
        assert_eq!(found, expected.map(|fields| fields.map(str::to_owned)), "{text}");
        assert_eq!(listing.problems.is_empty(), expected.is_some(), "{text}");
    }

    #[test]
    fn files() {
        check(
            "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\nID=debian\n",
            Some(["debian", "12", "bookworm", "Debian GNU/Linux 12 (bookworm)"]),
        );
        check("# x\r\nID='Alpine'\r\nVERSION_ID=3.19.1\r\n", Some(["alpine", "3.19.1", "-", "-"]));
        check("ID=\"a\\\"b\\$\"\nVERSION_ID=\"\"\n", Some(["a\"b$", "-", "-", "-"]));
        check("NAME=x", Some(["linux", "-", "-", "-"]));
        check("", None);
        check("garbage\n\u{0}", None);
    }
}
