use andon_syntax::Symbols;

use super::{Comparison, Constant};

fn bound(name: &str) -> Option<Constant> {
    Some(match name {
        "$I" => Constant::Integer(1024),
        "$F" => Constant::Float(1.5),
        "$T" => Constant::Text("aes-CBC".to_owned()),
        "$N" => Constant::Text("0o755".to_owned()),
        "$B" => Constant::Bool(false),
        "$C" => Constant::Code("f(x)".to_owned()),
        "$...ARGS" => Constant::Text("health".to_owned()),
        _ => return None,
    })
}

fn check(text: &str, expected: Result<bool, &str>) {
    let mut symbols = Symbols::default();
    let found = Comparison::parse(text, false, &mut symbols)
        .map(|comparison| comparison.holds(&|name| bound(symbols.text(name)), 86_400.0 * 20_000.0));
    assert_eq!(found, expected.map_err(str::to_owned), "{text}");
}

#[test]
fn comparisons() {
    let rows = [
        ("$I < 2048", true),
        ("$I < 1_024 or $I > 0x400", false),
        ("0o650 <= $I and $I < 0o100000", true),
        ("1 < $F < 2", true),
        ("$I == 1024.0", true),
        ("$F + 0.5 == 2", true),
        ("-$I < -5 and not $B", true),
        ("$I % 3 == 1 and 2 ** 3 ** 2 == 512 and 7 / 2 == 3", true),
        ("$I / 0 == 1", false),
        ("($I & 0x400 | 1) ^ 1 == 1024", true),
        ("(($I & 0x400) ^ 1) == 1025", true),
        ("$B == False", true),
        ("$T == 'aes-CBC'", true),
        ("$T == 1", false),
        ("re.match(\".*-CBC\", $T)", true),
        ("re.match('CBC', $T)", false),
        ("'CBC' in $T", true),
        ("'ECB' not in $T", true),
        ("not str($...ARGS) in [\"health\", \"*\"]", false),
        ("int($N) == 493", true),
        ("$C == 'f(x)'", false),
        ("str($C) == \"f(x)\"", true),
        ("$C != 1", false),
        ("$MISSING > 1", false),
        ("$MISSING > 1 or True", false),
        ("strptime('2000-03-01') == 951868800", true),
        ("strptime('2024-02-30') > 0", false),
        ("today() > strptime('2024-01-01')", true),
        ("parse_promql_duration('1h30m') == 5400000", true),
        ("parse_promql_duration('5ms') == 5", true),
        ("$I", false),
    ];
    for (text, expected) in rows {
        check(text, Ok(expected));
    }
}

#[test]
fn what_cannot_be_evaluated_is_refused() {
    let deep = "(".repeat(100_000);
    let rows = [
        ("$X <", "something is missing at the end"),
        ("open('x')", "`open` is not supported in a comparison"),
        ("$X.y == 1", "Sign(\".\") is not expected there"),
        ("'x", "a text does not end"),
        ("99999999999999999999x", "`99999999999999999999x` is no number that can be compared"),
        ("re.match($X, $Y)", "the expression of `re.match` must be a text"),
        ("int()", "`int` has the wrong number of arguments"),
        (&deep, "it nests too deep"),
    ];
    for (text, expected) in rows {
        check(text, Err(expected));
    }
}

#[test]
fn stripped_texts_are_numbers() {
    let mut symbols = Symbols::default();
    let comparison = Comparison::parse("$N > 100", true, &mut symbols).unwrap();
    assert!(comparison.holds(&|name| bound(symbols.text(name)), 0.0));
    assert_eq!(comparison.metavariables().len(), 1);
}
