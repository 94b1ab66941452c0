use andon_syntax::{Kind, Language, Shape, Symbols, Tree, parse, parse_pattern};

const DIALECTS: [Language; 3] = [Language::JavaScript, Language::TypeScript, Language::Tsx];

/// The children of the root on one line: `Kind"text"(children)`, empty attributes left out.
fn line(tree: &Tree, symbols: &Symbols) -> String {
    let node = |id| one(tree, id, symbols);
    tree.children(tree.root()).map(node).collect::<Vec<_>>().join("; ")
}

fn one(tree: &Tree, id: andon_syntax::NodeId, symbols: &Symbols) -> String {
    let children: Vec<_> = tree
        .children(id)
        .filter(|child| tree.kind(*child) != Kind::Attributes || tree.child(*child, 0).is_some())
        .map(|child| one(tree, child, symbols))
        .collect();
    let text = symbols.text(tree.text(id));
    match tree.kind(id) {
        Kind::Absent => "-".to_owned(),
        Kind::Name | Kind::Int | Kind::Metavariable => text.to_owned(),
        Kind::Ellipsis => "...".to_owned(),
        kind => {
            let text = if text.is_empty() { String::new() } else { format!("{text:?}") };
            let inner = if children.is_empty() { String::new() } else { format!("({})", children.join(" ")) };
            format!("{kind:?}{text}{inner}")
        }
    }
}

fn check(language: Language, cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        let mut symbols = Symbols::default();
        let parsed = parse(language, source, &mut symbols);
        assert_eq!(line(&parsed.tree, &symbols), *expected, "{source}");
        assert!(parsed.broken.is_empty(), "{source}");
    }
}

/// In every dialect alike.
fn check_patterns(cases: &[(&str, Shape, &str)]) {
    for (pattern, shape, expected) in cases {
        for language in DIALECTS {
            let mut symbols = Symbols::default();
            let shown = parse_pattern(language, pattern, &mut symbols).map(|read| {
                let roots: Vec<_> = read.roots.iter().map(|root| one(&read.tree, *root, &symbols)).collect();
                (read.shape, roots.join("; "))
            });
            assert_eq!(shown, Ok((*shape, (*expected).to_owned())), "{pattern}");
        }
    }
}

#[test]
fn expressions() {
    check(
        Language::JavaScript,
        &[
            ("((a?.b))", "ExprStatement(Member\"?\"(a b))"),
            ("f(...a, 0x1F, 1_0.5)", "ExprStatement(Call(f Args(Spread\"*\"(a) 0x1f Float\"10.5\")))"),
            ("`a${b}c`", "ExprStatement(Template\"f\"(Str\"a\" b Str\"c\"))"),
            ("sql`a${b}`", "ExprStatement(Call(sql Args(Template\"tag\"(Str\"a\" b))))"),
            (
                "x = {a, 'b': 1, [c]: 2, ...d}",
                "ExprStatement(Assign(x Record(Pair(a a) Pair(b 1) Pair(Other\"computed\"(c) 2) Spread\"**\"(d))))",
            ),
            (
                "delete a[1], i++, -1",
                "ExprStatement(Sequence(Unary\"delete\"(Index(a 1)) Unary\"p++\"(i) Unary\"-\"(1)))",
            ),
            ("a ||= b ?? new C", "ExprStatement(AugmentedAssign\"||\"(a Binary\"??\"(b New(C Args -))))"),
            ("async (x = 1) => x", "ExprStatement(Lambda\"async\"(Params(Param(x - 1)) - x))"),
            (
                "await (async y => {})()",
                "ExprStatement(Await(Call(Lambda\"async\"(Params(Param(y - -)) - Block) Args)))",
            ),
            ("import.meta.url", "ExprStatement(Member(Member(import meta) url))"),
            (
                "<a b='c' {...d} e={f}>g {h} <I.J/></a>",
                "ExprStatement(Xml(a XmlAttribute\"b\"(Str\"c\") XmlAttribute(Spread\"**\"(d)) XmlAttribute\"e\"(f) XmlText\"g \" \
                 Other\"jsx_expression\"(h) Xml(Member(I J))))",
            ),
        ],
    );
}

