use andon_syntax::{Kind, Language, NodeId, Symbols, Tree, parse};

use crate::facts::{Constant, Facts, facts};

struct File {
    tree: Tree,
    symbols: Symbols,
    facts: Facts,
}

fn learn(language: Language, source: &str) -> File {
    let mut symbols = Symbols::default();
    let tree = parse(language, source, &mut symbols).tree;
    let facts = facts(language, &tree, &mut symbols);
    File { tree, symbols, facts }
}

impl File {
    fn text(&self, id: NodeId) -> &str {
        self.symbols.text(self.tree.text(id))
    }

    /// The arguments of each `foo(…)`, in order.
    fn calls(&self) -> Vec<Vec<NodeId>> {
        let is_foo = |id: &NodeId| {
            let callee = self.tree.child(*id, 0).filter(|_| self.tree.kind(*id) == Kind::Call);
            callee.is_some_and(|callee| self.text(callee) == "foo")
        };
        let arguments = |id| self.tree.child(id, 1).map(|args| self.tree.children(args).collect());
        self.tree.ids().filter(is_foo).filter_map(arguments).collect()
    }

    /// What an expression is known to be: its constant, or `=` and the expression it stands for.
    fn known(&self, id: NodeId) -> String {
        if let Some(constant) = self.facts.constants.get(&id) {
            return match constant {
                Constant::Text(text) => format!("'{}'", self.symbols.text(*text)),
                Constant::SomeText => "text".into(),
                Constant::Integer(value) => value.to_string(),
                Constant::SomeInteger => "integer".into(),
                Constant::Number(value) => value.to_string(),
                Constant::Bool(value) => value.to_string(),
                Constant::SomeBool => "bool".into(),
                Constant::Literal(id) => format!("literal {}", self.text(*id)),
            };
        }
        self.facts.expressions.get(&id).map_or("?".into(), |id| format!("={:?}", self.tree.kind(*id)))
    }
}

/// Compares what the first argument of each `foo(…)` is known to be.
fn check(language: Language, source: &str, expected: &[&str]) {
    let file = learn(language, source);
    let found: Vec<_> =
        file.calls().iter().map(|call| call.first().map_or("-".into(), |id| file.known(*id))).collect();
    assert_eq!(found, expected, "{source}");
}

/// Compares the full names, with dots, and the types of the first argument of each `foo(…)`.
fn check_names(language: Language, source: &str, expected: &[(&str, &str)]) {
    let file = learn(language, source);
    let describe = |call: &Vec<NodeId>| {
        let id = *call.first()?;
        let path = file.facts.full_names.get(&id);
        let path =
            path.map(|path| path.iter().map(|part| file.symbols.text(*part)).collect::<Vec<_>>().join("."));
        let kind = file.facts.types.get(&id).and_then(|id| source.get(file.tree.span(*id)));
        Some((path.unwrap_or_default(), kind.unwrap_or_default().to_owned()))
    };
    let found: Vec<_> = file.calls().iter().filter_map(describe).collect();
    let found: Vec<_> = found.iter().map(|(path, kind)| (path.as_str(), kind.as_str())).collect();
    assert_eq!(found, expected, "{source}");
}

#[test]
fn strings_are_put_together() {
    let cases = [
        ("foo('a' + 'b')", "'ab'"),
        ("x = 'a'\nfoo(f'{x}b')", "'ab'"),
        ("x = 'a'\nx += 'b'\nfoo(x)", "'ab'"),
        ("foo('a' 'b')", "'ab'"),
        ("foo('a' * 3)", "text"),
        ("foo('a' + b)", "?"),
        ("foo(2 + 3)", "5"),
        ("foo(not True)", "false"),
        ("x = None\nfoo(x)", "literal "),
        ("x = 'a' if c else 'b'\nfoo(x)", "text"),
        ("foo('a' % c)", "?"),
    ];
    for (source, expected) in cases {
        check(Language::Python, source, &[expected]);
    }
    check(
        Language::JavaScript,
        "foo('a' + 1 + 2.5); foo(`b${'c'}`); foo(1 + 'a')",
        &["'a12.5'", "'bc'", "?"],
    );
    check(
        Language::Java,
        "class A { void f() { foo(\"a\" + 1); foo(String.format(\"%s\", \"b\")); } }",
        &["'a1'", "text"],
    );
}

