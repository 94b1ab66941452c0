use andon_model::Scope;
use andon_purl::Purl;

/// Whether this can be a group or an artifact id, as Maven's own validation of ids has it.
pub(super) fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 256
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

/// A text of a file as a message quotes it: short and without control characters.
pub(super) fn shown(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(80).collect()
}

/// A Maven artifact without a version.
pub(super) fn maven(group: &str, artifact: &str) -> Purl {
    Purl::new("maven", artifact).with_namespace(group)
}

/// What Maven makes of the text of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// Exactly this one: `1.2`, which others may overrule, or `[1.2]`, which nothing does.
    Pinned(String),
    /// A range, or a word for the newest.
    Open(String),
}

impl Version {
    /// Reads a version or a range: `[1,2)`, `(,1],[3,)`, `LATEST`, `RELEASE`.
    pub(super) fn read(text: &str) -> Option<Self> {
        if text.is_empty() || text.len() > 256 || text.contains("${") || text.contains(char::is_control) {
            return None;
        }
        if matches!(text, "LATEST" | "RELEASE") {
            return Some(Self::Open(text.to_owned()));
        }
        if !text.starts_with(['[', '(']) {
            return Some(Self::Pinned(text.to_owned()));
        }
        let single = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match single.map(str::trim).filter(|version| !version.contains([',', '[', ']', '(', ')'])) {
            Some("") => None,
            Some(version) => Some(Self::Pinned(version.to_owned())),
            None => Some(Self::Open(text.to_owned())),
        }
    }
}

/// What a dependency of this Maven scope is needed for. `provided` and `system` are there when the program runs,
/// whoever puts them there.
pub(super) fn scope(maven: &str, optional: bool) -> Scope {
    match (maven, optional) {
        ("test", _) => Scope::Development,
        (_, true) => Scope::Optional,
        _ => Scope::Runtime,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        let pinned = |version: &str| Some(Version::Pinned(version.to_owned()));
        let open = |version: &str| Some(Version::Open(version.to_owned()));
        let rows = [
            ("1.2", pinned("1.2")),
            ("1.2-SNAPSHOT", pinned("1.2-SNAPSHOT")),
            ("[1.2]", pinned("1.2")),
            ("[ 1.2 ]", pinned("1.2")),
            ("[1,2)", open("[1,2)")),
            ("(,1],[3,)", open("(,1],[3,)")),
            ("[1],[2]", open("[1],[2]")),
            ("LATEST", open("LATEST")),
            ("RELEASE", open("RELEASE")),
            ("[1", open("[1")),
            ("[]", None),
            ("", None),
            ("1\n2", None),
            ("${x}", None),
        ];
        for (text, expected) in rows {
            assert_eq!(Version::read(text), expected, "{text}");
        }
    }

    #[test]
    fn scopes() {
        let rows = [
            ("compile", false, Scope::Runtime),
            ("runtime", false, Scope::Runtime),
            ("provided", false, Scope::Runtime),
            ("system", false, Scope::Runtime),
            ("test", false, Scope::Development),
            ("test", true, Scope::Development),
            ("compile", true, Scope::Optional),
        ];
        for (name, optional, expected) in rows {
            assert_eq!(scope(name, optional), expected, "{name} {optional}");
        }
    }
}
