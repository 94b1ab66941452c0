use andon_syntax::{Language, Symbols, parse_pattern};

fn check(source: &str, expected: &[&str]) {
    crate::check(Language::Go, source, expected);
}

fn check_pattern(pattern: &str, kind: &str, expected: &[&str]) {
    crate::check_pattern(Language::Go, pattern, kind, expected);
}

#[test]
fn expressions() {
    check(
        "f(a...)\n[]byte(\"x\")\na.B(c)\n",
        &[
            "ExprStatement(Call(f Args(Spread:*(a))))",
            "ExprStatement(Cast(ArrayType(byte _) Str:x))",
            "ExprStatement(Call(Member(a B) Args(c)))",
        ],
    );
    check(
        "x := []T{1, {2}}\ny = a.T{K: &v}\n",
        &[
            "ExprStatement(Assign::=(x New(ArrayType(T _) Array(Int:1 Dict(Int:2)) _)))",
            "ExprStatement(Assign(y New(Member(a T) Dict(Pair(K Unary:&(v))) _)))",
        ],
    );
    check(
        "a, b = b[1:], c.(*T)\n",
        &["ExprStatement(Assign(Tuple(a b) Tuple(Slice(b Int:1 _ _) Cast(PointerType(T) c))))"],
    );
    check(
        "func(a, b int, c ...T) (d, error) { x++ }(1)\n",
        &[concat!(
            "ExprStatement(Call(Lambda(Attributes Params(Param(Attributes a int _) Param(Attributes b int _) ",
            "Param:*(Attributes c T _)) Tuple(d error) Block(ExprStatement(Unary:p++(x)))) Args(Int:1)))",
        )],
    );
}

#[test]
fn statements() {
    check(
        "if x := f(); x { } else if y { }\n",
        &["Block(ExprStatement(Assign::=(x Call(f Args))) If(x Block If(y Block _)))"],
    );
    check(
        "for i := 0; i < 1; i++ { }\nfor a { }\nfor k, v := range m { }\nfor range c { }\n",
        &[
            "For(Assign::=(i Int:0) Binary:<(i Int:1) Unary:p++(i) Block)",
            "For(_ a _ Block)",
            "ForEach(VarDef(Attributes Tuple(k v) _ _) m Block _)",
            "ForEach(_ c Block _)",
        ],
    );
    check(
        "switch a := b.(type) { case *T: f(); default: }\n",
        &[concat!(
            "Switch(Assign::=(a Other:type_of(b)) Case(PointerType(T) Block(ExprStatement(Call(f Args)))) ",
            "Case:default(Block))",
        )],
    );
    check(
        "select { case a := <-b: case c <- d: }\n",
        &["Switch:select(_ Case(Assign::=(a Unary:<-(b)) Block) Case(Binary:<-(c d) Block))"],
    );
    check(
        "go f()\ndefer g()\nl: break l\n",
        &["Keyed:go(Call(f Args))", "Keyed:defer(Call(g Args))", "Label:l(Break:l)"],
    );
}

#[test]
fn definitions() {
    check(
        "package a\nimport (\n\"b\"\nc \"d/e\"\n. \"f\"\n)\n",
        &["Package(a)", "Import(Str:b _)", "Import(Str:d/e c)", "ImportAll(Str:f _)"],
    );
    check(
        "var a, b = f()\nconst c, d = 1, 2\nvar e []int\n",
        &[
            "Block(VarDef:var(Attributes a _ Call(f Args)) VarDef:var(Attributes b _ _))",
            "Block(VarDef:const(Attributes c _ Int:1) VarDef:const(Attributes d _ Int:2))",
            "VarDef:var(Attributes e ArrayType(int _) _)",
        ],
    );
    check(
        "type A struct { b.C; d int `e` }\ntype F interface { g(int) }\ntype H map[i]j\n",
        &[
            concat!(
                "ClassDef:struct(Attributes A _ Supers ClassBody(VarDef:field(Attributes C Member(b C) _) ",
                "VarDef:field(Attributes(Attribute(Str:e _)) d int _)))",
            ),
            concat!(
                "ClassDef:interface(Attributes F _ Supers ",
                "ClassBody(FunctionDef:method(Attributes g _ Params(Param(Attributes _ int _)) _ _)))",
            ),
            "TypeAlias(H _ GenericType(map i j))",
        ],
    );
    check(
        "func (a *B) c(d E) (f G, err error) { return }\n",
        &[concat!(
            "FunctionDef:method(Attributes(Receiver(Params(Param(Attributes a PointerType(B) _)))) c _ ",
            "Params(Param(Attributes d E _)) Tuple(Param(Attributes f G _) Param(Attributes err error _)) Block(Return(_)))",
        )],
    );
}

