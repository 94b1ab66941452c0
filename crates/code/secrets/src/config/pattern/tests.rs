use super::*;

/// What the expression matches first, or why it cannot be run.
fn first(source: &str, haystack: &str) -> Result<Option<String>, String> {
    let pattern = Pattern::new(source).map_err(|e| e.to_string())?;
    let found = pattern.regex().find(haystack.as_bytes());
    Ok(found.map(|m| String::from_utf8_lossy(&haystack.as_bytes()[m.range()]).into_owned()))
}

#[track_caller]
fn check(source: &str, haystack: &str, expected: Option<&str>) {
    assert_eq!(first(source, haystack), Ok(expected.map(str::to_owned)), "{source:?} on {haystack:?}");
}

#[track_caller]
fn refused(source: &str, why: &str) {
    let reason = first(source, "").expect_err(source);
    assert!(reason.contains(why), "{source:?}: {reason}");
}

#[test]
fn classes_are_ascii() {
    check(r"\w+", "é_a9ü", Some("_a9"));
    check(r"\d+", "٣42", Some("42"));
    check(r"\s", "\u{b}\u{a0} ", Some(" "));
    check(r"\W", "aé", Some("é"));
    check(r"a\b", "aé", Some("a"));
    check(r"\Ba", "éa", None);
    check(r"[[:alpha:]]+", "ßabc1", Some("abc"));
    check(r"[[:^alpha:]]+", "abc12d", Some("12"));
    check(r"[[:space:]]", "a\u{b}", Some("\u{b}"));
    check(r"[[:word:]x-]+", "!a_-!", Some("a_-"));
}

#[test]
fn classes_may_be_written_oddly() {
    check(r"[\w.-/]+", "a-./b", Some("a"));
    check(r"[\w-.]+", "/a-.b/", Some("a-.b"));
    check(r"[]a]+", "b]a", Some("]a"));
    check(r"[^]a]+", "]ab", Some("b"));
    check(r"[a-]+", "b-a", Some("-a"));
    check(r"[--/]+", "a-./", Some("-./"));
    check(r"[a&&b~~c]+", "&~", Some("&~"));
    check(r"[[a]+", "b[a", Some("[a"));
    check(r"[[:foo]+", "x[:fo", Some("[:fo"));
    check(r"[\x00-\x7f]+", "éab", Some("ab"));
    check(r"[^\W\d]+", "12ab", Some("ab"));
}

#[test]
fn braces_stand_for_themselves_where_they_repeat_nothing() {
    check(r"^\${(?:[A-Z_]+|[a-z_]+)}$", "${HOME}", Some("${HOME}"));
    check(r"{\d{0,2}}", "a{12}", Some("{12}"));
    check(r"a{,2}", "aa{,2}", Some("a{,2}"));
    check(r"a{02}", "aaa{02}", Some("a{02}"));
    check(r"x{", "x{", Some("x{"));
    check(r"}]", "}]", Some("}]"));
    check(r"a{2}", "aaa", Some("aa"));
    check(r"a{2,}?", "aaa", Some("aa"));
}

#[test]
fn escapes_are_those_of_go() {
    check(r"\Qa.b*\E+", "a.b**", Some("a.b**"));
    check(r"\Qa.b", "a.b", Some("a.b"));
    check(r"\101\07?\x41\x{1F600}", "AA😀", Some("AA😀"));
    check(r"\_\-\/\'\<\&", "_-/'<&", Some("_-/'<&"));
    check(r"\x60\t\v", "`\t\u{b}", Some("`\t\u{b}"));
    check(r"\pL+", "1éß", Some("éß"));
    check(r"\p{Greek}\P{Greek}\p{^Greek}", "λab", Some("λab"));
    check(r"[\pN\p{Lu}]+", "a1É", Some("1É"));
}

#[test]
fn flags_reach_to_the_end_of_their_group() {
    check(r"a(?i)b|c", "aB", Some("aB"));
    check(r"a(?i)b|c", "C", Some("C"));
    check(r"(a(?i)b)c", "aBC", None);
    check(r"(?i:a)b", "Ab", Some("Ab"));
    check(r"(?i)a(?-i)b", "AB", None);
    check(r"(?s).+", "a\nb", Some("a\nb"));
    check(r".+", "a\nb", Some("a"));
    check(r"(?m)^b$", "a\nb\nc", Some("b"));
    check(r"^b$", "a\nb\nc", None);
    check(r"(?U)a+", "aaa", Some("a"));
    check(r"(?U)a+?", "aaa", Some("aaa"));
    check(r"(?i)É", "é", Some("é"));
    check(r"(?i)[à-ü]+", "ÀÜ", Some("ÀÜ"));
}

#[test]
fn folding_keeps_to_ascii_for_k_and_s() {
    check("(?i)k", "\u{212a}", None);
    check("(?i)[a-z]+", "\u{17f}Ks", Some("Ks"));
    check(r"(?i)\w", "\u{17f}", None);
    check("(?i)\u{17f}", "S", Some("S"));
    let prefix = regex_syntax::hir::literal::Extractor::new().extract(Pattern::new("(?i)sk").unwrap().hir());
    assert_eq!(prefix.len(), Some(4));
}

