use andon_syntax::Symbols;

use super::Expression;

/// What an expression finds in a text, joined by `|`; the reason in parentheses if it is refused.
fn check(source: &str, text: &str, expected: &str) {
    let found = match Expression::new(source, true, &mut Symbols::default()) {
        Ok(expression) => {
            let (hits, _) = expression.all(text);
            hits.iter().map(|hit| &text[hit.span.clone()]).collect::<Vec<_>>().join("|")
        }
        Err(reason) => format!("({reason})"),
    };
    assert_eq!(found, expected, "{source}");
}

#[test]
fn the_syntax_of_pcre() {
    let rows = [
        (r"\d+", "a 12 ٣ 3", "12|3"),
        (r"\w+", "né a_1", "n|a_1"),
        (r"\bn\b", "n né", "n|n"),
        (r"a{2}|b{|c{x}", "aa b{ c{x}", "aa|b{|c{x}"),
        (r"{{\s*x\s*}}", "{{ x }}", "{{ x }}"),
        (r"[[]x[]]|[]a]+", "[x] ]a]", "[x]|]a]"),
        (r"[\w.-]+@", "a-b.c@", "a-b.c@"),
        (r"[\w-.]+", "a-b.c", "a-b.c"),
        (r"[a-z&&~~#  -]+", "a&~# -", "a&~# -"),
        (r"[^\S\n]+x", "a \tx", " \tx"),
        (r"[[:alpha:]_]+", "ab_1", "ab_"),
        (r"\x41\x{42}\/\-\_\<\>", "AB/-_<>", "AB/-_<>"),
        (r"\Qa.b\E.", "a.bc", "a.bc"),
        (r"\h+x\R", "\t x\r\n", "\t x\r\n"),
        (r"(?i)ABC(?-i)d", "abcd abcD", "abcd"),
        (r"(?<A>x)|(?P<B>y)|(?'C'z)", "xyz", "x|y|z"),
        (r"(?#note)a", "a", "a"),
        ("^a$", "a\nb\na", "a|a"),
        (r"a(?!b)", "ab ac", "a"),
        (r"(?<=x)a", "xa a", "a"),
        (r#"(['"])a\1"#, r#"'a' "a' "a""#, r#"'a'|"a""#),
        (r"a++b", "aab", "aab"),
        (r"(?=a){2,3}(?!ab)+\w", "ab aa", "a|a"),
        (r"(?>a+)b", "aab", "aab"),
        (r"(?x) a [ ] b # note", "a b", "a b"),
        (r"a(", "a", "(regex parse error:\n    a(\n     ^\nerror: unclosed group)"),
        (r"[a", "a", "(a class `[` does not end)"),
        (r"(?R)", "a", "(`(?R` is not supported)"),
        (r"(*SKIP)a", "a", "(verbs such as `(*SKIP)` are not supported)"),
        ("\\", "a", "(a backslash stands at the end)"),
    ];
    for (source, text, expected) in rows {
        check(source, text, expected);
    }
}

#[test]
fn groups_bind() {
    let mut symbols = Symbols::default();
    let expression = Expression::new(r"(?<KEY>\w+)=(\w)?", false, &mut symbols).unwrap();
    let hit = expression.at_start("ab=c").unwrap();
    let groups: Vec<_> = hit.groups.iter().map(|(name, at)| (symbols.text(*name), at.clone())).collect();
    assert_eq!(groups, [("$KEY", 0..2), ("$1", 0..2), ("$2", 3..4)]);
    assert_eq!(expression.at_start("=ab=c"), None);
    assert_eq!(expression.at_start("ab=").map(|hit| hit.groups.len()), Some(2));
}

#[test]
fn what_takes_too_long_is_given_up() {
    let expression = Expression::new(r"(x+x+)+(?<!x)\1y", true, &mut Symbols::default()).unwrap();
    assert!(!expression.is_linear());
    let (hits, is_all) = expression.all(&"x".repeat(5000));
    assert!(hits.is_empty() && !is_all);
}
