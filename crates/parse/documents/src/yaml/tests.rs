use serde_json::{Value, json};

use super::{yaml, yaml_one};
use crate::Limits;

fn check(text: &str, expected: &Value) {
    let document = yaml_one(text, &Limits::default()).unwrap_or_else(|error| panic!("{text}\n{error}"));
    assert_eq!(&document.value, expected, "{text}");
}

fn check_error(text: &str, limits: Limits, expected: &str) {
    let error = yaml(text, &limits).expect_err(text);
    assert_eq!(error.to_string(), expected, "{text}");
}

#[test]
fn values() {
    check("", &json!(null));
    check("# only a comment\n", &json!(null));
    check("\u{feff}a: 1", &json!({"a": 1}));
    check("a: 1\nb: [x, 'y', \"1\"]\n", &json!({"a": 1, "b": ["x", "y", "1"]}));
    check("- !!str 1\n- !Ref name\n- !!map {a: b}\n", &json!(["1", "name", {"a": "b"}]));
    check("on: yes\n1: 2\nnull: x\n", &json!({"on": "yes", "1": 2, "null": "x"}));
    check("text: |\n  a\n  b\nfold: >-\n  c\n  d\n", &json!({"text": "a\nb\n", "fold": "c d"}));
    check(
        "a: &x {k: [1]}\nb: *x\nc: &k name\n*k : v\n",
        &json!({"a": {"k": [1]}, "b": {"k": [1]}, "c": "name", "name": "v"}),
    );
    check("&k a: 1\nb: *k\n", &json!({"a": 1, "b": "a"}));
    check("<<: {a: 1}\n", &json!({"<<": {"a": 1}}));
    check("a:\nb:\n", &json!({"a": null, "b": null}));
    check("{\"a\": {\"b\": [1, 2.5, null, true]}}", &json!({"a": {"b": [1, 2.5, null, true]}}));
}

#[test]
fn streams() {
    let documents = yaml("--- 1\n--- {a: b}\n...\n---\n", &Limits::default()).unwrap();
    let values: Vec<_> = documents.into_iter().map(|document| document.value).collect();
    assert_eq!(values, [json!(1), json!({"a": "b"}), json!(null)]);
    let error = yaml_one("a: 1\n---\nb: 2\n", &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "3:1: a second document starts here; only one is expected");
}

#[test]
fn errors_say_where() {
    let limits = Limits::default();
    check_error(
        "a: 1\nb:\n  c: 1\n  c: 2\n",
        limits,
        "4:3: the key `c` is already set at 3:3; keep one of them",
    );
    check_error("? [a]\n: b\n", limits, "1:3: a key must be a plain value, not a sequence or a mapping");
    check_error(
        "a: &x [1, *x]\n",
        limits,
        "1:11: this alias refers to a part of the document that contains it",
    );
    let depth = Limits { depth: 3, ..limits };
    check_error("a: [[1]]\n", depth, "1:5: nested more than 3 levels deep");
    let nodes = Limits { nodes: 3, ..limits };
    check_error("[1, 2, 3]\n", nodes, "1:8: more than 3 values once aliases are expanded");
    check_error("1\n--- 2\n--- 3\n--- 4\n", nodes, "4:5: more than 3 values once aliases are expanded");
    for text in ["a: [1\n", "a: *nobody\n", "\"\\q\"", "a: b: c\n"] {
        let error = yaml(text, &limits).expect_err(text);
        assert!(error.position.line >= 1 && error.position.column >= 1, "{text}: {error}");
    }
}

#[test]
fn aliases_are_counted_expanded() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    let error = yaml(&bomb, &Limits::default()).unwrap_err();
    assert!(error.to_string().ends_with("more than 1000000 values once aliases are expanded"), "{error}");

    let text = format!("- &s {}\n{}", "x".repeat(1000), "- *s\n".repeat(100));
    let limits = Limits { bytes: 10_000, ..Limits::default() };
    check_error(&text, limits, "1:3: more than 10000 bytes of text once aliases are expanded");

    let mut chain = "- &b0 [x]\n".to_owned();
    for level in 1..200 {
        chain += &format!("- &b{level} [*b{}]\n", level - 1);
    }
    let error = yaml(&chain, &Limits::default()).unwrap_err();
    assert!(error.to_string().ends_with("nested more than 128 levels deep"), "{error}");
}

#[test]
fn deep_nesting_is_an_error_in_every_style() {
    let block = (0..5000).map(|level| format!("{}a:\n", " ".repeat(level))).collect::<String>();
    let compact = "- ".repeat(100_000);
    for text in ["[".repeat(100_000), "{a: ".repeat(100_000), block, compact] {
        let error = yaml(&text, &Limits::default()).unwrap_err();
        assert!(error.position.line >= 1, "{error}");
    }
}

#[test]
fn positions() {
    let text = "name: x\ngates:\n  - stop: &s {high: 0}\n    warn:\n      é/~: 1\n  - stop: *s\n";
    let document = yaml_one(text, &Limits::default()).unwrap();
    let rows = [
        ("", Some("1:1"), Some("1:1")),
        ("/name", Some("1:7"), Some("1:1")),
        ("/gates", Some("3:3"), Some("2:1")),
        ("/gates/0", Some("3:5"), Some("3:5")),
        ("/gates/0/stop/high", Some("3:21"), Some("3:15")),
        ("/gates/0/warn/é~1~0", Some("5:12"), Some("5:7")),
        ("/gates/1/stop", Some("3:11"), Some("6:5")),
        ("/gates/2", None, None),
        ("/gates/x", None, None),
        ("/name/x", None, None),
    ];
    for (pointer, value, key) in rows {
        let text = |position: Option<crate::Position>| position.map(|position| position.to_string());
        assert_eq!(text(document.locate(pointer)).as_deref(), value, "{pointer}");
        assert_eq!(text(document.locate_key(pointer)).as_deref(), key, "{pointer}");
    }
    assert_eq!(document.locate_nearest("/gates/0/stop/none/more").to_string(), "3:5");
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "[-\\[\\]{}:,&*!|>'\"%@#?~ \n\ta-c0-2.é]{0,60}") {
        let limits = Limits { nodes: 1000, ..Limits::default() };
        if let Ok(documents) = yaml(&text, &limits) {
            for document in documents {
                proptest::prop_assert!(document.locate("").is_some());
            }
        }
        if let Ok(document) = crate::json(&text, &limits) {
            proptest::prop_assert!(document.locate("").is_some());
        }
    }
}