#[test]
fn patterns() {
    check_pattern("$X.f(..., $...A)", "Expression", &["Call(Member($X f) Args(... $...A))"]);
    check_pattern(
        "($X : *a.B).f()",
        "Expression",
        &["Call(Member(TypedMetavariable:$X(PointerType(Member(a B))) f) Args)"],
    );
    check_pattern("$A. ... .f()", "Expression", &["Call(Member(Member($A ...) f) Args)"]);
    check_pattern("T{..., K: $V, ...}", "Expression", &["New(T Dict(... Pair(K $V) ...) _)"]);
    check_pattern("{..., K: $V}", "Expression", &["Dict(... Pair(K $V))"]);
    check_pattern("K: $V", "Pair", &["Pair(K $V)"]);
    check_pattern("... = $X[...]\n...\n", "Statements", &["ExprStatement(Assign(... Index($X ...)))", "..."]);
    check_pattern("import (\n...\n\"a\"\n)\n...", "Statements", &["...", "Import(Str:a _)", "..."]);
    check_pattern("for ... { ... }", "Statement", &["For(... _ _ Block(...))"]);
    check_pattern(
        "select { case ...\ncase $C <- $V: ... }",
        "Statement",
        &["Switch:select(_ ... Case(Binary:<-($C $V) Block(...)))"],
    );
    check_pattern(
        "func $F(..., $A *T, ...) { ... }",
        "Statement",
        &["FunctionDef(Attributes $F _ Params(... Param(Attributes $A PointerType(T) _) ...) _ Block(...))"],
    );
    check_pattern(
        "func $F(a ...T)",
        "Partial",
        &["FunctionDef(Attributes $F _ Params(Param:*(Attributes a T _)) _ ...)"],
    );
    check_pattern("$F(...) bool", "Partial", &["FunctionDef(Attributes $F _ Params(...) bool ...)"]);
    check_pattern(
        "type $X struct { ... }",
        "Statement",
        &["ClassDef:struct(Attributes $X _ Supers ClassBody(...))"],
    );
    check_pattern("[]byte", "Type", &["ArrayType(byte _)"]);
    check_pattern("switch $X { ... }", "Statement", &["Switch($X ...)"]);
    check_pattern(
        "switch $X := $Y.(type) { ... case $T: ... }",
        "Statement",
        &["Switch(Assign::=($X Other:type_of($Y)) ... Case($T Block(...)))"],
    );
    check_pattern("select { ... }", "Statement", &["Switch:select(_ ...)"]);
    check_pattern(
        "if ($X) { ... f() } else { $S }",
        "Statement",
        &["If($X Block(... ExprStatement(Call(f Args))) Block(ExprStatement($S)))"],
    );
    check_pattern("var (\n...\n$X = 1\n)", "Statements", &["...", "VarDef:var(Attributes $X _ Int:1)"]);
    check_pattern("type (\n$X $Y\n...\n)", "Statements", &["TypeAlias($X _ $Y)", "..."]);
    check_pattern("$X $T `a`", "Members", &["VarDef:field(Attributes(Attribute(Str:a _)) $X $T _)"]);
    check_pattern("goto $L", "Statement", &["Keyed:goto($L)"]);
    for pattern in ["f(", "if {", "\"", "case"] {
        assert!(parse_pattern(Language::Go, pattern, &mut Symbols::default()).is_err(), "{pattern}");
    }
}
