use proptest::prelude::*;
use serde_json::{Map, Value};

use super::{Node, NodeKind, Tree};
use crate::{Limits, yaml_one};

fn value(node: Node<'_>) -> Value {
    match node.kind() {
        NodeKind::Null => Value::Null,
        NodeKind::Bool => Value::Bool(node.is_true()),
        NodeKind::Number => serde_json::from_str(node.scalar().unwrap()).unwrap(),
        NodeKind::Text => Value::String(node.text().unwrap().to_owned()),
        NodeKind::List => Value::Array(node.items().map(value).collect()),
        NodeKind::Map => Value::Object(
            node.entries().map(|(key, node)| (key.to_owned(), value(node))).collect::<Map<_, _>>(),
        ),
    }
}

fn faults(tree: &Tree<'_>) -> String {
    let lines = tree.faults().iter().map(|fault| format!("{}: {}", fault.offset, fault.problem));
    lines.collect::<Vec<_>>().join("; ")
}

fn check(tree: &Tree<'_>, expected: &Value, expected_faults: &str) {
    assert_eq!(tree.root().map_or(Value::Null, value), *expected);
    assert_eq!(faults(tree), expected_faults);
}

#[test]
fn broken_json_gives_what_can_be_read() {
    let rows = [
        (r#"{"a": 1, "b": [true, null]}"#, r#"{"a":1,"b":[true,null]}"#, ""),
        (r#"{"a": {"b": "c""#, r#"{"a":{"b":"c"}}"#, "15: the text ends before the document does"),
        (r#"{"a": 1 "b": 2}"#, r#"{"a":1,"b":2}"#, "8: expected `,`"),
        (
            r#"{"a": [1, 2, "b": 3}"#,
            r#"{"a":[1,2,"b",3]}"#,
            "16: unexpected `:`; 18: expected `,`; 20: a bracket of another kind is still open",
        ),
        (r#"{"a": 1,}"#, r#"{"a":1}"#, "8: a comma before the end of a list or an object"),
        ("{\"a\": \"x\n\"b\": 1}", r#"{"a":"x","b":1}"#, "6: a string without an end; 9: expected `,`"),
        (r#"{"a": }"#, r"{}", "6: expected a value"),
        (r#"{"a" 1, "b": 2}"#, r#"{"b":2}"#, "5: expected `:` after a key; 5: expected a key in quotes"),
        (r#"{a: 1}"#, "{}", ""),
        (
            r#"["\u12", "\ud83d\ude00"]"#,
            r#"["\\u12","😀"]"#,
            "1: an escape sequence or a control character in a string",
        ),
        ("[1] 2", "[1]", "4: expected the end of the document"),
        ("", "null", "0: expected a value"),
        ("[01]", "[null]", "1: expected a value"),
        ("]", "null", "0: this closes nothing; 1: expected a value"),
        ("// x\n[1]", "[1]", "0: a comment; this format has none"),
    ];
    for (text, expected, expected_faults) in rows {
        let tree = Tree::json(text);
        if expected_faults.is_empty() && serde_json::from_str::<Value>(text).is_err() {
            assert!(!tree.faults().is_empty(), "{text}");
            continue;
        }
        check(&tree, &serde_json::from_str(expected).unwrap(), expected_faults);
    }
}

#[test]
fn comments_and_trailing_commas() {
    let tree = Tree::jsonc("// a\n{\"a\": [1, /* b */ 2,], \"b\": {\"c\": 1,},\n}\n// end");
    check(&tree, &serde_json::json!({"a": [1, 2], "b": {"c": 1}}), "");
    check(&Tree::jsonc("[1,,]"), &serde_json::json!([1]), "3: unexpected `,`");
}

#[test]
fn spans() {
    let text = "{\"é\": [\"a\"], \"b\\n\": {\"c\": 1}}";
    let tree = Tree::json(text);
    let root = tree.root().unwrap();
    let spans: Vec<_> =
        root.entries().map(|(key, node)| (key, &text[node.entry_span()], &text[node.span()])).collect();
    assert_eq!(spans, [("é", "\"é\": [\"a\"]", "[\"a\"]"), ("b\n", "\"b\\n\": {\"c\": 1}", "{\"c\": 1}")]);
    let text = "é: &x\r\n  - a\r\n  - 'b'\r\nb: {c: \"d\\n\"} # e\r\nf: *x\r\ng:\r\n  h:\r\n    i: 1\r\n\r\nj: 2\r\n";
    let tree = Tree::yaml(text);
    let spans: Vec<_> =
        tree.root().unwrap().entries().map(|(key, node)| (key, &text[node.entry_span()])).collect();
    assert_eq!(spans[0], ("é", "é: &x\r\n  - a\r\n  - 'b'"));
    assert_eq!(spans[1], ("b", "b: {c: \"d\\n\"}"));
    assert_eq!(spans[3], ("g", "g:\r\n  h:\r\n    i: 1"));
    assert_eq!(spans[4], ("j", "j: 2"));
    assert_eq!(tree.root().unwrap().get("b").unwrap().get("c").unwrap().text(), Some("d\n"));
}

#[test]
fn broken_yaml_gives_what_can_be_read() {
    let rows = [
        ("a: 1\nb: [x, ~, true]\n", r#"{"a":"1","b":["x",null,true]}"#, ""),
        ("a:\n  b: c\n  d: [e, f", r#"{"a":{"b":"c","d":["e","f"]}}"#, "fault"),
        ("a: &x {b: c}\nd: *x\ne: 1", r#"{"a":{"b":"c"},"d":{"b":"c"},"e":"1"}"#, ""),
        ("a: &x [*x]\n", r#"{"a":[]}"#, "fault"),
        ("a: 1\n? [b]\n: 2\n", r#"{"a":"1"}"#, "fault"),
        ("a: 1\na: 2\n", r#"{"a":"2"}"#, ""),
        ("", "null", ""),
    ];
    for (text, expected, fault) in rows {
        let tree = Tree::yaml(text);
        assert_eq!(
            tree.root().map_or(Value::Null, value),
            serde_json::from_str::<Value>(expected).unwrap(),
            "{text}"
        );
        assert_eq!(tree.faults().is_empty(), fault.is_empty(), "{text}: {}", faults(&tree));
    }
    assert_eq!(Tree::yaml("a: 1\n---\nb: 2\n").roots().count(), 2);
}

#[test]
fn aliases_do_not_multiply_without_end() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..20 {
        let items = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    let tree = Tree::yaml(&text);
    assert!(faults(&tree).contains("more than 4000000 values"), "{}", faults(&tree));
    assert_eq!(tree.root().unwrap().entries().count(), 7);
}

#[test]
fn depth_is_no_danger() {
    let text = "[".repeat(1_000_000);
    let tree = Tree::json(&text);
    let mut depth = 0;
    let mut node = tree.root();
    while let Some(inner) = node {
        depth += 1;
        node = inner.items().next();
    }
    assert_eq!(depth, 1_000_000);
    assert!(!Tree::yaml(&"[".repeat(100_000)).faults().is_empty());
    let text = (0..200).map(|level| format!("{}a:\n", " ".repeat(level))).collect::<String>();
    assert!(faults(&Tree::yaml(&text)).contains("nested more than 128 levels deep"));
    assert!(!Tree::json(&"]".repeat(100_000)).faults().is_empty());
    assert!(!Tree::json(&"}{".repeat(100_000)).faults().is_empty());
}

fn json_text() -> impl Strategy<Value = String> {
    prop_oneof!["[\\[\\]{}:,\"a0\\\\ntrue\\-.e/* \n]{0,40}", any_json().prop_map(|value| value.to_string())]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::Array),
            prop::collection::btree_map(any::<String>(), inner, 0..8)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn json_agrees_with_the_strict_reader(text in json_text()) {
        let tree = Tree::json(&text);
        match serde_json::from_str::<Value>(&text) {
            Ok(expected) => {
                prop_assert_eq!(faults(&tree), "");
                prop_assert_eq!(tree.root().map(value), Some(expected));
            }
            Err(error) if error.to_string().contains("out of range") => {}
            Err(_) => prop_assert!(!tree.faults().is_empty()),
        }
    }

    #[test]
    fn yaml_agrees_with_the_strict_reader(value_in in any_json()) {
        let text = value_in.to_string();
        if let Ok(strict) = yaml_one(&text, &Limits::default()) {
            let tree = Tree::yaml(&text);
            prop_assert_eq!(faults(&tree), "");
            prop_assert_eq!(words(&strict.value), tree.root().map(|root| words(&value(root))).unwrap_or(Value::Null));
        }
    }
}

/// Numbers as texts, which is what a tree of YAML has.
fn words(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::Array(items) => items.iter().map(words).collect(),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(key, value)| (key.clone(), words(value))).collect())
        }
        other => other.clone(),
    }
}
