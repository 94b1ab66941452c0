use andon_syntax::{Kind, Language, Symbols, parse, parse_pattern};

use crate::shape;

fn check(source: &str, expected: &[&str]) {
    crate::check(Language::Java, source, expected);
}

fn check_pattern(pattern: &str, kind: &str, expected: &[&str]) {
    crate::check_pattern(Language::Java, pattern, kind, expected);
}

#[test]
fn expressions() {
    check("((a)).b(1_0L, \"x\\n\");", &["ExprStatement(Call(Member(a b) Args(Int:10l Str:x\\n)))"]);
    check(
        "this.<T>f(); A.super.g();",
        &["ExprStatement(Call(Member(This f) Args))", "ExprStatement(Call(Member(Member(A Super) g) Args))"],
    );
    check("x = (A & B) y;", &["ExprStatement(Assign(x Cast(Binary:&(A B) y)))"]);
    check("x >>>= i++ + --j;", &["ExprStatement(AugmentedAssign:>>>(x Binary:+(Unary:p++(i) Unary:--(j))))"]);
    check(
        "f(a -> a, (int b) -> { }, C::new, int[].class);",
        &[concat!(
            "ExprStatement(Call(f Args(",
            "Lambda(Attributes Params(Param(Attributes a _ _)) _ a) ",
            "Lambda(Attributes Params(Param(Attributes b int _)) _ Block) ",
            "Member:::(C new) Member(ArrayType(int _) class))))",
        )],
    );
    check(
        "new A<>(1) { int x; };",
        &["ExprStatement(New(GenericType(A) Args(Int:1) ClassBody(VarDef:field(Attributes x int _))))"],
    );
    check(
        "f(new int[2][n][], new T[] {a}, o.new I());",
        &[concat!(
            "ExprStatement(Call(f Args(New(ArrayType(ArrayType(ArrayType(int _) n) Int:2) _ _) ",
            "New(ArrayType(T _) Array(a) _) Other:qualified_creation(o New(I Args _)))))",
        )],
    );
    check(
        "return a instanceof B b ? \"\"\"\n x\"\"\" : 'c';",
        &["Return(Conditional(Binary:instanceof(a B VarDef(Attributes b B _)) Str:\n x Char:c))"],
    );
    check("x = STR.\"a \\{b} c\";", &["ExprStatement(Assign(x Template:STR(Str:a  b Str: c)))"]);
}

#[test]
fn statements() {
    check(
        "final int a = 1, b[];",
        &[
            "VarDef(Attributes(Modifier:final) a int Int:1)",
            "VarDef(Attributes(Modifier:final) b ArrayType(int _) _)",
        ],
    );
    check(
        "if (a) b(); else { } while (c) ;",
        &["If(a ExprStatement(Call(b Args)) Block)", "While(c Block _)"],
    );
    check(
        "for (int i = 0; i < 1; i++, f()) break x; for (;;) {} for (T t : ts) continue;",
        &[
            "For(VarDef(Attributes i int Int:0) Binary:<(i Int:1) Sequence(Unary:p++(i) Call(f Args)) Break:x)",
            "For(_ _ _ Block)",
            "ForEach(VarDef(Attributes t T _) ts Continue _)",
        ],
    );
    check(
        "try (R r = f(); s) { } catch (A | B e) { } finally { }",
        &[
            "Try(Block(VarDef(Attributes r R Call(f Args)) ExprStatement(s)) Block Catch(Binary:|(A B) e Block) _ Block)",
        ],
    );
    check(
        "switch (x) { case 1: f(); default: }",
        &["Switch(x Case(Int:1 Block(ExprStatement(Call(f Args)))) Case:default(Block))"],
    );
    check(
        "y = switch (x) { case A, B -> 1; case C c when c.d -> { yield 2; } };",
        &[concat!(
            "ExprStatement(Assign(y Switch(x Case:->(A B Block(ExprStatement(Int:1))) ",
            "Case:->(VarDef(Attributes c C _) Other:guard(Member(c d)) Block(Keyed:yield(Int:2))))))",
        )],
    );
    check(
        "synchronized (this) { assert a : b; throw c; } l: do { } while (d);",
        &["Keyed:synchronized(This Block(Assert(a b) Throw(c _)))", "Label:l(DoWhile(Block d))"],
    );
}

