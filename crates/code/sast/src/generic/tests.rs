use andon_syntax::Symbols;

use super::{Document, Error, Pattern, is_readable};
use crate::rule::{CommentStyle, Options};

/// What a pattern finds in a text: each match on one line, with what its metavariables stand for.
fn found(pattern: &str, text: &str, options: &Options) -> Vec<String> {
    let mut symbols = Symbols::default();
    let compiled = Pattern::compile(pattern, options, &mut symbols).unwrap();
    let (matches, is_all) = compiled.search(&Document::new(text, options));
    assert!(is_all, "{pattern:?} in {text:?}");
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = matches.into_iter().map(|found| {
        let mut shown = one_line(&text[found.span]);
        for (name, value) in found.bindings.iter() {
            shown += &format!(" | {}={}", symbols.text(name), one_line(&text[value.span.clone()]));
        }
        shown
    });
    shown.collect()
}

fn check(pattern: &str, text: &str, expected: &[&str]) {
    check_with(&Options::default(), pattern, text, expected);
}

fn check_with(options: &Options, pattern: &str, text: &str, expected: &[&str]) {
    assert_eq!(found(pattern, text, options), expected, "{pattern:?} in {text:?}");
}

#[test]
fn words_and_signs() {
    let rows: [(&str, &str, &[&str]); 12] = [
        ("key", "key keys a.key _key", &["key", "key"]),
        ("a b", "a a  b\nb", &["a b"]),
        ("f(x)", "f ( x )\nf(\n x)", &["f ( x )", "f( x)"]),
        ("a = ü;", "a=ü;a = u;", &["a=ü;"]),
        ("Key", "key KEY", &[]),
        ("$X = $X", "a = b; b=b", &["b=b | $X=b"]),
        ("$x $ X", "$x $ X $X", &["$x $ X"]),
        ("x....y", "x....y x y", &["x....y"]),
        ("one\ntwo", "one two", &["one two"]),
        ("$KEY: $VALUE", "a-b: 1\nc : d2", &["b: 1 | $KEY=b | $VALUE=1", "c : d2 | $KEY=c | $VALUE=d2"]),
        ("a", "\ta\r\n\r\n  a\r", &["a", "a"]),
        ("a \u{7}", "a \u{7}", &["a \u{7}"]),
    ];
    for (pattern, text, expected) in rows {
        check(pattern, text, expected);
    }
}

#[test]
fn ellipses() {
    let lines = |count: usize| (0..count).map(|line| format!("w{line}\n")).collect::<String>();
    let rows: [(&str, &str, &[&str]); 16] = [
        ("a ... b", "a b, a x b", &["a b", "a x b"]),
        ("a ... b", "a a b", &["a b"]),
        ("a ... b ... c", "a b x b c", &["a b x b c"]),
        ("a ...", "x a a b\nc", &["a a b c"]),
        ("... b", "a b c b", &["a b"]),
        ("...", "a b\nc", &["a b c"]),
        ("f(...)", "f(g(x), y)", &["f(g(x)"]),
        ("w0 ... w10", &lines(12), &["w0 w1 w2 w3 w4 w5 w6 w7 w8 w9 w10"]),
        ("w0 ... w11", &lines(12), &[]),
        ("w0 ... ... w11", &lines(12), &["w0 w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11"]),
        ("w1 ...", &lines(13), &["w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11"]),
        ("a $...X b $...X c", "a p q b p q c", &["a p q b p q c | $...X=p q"]),
        ("a $...X b $...X c", "a p q b p c", &[]),
        ("$A ... $A", "in x x , in", &["in x x , in | $A=in", "x x | $A=x"]),
        ("$A ... $B", "k = v w", &["k = v | $A=k | $B=v", "v w | $A=v | $B=w"]),
        ("begin $...X", "begin a b", &["begin a b | $...X=a b"]),
    ];
    for (pattern, text, expected) in rows {
        check(pattern, text, expected);
    }
    let one_line = Options { generic_ellipsis_max_span: 0, ..Options::default() };
    check_with(&one_line, "a ...", "x a b\nc", &["a b"]);
    check_with(&one_line, "a ... c", "a b\nc", &[]);
}

