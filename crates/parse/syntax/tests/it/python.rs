use andon_syntax::{Kind, Language, NodeId, Shape, Symbols, Tree, parse, parse_pattern};

/// A node in one line: leaves as their text, what is absent as `-`.
fn shape(tree: &Tree, id: NodeId, symbols: &Symbols) -> String {
    let text = symbols.text(tree.text(id));
    let children: Vec<_> = tree.children(id).map(|child| shape(tree, child, symbols)).collect();
    let label = match tree.kind(id) {
        Kind::Absent => return "-".to_owned(),
        Kind::Ellipsis => return "...".to_owned(),
        Kind::Name | Kind::Metavariable | Kind::MetavariableEllipsis | Kind::Int => return text.to_owned(),
        kind if text.is_empty() => format!("{kind:?}"),
        kind => format!("{kind:?}:{text}"),
    };
    if children.is_empty() { label } else { format!("{label}({})", children.join(" ")) }
}

fn check(source: &str, expected: &str) {
    let mut symbols = Symbols::default();
    let parsed = parse(Language::Python, source, &mut symbols);
    let tree = parsed.tree;
    let found: Vec<_> = tree.children(tree.root()).map(|id| shape(&tree, id, &symbols)).collect();
    assert_eq!(found.join(" "), expected, "of {source:?}");
    assert!(parsed.broken.is_empty() && !parsed.too_deep, "{source:?} is sound");
}

fn check_expression(source: &str, expected: &str) {
    check(source, &format!("ExprStatement({expected})"));
}

fn check_pattern(pattern: &str, kind: Shape, expected: &str) {
    let mut symbols = Symbols::default();
    let read = parse_pattern(Language::Python, pattern, &mut symbols).map(|read| {
        let roots: Vec<_> = read.roots.iter().map(|id| shape(&read.tree, *id, &symbols)).collect();
        (read.shape, roots.join(" "))
    });
    assert_eq!(read, Ok((kind, expected.to_owned())), "of {pattern:?}");
}

#[test]
fn expressions() {
    check_expression("f(a, *b, k=1, **c)", "Call(f Args(a Spread:*(b) Keyword:k(1) Spread:**(c)))");
    check_expression("f(x for x in y)", "Call(f Args(Comprehension:generator(x ComprehensionFor(x y))))");
    check_expression(
        "a.b[0](1)[1:2, ::3]",
        "Index(Call(Index(Member(a b) 0) Args(1)) Tuple(Slice(- 1 2 -) Slice(- - - 3)))",
    );
    check_expression("a[1:]", "Slice(a 1 - -)");
    check_expression("a < b <> c", "Binary:&&(Binary:<(a b) Binary:!=(b c))");
    check_expression("not a and b is not c", "Binary:&&(Unary:!(a) Binary:is not(b c))");
    check_expression("a if b else (c := -0xF_F)", "Conditional(b a Assign(c Unary:-(0xff)))");
    check_expression("[1, *a], (), {1}, {}", "Tuple(Array(1 Spread:*(a)) Tuple Set(1) Dict)");
    check_expression("{**a, 'k': v}", "Dict(Spread:**(a) Pair(Str:k v))");
    check_expression(
        "{a: b for c in d if e}",
        "Comprehension:dict(Pair(a b) ComprehensionFor(c d) ComprehensionIf(e))",
    );
    check_expression(
        "lambda x, *y: x",
        "Lambda(Attributes Params(Param(Attributes x - -) Param:*(Attributes y - -)) - x)",
    );
    check_expression("1.5, 2j, 3L, True, None", "Tuple(Float:1.5 Imaginary:2j 3 Bool:true Null)");
    check_expression("yield from await a", "Yield:from(Await(a))");
}

