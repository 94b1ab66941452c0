use serde_json::{Number, Value};

/// Resolves a plain scalar by the core schema (YAML 1.2.2, section 10.3.2). Integers that fit neither `i64` nor `u64`
/// become floating-point numbers; infinities and not-a-number, which JSON cannot say, stay strings.
pub(crate) fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number)
}

fn number(text: &str) -> Option<Number> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return None;
    }
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let valid = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
            return valid.then(|| u64::from_str_radix(digits, radix).ok()).flatten().map(Number::from);
        }
    }
    if !is_decimal(text) {
        return None;
    }
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    unsigned
        .parse::<i64>()
        .map(Number::from)
        .or_else(|_| unsigned.parse::<u64>().map(Number::from))
        .ok()
        .or_else(|| unsigned.parse::<f64>().ok().and_then(Number::from_f64))
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let some_digit = !whole.is_empty() || !fraction.is_empty();
    let exponent_ok = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    some_digit && digits(whole) && digits(fraction) && exponent_ok
}

#[cfg(test)]
mod tests {
    use super::resolve;
    use serde_json::{Value, json};

    #[test]
    fn the_core_schema() {
        let rows: Vec<(&str, Value)> = vec![
            ("", json!(null)),
            ("~", json!(null)),
            ("NULL", json!(null)),
            ("nUll", json!("nUll")),
            ("True", json!(true)),
            ("yes", json!("yes")),
            ("off", json!("off")),
            ("0", json!(0)),
            ("-12", json!(-12)),
            ("+7", json!(7)),
            ("010", json!(10)),
            ("0o17", json!(15)),
            ("0o8", json!("0o8")),
            ("0xfF", json!(255)),
            ("0x", json!("0x")),
            ("1_000", json!("1_000")),
            ("18446744073709551615", json!(18_446_744_073_709_551_615_u64)),
            ("18446744073709551616", json!(18_446_744_073_709_551_616.0)),
            ("1.5", json!(1.5)),
            ("1.", json!(1.0)),
            (".5", json!(0.5)),
            ("-1e3", json!(-1000.0)),
            (".", json!(".")),
            ("-", json!("-")),
            ("1e", json!("1e")),
            ("1.2.3", json!("1.2.3")),
            ("1e999", json!("1e999")),
            (".inf", json!(".inf")),
            (".nan", json!(".nan")),
            ("2026-11-22", json!("2026-11-22")),
            ("12e03", json!(12000.0)),
        ];
        for (text, expected) in rows {
            assert_eq!(resolve(text), expected, "{text:?}");
        }
    }
}
