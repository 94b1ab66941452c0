//! OpenSSH's patterns, ssh_config(5).

/// Whether a text matches a list of patterns separated by commas, none of those with `!` before them and at least one
/// of the others.
pub(crate) fn pattern_list(text: &str, list: &str) -> bool {
    let mut admitted = false;
    for each in list.split(',') {
        match each.strip_prefix('!') {
            Some(forbidden) if pattern(text, forbidden) => return false,
            Some(_) => {}
            None => admitted |= pattern(text, each),
        }
    }
    admitted
}

/// Whether a text matches a pattern, `*` for any bytes and `?` for one. Takes at most time in the product of their
/// lengths.
pub(crate) fn pattern(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
    let (mut at, mut next) = (0, 0);
    let mut star = None;
    while at < text.len() {
        match pattern.get(next) {
            Some(b'*') => {
                star = Some((next + 1, at));
                next += 1;
            }
            Some(&byte) if byte == b'?' || text.get(at) == Some(&byte) => {
                at += 1;
                next += 1;
            }
            _ => {
                let Some((after, from)) = star else { return false };
                star = Some((after, from + 1));
                (next, at) = (after, from + 1);
            }
        }
    }
    pattern.get(next..).unwrap_or_default().iter().all(|&byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        let rows = [
            ("a@x", "a@x", true),
            ("a@x", "*@x", true),
            ("a@x", "?@x", true),
            ("ab@x", "?@x", false),
            ("a@x", "b@x,a@x", true),
            ("a@x", "!a@x,*@x", false),
            ("a@x", "*@x,!a@x", false),
            ("a@x", "!b@x", false),
            ("a@x", "", false),
            ("", "*", true),
            ("aXbXc", "a*b*c", true),
            ("aaaaaaaaaaaaaaaaaaaaaaaa", "a*a*a*a*a*a*b", false),
        ];
        for (text, list, expected) in rows {
            assert_eq!(pattern_list(text, list), expected, "{text} {list}");
        }
    }
}