#[test]
fn statements() {
    check(
        Language::JavaScript,
        &[
            (
                "let a = 1, {b, c: d = 2, ...e} = f",
                "VarDef\"let\"(a - 1); VarDef\"let\"(Record(Pair(b b) \
              Pair(c Assign(d 2)) Spread\"**\"(e)) - f)",
            ),
            ("if (a) b; else if (c) {}", "If(a ExprStatement(b) If(c Block -))"),
            ("for (const [k] of m) ;", "ForEach\"of\"(VarDef\"const\"(Array(k) - -) m Block -)"),
            (
                "for (let i = 0; i < n; i++) {}",
                "For(VarDef\"let\"(i - 0) Binary\"<\"(i n) Unary\"p++\"(i) Block)",
            ),
            (
                "switch (a) { case 1: b(); default: }",
                "Switch(a Case(1 Block(ExprStatement(Call(b Args)))) Case\"default\"(Block))",
            ),
            ("try {} catch (e) {} finally {}", "Try(- Block Catch(- e Block) - Block)"),
            ("l: while (1) break l", "Label\"l\"(While(1 Break\"l\" -))"),
            (
                "class A extends B { static #x = 1; get y() {} constructor() {} }",
                "ClassDef\"class\"(A - Supers(SuperType\"extends\"(B)) ClassBody(VarDef\"field\"(Attributes(Modifier\"static\") \
                 #x - 1) FunctionDef\"get\"(y - Params - Block) FunctionDef\"constructor\"(constructor - Params - Block)))",
            ),
            (
                "import a, {b as c} from 'x'; import 'y'; import * as z from 'w'",
                "ImportFrom(Str\"x\" ImportName(default a)); ImportFrom(Str\"x\" ImportName(b c)); Import(Str\"y\" -); \
                 ImportAll(Str\"w\" z)",
            ),
            (
                "export default a; export const b = 1; export {c as d} from 'x'; export * from 'y'",
                "Export\"default\"(a); Export(VarDef\"const\"(b - 1)); Export(Str\"x\" ImportName(c d)); Export\"*\"(Str\"y\")",
            ),
        ],
    );
}

#[test]
fn types() {
    check(
        Language::TypeScript,
        &[
            (
                "let a: B<C>[] = d as e.F",
                "VarDef\"let\"(a ArrayType(GenericType(B C) -) Cast(Member(e F) d))",
            ),
            ("f<T>(a!)", "ExprStatement(Call(f Args(Unary\"p!\"(a))))"),
            (
                "class A { constructor(private b: C) {} }",
                "ClassDef\"class\"(A - Supers ClassBody(FunctionDef\"constructor\"(constructor - \
                 Params(Param(Attributes(Modifier\"private\") b C -)) - Block)))",
            ),
            (
                "@D(1) class A { @E() f(@G h: 'x' | 2): void {} }",
                "ClassDef\"class\"(Attributes(Attribute(D Args(1))) A - Supers ClassBody(FunctionDef\"method\"(\
                 Attributes(Attribute(E Args)) f - Params(Param(Attributes(Attribute(G -)) h Binary\"|\"(Str\"x\" 2) -)) void Block)))",
            ),
            (
                "enum E { A = 1, B }",
                "ClassDef\"enum\"(E - Supers ClassBody(VarDef\"field\"(A - 1) VarDef\"field\"(B - -)))",
            ),
            (
                "interface I extends J { a?: b; c(): d }",
                "ClassDef\"interface\"(I - Supers(SuperType\"extends\"(J)) ClassBody(VarDef\"field\"(Attributes(Modifier\"?\") a b -) \
                 FunctionDef\"method\"(c - Params d -)))",
            ),
            ("namespace N { a() }", "Keyed\"namespace\"(N Block(ExprStatement(Call(a Args))))"),
            ("function f(a: b): c;", "FunctionDef(f - Params(Param(a b -)) c -)"),
        ],
    );
}