#[test]
fn blocks() {
    let rows: [(&str, &str, &[&str]); 14] = [
        ("a b c", "a\n  b\n    c\nd", &["a b c"]),
        ("a\n  b\nc", "a b c", &[]),
        ("a\n  b\nc", "a\n\tb\nc", &["a b c"]),
        ("a\n  b\n", "a\n  b\n  c\n", &[]),
        ("a\n  b\n  ...\n", "a\n  b\n  c\nd", &["a b c"]),
        ("a\n  ...\n  b\n", "a\n  x\nb\n", &[]),
        ("a\n  ...\n  b\n", "a\n  x\n  b\nc", &["a x b"]),
        ("{\n  ...\n}", "{}\n{ a }\n{\n b\n}", &["{}", "{ a }", "{ b }"]),
        ("{\n  a ...\n  b\n}", "[{a 1 b}, {b}] {a} {b}", &["{a 1 b}"]),
        ("... $X", "- top\n  : in out\nend", &["- top | $X=top", ": in | $X=in"]),
        ("b ) c", "a (b) c", &[]),
        ("x ... c", "a (x b) c", &[]),
        ("( ...", "([)] x", &["([)] x"]),
        ("from:\n  $X\nto:\n  $X", "from:\n  me\nto:\n  me", &["from: me to: me | $X=me"]),
    ];
    for (pattern, text, expected) in rows {
        check(pattern, text, expected);
    }
}

#[test]
fn comments() {
    let rows: [(CommentStyle, &str, &[&str]); 4] = [
        (CommentStyle::Shell, "a # x\n b\na 'x' b", &["a # x b"]),
        (CommentStyle::C, "a /* x\n */ b", &["a /* x */ b"]),
        (CommentStyle::Cpp, "a // /*\nb a /* */ b */", &["a // /* b", "a /* */ b"]),
        (CommentStyle::C, "a /* b", &[]),
    ];
    for (style, text, expected) in rows {
        let options = Options { generic_comment_style: Some(style), ..Options::default() };
        check_with(&options, "a b", text, expected);
    }
}

#[test]
fn parts_of_a_text() {
    let mut symbols = Symbols::default();
    let options = Options::default();
    let pattern = Pattern::compile("$X b", &options, &mut symbols).unwrap();
    let text = "a b\n  c b\nd b";
    let (matches, _) = pattern.search(&Document::of_part(text, 6..9, &options));
    assert_eq!(matches.len(), 1);
    assert_eq!(matches[0].span, 6..9);
    assert!(matches[0].bindings.iter().all(|(_, value)| value.span == (6..7)));
    assert_eq!(matches[0].bindings.iter().count(), 1);
}

#[test]
fn unsound_patterns() {
    let (usual, other) = (Options::default(), Options { generic_aliengrep: true, ..Options::default() });
    let brackets = |pair: (&str, &str)| Options {
        generic_braces: Some(vec![(pair.0.to_owned(), pair.1.to_owned())]),
        ..other.clone()
    };
    let rows = [
        (" \n\t", &usual, "the pattern is empty"),
        (" \n\t", &other, "the pattern is empty"),
        ("... $...X", &usual, "`...` cannot be followed by `$...X`"),
        ("$...Y $...X", &usual, "`...` cannot be followed by `$...X`"),
        ("$X $...X", &other, "`$X` is used both for one word and for several"),
        ("a", &brackets(("a", ")")), "`a` cannot be both a bracket and part of words"),
        ("a", &brackets(("((", ")")), "`((` must be one ASCII character"),
    ];
    for (pattern, options, expected) in rows {
        let error = Pattern::compile(pattern, options, &mut Symbols::default()).unwrap_err();
        assert_eq!(error.to_string(), expected, "{pattern:?}");
    }
    let deep: String = (0..70).map(|indent| format!("{}a\n", " ".repeat(indent))).collect();
    for large in [deep, "a ... ".repeat(401), "a".repeat(70_000)] {
        let error = Pattern::compile(&large, &usual, &mut Symbols::default()).unwrap_err();
        assert!(matches!(error, Error::TooLarge(_)), "{error}");
    }
}

#[test]
fn readable_texts() {
    let rows = [
        ("", true),
        ("fn main() {}\n", true),
        (&"x".repeat(500), true),
        (&"x".repeat(501), false),
        (&format!("{}\n", "x".repeat(140)).repeat(100), true),
        (&format!("{}\n", "x".repeat(160)).repeat(100), false),
        ("\u{0}\u{1}\u{2}abc", false),
        ("Grüße", true),
    ];
    for (text, expected) in rows {
        assert_eq!(is_readable(text), expected, "{text:.20}");
    }
}

