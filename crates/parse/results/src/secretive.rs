/// Words in the names of tools and rules that look for credentials.
const WORDS: [&str; 13] = [
    "apikey",
    "credential",
    "credentials",
    "detect-secrets",
    "ggshield",
    "gitleaks",
    "kingfisher",
    "noseyparker",
    "passwd",
    "password",
    "secret",
    "secrets",
    "trufflehog",
];

/// Weaknesses about credentials in code (CWE-259, 312, 321, 522, 540, 615, 798).
const WEAKNESSES: [u32; 7] = [259, 312, 321, 522, 540, 615, 798];

/// Whether a finding with these names (tool, rule, title, tags) and weaknesses may quote a credential, so that its
/// text must not be shown as it is. Says yes too often rather than too rarely.
pub(crate) fn speaks_of_secrets<'a>(names: impl IntoIterator<Item = &'a str>, cwe: &[u32]) -> bool {
    cwe.iter().any(|number| WEAKNESSES.contains(number)) || names.into_iter().any(names_a_secret)
}

fn names_a_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    WORDS.iter().any(|word| name.contains(word))
        || [
            "api-key",
            "api_key",
            "api key",
            "private-key",
            "private_key",
            "private key",
            "access-token",
            "token",
        ]
        .iter()
        .any(|word| name.contains(word))
}

/// `message` without what may be a credential: what `snippet` holds, and what stands in quotes.
pub(crate) fn redact(message: &str, snippet: Option<&str>) -> String {
    const SHORTEST: usize = 6;
    const MOST: usize = 500;
    let mut text = message.to_owned();
    for part in
        snippet.into_iter().flat_map(str::split_whitespace).take(MOST).filter(|part| part.len() >= SHORTEST)
    {
        if part.chars().any(|c| c.is_ascii_digit()) || part.len() >= 2 * SHORTEST {
            text = text.replace(part, "[redacted]");
        }
    }
    redact_quoted(&text)
}

fn redact_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((start, quote)) = rest.char_indices().find(|(_, c)| matches!(c, '\'' | '"' | '`')) {
        let after = rest.get(start + 1..).unwrap_or_default();
        let opens = rest.get(..start).is_none_or(|before| !before.ends_with(char::is_alphanumeric));
        match after.find(quote) {
            Some(end) if opens => {
                out.push_str(rest.get(..=start).unwrap_or_default());
                out.push_str("[redacted]");
                out.push(quote);
                rest = after.get(end + 1..).unwrap_or_default();
            }
            _ => {
                out.push_str(rest.get(..=start).unwrap_or_default());
                rest = after;
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_values_disappear_from_messages_and_apostrophes_stay() {
        let check = |message: &str, snippet: Option<&str>, expected: &str| {
            assert_eq!(redact(message, snippet), expected);
        };
        check("Possible hardcoded password: 'hunter2'", None, "Possible hardcoded password: '[redacted]'");
        check("it doesn't matter, it can't", None, "it doesn't matter, it can't");
        check("found abc123def here", Some("key = abc123def"), "found [redacted] here");
        check("an open ' quote", None, "an open ' quote");
        check("", None, "");
    }

    #[test]
    fn tools_and_rules_about_credentials_are_recognised() {
        let check = |names: &[&str], cwe: &[u32], expected: bool| {
            assert_eq!(speaks_of_secrets(names.iter().copied(), cwe), expected, "{names:?} {cwe:?}");
        };
        check(&["gitleaks", "x"], &[], true);
        check(&["Bandit", "hardcoded_password_string"], &[], true);
        check(&["semgrep", "sql-injection"], &[89], false);
        check(&["codeql", "js/x"], &[798], true);
    }
}
