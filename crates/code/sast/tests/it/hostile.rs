//! Input that is meant to take forever, or to be passed over in silence.

use andon_sast::check::{Checked, Ruleset};
use andon_sast::rule::Loader;
use andon_syntax::Language;

fn run(language: Language, pattern: &str, code: &str) -> Checked {
    let rule = format!(
        "rules:\n- id: a\n  message: m\n  severity: LOW\n  languages: [{}]\n  pattern: \"{pattern}\"\n",
        language.name()
    );
    let mut loader = Loader::default();
    let loaded = loader.load("a.yaml", &rule).unwrap_or_default();
    let rules = Ruleset::new(loader, vec![loaded]);
    assert!(rules.refused.is_empty(), "{:?}", rules.refused);
    rules.check(language, code)
}

#[test]
fn what_nests_too_deep_is_named_and_the_rest_is_examined() {
    let deep = |open: &str, close: &str| open.repeat(10_000) + "1" + &close.repeat(10_000);
    let rows = [
        (Language::Python, format!("x = {}\nbad(1)\n", deep("f(", ")"))),
        (Language::JavaScript, format!("x = {};\nbad(1);\n", deep("f(", ")"))),
        (Language::Java, format!("class A {{ void f() {{ x = {}; bad(1); }} }}\n", deep("f(", ")"))),
        (Language::Go, format!("package a\nfunc f() {{\nx = {}\nbad(1)\n}}\n", deep("f(", ")"))),
    ];
    for (language, code) in rows {
        let checked = run(language, "bad(...)", &code);
        assert_eq!(checked.found.len(), 1, "{language:?}");
        assert!(!checked.broken.is_empty(), "{language:?}");
    }
}

#[test]
fn one_long_line_is_examined_to_its_end() {
    let code = "f(a,[1,{b:a.c(d)}]);".repeat(10_000) + "bad(1);";
    let checked = run(Language::JavaScript, "bad(...)", &code);
    assert_eq!(checked.found.len(), 1);
    assert!(checked.broken.is_empty() && checked.gave_up.is_empty());
}

#[test]
fn a_pattern_that_blows_up_is_given_up_by_name() {
    let code = format!("f({})\n", vec!["x"; 500].join(", "));
    let checked = run(Language::Python, "f(..., $A, ..., $B, ..., $C, ..., $D, ..., $E, ..., 1)", &code);
    assert_eq!(checked.gave_up, [0]);
}