#[test]
fn other_engine() {
    let options = |is_multi_line| Options {
        generic_aliengrep: true,
        generic_multiline: is_multi_line,
        ..Options::default()
    };
    let (lines, line) = (options(true), options(false));
    let rows: [(&Options, &str, &str, &[&str]); 31] = [
        (&line, "ab", "ab abc xab ab", &["ab", "ab"]),
        (&line, "a b", "a  b a\nb", &["a b"]),
        (&lines, "a b", "a\nb", &["a b"]),
        (&line, "a\nb", "a b a \n b", &["a b"]),
        (&line, "a...b", "a/b a x (b) b", &["a/b", "a x (b) b"]),
        (&line, "a...b", "a\nb", &[]),
        (&line, "a....b", "a\n x b", &["a x b"]),
        (&lines, "a...b", "a\nx\nb", &["a x b"]),
        (&line, "if...then then x", "if 1 then then then x", &["if 1 then then then x"]),
        (&lines, "f(...)", "f(g((1))) f({(x)}, y)", &["f(g((1)))", "f({(x)}, y)"]),
        (&lines, "f(... end)", "f() end)", &[]),
        (&lines, "(...)", "(a]) ([b) [(]", &["(a])", "([b)"]),
        (&lines, "q...q", "q [(]q)] q", &["q [(]q)] q"]),
        (&line, "$A $B", "do re mi fa so", &["do re | $A=do | $B=re", "mi fa | $A=mi | $B=fa"]),
        (&line, "$A ... $A", "no yes; no maybe", &["no yes; no | $A=no"]),
        (&line, "$A ... $A", "pre prefix fix", &[]),
        (&line, "$ X", "$ X", &["$ X"]),
        (&line, "$KEY_2: on", "dark: on", &["dark: on | $KEY_2=dark"]),
        (&line, "{$...ALL}", "use { io, fmt };", &["{ io, fmt } | $...ALL=io, fmt"]),
        (&line, "{$...ALL}", "use { io,\nfmt };", &[]),
        (&line, "{$....ALL}", "use { io,\nfmt };", &["{ io, fmt } | $...ALL=io, fmt"]),
        (&line, "<$...A|$...A>", "<u v|u v>", &["<u v|u v> | $...A=u v"]),
        (&line, "k $...A = $...A k", "k* = *k", &["k* = *k | $...A=*"]),
        (&line, "... $...A = $...A ...", "k = kk", &["k = kk | $...A="]),
        (&line, "... $A", "--\n--go on", &["--go | $A=go"]),
        (&lines, "... $A", "--\n--go on", &["-- --go | $A=go"]),
        (&line, "$A ...", "go--\n--", &["go-- | $A=go"]),
        (&lines, "$A ...", "go--\n--", &["go-- -- | $A=go"]),
        (&line, "...", "one;\r\ntwo", &["one;", "two"]),
        (&lines, "...", "one;\ntwo", &["one; two"]),
        (&line, "...\n...", "a\nb\nc\n", &["a b", "c"]),
    ];
    for (options, pattern, text, expected) in rows {
        check_with(options, pattern, text, expected);
    }
    let tags = Options { generic_braces: Some(vec![("<".to_owned(), ">".to_owned())]), ..lines.clone() };
    check_with(&tags, "<...>", "<i <b>> <( >", &["<i <b>>", "<( >"]);
    let quotes = Options { generic_extra_braces: vec![("\"".to_owned(), "\"".to_owned())], ..lines.clone() };
    check_with(&quotes, "(...)", "(\":)\")", &["(\":)\")"]);
    check_with(&lines, "(...)", "(\":)\")", &["(\":)"]);
    let caseless = Options { generic_caseless: true, ..lines.clone() };
    check_with(&caseless, "dear $A $A", "DeaR x X", &["DeaR x X | $A=x"]);
    let dashes = Options { generic_extra_word_characters: vec!["-".to_owned()], ..lines };
    check_with(&dashes, "$A:", "a-b: c", &["a-b: | $A=a-b"]);
}
