//! The matcher must answer as if every expression were run over the whole text.

use proptest::prelude::*;

use super::*;
use crate::config;

/// Expressions that reach in different ways: from their start, from within, over lines, without end.
const RULES: &str = r#"
[[rules]]
id = "prefix"
regex = '''\bab_[a-z0-9]{4}\b'''
keywords = ["ab_"]
[[rules]]
id = "inner"
regex = '''(?i)[\w.-]{0,10}?(?:key|token)(?:[ \t]{0,3})=['"]?([a-z0-9]{3,8})(?:['"\s;]|$)'''
keywords = ["key", "token"]
[[rules]]
id = "lines"
regex = '''begin[\s\S]{0,40}?end'''
keywords = ["begin"]
[[rules]]
id = "endless"
regex = '''key.*=x'''
keywords = ["key"]
[[rules]]
id = "spaces"
regex = '''ab\s+_+[a-z]+'''
[[rules]]
id = "no-anchor"
regex = '''[0-9]{3}[a-z]'''
keywords = ["9"]
[[rules]]
id = "few-starts"
regex = '''['"]{0,2}ey[a-z]{3,}'''
keywords = ["ey"]
[[rules]]
id = "gated"
regex = '''token'''
keywords = ["absent-keyword"]
"#;

struct NoSource;
impl config::Source for NoSource {
    fn read(&self, _path: &str) -> Result<String, String> {
        Err(String::new())
    }
}

fn rules() -> Vec<Rule> {
    config::load(RULES, "test.toml", &config::RuleSet::default, &NoSource).unwrap().rules
}

/// Every expression over the whole text, as gitleaks does it.
fn naive(rules: &[Rule], text: &[u8]) -> Vec<RawMatch> {
    let lower = text.to_ascii_lowercase();
    let has = |keyword: &String| memchr::memmem::find(&lower, keyword.as_bytes()).is_some();
    let mut found = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        if rule.keywords.is_empty() || rule.keywords.iter().any(has) {
            let matches = rule.regex.as_ref().unwrap().regex().find_iter(text);
            found.extend(matches.map(|found| RawMatch { rule: index, range: found.range() }));
        }
    }
    found
}

fn check(texts: &[&[u8]]) {
    let rules = rules();
    let matcher = Matcher::new(&rules);
    let mut scratch = matcher.scratch();
    for text in texts {
        let (found, _) = matcher.find(&rules, text, None, &mut scratch);
        assert_eq!(found, naive(&rules, text), "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn answers_as_if_run_over_the_whole_text() {
    check(&[
        b"",
        b"ab_1234 ab_12345 xab_1234",
        b"my.token = 'abc123'; KEY=zzz\nkey=",
        b"begin 1 end begin\n\n\nend beginbeginend",
        b"key key key=x\nkey = no\nkey=x=x",
        b"ab  \n\n _x ab_ ab \t__yy",
        b"9 123a 999z",
        b"''eyabc \"'eyeyeyey ey",
        b"token",
    ]);
}

proptest! {
    #[test]
    fn answers_as_if_run_over_any_text(pieces in prop::collection::vec(0..24_usize, 0..60)) {
        const PIECES: [&str; 24] = [
            "key", "token", "=", "'", "\"", " ", "\n", "ab_", "ab", "_", "begin", "end", "ey", "abc1", "9", "123", "x",
            "KEY", "\r\n", ";", "zz", "\t", "é", "=x",
        ];
        let text: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        check(&[text.as_bytes()]);
    }
}

#[test]
fn many_anchors_on_one_long_line_stay_linear() {
    let mut text = b"ey".repeat(200_000);
    text.extend_from_slice(b"key ".repeat(100_000).as_slice());
    check(&[&text]);
}

/// A text made from pieces of another, through the pieces and without them.
fn check_delta(base: &[u8], pieces: &[(usize, usize)], inserts: &[&[u8]]) {
    let rules = rules();
    let matcher = Matcher::new(&rules);
    let mut scratch = matcher.scratch();
    let (_, trace) = matcher.find(&rules, base, None, &mut scratch);
    let mut text = Vec::new();
    let mut copied = Vec::new();
    for (index, &(from, length)) in pieces.iter().enumerate() {
        let from = from.min(base.len());
        let length = length.min(base.len() - from);
        copied.push(Piece { from, to: text.len(), length });
        text.extend_from_slice(&base[from..from + length]);
        text.extend_from_slice(inserts.get(index).copied().unwrap_or_default());
    }
    let (found, carried) = matcher.find(&rules, &text, Some((&trace, &copied)), &mut scratch);
    let (expected, whole) = matcher.find(&rules, &text, None, &mut scratch);
    assert_eq!(expected, naive(&rules, &text));
    let shown = String::from_utf8_lossy(&text);
    assert_eq!(found, expected, "{shown}");
    assert_eq!(
        (carried.hits, carried.matched, carried.length),
        (whole.hits, whole.matched, whole.length),
        "{shown}"
    );
}

#[test]
fn pieces_of_a_known_text_are_not_looked_at_again() {
    let quiet = "a line with a key and a token that is nothing\n".repeat(20);
    check_delta(quiet.as_bytes(), &[(0, 400), (400, 2000)], &[b"", b"key=abcdef\n"]);
    check_delta(quiet.as_bytes(), &[(0, 410), (500, 300)], &[b"=abc ", b""]);
    check_delta(quiet.as_bytes(), &[(30, 100), (0, 900)], &[b"", b""]);
    check_delta(b"", &[(0, 10)], &[b"ab_1234"]);
}

proptest! {
    #[test]
    fn any_pieces_of_any_text_give_the_same_answer(
        words in prop::collection::vec(0..30_usize, 0..200),
        pieces in prop::collection::vec((0..900_usize, 0..500_usize), 1..6),
        inserts in prop::collection::vec(0..30_usize, 0..6),
    ) {
        const WORDS: [&str; 30] = [
            "key", "token", "=", "'", "\"", " ", "\n", "ab_", "ab", "_", "begin", "end", "ey", "abc1", "9", "123", "x",
            "KEY", "\r\n", ";", "zz", "\t", "é", "=x", " and so on ", "nothing here\n", "0123456789", "......", "word ",
            "a longer stretch without anything in it\n",
        ];
        let base: String = words.into_iter().map(|word| WORDS[word]).collect();
        let inserts: Vec<&[u8]> = inserts.into_iter().map(|word| WORDS[word].as_bytes()).collect();
        check_delta(base.as_bytes(), &pieces, &inserts);
    }
}