#[test]
fn branches_agree_or_forget() {
    let cases = [
        ("if c:\n  x = 'a'\nelse:\n  x = 'a'\n", "'a'"),
        ("if c:\n  x = 'a'\nelse:\n  x = 'b'\n", "text"),
        ("if c:\n  x = 'a'\n", "?"),
        ("x = 'a'\nif c:\n  x = d()\n", "?"),
        ("x = 'a'\nif c:\n  x = 'b'\n  return\n", "'a'"),
        ("x = 'a'\nwhile c:\n  d()\n", "?"),
        ("x = 'a'\nwhile c:\n  x = 'a'\n", "'a'"),
        ("x = 'a'\nx.append(1)\n", "?"),
        ("x = 'a'\nx[0] = 1\n", "?"),
        ("x = 'a'\ny = x\nx = c\nx = y\n", "'a'"),
        ("x, y = 'a', 'b'\n", "?"),
        ("x = 'a'\nf = lambda: d(x)\n", "'a'"),
        ("x = 'a'\nwith c as x:\n  pass\n", "?"),
        ("x = y.z(1)\n", "=Call"),
        ("x = [1]\n", "?"),
    ];
    for (body, expected) in cases {
        let body: String = body.lines().map(|line| format!("  {line}\n")).collect();
        check(Language::Python, &format!("def f(c):\n{body}  foo(x)\n"), &[expected]);
    }
}

#[test]
fn handlers_see_what_holds_where_something_is_thrown() {
    let cases = [
        ("try:\n  x = 'b'\n  d()\nexcept E:\n  foo(x)", "'b'"),
        ("try:\n  d()\n  x = 'b'\nexcept E:\n  foo(x)", "'a'"),
        ("try:\n  d()\n  x = 'b'\n  d()\nexcept E:\n  foo(x)", "text"),
        ("try:\n  pass\nexcept E:\n  x = c\nfoo(x)", "'a'"),
        ("try:\n  d()\nexcept E:\n  x = c\nfoo(x)", "?"),
        ("try:\n  d()\nexcept E:\n  x = c\n  raise\nfoo(x)", "'a'"),
        ("try:\n  d()\n  x = 'b'\nfinally:\n  foo(x)", "text"),
        ("try:\n  try:\n    x = 'b'\n    d()\n    x = 'a'\n  finally:\n    d()\nexcept E:\n  foo(x)", "text"),
    ];
    for (body, expected) in cases {
        let body: String = body.lines().map(|line| format!("  {line}\n")).collect();
        check(Language::Python, &format!("def f(c):\n  x = 'a'\n{body}"), &[expected]);
    }
}