#[test]
fn definitions() {
    check(
        "package a.b; import a.b.C; import static a.C.d; import a.*;",
        &[
            "Package(Member(a b))",
            "Import(Member(Member(a b) C) _)",
            "Import:static(Member(Member(a C) d) _)",
            "ImportAll(a _)",
        ],
    );
    check(
        "@A(\"x\") @B.C(k = {1}) public class D<T extends E> extends F implements G, H { static { } ; }",
        &[concat!(
            "ClassDef:class(Attributes(Attribute(A Args(Str:x)) Attribute(Member(B C) Args(Keyword:k(Array(Int:1)))) ",
            "Modifier:public) D TypeParams(Other:type_parameter(T E)) ",
            "Supers(SuperType:extends(F) SuperType:implements(G) SuperType:implements(H)) ClassBody(Keyed:static(Block)))",
        )],
    );
    check(
        "class A { A(final int a, B... b) throws E { super(a); } native int f()[]; }",
        &[concat!(
            "ClassDef:class(Attributes A _ Supers ClassBody(FunctionDef:constructor(Attributes(Other:throws(E)) A _ ",
            "Params(Param(Attributes(Modifier:final) a int _) Param:*(Attributes b B _)) _ ",
            "Block(ExprStatement(Call(Super Args(a))))) ",
            "FunctionDef:method(Attributes(Modifier:native) f _ Params ArrayType(int _) _)))",
        )],
    );
    check(
        "enum A { B, @X C(1) { }; int d; }",
        &[concat!(
            "ClassDef:enum(Attributes A _ Supers ClassBody(VarDef:enum(Attributes B _ _) ",
            "VarDef:enum(Attributes(Attribute(X _)) C _ New(_ Args(Int:1) ClassBody)) ",
            "VarDef:field(Attributes d int _)))",
        )],
    );
    check(
        "record A(int x) { A { } } interface I extends J { int x(); } @interface K { int v() default 1; }",
        &[
            concat!(
                "ClassDef:record(Attributes A _ Supers ClassBody(Params(Param(Attributes x int _)) ",
                "FunctionDef:constructor(Attributes A _ Params _ Block)))",
            ),
            concat!(
                "ClassDef:interface(Attributes I _ Supers(SuperType:extends(J)) ",
                "ClassBody(FunctionDef:method(Attributes x _ Params int _)))",
            ),
            concat!(
                "ClassDef:@interface(Attributes K _ Supers ",
                "ClassBody(FunctionDef:method(Attributes(Other:default(Int:1)) v _ Params int _)))",
            ),
        ],
    );
}

#[test]
fn a_broken_method_leaves_the_others() {
    let mut symbols = Symbols::default();
    let source = "class A { void f() { int = ; g(); } void h() { i(1); } }\nclass B { }";
    let parsed = parse(Language::Java, source, &mut symbols);
    let tree = parsed.tree;
    let names = |kind: Kind| -> Vec<String> {
        let found = tree.ids().filter(|id| tree.kind(*id) == kind);
        found.map(|id| shape(&tree, id, &symbols)).collect()
    };
    assert!(!parsed.broken.is_empty());
    assert_eq!(names(Kind::Call), ["Call(g Args)", "Call(i Args(Int:1))"]);
    assert_eq!(names(Kind::FunctionDef).len(), 2);
    assert_eq!(names(Kind::ClassDef).len(), 2);
}

#[test]
fn deep_code_is_cut_off() {
    for (open, close) in [("(", ")"), ("-", ""), ("f(", ")"), ("(int) ", "")] {
        let source = format!("x = {}1{};", open.repeat(10_000), close.repeat(10_000));
        let parsed = parse(Language::Java, &source, &mut Symbols::default());
        assert_eq!(parsed.too_deep, open != "(", "{open}");
    }
}

