//! What a registry answers to a stranger: the header `WWW-Authenticate` (RFC 9110, section 11.6.1).

/// How to be let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// With a token that somebody else gives (RFC 6750).
    Bearer {
        /// Who gives it.
        realm: String,
        /// For which service.
        service: String,
        /// What it must allow; empty when the registry does not say.
        scope: String,
    },
    /// With a user and a password (RFC 7617).
    Basic,
}

/// Reads the header; a token is preferred. `None` when it asks for neither.
pub(crate) fn parse(header: &str) -> Option<Challenge> {
    let mut best = None;
    for (scheme, parameters) in schemes(header) {
        let get = |name: &str| {
            let found = parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        if scheme.eq_ignore_ascii_case("bearer") && !get("realm").is_empty() {
            return Some(Challenge::Bearer {
                realm: get("realm"),
                service: get("service"),
                scope: get("scope"),
            });
        }
        if scheme.eq_ignore_ascii_case("basic") {
            best = Some(Challenge::Basic);
        }
    }
    best
}

type Scheme = (String, Vec<(String, String)>);

/// The schemes of the header with their parameters. What is not understood is skipped.
fn schemes(header: &str) -> Vec<Scheme> {
    let mut found: Vec<Scheme> = Vec::new();
    let mut rest = header;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let end = rest.find([' ', '\t', ',', '=', '"']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if word.is_empty() && after.is_empty() {
            return found;
        }
        match after.trim_start_matches([' ', '\t']).strip_prefix('=') {
            Some(value) => {
                let (value, after) = value_of(value.trim_start_matches([' ', '\t']));
                if let Some((_, parameters)) = found.last_mut() {
                    parameters.push((word.to_owned(), value));
                }
                rest = after;
            }
            None => {
                if !word.is_empty() {
                    found.push((word.to_owned(), Vec::new()));
                }
                // A quote that begins nothing would stay for ever.
                rest = after.strip_prefix('"').unwrap_or(after);
            }
        }
    }
}

/// A token or a quoted string, and what follows.
fn value_of(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, rest) = text.split_at(text.find([' ', '\t', ',']).unwrap_or(text.len()));
        return (value.to_owned(), rest);
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (value, quoted.get(at + 1..).unwrap_or_default()),
            '\\' => value.extend(letters.next().map(|(_, letter)| letter)),
            _ => value.push(letter),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, expected: Option<(&str, &str, &str)>) {
        let expected = expected.map(|(realm, service, scope)| Challenge::Bearer {
            realm: realm.to_owned(),
            service: service.to_owned(),
            scope: scope.to_owned(),
        });
        assert_eq!(parse(header), expected, "{header}");
    }

    #[test]
    fn bearer_is_preferred_and_quotes_are_understood() {
        check(
            r#"Bearer realm="https://a.example/token",service="r",scope="repository:a:pull,push""#,
            Some(("https://a.example/token", "r", "repository:a:pull,push")),
        );
        check(r#"Basic realm="x", bearer Realm = "a\"b" , service=s"#, Some((r#"a"b"#, "s", "")));
        assert_eq!(parse(r#"Basic realm="a, Bearer realm=b""#), Some(Challenge::Basic));
        assert_eq!(parse("Negotiate abc==, Basic"), Some(Challenge::Basic));
    }

    #[test]
    fn nonsense_asks_for_nothing() {
        for header in
            ["", ",,,", "Bearer", "Bearer service=\"x\"", "realm=x", "\"\"\"", "=", "Digest realm=\"x"]
        {
            check(header, None);
        }
    }
}
