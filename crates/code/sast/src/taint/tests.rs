use andon_syntax::Language::{self, Go, Java, JavaScript, Python};

use crate::check::Ruleset;
use crate::rule::Loader;

const SOURCES_AND_SINKS: &str = r"
    pattern-sources:
      - pattern: source(...)
      - patterns: [{pattern: tainted}]
    pattern-sanitizers:
      - pattern: clean(...)
      - by-side-effect: true
        patterns: [{pattern: check($X)}, {focus-metavariable: $X}]
    pattern-propagators:
      - {pattern: $TO.push($FROM), from: $FROM, to: $TO}
    pattern-sinks:
      - pattern: sink(...)
      - patterns: [{pattern: 'first($A, ...)'}, {focus-metavariable: $A}]";

fn lines_of(language: Language, rest: &str, code: &str) -> Vec<usize> {
    let rule = format!(
        "rules:\n  - id: t\n    mode: taint\n    languages: [{}]\n    message: m\n    severity: ERROR{rest}\n",
        language.name()
    );
    let mut loader = Loader::default();
    let loaded = loader.load("t.yaml", &rule).unwrap_or_else(|error| panic!("{rule}: {error:?}"));
    let set = Ruleset::new(loader, vec![loaded]);
    assert!(set.refused.is_empty(), "{:?}", set.refused);
    let checked = set.check(language, code);
    assert!(checked.gave_up.is_empty());
    checked.found.iter().map(|hit| code[..hit.span.start].matches('\n').count() + 1).collect()
}

/// Every line that ends in `!` is found, and no other.
fn check_with(language: Language, rest: &str, code: &str) {
    let mark = if language == Python { "#!" } else { "//!" };
    let expected: Vec<_> =
        code.lines().enumerate().filter(|(_, line)| line.ends_with(mark)).map(|(at, _)| at + 1).collect();
    assert_eq!(lines_of(language, rest, code), expected, "{code}");
}

fn check(language: Language, code: &str) {
    check_with(language, SOURCES_AND_SINKS, code);
}

#[test]
fn data_goes_through_variables_and_fields() {
    let rows = [
        "x = source()\nsink(x) #!\nx = 1\nsink(x)",
        "x.a = source()\nsink(x.b)\nsink(x.a.c) #!\nsink(x) #!",
        "x = source()\nx.a = 1\nsink(x.a)\nsink(x.b) #!",
        "a, b = source(), 1\nsink(b) #!",
        "d = {}\nd['a'] = source()\nsink(d['b']) #!",
        "x += source()\nsink(x) #!",
        "l = [1, source()]\nsink(l[0]) #!",
        "t.u = source()\nt = 1\nsink(t.u)",
        "x = f\"{source()}\"\nsink(x) #!",
        "x = [y for y in source()]\nsink(x) #!",
    ];
    rows.iter().for_each(|code| check(Python, code));
    check(JavaScript, "let {a, b: [c]} = source();\nsink(a); //!\nsink(c); //!");
    check(JavaScript, "z = {k: source(), j: 1};\nsink(z); //!\nsink(z.k); //!\nsink(z.j);");
    check(JavaScript, "el.innerHTML = source();\nsink(el.innerHTML); //!\nsink(el.id);");
}

#[test]
fn data_goes_through_calls() {
    let rows = [
        "sink(f(g(source()))) #!",
        "sink(source().a().b) #!",
        "x = f(a)(source())\nsink(x) #!",
        "l.push(source())\nsink(l) #!\nl.other(source())\nm.other(source())\nsink(m)",
        "sink(clean(source()))\ny = clean(source())\nsink(y)",
        "y = source()\ncheck(y)\nsink(y)",
        "first(source(), 1) #!\nfirst(1, source())\nfirst(f(source())) #!",
    ];
    rows.iter().for_each(|code| check(Python, code));
    check(
        Java,
        "class A { void m(Foo o, Foo p) {\no.setBar(source());\nsink(o.getBar()); //!\nsink(o.getBaz());\n} }",
    );
    check(Java, "class A { void m() {\nFoo o = new Foo(source());\nsink(o); //!\nsink(o.x); //!\n} }");
}

#[test]
fn data_takes_every_way_that_can_be_taken() {
    let rows = [
        "x = source()\nif a:\n  x = 1\nsink(x) #!",
        "x = source()\nif a:\n  x = 1\nelse:\n  x = 2\nsink(x)",
        "def f():\n  x = source()\n  if a:\n    x = 1\n  else:\n    return\n  sink(x)",
        "x = 1\nwhile a:\n  sink(x) #!\n  x = source()",
        "for y in source():\n  sink(y) #!\nelse:\n  sink(y) #!",
        "try:\n  x = source()\n  f()\n  x = 1\nexcept E:\n  sink(x) #!\nfinally:\n  sink(x) #!",
        "with source() as x:\n  sink(x) #!",
        "x = source()\nmatch a:\n  case 1:\n    x = 1\n  case _:\n    sink(x) #!",
        "x = 1 if a else source()\nsink(x) #!",
        "def f():\n  return 1\n  sink(source())",
    ];
    rows.iter().for_each(|code| check(Python, code));
    check(
        JavaScript,
        "l: for (;;) {\n let x = source();\n while (1) { x = 1; continue l; }\n sink(x); //!\n}",
    );
    check(JavaScript, "let x = source();\nswitch (a) { case 1: x = 1; break;\n case 2: sink(x); //!\n}");
    check(Go, "package p\nfunc f() {\n goto L\n sink(source())\nL:\n sink(source()) //!\n}");
    check(Go, "package p\nfunc f(a []T) {\n for k, v := range source() {\n sink(v) //!\n }\n}");
}

