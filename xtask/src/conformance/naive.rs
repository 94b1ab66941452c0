//! What a rule finds when its expression is simply run over the whole text: no prefilter, no windows, no shared
//! automaton. Follows gitleaks 8.28's `detectRule`, written a second time and as plainly as possible.

use std::collections::BTreeSet;
use std::ops::Range;

use andon_secrets::config::{Allowlist, RegexTarget, Rule, RuleSet};

/// What tells gitleaks to leave a line alone.
const ALLOW_COMMENT: &[u8] = b"gitleaks:allow";

/// The places of the secrets that `rule` finds in a text, in bytes.
pub(super) fn secrets(set: &RuleSet, rule: &Rule, path: &str, text: &[u8]) -> BTreeSet<(u64, u64)> {
    let mut found = BTreeSet::new();
    let Some(regex) = &rule.regex else { return found };
    if rule.path.as_ref().is_some_and(|pattern| !pattern.is_match(path.as_bytes()))
        || !has_keyword(rule, text)
    {
        return found;
    }
    let lists = || set.allowlists.iter().chain(&rule.allowlists);
    if lists().any(|list| !list.all && list.path_allowed(path)) {
        return found;
    }
    for matched in regex.regex().find_iter(text) {
        let Some(span) = trimmed(text, matched.range()) else { continue };
        let whole = text.get(span.clone()).unwrap_or_default();
        let group = secret_in(rule, whole);
        let secret = whole.get(group.clone()).unwrap_or_default();
        if rule.entropy != 0.0 && entropy(secret) <= rule.entropy {
            continue;
        }
        let line = line_of(text, &span);
        if line.windows(ALLOW_COMMENT.len()).any(|window| window == ALLOW_COMMENT) {
            continue;
        }
        if lists().any(|list| allows(list, path, whole, secret, line)) {
            continue;
        }
        found.insert(((span.start + group.start) as u64, (span.start + group.end) as u64));
    }
    found
}

fn has_keyword(rule: &Rule, text: &[u8]) -> bool {
    let is_in = |keyword: &String| {
        text.windows(keyword.len()).any(|window| window.eq_ignore_ascii_case(keyword.as_bytes()))
    };
    rule.keywords.is_empty() || rule.keywords.iter().any(is_in)
}

/// gitleaks takes line feeds off both ends of a match.
fn trimmed(text: &[u8], range: Range<usize>) -> Option<Range<usize>> {
    let matched = text.get(range.clone())?;
    let before = matched.iter().take_while(|byte| **byte == b'\n').count();
    let after = matched.iter().skip(before).rev().take_while(|byte| **byte == b'\n').count();
    Some(range.start + before..range.end - after)
}

fn secret_in(rule: &Rule, matched: &[u8]) -> Range<usize> {
    let whole = 0..matched.len();
    let Some(pattern) = rule.regex.as_ref().filter(|pattern| pattern.group_count() > 0) else { return whole };
    let mut captures = pattern.regex().create_captures();
    pattern.regex().captures(matched, &mut captures);
    if !captures.is_match() {
        return whole;
    }
    if rule.secret_group > 0 {
        return captures.get_group(rule.secret_group).map_or(0..0, |group| group.range());
    }
    let mut groups = (1..captures.group_len()).filter_map(|index| captures.get_group(index));
    groups.find(|group| !group.is_empty()).map_or(whole, |group| group.range())
}

fn line_of<'a>(text: &'a [u8], span: &Range<usize>) -> &'a [u8] {
    let end = span.end.max(span.start + 1);
    let start = text.iter().take(span.start).rposition(|byte| *byte == b'\n').map_or(0, |feed| feed + 1);
    let feed = text.iter().skip(end - 1).position(|byte| *byte == b'\n');
    text.get(start..feed.map_or(text.len(), |feed| end - 1 + feed)).unwrap_or_default()
}

fn allows(list: &Allowlist, path: &str, matched: &[u8], secret: &[u8], line: &[u8]) -> bool {
    let target = match list.target {
        RegexTarget::Secret => secret,
        RegexTarget::Match => matched,
        RegexTarget::Line => line,
    };
    let (regex, stopword) = (list.regex_allowed(target), list.contains_stopword(secret));
    if !list.all {
        return regex || stopword || list.path_allowed(path);
    }
    !list.has_commits()
        && (!list.has_regexes() || regex)
        && (!list.has_stopwords() || stopword)
        && (!list.has_paths() || list.path_allowed(path))
}

/// Shannon entropy in bits, over characters but relative to the length in bytes, as gitleaks has it.
fn entropy(data: &[u8]) -> f64 {
    let text = String::from_utf8_lossy(data);
    let mut counts = std::collections::HashMap::new();
    text.chars().for_each(|character| *counts.entry(character).or_insert(0_u32) += 1);
    let shares = counts.values().map(|count| f64::from(*count) / data.len() as f64);
    shares.map(|share| -share * share.log2()).sum()
}

#[cfg(test)]
mod tests {
    use andon_secrets::config::{Source, load};

    use super::*;

    struct NoFiles;

    impl Source for NoFiles {
        fn read(&self, path: &str) -> Result<String, String> {
            Err(format!("no {path} here"))
        }
    }

    fn check(rule: &str, path: &str, text: &str, expected: &[&str]) {
        let set = load(&format!("[[rules]]\nid = 'r'\n{rule}"), "test", &RuleSet::default, &NoFiles).unwrap();
        let found = secrets(&set, &set.rules[0], path, text.as_bytes());
        let found: Vec<&str> =
            found.iter().map(|(start, end)| &text[*start as usize..*end as usize]).collect();
        assert_eq!(found, expected, "{rule}");
    }

    #[test]
    fn the_reference_follows_gitleaks() {
        check("regex = 'k=(\\w+)'", "a", "k=one\nk=two", &["one", "two"]);
        check("regex = '(k)=(\\w+)'\nsecretGroup = 2", "a", "k=one", &["one"]);
        check("regex = 'k=(\\w+)'\nkeywords = ['Zed']", "a", "k=one", &[]);
        check("regex = 'k=(\\w+)'\nkeywords = ['Zed']", "a", "zED k=one", &["one"]);
        check("regex = 'k=(\\w+)'\nentropy = 1.5", "a", "k=aaaa k=abcd", &["abcd"]);
        check("regex = 'k=(\\w+)'\npath = 'b$'", "a", "k=one", &[]);
        check("regex = '\\n?k=\\w+\\n?'", "a", "\nk=one\n", &["k=one"]);
        check("regex = 'k=(\\w+)'\n[[rules.allowlists]]\npaths = ['^a']", "a", "k=one", &[]);
        check("regex = 'k=(\\w+)'\n[[rules.allowlists]]\nstopwords = ['ONE']", "a", "k=one k=two", &["two"]);
        check("regex = 'k=(\\w+)'", "a", &format!("k=one #{}\nk=two", "gitleaks:allow"), &["two"]);
        let line = "regex = 'k=(\\w+)'\n[[rules.allowlists]]\nregexTarget = 'line'\nregexes = ['no']";
        check(line, "a", "k=one no\nk=two", &["two"]);
    }
}
