use andon_syntax::Language;

use crate::check;

#[test]
fn a_metavariable_alone_in_a_body_stands_for_the_body() {
    let code = "if a:\n    f()\n    g()\nelse:\n    f()\n    g()\nif b:\n    f()\nelse:\n    h()\n";
    let cases = [("if $E:\n    $S\nelse:\n    $S", "1-6"), ("if $E:\n    $S\nelse:\n    $T", "1-6 7-10")];
    check(Language::Python, code, &cases);
}

#[test]
fn exceptions_are_lists_of_types() {
    let code = concat!(
        "try:\n    f()\nexcept A:\n    pass\n",
        "try:\n    f()\nexcept (A, B):\n    pass\n",
        "try:\n    f()\nexcept A as e:\n    pass\n",
        "try:\n    f()\nexcept:\n    pass\n",
    );
    let cases = [
        ("try:\n    ...\nexcept ...:\n    ...", "1-4 5-8 9-12 13-16"),
        ("try:\n    ...\nexcept A:\n    ...", "1-4"),
        ("try:\n    ...\nexcept (..., A, ...):\n    ...", "1-4 5-8"),
        ("try:\n    ...\nexcept $E as $N:\n    ...", "9-12"),
        ("try:\n    ...\nexcept:\n    ...", "13-16"),
    ];
    check(Language::Python, code, &cases);
}

#[test]
fn operands_are_matched_in_the_orders_that_mean_the_same() {
    let code = "x = a & b & c\nx = c & (b & a)\nx = a | b\nx = a or b or c\nx = (a or b) or c\nx = b or a\n";
    let cases = [
        ("a & b", "1 2"),
        ("c & a", "1 2"),
        ("a or b", "5"),
        ("a or b or c", "4 5"),
        ("a or $X", "4 5"),
        ("a or $X or ...", "4 5"),
        ("$X | $Y", "3"),
    ];
    check(Language::Python, code, &cases);
}

#[test]
fn many_operands_do_not_take_long() {
    let letters: Vec<_> = ('a'..='z').map(String::from).collect();
    let code = format!("x = {}\n", letters.join(" | "));
    check(Language::Python, &code, &[("$A | $B | $C | $D | $E | $F | $G", "1"), ("z | $A | y | a", "1")]);
}

#[test]
fn an_expression_as_a_statement_is_found_among_operands_and_parts() {
    let code = "x = 1 + f()\ng()\ny = [1, {f(): 2}]\ng()\nz = f\"{f()}\"\ng()\nif f():\n    g()\n";
    check(Language::Python, code, &[("f()\ng()", "1-2 3-4 5-6")]);
}

#[test]
fn strings_of_a_kind_match_their_like() {
    let code = "x = f\"a\"\nx = \"a\" \"b\"\nx = \"a\" f\"{b}\"\nx = \"aaa\"\n";
    let cases = [("$X = f\"...\"", "1"), ("$X = \"...\" \"...\"", "1 2 3"), ("$X = \"=~/^(.)\\1+$/\"", "4")];
    check(Language::Python, code, &cases);
}

#[test]
fn imports_match_by_what_they_bring_in() {
    let code = concat!(
        "from a import *\nimport a.b\nimport b as c\nfrom a import b, d\n",
        "from a.b import *\nfrom .a import b\nimport a.b.c\n",
    );
    let cases = [
        ("import a.b", "2 4 5 7"),
        ("from a import b", "2 4 5 7"),
        ("import $X", "1 2 3 4 5 6 7"),
        ("import a.$X", "2 4 5 7"),
    ];
    check(Language::Python, code, &cases);
}

#[test]
fn wildcards_bring_in_names_for_patterns_without_holes() {
    let code = "from a import *\nf(x)\ndef g():\n    from b import *\n    f(y)\n";
    check(Language::Python, code, &[("a.x", "2"), ("$M.x", ""), ("a.$N", ""), ("b.y", "")]);
}

#[test]
fn a_name_and_its_value_are_equal() {
    let code = "def f():\n    x = 3\n    return x == 3\n\ndef g(x):\n    return x == 3\n";
    check(Language::Python, code, &[("$X == $X", "3")]);
}