#[test]
fn expression_patterns() {
    check_pattern("$X.foo(..., $...A)", "Expression", &["Call(Member($X foo) Args(... $...A))"]);
    check_pattern("$X. ... .f()", "Expression", &["Call(Member(Member($X ...) f) Args)"]);
    check_pattern("(a.B $X).f()", "Expression", &["Call(Member(TypedMetavariable:$X(Member(a B)) f) Args)"]);
    check_pattern("(List<$T> $X)", "Expression", &["TypedMetavariable:$X(GenericType(List $T))"]);
    check_pattern("(int[] $X) = ...", "Expression", &["Assign(TypedMetavariable:$X(ArrayType(int _)) ...)"]);
    check_pattern("($T) $X", "Expression", &["Cast($T $X)"]);
    check_pattern("($A < $B)", "Expression", &["Binary:<($A $B)"]);
    check_pattern("... + $X + ...", "Expression", &["Binary:+(Binary:+(... $X) ...)"]);
    check_pattern("f(<... $X ...>)", "Expression", &["Call(f Args(DeepEllipsis($X)))"]);
    check_pattern(
        "(..., $T $X) -> ...",
        "Expression",
        &["Lambda(Attributes Params(... Param(Attributes $X $T _)) _ ...)"],
    );
    check_pattern(
        "new $T<...>(...) { ... }",
        "Expression",
        &["New(GenericType($T ...) Args(...) ClassBody(...))"],
    );
    check_pattern(
        "new String[] {\"...\", ...}",
        "Expression",
        &["New(ArrayType(String _) Array(Str:... ...) _)"],
    );
    check_pattern("super(...)", "Expression", &["Call(Super Args(...))"]);
    check_pattern("...", "Expression", &["..."]);
    check_pattern("int", "Type", &["int"]);
    check_pattern("@A(..., k = $V)", "Attribute", &["Attribute(A Args(... Keyword:k($V)))"]);
}

#[test]
fn statement_patterns() {
    check_pattern("$X.f(...);", "Statement", &["ExprStatement(Call(Member($X f) Args(...)))"]);
    check_pattern(
        "$T $X = ...;\n...\n$...S\nf();",
        "Statements",
        &["VarDef(Attributes $X $T ...)", "...", "$...S", "ExprStatement(Call(f Args))"],
    );
    check_pattern("for (...) { ... }", "Statement", &["For(... ... ... Block(...))"]);
    check_pattern("if ($X) ... else ...", "Statement", &["If($X ... ...)"]);
    check_pattern("switch ($X) { ... case $Y: ... }", "Expression", &["Switch($X ... Case($Y Block(...)))"]);
    check_pattern(
        "try { ... } catch (...) { }",
        "Statement",
        &["Try(_ Block(...) Catch(... ... Block) _ _)"],
    );
    check_pattern("if ($X)", "Partial", &["If($X ... ...)"]);
    check_pattern("try { ... }", "Partial", &["Try(_ Block(...) ... ... ...)"]);
    check_pattern("catch ($E $X) { ... }", "Partial", &["Catch($E $X Block(...))"]);
    check_pattern("finally { ... }", "Partial", &["Block(...)"]);
}

#[test]
fn definition_patterns() {
    check_pattern(
        "$R $M(..., @A $T $X, $Y) throws $E { ... }",
        "Statement",
        &[concat!(
            "FunctionDef:method(Attributes(Other:throws($E)) $M _ ",
            "Params(... Param(Attributes(Attribute(A _)) $X $T _) Param(Attributes $Y _ _)) $R Block(...))",
        )],
    );
    check_pattern(
        "$M(int... $X) { ... }",
        "Statement",
        &["FunctionDef:constructor(Attributes $M _ Params(Param:*(Attributes $X int _)) _ Block(...))"],
    );
    check_pattern("void $M(...)", "Partial", &["FunctionDef:method(Attributes $M _ Params(...) void ...)"]);
    check_pattern("@A class $C", "Partial", &["ClassDef:class(Attributes(Attribute(A _)) $C _ Supers ...)"]);
    check_pattern(
        "class $C extends $D { ... $T $F; ... }",
        "Statement",
        &[
            "ClassDef:class(Attributes $C _ Supers(SuperType:extends($D)) ClassBody(... VarDef:field(Attributes $F $T _) ...))",
        ],
    );
    check_pattern(
        "enum $E { ..., A; ... }",
        "Statement",
        &["ClassDef:enum(Attributes $E _ Supers ClassBody(... VarDef:enum(Attributes A _ _) ...))"],
    );
    check_pattern("static { ... }", "Statement", &["Keyed:static(Block(...))"]);
    check_pattern("import $A. ... .B;", "Statement", &["Import(Member(Member($A ...) B) _)"]);
}

#[test]
fn what_is_no_code_is_refused() {
    for pattern in ["f(", "class {", "@A @B", "case", "(String $X", "\"", "..>"] {
        assert!(parse_pattern(Language::Java, pattern, &mut Symbols::default()).is_err(), "{pattern}");
    }
}