#[test]
fn strings() {
    check_expression(r#"rb'a\n"$'"#, r#"Str:a\n"$"#);
    check_expression("'''a\nb'''", "Str:a\nb");
    check_expression("f'a{x!r:>{w}}{{}}'", "Template:f(Str:a x w Str:{{}})");
    check_expression("f'a'", "Template:f(Str:a)");
    check_expression("f'{f'{a}'}'", "Template:f(Template:f(a))");
    check_expression("'a' f'{b}' ''", "Template(Str:a Template:f(b) Str)");
}

#[test]
fn simple_statements() {
    check("a = b, *c = d", "ExprStatement(Assign(a Assign(Tuple(b Spread:*(c)) d)))");
    check("a: List[int]", "VarDef(Attributes a Index(List int) -)");
    check("a.b: int = 1", "VarDef(Attributes Member(a b) int 1)");
    check("a //= 2; pass", "ExprStatement(AugmentedAssign://(a 2)) Keyed:pass");
    check("del a, b[0]", "Keyed:del(a Index(b 0))");
    check("nonlocal a, b", "Keyed:nonlocal(a b)");
    check("raise A from b", "Throw(A b)");
    check("assert a", "Assert(a -)");
    check("print >>f, 'a', b", "ExprStatement(Call(print Args(Str:a b Keyword:file(f))))");
    check("exec a in b", "ExprStatement(Call(exec Args(a b)))");
    check("type A[T] = B", "TypeAlias(A TypeParams(T) B)");
}

#[test]
fn imports() {
    check("import a.b as c, d", "Import(Member(a b) c) Import(d -)");
    check("from ..a import (b as c, d)", "ImportFrom(Member(.. a) ImportName(b c) ImportName(d -))");
    check("from . import *", "ImportAll(. -)");
    check("from __future__ import a", "ImportFrom(__future__ ImportName(a -))");
}

#[test]
fn compound_statements() {
    check(
        "if a: b()\nelif c: pass\nelse: pass",
        "If(a Block(ExprStatement(Call(b Args))) If(c Block(Keyed:pass) Block(Keyed:pass)))",
    );
    check("for a, b in c: break\nelse: pass", "ForEach:in(Tuple(a b) c Block(Break) Block(Keyed:pass))");
    check("while a: continue", "While(a Block(Continue) -)");
    check(
        "try: pass\nexcept* A as e: pass\nexcept B, e: pass\nexcept: pass\nfinally: pass",
        "Try(- Block(Keyed:pass) Catch(A e Block(Keyed:pass)) Catch(B e Block(Keyed:pass)) Catch(- - Block(Keyed:pass)) - Block(Keyed:pass))",
    );
    check(
        "async with (a as b, c): pass",
        "With:async(WithItem(a b) Block(With:async(WithItem(c -) Block(Keyed:pass))))",
    );
    check(
        "match a:\n  case B(x=-1) | [c, *_] if d: pass\n  case {'k': 1} as e: pass\n  case _: pass",
        "Switch(a Case(Binary:|(Call(B Args(Keyword:x(Unary:-(1)))) Array(c Spread:*(_))) ComprehensionIf(d) Block(Keyed:pass)) \
         Case(WithItem(Dict(Pair(Str:k 1)) e) Block(Keyed:pass)) Case:default(Block(Keyed:pass)))",
    );
}

#[test]
fn definitions() {
    check(
        "def f(a, /, b: int = 1, *, c=2, **d) -> e: return",
        "FunctionDef(Attributes f - Params(Param(Attributes a - -) Param:/(Attributes - - -) Param(Attributes b int 1) \
         Param:*(Attributes - - -) Param(Attributes c - 2) Param:**(Attributes d - -)) e Block(Return(-)))",
    );
    check(
        "@a.b(1)\n@c\nclass D(E, metaclass=F):\n  async def g(): pass",
        "ClassDef:class(Attributes(Attribute(Member(a b) Args(1)) Attribute(c -)) D - Supers(SuperType:extends(E) Keyword:metaclass(F)) \
         ClassBody(FunctionDef:method(Attributes(Modifier:async) g - Params - Block(Keyed:pass))))",
    );
}

#[test]
fn spans() {
    let check = |source: &str, kind, expected: &str| {
        let mut symbols = Symbols::default();
        let tree = parse(Language::Python, source, &mut symbols).tree;
        let id = tree.ids().find(|id| tree.kind(*id) == kind).unwrap();
        assert_eq!(&source[tree.span(id)], expected);
    };
    check("x = ((\n a + b))\n", Kind::Binary, "((\n a + b))");
    check("f((x))\n", Kind::Args, "((x))");
    check("import a, b\n", Kind::Import, "import a");
    check("@d\ndef f(): pass\nx\n", Kind::FunctionDef, "@d\ndef f(): pass");
    check("@d(1)\ndef f(): pass\n", Kind::Attribute, "@d(1)");
    check("a < b < c\n", Kind::Binary, "a < b < c");
}

#[test]
fn broken_code_keeps_what_is_around_and_within() {
    for source in [
        "def f(:\n  g(1)\n\nh(2)\n",
        "g(1)\nx = = 3\nh(2)\n",
        "class A:\n  def f(self):\n    g(1\n\n  x = h(2)\n",
    ] {
        let mut symbols = Symbols::default();
        let parsed = parse(Language::Python, source, &mut symbols);
        let h = symbols.find("h");
        assert!(!parsed.broken.is_empty(), "{source:?} is broken");
        assert!(parsed.tree.ids().any(|id| Some(parsed.tree.text(id)) == h), "h is kept in {source:?}");
    }
}

#[test]
fn what_nests_deep_is_cut_off() {
    let deep = |open: &str, close: &str| format!("x = {}y{}\n", open.repeat(5_000), close.repeat(5_000));
    for (source, is_cut) in
        [(deep("(", ")"), false), (deep("[", "]"), true), (deep("not ", ""), true), (deep("f(", ")"), true)]
    {
        let parsed = parse(Language::Python, &source, &mut Symbols::default());
        assert_eq!(parsed.too_deep, is_cut);
    }
    let chain = format!("x = {}c{}\n", "a < (b < ".repeat(200), " < d)".repeat(200));
    assert!(parse(Language::Python, &chain, &mut Symbols::default()).tree.len() < 100 * chain.len());
}

#[test]
fn patterns_of_expressions() {
    let check = |pattern, expected| check_pattern(pattern, Shape::Expression, expected);
    check("f(..., $X, k=..., $K=$V, $...A)", "Call(f Args(... $X Keyword:k(...) Keyword:$K($V) $...A))");
    check("$X. ... .f(...)", "Call(Member(Member($X ...) f) Args(...))");
    check("{..., 'k': $V, ...}", "Dict(... Pair(Str:k $V) ...)");
    check("{...}", "Dict(...)");
    check("{..., $X}", "Set(... $X)");
    check("[..., f'...{$X}$Y'] # $X", "Array(... Template:f(Str:... $X Str:$Y))");
    check("'...' + \"=~/a $X/\"", "Binary:+(Str:... Str:=~/a $X/)");
    check("f($X : int | None, ...)", "Call(f Args(TypedMetavariable:$X(Binary:|(int Null)) ...))");
    check("($X : a.B).c", "Member(TypedMetavariable:$X(Member(a B)) c)");
    check(
        "f(lambda $X: 1, lambda ...: $Y)",
        "Call(f Args(Lambda(Attributes Params(Param(Attributes $X - -)) - 1) Lambda(Attributes Params(...) - $Y)))",
    );
    check("f(<... $X ...>)", "Call(f Args(DeepEllipsis($X)))");
    check("(..., $X) = $Y", "Assign(Tuple(... $X) $Y)");
    check("  f(\n    $X)", "Call(f Args($X))");
}

#[test]
fn patterns_of_statements() {
    let check = |pattern, expected| check_pattern(pattern, Shape::Statement, expected);
    check(
        "def $F(..., $X: $T = $D, **$K): ...",
        "FunctionDef(Attributes $F - Params(... Param(Attributes $X $T $D) Param:**(Attributes $K - -)) - Block(...))",
    );
    check(
        "class $C($B, ...):\n  ...\n  x = ...",
        "ClassDef:class(Attributes $C - Supers(SuperType:extends($B) ...) ClassBody(... ExprStatement(Assign(x ...))))",
    );
    check("$X: $T", "VarDef(Attributes $X $T -)");
    check("return ...", "Return(...)");
    check("from ... import $X", "ImportFrom(... ImportName($X -))");
    check("for ... in $X:\n  ...", "ForEach:in(... $X Block(...) -)");
    check_pattern("a\n...\n$B", Shape::Statements, "ExprStatement(a) ... ExprStatement($B)");
}

#[test]
fn parts_of_statements_as_patterns() {
    let check = |pattern, expected| check_pattern(pattern, Shape::Partial, expected);
    check("@d\ndef f(...):  # why", "FunctionDef(Attributes(Attribute(d -)) f - Params(...) - Block(...))");
    check("if $X:", "If($X Block(...) -)");
    check("try: ...", "Try(- Block(...) - -)");
    check("except $E as $X: f()", "Catch($E $X Block(ExprStatement(Call(f Args))))");
    check("else: ...", "If(... Block(...) Block(...))");
    check("finally:\n  $X.close()", "Block(ExprStatement(Call(Member($X close) Args)))");
    check_pattern("@$D(...)", Shape::Attribute, "Attribute($D Args(...))");
    check_pattern("'k': $V", Shape::Pair, "Pair(Str:k $V)");
}

#[test]
fn what_is_no_code_is_no_pattern() {
    for pattern in ["f(", "def", "$x", "a b"] {
        assert!(parse_pattern(Language::Python, pattern, &mut Symbols::default()).is_err(), "{pattern:?}");
    }
}