#[test]
fn patterns_of_expressions() {
    use Shape::{Expression, Pair};
    check_patterns(&[
        ("$X. ... .f($Y, ...)", Expression, "Call(Member(Member($X ...) f) Args($Y ...))"),
        ("f($...A)", Expression, "Call(f Args(MetavariableEllipsis\"$...A\"))"),
        ("f(<... $X ...>)", Expression, "Call(f Args(DeepEllipsis($X)))"),
        ("f(...$X)", Expression, "Call(f Args(Spread\"*\"($X)))"),
        ("{..., a: $V, \"$K\": ...}", Expression, "Record(... Pair(a $V) Pair($K ...))"),
        ("a: {...}", Pair, "Pair(a Record(...))"),
        ("($X: a.B).c", Expression, "Member(TypedMetavariable\"$X\"(Member(a B)) c)"),
        ("(...) => {...}", Expression, "Lambda(Params(...) - Block(...))"),
        (
            "function (...) { ... $X(); ... }",
            Expression,
            "Lambda(Params(...) - Block(... ExprStatement(Call($X Args)) ...))",
        ),
        ("`...${$X}...`", Expression, "Template\"f\"(Str\"...\" $X Str\"...\")"),
        ("$T`...`", Expression, "Call($T Args(Template\"tag\"(Str\"...\")))"),
        ("x = /...$A/", Expression, "Assign(x Regex\"/...$A/\")"),
    ]);
    let xml = [(
        "<$T ... a={...} $B=$C>...<b />{$X}</$T>",
        "Xml($T ... XmlAttribute\"a\"(...) XmlAttribute\"$B\"($C) ... Xml(b) Other\"jsx_expression\"($X))",
    )];
    check_patterns(&xml.map(|(pattern, shown)| (pattern, Expression, shown)));
}

#[test]
fn patterns_of_statements() {
    use Shape::{Attribute, Members, Partial, Statement, Statements};
    check_patterns(&[
        ("f(); // $X\n...\n$Y", Statements, "ExprStatement(Call(f Args)); ...; ExprStatement($Y)"),
        ("if ($X) ...", Statement, "If($X ... -)"),
        ("if ($X)", Partial, "If($X ... -)"),
        ("for (...) { ... }", Statement, "For(... - - Block(...))"),
        ("switch ($X) { ... case 1: ... }", Statement, "Switch($X ... Case(1 Block(...)))"),
        (
            "function $F(..., $X, ...) {...}",
            Statement,
            "FunctionDef($F - Params(... Param($X - -) ...) - Block(...))",
        ),
        ("function ...(...) {...}", Statement, "FunctionDef(... - Params(...) - Block(...))"),
        ("function f(...)", Partial, "FunctionDef(f - Params(...) - Block(...))"),
        (
            "class A extends $B",
            Partial,
            "ClassDef\"class\"(A - Supers(SuperType\"extends\"($B)) ClassBody(...))",
        ),
        (
            "class $C { ... a() {...} ... }",
            Statement,
            "ClassDef\"class\"($C - Supers ClassBody(... FunctionDef\"method\"(a - Params - Block(...)) ...))",
        ),
        ("$M(...) { ... }", Members, "FunctionDef\"method\"($M - Params(...) - Block(...))"),
        ("@D(...)", Attribute, "Attribute(D Args(...))"),
        ("try { ... }", Partial, "Try(- Block(...) ... - -)"),
        ("catch ($E) { ... }", Partial, "Catch(- $E Block(...))"),
        ("finally { ... }", Partial, "Block(...)"),
        ("import $X from $Y", Statement, "ImportFrom($Y ImportName(default $X))"),
        ("import {..., a, ...} from 'b'", Statement, "ImportFrom(Str\"b\" ... ImportName(a -) ...)"),
        ("export default ...", Statement, "Export\"default\"(...)"),
    ]);
}

#[test]
fn broken_code_keeps_what_is_sound() {
    for (language, source) in [
        (Language::JavaScript, "function f() { g(1); \n ) \n }\nh(2);"),
        (Language::TypeScript, "class A { b( { }\n g(1) }\nh(2)"),
        (Language::Tsx, "const a = <b>{g(1) c}</b>;\nh(2);"),
    ] {
        let mut symbols = Symbols::default();
        let parsed = parse(language, source, &mut symbols);
        assert!(!parsed.broken.is_empty(), "{source}");
        let calls = parsed.tree.ids().filter(|id| parsed.tree.kind(*id) == Kind::Call).count();
        assert!(calls >= 2, "{source}\n{}", parsed.tree.show(&symbols));
    }
}

#[test]
fn deep_code_is_cut_off() {
    let count = 10_000;
    for (open, close) in
        [("(", ")"), ("[", "]"), ("{a:", "}"), ("f(", ")"), ("!", ""), ("`${", "}`"), ("()=>", "")]
    {
        for language in DIALECTS {
            let source = format!("x = {}1{};", open.repeat(count), close.repeat(count));
            let parsed = parse(language, &source, &mut Symbols::default());
            assert!(parsed.tree.len() < 12 * count, "{open}");
        }
    }
}