#[test]
fn text_that_is_not_utf8_is_searched() {
    let pattern = Pattern::new(r"key=(\w+)[^\w]").unwrap();
    assert!(pattern.is_match(b"\xff\xfekey=abc;\xff"));
    assert!(Pattern::new(r"^..$").unwrap().is_match("éü".as_bytes()));
    assert!(!Pattern::new(r"a.b").unwrap().is_match(b"a\xffb"));
}

#[test]
fn groups_are_counted_and_named() {
    let count = |source| Pattern::new(source).map(|p| p.group_count());
    assert_eq!(count(r"(a)(?:b)(?P<n>c)(?<m>d)\(\Q(\E[(]"), Ok(3));
    assert_eq!(count("a"), Ok(0));
    refused("(?P<n>a)(?P<n>b)", "two groups");
    refused("(?P<a-b>a)", "name of a group");
}

#[test]
fn what_go_refuses_is_refused_with_the_reason_and_the_place() {
    refused(r"ab\C", "no escape `\\C`");
    refused(r"ab\C", "byte 2");
    refused(r"\Z", "no escape");
    refused(r"(a)\1", "back-reference");
    refused(r"(?=a)", "look-around");
    refused(r"(?<=a)b", "look-behind");
    refused(r"a**", "needs a group");
    refused(r"*a", "nothing before");
    refused(r"(|*)", "nothing before");
    refused(r"a{1001}", "at most 1000");
    refused(r"a{3,2}", "in order");
    refused(r"((a{100}){10}){2}", "multiply");
    refused("(a", "not closed");
    refused("a)", "closes nothing");
    refused("[a", "not closed");
    refused("[z-a]", "wrong way");
    refused(r"[a-\d]", "no escape");
    refused("[[:foo:]]", "no character class");
    refused(r"\p{Foo}", "no Unicode class");
    refused(r"\x{110000}", "numeric escape");
    refused(r"\x{D800}", "numeric escape");
    refused("a\\", "backslash");
    refused("(?x)a", "no such group");
}

#[test]
fn bombs_are_refused() {
    refused(&"(".repeat(100_000), "longer");
    refused(&"(".repeat(1000), "nest deeper");
    refused(&format!("{}a{}", "(".repeat(129), ")".repeat(129)), "nest deeper");
    refused(&format!("a{}", "*(?i)".repeat(200)), "nest deeper");
    refused(r"(?:\pL{30}\PL{30}){16}", "too large");
    refused(&r"\pL".repeat(20_000), "too large");
    check(&format!("{}a{}", "(?:".repeat(60), ")*".repeat(60)), "aa", Some("aa"));
    check("[a-z]{500}", &"q".repeat(600), Some(&"q".repeat(500)));
}

#[test]
fn nothing_written_makes_it_panic() {
    let parts = [
        "(", ")", "[", "]", "{", "}", "^", "-", "\\", "?", "*", "+", "|", "a", "é", "\\Q", "\\E", "\\p",
        "[:", ":]", "1", ",", "(?", "i", "P<", ">", "x", "\\x{", "\n", ".", "$", "\\b", "w",
    ];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut accepted = 0;
    for _ in 0..20_000 {
        let mut source = String::new();
        for _ in 0..8 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            source.push_str(parts[(state >> 33) as usize % parts.len()]);
        }
        accepted += usize::from(Pattern::new(&source).is_ok());
    }
    assert!(accepted > 100, "{accepted} of 20,000 accepted");
}

#[test]
fn a_set_carries_flags_on_as_the_joined_expression_of_gitleaks_does() {
    let set = |sources: &[&str]| PatternSet::new(&sources.iter().map(|s| s.to_string()).collect::<Vec<_>>());
    assert!(set(&["(?i)foo", "bar"]).unwrap().is_match(b"a BAR"));
    assert!(!set(&["(?i:foo)", "bar"]).unwrap().is_match(b"a BAR"));
    assert!(set(&["^x$", "y$"]).unwrap().is_match(b"by"));
    assert!(!set(&[]).unwrap().is_match(b"by"));
    assert_eq!(set(&["a", "b("]).unwrap_err().0, 1);
}

#[test]
fn a_serialised_pattern_is_parsed_when_first_used() {
    let back = |pattern: &Pattern| -> Pattern {
        postcard::from_bytes(&postcard::to_stdvec(pattern).unwrap()).unwrap()
    };
    let set = PatternSet::new(&["(?i)one".to_owned(), "t(w)o$".to_owned()]).unwrap();
    for original in set.patterns() {
        let pattern = back(original);
        assert!(pattern.hir.get().is_none() && pattern.compiled.get().is_none());
        assert_eq!((&pattern, pattern.group_count()), (original, original.group_count()));
        assert_eq!((pattern.shape(), pattern.hir()), (original.shape(), original.hir()));
        assert!(pattern.is_match(b"ONE TWO"), "flags are kept: {}", pattern.source());
    }
    let broken = Pattern { source: "(".into(), hir: OnceLock::new(), ..back(&Pattern::new("a").unwrap()) };
    assert!(!broken.is_match(b"a(") && !broken.is_match(b""));
}
