use crate::Source;

/// An address without user, password, query and fragment, any of which may hold a credential. The user `git`, who is
/// everybody, stays.
pub(crate) fn without_credentials(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    match authority.rsplit_once('@') {
        Some((user, host)) if user != "git" => format!("{scheme}://{host}{path}"),
        _ => address.to_owned(),
    }
}

/// A repository's address as package managers write it, with the commit or reference behind `#`.
pub(crate) fn git(address: &str) -> Source {
    let (url, reference) = address.split_once('#').unwrap_or((address, ""));
    let reference = reference.split('&').find_map(commit);
    let url = url.strip_prefix("git+").unwrap_or(url);
    Source::Git { url: without_credentials(url), commit: reference.map(str::to_owned) }
}

/// A commit's id, as itself or as `commit=ID`.
fn commit(part: &str) -> Option<&str> {
    let id = part.strip_prefix("commit=").unwrap_or(part);
    (id.len() >= 7 && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::{git, without_credentials};
    use crate::Source;

    #[test]
    fn credentials_are_taken_out() {
        let rows = [
            ("https://host/a.tgz", "https://host/a.tgz"),
            ("https://user:pass@host/a.tgz?token=x#y", "https://host/a.tgz"),
            ("https://a@b@host", "https://host"),
            ("ssh://git@host/x.git", "ssh://git@host/x.git"),
            ("../folder", "../folder"),
        ];
        for (address, expected) in rows {
            assert_eq!(without_credentials(address), expected);
        }
    }

    #[test]
    fn commits() {
        let rows = [
            ("git+https://host/a.git#0123456789abcdef", "https://host/a.git", Some("0123456789abcdef")),
            ("https://host/a.git#workspace=x&commit=01234567", "https://host/a.git", Some("01234567")),
            ("git://host/a.git#main", "git://host/a.git", None),
        ];
        for (address, url, commit) in rows {
            let expected = Source::Git { url: url.to_owned(), commit: commit.map(str::to_owned) };
            assert_eq!(git(address), expected);
        }
    }
}
