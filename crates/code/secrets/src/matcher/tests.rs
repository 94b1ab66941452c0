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
        let found = matcher.find(&rules, text, &mut scratch);
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