#[test]
fn lambdas_see_what_is_around_them() {
    check(JavaScript, "function f() { let x = 1; x = source();\nfoo(() => sink(x)); //!\n}");
    check(JavaScript, "function f(x) {\nfoo((x) => sink(x));\nfoo((tainted) => sink(tainted)); //!\n}");
    check(
        JavaScript,
        "const x = source();\nfunction n() { sink(x); } //!\nlet y = source(); y = 1;\nfunction m() { sink(y); }",
    );
    check(Python, "def f():\n  x = source()\n  def g():\n    sink(x)");
    check(
        Java,
        "class A { final String g = source(); String h = source();\nvoid m() { sink(g); //!\nsink(h); } }",
    );
}

#[test]
fn parameters_are_sources_by_name_and_default() {
    check(Python, "def f(tainted, x=source()):\n  sink(tainted) #!\n  sink(x) #!");
    check(JavaScript, "function f({a, tainted: t}) {\nsink(a);\n}");
    check(
        Java,
        "class A { void m(String tainted) { this.f = tainted;\nsink(this.f); //!\nsink(this.g);\n} }",
    );
}

#[test]
fn parameters_of_lambdas_are_sources() {
    let rest = r"
    pattern-sources:
      - patterns: [{pattern: 'function ($X) { ... }'}, {focus-metavariable: $X}]
    pattern-sinks: [{pattern: sink(...)}]";
    check_with(JavaScript, rest, "f(function (x) {\n x.b = 1;\n sink(x.b);\n sink(x); //!\n});");
}

const LABELS: &str = r"
    pattern-sources:
      - {pattern: a(), label: A}
      - {pattern: b(...), label: B, requires: A}
      - {pattern: c(), label: C}
    pattern-propagators:
      - {pattern: '$F.into($T)', from: $F, to: $T, label: B, requires: C}
    pattern-sinks:
      - {pattern: sink(...), requires: B and not C}";

#[test]
fn labels_are_required() {
    let rows = [
        "sink(a())",
        "sink(b(a())) #!",
        "sink(b(1))",
        "x = b(a())\nsink(x) #!\nsink(x, c())",
        "x = c()\nx.f.into(y)\nsink(y)",
    ];
    rows.iter().for_each(|code| check_with(Python, LABELS, code));
}

#[test]
fn options_keep_data_from_going_on() {
    let rows = [
        (
            "taint_assume_safe_functions: true",
            "sink(source()) #!\nsink(f(source()))\nx = f(source())\nsink(x)",
        ),
        ("taint_assume_safe_indexes: true", "x = a[source()]\nsink(x)\ny = source()[0]\nsink(y) #!"),
        ("taint_assume_safe_comparisons: true", "x = source() == 1\nsink(x)\ny = source() + 1\nsink(y) #!"),
        ("taint_assume_safe_booleans: true", "x = not source()\nsink(x)"),
        ("taint_only_propagate_through_assignments: true", "x = source()\nsink(x) #!\ny = x + 1\nsink(y)"),
    ];
    for (option, code) in rows {
        let rest = "
    pattern-sources: [{pattern: source(...)}]
    pattern-sinks: [{pattern: sink(...)}]";
        check_with(Python, &format!("\n    options: {{{option}}}{rest}"), code);
    }
}

#[test]
fn side_effects_and_control_are_followed() {
    let only = r"
    pattern-sources:
      - {by-side-effect: only, patterns: [{pattern: 'taint($X)'}, {focus-metavariable: $X}]}
    pattern-sinks: [{pattern: sink(...)}]";
    check_with(Python, only, "sink(x)\ntaint(x)\nsink(x) #!\nx = 1\nsink(x)");
    let control = r"
    pattern-sources: [{pattern: begin(), control: true}]
    pattern-sinks: [{pattern: sink()}]";
    check_with(Python, control, "sink()\nbegin()\nsink() #!");
}

#[test]
fn metavariables_must_agree_if_asked() {
    let rest = "
    options: {taint_unify_mvars: true}
    pattern-sources: [{pattern: 'source($X)'}]
    pattern-sinks: [{pattern: 'sink($X, ...)'}]";
    check_with(Python, rest, "y = source(a)\nsink(b, y)\nsink(a, y) #!");
}

#[test]
fn deep_and_long_code_is_bounded() {
    let deep = format!("sink({}source(){}) #!", "f(".repeat(400), ")".repeat(400));
    check(Python, &deep);
    let long: String = (0..2_000).map(|at| format!("x{} = g(x{at})\n", at + 1)).collect();
    check(Python, &format!("x0 = source()\n{long}sink(x2000) #!"));
    let nested = format!("{}sink(tainted);//!\n{}", "a(() => {".repeat(60), "})".repeat(60));
    check(JavaScript, &nested);
}
