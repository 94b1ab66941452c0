use super::expand;
use crate::entropy::shannon;
use crate::noise::{Strength, is_noise};
use crate::validate::{Verdict, validate};

fn expanded(template: &str) -> String {
    expand(template, "seed").unwrap_or_else(|error| panic!("{template}: {error}"))
}

#[test]
fn the_same_seed_gives_the_same_text_and_another_seed_another() {
    let template = "a={{alnum:20}} b={{alnum:20}}";
    assert_eq!(expanded(template), expanded(template));
    assert_ne!(expanded(template), expand(template, "other").expect("it expands"));
    let text = expanded(template);
    let (a, b) = text.split_once(" b=").expect("both");
    assert_ne!(a.strip_prefix("a="), Some(b));
}

#[test]
fn character_sets_hold_what_they_say_and_look_random() {
    let cases: [(&str, &str, f64); 10] = [
        ("hex", "0123456789abcdef", 3.0),
        ("HEX", "0123456789ABCDEF", 3.0),
        ("digits", "0123456789", 2.5),
        ("lower", "abcdefghijklmnopqrstuvwxyz0123456789", 3.5),
        ("upper", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 3.5),
        ("alpha", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 3.5),
        ("alnum", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 3.5),
        ("b64", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/", 3.5),
        ("b64url", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", 3.5),
        ("b32", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 3.5),
    ];
    for (kind, alphabet, least) in cases {
        for length in [24, 32, 40, 64] {
            let text = expanded(&format!("{{{{{kind}:{length}}}}}"));
            assert_eq!(text.len(), length, "{kind}");
            assert!(text.chars().all(|c| alphabet.contains(c)), "{kind}: {text}");
            assert!(shannon(text.as_bytes()) > least, "{kind}: {text}");
            assert_eq!(
                is_noise(text.as_bytes(), text.as_bytes(), Strength::Structured),
                None,
                "{kind}: {text}"
            );
        }
    }
}

#[test]
fn random_text_is_hardly_ever_taken_for_noise() {
    for kind in ["alnum", "b64", "b64url", "hex", "lower", "upper"] {
        let template = format!("{{{{{kind}:32}}}}");
        for seed in 0..300 {
            let text = expand(&template, &seed.to_string()).expect("it expands");
            let reason = is_noise(text.as_bytes(), text.as_bytes(), Strength::Generic);
            assert_eq!(reason, None, "{kind}: {text}");
        }
    }
}

#[test]
fn tokens_are_valid() {
    let cases = [
        ("{{github:ghp_}}", "github"),
        ("{{github:ghs_}}", "github"),
        ("{{npm}}", "npm"),
        ("{{jwt}}", "jwt"),
        ("{{aws:AKIA}}", "aws"),
        ("{{aws:ASIA}}", "aws"),
        ("{{uuid}}", "uuid"),
        ("{{luhn:4539:16}}", "luhn"),
        ("{{luhn:37:15}}", "luhn"),
        ("{{base64:[1, 2]}}", "base64-json"),
        ("{{pem:RSA PRIVATE KEY}}", "pem"),
        ("{{pem:EC PRIVATE KEY}}", "pem"),
        ("{{pem:PRIVATE KEY}}", "pem"),
        ("{{pem:OPENSSH PRIVATE KEY}}", "pem"),
        ("{{pgp}}", "pem"),
    ];
    for (template, kind) in cases {
        for seed in 0..40 {
            let text = expand(template, &seed.to_string()).expect("it expands");
            let verdict = validate(kind, text.as_bytes());
            assert!(matches!(verdict, Verdict::Valid { .. }), "{template}: {verdict:?} {text}");
            let reason = is_noise(text.as_bytes(), text.as_bytes(), Strength::Structured);
            assert_eq!(reason, None, "{template}: {text}");
        }
    }
}

#[test]
fn other_text_stays() {
    for text in [
        "",
        "no generator",
        "{{ .Values.token }}",
        "{{",
        "{{}}",
        "}}{{x}} {{{{",
        "{{unknown:3}}",
        "${{ secrets.X }}",
    ] {
        assert_eq!(expanded(text), text);
    }
    assert_eq!(expanded("{{ x }}{{base64:hi}}}}"), "{{ x }}aGk=}}");
    assert_eq!(expanded("{{{base64:hi}}}"), "{aGk=}");
}

#[test]
fn wrong_arguments_are_errors() {
    let wrong = [
        "{{hex}}",
        "{{hex:}}",
        "{{hex:0}}",
        "{{hex:99999}}",
        "{{hex:x}}",
        "{{github:glpat-}}",
        "{{github}}",
        "{{aws:ak}}",
        "{{luhn:4}}",
        "{{luhn:x:16}}",
        "{{luhn:4:99}}",
        "{{luhn:4444:4}}",
        "{{pem:PUBLIC KEY}}",
        "{{npm:3}}",
        "{{uuid:4}}",
    ];
    for template in wrong {
        let error = expand(template, "seed").expect_err(template);
        assert!(error.starts_with(&format!("`{}`: ", template.trim_matches(['{', '}']))), "{error}");
    }
}