#[test]
fn what_is_assigned_once_is_known_elsewhere() {
    check(Language::Python, "A = 'a'\nB = 'b'\nB = 'c'\ndef f():\n  foo(A)\n  foo(B)\n", &["'a'", "?"]);
    check(
        Language::JavaScript,
        "let a = 'a', b = 'b'; b = 'c'; function f() { foo(a); foo(b); }",
        &["'a'", "?"],
    );
    check(Language::JavaScript, "class A { k = 'a'; m(k) { foo(this.k); foo(k); } }", &["'a'", "?"]);
    check(
        Language::Go,
        "package p\nconst a = \"a\"\nvar b = \"b\"\nfunc f() { foo(a); foo(b) }",
        &["'a'", "?"],
    );
    let source =
        "class A { private String a; private String b = \"b\"; final String c = \"c\"; String d = \"d\";
        A() { a = \"a\"; } void f() { foo(a); foo(b); foo(this.c); foo(d); } }";
    check(Language::Java, source, &["'a'", "'b'", "'c'", "?"]);
}

#[test]
fn a_switch_falls_through_and_breaks() {
    let source = "function f(c) { let x; x = 'a'; switch (c) { case 1: x = 'b'; case 2: foo(x); break; default: x = c } foo(x) }";
    check(Language::JavaScript, source, &["text", "?"]);
    let source = "class A { void f(int c) { String x = \"a\"; switch (c) { case 1: x = \"b\"; break; default: return; } foo(x); } }";
    check(Language::Java, source, &["'b'"]);
}

#[test]
fn imports_have_full_names() {
    let source = "import a.b as c\nfrom d.e import f as g, h\nfrom . import i\nfoo(c)\nfoo(g)\nfoo(h)\nfoo(i)\ndef k(h): foo(h)\n";
    check_names(Language::Python, source, &[("a.b", ""), ("d.e.f", ""), ("d.e.h", ""), ("", ""), ("", "")]);
    let source = "import d, { a, b as c } from 'x/y.js'; import * as n from 'z/v2'; const r = require('p/q'); \
        const { s, t: u } = require('v'); foo(d); foo(a); foo(c); foo(n); foo(r); foo(s); foo(u)";
    let expected = [("", ""), ("y.a", ""), ("y.b", ""), ("z", ""), ("p/q", ""), ("v.s", ""), ("v.t", "")];
    check_names(Language::JavaScript, source, &expected);
    let source = "package p\nimport s \"a/b-go\"\nimport \"c/d\"\nfunc f() { foo(s); foo(d) }";
    check_names(Language::Go, source, &[("b", ""), ("", "")]);
    let source = "import a.b.C; import static d.E.f; class X { void m() { foo(C); foo(f); } }";
    check_names(Language::Java, source, &[("a.b.C", ""), ("d.E.f", "")]);
}

#[test]
fn names_have_the_types_they_were_declared_with() {
    let source = "class X { T a; void m(List<U> b) { V c = d(); var e = new W(); foo(a); foo(this.a); foo(b); foo(c); foo(e); foo(z); } }";
    let expected = [("", "T"), ("", "T"), ("", "List<U>"), ("", "V"), ("", "W"), ("", "")];
    check_names(Language::Java, source, &expected);
    let source = "package p\nfunc (r *R) f(a T) { b := &S{}; c := S{1}; d := a; foo(r); foo(a); foo(b); foo(c); foo(d) }";
    check_names(Language::Go, source, &[("", "*R"), ("", "T"), ("", "&S{}"), ("", "S"), ("", "T")]);
    check_names(
        Language::Python,
        "def f(a: T):\n  b: U = 1\n  c = 1\n  foo(a)\n  foo(b)\n  foo(c)\n",
        &[("", "T"), ("", "U"), ("", "1")],
    );
    check_names(
        Language::TypeScript,
        "function f(a: T) { const b = new U(); foo(a); foo(b) }",
        &[("", "T"), ("", "U")],
    );
}

#[test]
fn declarations_tell_variables_apart() {
    let cases = [
        (Language::Python, "x = 1\nfoo(x)\ndef f():\n  foo(x)\n  x = 2\n  foo(x)\n", "001"),
        (Language::Python, "x = 1\nfoo(x)\ndef f():\n  global x\n  x = 2\n  foo(x)\n", "00"),
        (Language::Python, "x = 1\nfoo(x)\n[foo(x) for x in y]\nfoo(x)\n", "010"),
        (Language::JavaScript, "let x; foo(x); (x) => foo(x); foo(x); { foo(x) }", "0100"),
        (
            Language::Java,
            "class A { void f(int x) { foo(x); if (x) { int x = 1; foo(x); } foo(x); } void g() { int x; foo(x); } }",
            "0102",
        ),
    ];
    for (language, source, expected) in cases {
        let file = learn(language, source);
        let mut seen = Vec::new();
        let mut found = String::new();
        for call in file.calls() {
            let number = call.first().and_then(|id| file.facts.declarations.get(id));
            let at = seen.iter().position(|other| *other == number).unwrap_or_else(|| {
                seen.push(number);
                seen.len() - 1
            });
            found.push_str(&at.to_string());
        }
        assert_eq!(found, expected, "{source}");
    }
}

#[test]
fn long_and_deep_code_is_bounded() {
    let many = "s = s + 'abcdefgh'\n".repeat(5_000);
    let file = learn(Language::Python, &format!("s = ''\n{many}foo(s)\n"));
    let size: usize = file
        .facts
        .constants
        .values()
        .map(|constant| match constant {
            Constant::Text(text) => file.symbols.text(*text).len(),
            _ => 0,
        })
        .max()
        .unwrap_or(0);
    assert!(size <= 16 * 1024, "{size}");
    let deep = format!("{}1{}", "f(".repeat(3_000), ")".repeat(3_000));
    assert!(learn(Language::JavaScript, &deep).facts.constants.is_empty());
    let nested: String = (0..400)
        .map(|depth| format!("{}if c:\n{}x{depth} = 'a'\n", " ".repeat(depth), " ".repeat(depth + 1)))
        .collect();
    assert!(!learn(Language::Python, &nested).facts.declarations.is_empty());
}
