use andon_syntax::{Language, Symbols, parse};

use super::{FunctionKind, PointKind, Program};
use crate::matching::Source;

fn program(language: Language, code: &str) -> Program {
    let mut symbols = Symbols::default();
    let parsed = parse(language, code, &mut symbols);
    Program::new(&Source::new(language, code, parsed.tree, symbols))
}

/// What the last function but one does, in order: its instructions' code, and what else happens.
fn shown(language: Language, code: &str) -> Vec<String> {
    let program = program(language, code);
    let function = program.functions.first().expect("a function");
    let show = |point: &u32| match function.graph.kind(*point)? {
        PointKind::Do(instruction) => Some(code[instruction.origin.span()].to_owned()),
        PointKind::Condition(_) => Some("?".to_owned()),
        PointKind::Return { .. } => Some("return".to_owned()),
        PointKind::Throw(_) => Some("throw".to_owned()),
        PointKind::Lambda(_) => Some("lambda".to_owned()),
        _ => None,
    };
    function.graph.reachable().iter().filter_map(show).filter(|text| !text.is_empty()).collect()
}

#[test]
fn calls_become_instructions_in_the_order_in_which_they_run() {
    let rows = [
        (
            "x = f(g(1), h(2)).k()",
            vec!["g(1)", "h(2)", "f(g(1), h(2))", "f(g(1), h(2)).k()", "x = f(g(1), h(2)).k()"],
        ),
        ("if a() and b(): c()", vec!["a()", "b()", "?", "c()"]),
        ("def f():\n  return g()\n  h()", vec!["g()", "return"]),
        ("def f():\n  try:\n    g()\n  except E:\n    h()\n  k()", vec!["g()", "h()", "k()"]),
        ("def f():\n  raise g()\n  h()", vec!["g()", "throw"]),
        ("while c():\n  f()\n  break\n  g()", vec!["c()", "?", "f()"]),
        ("f(lambda: g())", vec!["lambda: g()", "f(lambda: g())", "lambda", "g()"]),
    ];
    for (code, expected) in rows {
        assert_eq!(shown(Language::Python, code), expected, "{code}");
    }
}

#[test]
fn functions_are_read_once_and_lambdas_where_they_stand() {
    let rows = [
        ("function f() { g(() => 1); }", 2),
        ("function f() { return 1; g(() => 1); }", 3),
        ("class A { x = 1; m() {} }", 3),
        ("f({ m() {} })", 1),
    ];
    for (code, count) in rows {
        let program = program(Language::JavaScript, code);
        assert_eq!(program.functions.len(), count, "{code}");
        assert!(program.functions.last().is_some_and(|last| last.kind == FunctionKind::File));
    }
}

#[test]
fn every_program_ends() {
    for code in
        ["", "a: for (;;) { continue a; }", "for (;;) {}", "switch (x) {}", "try {} finally {}", "} ) ("]
    {
        for function in program(Language::JavaScript, code).functions {
            assert!(matches!(function.graph.kind(function.graph.exit()), Some(PointKind::Exit)), "{code}");
        }
    }
}
