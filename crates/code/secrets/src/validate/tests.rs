use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::{KINDS, Verdict, checksum, crc24, validate};
use crate::examples::expand;

fn valid(note: &str) -> Verdict {
    Verdict::valid(note)
}

#[allow(clippy::needless_pass_by_value, reason = "shorter at every call")]
fn check(kind: &str, secret: &str, expected: Verdict) {
    assert_eq!(validate(kind, secret.as_bytes()), expected, "{kind}: {secret}");
}

fn made(template: &str) -> String {
    expand(template, "validate").expect("it expands")
}

#[test]
fn unknown_kinds_and_empty_secrets_are_no_trouble() {
    check("no-such-kind", "anything", Verdict::Unknown);
    for kind in KINDS {
        assert!(!matches!(validate(kind, b""), Verdict::Valid { .. }), "{kind}");
    }
}

#[test]
fn github_and_npm_tokens_have_checksums() {
    for prefix in ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"] {
        let token = made(&format!("{{{{github:{prefix}}}}}"));
        check("github", &token, valid("checksum correct"));
        check("crc32-base62", &token, valid("checksum correct"));
        let other = if token.ends_with('0') { "1" } else { "0" };
        let wrong = format!("{}{other}", &token[..39]);
        let expected = if prefix == "ghs_" { Verdict::Unknown } else { Verdict::invalid("wrong checksum") };
        check("github", &wrong, expected);
    }
    let npm = made("{{npm}}");
    check("npm", &npm, valid("checksum correct"));
    check("npm", &npm[..39], Verdict::invalid("wrong length"));
    check("npm", &npm[1..], Verdict::Unknown);
    let long = made("{{alnum:70}}");
    let sum = String::from_utf8_lossy(&checksum(long.as_bytes())).into_owned();
    check("github", &format!("{}_{long}{sum}", "ghr"), valid("checksum correct"));
    check("github", "ghs_12345_a.b.c", Verdict::Unknown);
    check("github", &format!("{}_{}", "ghp", "-".repeat(36)), Verdict::invalid("characters outside base62"));
}

#[test]
fn fine_grained_github_tokens_hold_a_digest_of_themselves() {
    let base32 = |bytes: &[u8]| -> String {
        let bits: String = bytes.iter().map(|b| format!("{b:08b}")).collect();
        let digit =
            |five: &[u8]| u8::from_str_radix(std::str::from_utf8(five).expect("ascii"), 2).expect("bits");
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        bits.as_bytes().chunks(5).map(|five| alphabet[digit(five) as usize] as char).collect()
    };
    let body = format!("{}{}", "github_pat_", made("{{alnum:22}}_{{alnum:43}}"));
    let digest = <sha2::Sha256 as sha2::Digest>::digest(body.as_bytes());
    let token = format!("{body}{}{}", base32(&digest[..5]), made("{{alnum:8}}"));
    check("github", &token, valid("checksum correct"));
    let other = format!("{body}{}", made("{{alnum:16}}"));
    check("github", &other, Verdict::Unknown);
    check("github", &token[..92], Verdict::invalid("wrong length or characters"));
}

#[test]
fn aws_key_ids_tell_the_account() {
    check("aws", &format!("{}Y34FZKBO{}", "ASIA", "KMUTVV7A"), valid("AWS account 609629065308"));
    check("aws", &format!("{}Y34FZKB0{}", "ASIA", "KMUTVV7A"), Verdict::invalid("characters outside base32"));
    check("aws", &format!("{}77777777{}", "AKIA", "77777777"), Verdict::invalid("no such account number"));
    check(
        "aws",
        &format!("{}IKMB2XYQ{}", "AKIA", "WERTZUOP"),
        valid("older format, which does not tell the account"),
    );
    check("aws", &format!("{}BKMB2XYQ{}", "AKIA", "WERTZUOP"), Verdict::Unknown);
    check("aws", &format!("{}QKMB2XYQ{}", "AKIA", "WERTZUO"), Verdict::invalid("wrong length"));
    check("aws", &format!("{}QKMB2XYQ{}", "AIDA", "WERTZUOP"), Verdict::Unknown);
    check(
        "aws",
        &format!("{}QKMB2XYQZ{}", "AKIA", "EXAMPLE"),
        Verdict::Test { note: "marked as an example" },
    );
    check("aws", &format!("{}IKMB2XYQ{}", "AKIA", "WXXXZUOP"), Verdict::invalid("masked"));
    let published = Verdict::Test { note: "published by its vendor as an example" };
    check("aws", &format!("{}IOSFODNN7{}", "AKIA", "EXAMPLE"), published);
}

fn jwt(header: &str, claims: &str, signature: &[u8]) -> String {
    let encode = |part: &[u8]| URL_SAFE_NO_PAD.encode(part);
    format!("{}.{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()), encode(signature))
}

#[test]
fn jwts_tell_issuer_and_expiry() {
    let header = r#"{"alg":"HS256"}"#;
    let note = "algorithm HS256, issuer me\u{20}".trim();
    let expected = Verdict::Valid { note: note.into(), expires: Some(1_700_000_000) };
    check("jwt", &jwt(header, r#"{"iss":"me","exp":1700000000}"#, &[7; 32]), expected);
    check("jwt", &jwt(header, r#"{"iss":"a\u001bb"}"#, &[7; 32]), valid("algorithm HS256, issuer ab"));
    let unsigned = valid("algorithm none, unsigned: anybody can make one");
    check("jwt", &jwt(r#"{"alg":"none"}"#, "{}", b""), unsigned);
    let length = Verdict::invalid("the signature has not the length of its algorithm");
    check("jwt", &jwt(header, "{}", &[7; 31]), length);
    check("jwt", &jwt("{}", "{}", &[7; 32]), Verdict::invalid("the header names no algorithm"));
    check("jwt", &jwt("x", "{}", &[7; 32]), Verdict::invalid("the header is not JSON"));
    check("jwt", &jwt(header, "[]", &[7; 32]), Verdict::invalid("the payload is not JSON"));
    check("jwt", "a.b", Verdict::invalid("the header is not JSON"));
    let sample = Verdict::Test { note: "the sample token of jwt.io" };
    check("jwt", &jwt(header, r#"{"name":"John Doe","sub":"1234567890"}"#, &[7; 32]), sample);
    let published = Verdict::Test { note: "published by its vendor as an example" };
    check(
        "jwt",
        &jwt(header, r#"{"sub":"1234567890","name":"John Doe","iat":1516239022}"#, &[7; 32]),
        published,
    );
    let encrypted = format!("{}.a.b.c.d", URL_SAFE_NO_PAD.encode(r#"{"alg":"dir","enc":"A256GCM"}"#));
    check("jwt", &encrypted, valid("encrypted JWT"));
    check("jwt", &jwt(header, &"[".repeat(9000), &[7; 32]), Verdict::invalid("the payload is not JSON"));
}

/// A block whose header does not stand in this file.
fn block(label: &str, body: &str) -> String {
    format!("-----{} {label}-----\n{body}\n-----END {label}-----", "BEGIN")
}

#[test]
fn keys_tell_their_type_and_size() {
    let key = |kind: &str| format!("{kind} PRIVATE KEY").trim().to_owned();
    let cases = [
        ("RSA", "RSA, 2048 bits, not encrypted"),
        ("EC", "EC P-256, 256 bits, not encrypted"),
        ("", "RSA, 2048 bits, not encrypted"),
        ("OPENSSH", "Ed25519, 256 bits, not encrypted"),
    ];
    for (kind, note) in cases {
        let pem = made(&format!("{{{{pem:{}}}}}", key(kind)));
        check("pem", &pem, valid(note));
        check("pem", &pem.replace('\n', "\\n"), valid(note));
        check("pem", &pem.replace('\n', "\r\n    "), valid(note));
        let quoted: Vec<String> = pem.lines().map(|line| format!("    \"{line}\\n\" +")).collect();
        check("pem", &quoted.join("\n"), valid(note));
        let commented: Vec<String> = pem.lines().map(|line| format!("# {line}")).collect();
        check("pem", &commented.join("\n"), valid(note));
        let lines: Vec<&str> = pem.lines().collect();
        let (first, body) = lines.split_first().expect("a header");
        let joined = format!("{first}\\n\" + \"{}", body.join("\\n\"\n  + \""));
        check("pem", &joined, valid(note));
        let called = format!("{first}\\n\")\n  .append(\"{}", body.join("\\n\")\n  .append(\""));
        check("pem", &called, valid(note));
        check("pem", pem.lines().next().expect("a header"), Verdict::Unknown);
    }
    let pkcs1 = made("{{pem:RSA PRIVATE KEY}}").replace(&key("RSA"), &key(""));
    check("pem", &pkcs1, valid("RSA, 2048 bits, not encrypted"));
    let secret = STANDARD.encode([9; 64].map(|b: u8| b.wrapping_mul(31)));
    check("pem", &block(&key("RSA"), ""), Verdict::invalid("the body is too short"));
    check("pem", &block(&key("RSA"), "your key goes here"), Verdict::invalid("the body is not base64"));
    check("pem", &block(&key("RSA"), &"A".repeat(400)), Verdict::invalid("the body is a placeholder"));
    check("pem", &block("PUBLIC KEY", &secret), Verdict::Unknown);
    let random = STANDARD.encode(made("{{alnum:90}}"));
    check("pem", &block(&key("RSA"), &random), Verdict::invalid("the body is not DER"));
    check("pem", &block(&key("OPENSSH"), &random), Verdict::invalid("no OpenSSH key"));
    let headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0011\n\n";
    check(
        "pem",
        &block(&key("RSA"), &format!("{headers}{random}")),
        valid("RSA, encrypted with a passphrase"),
    );
}

#[test]
fn pgp_keys_have_a_checksum() {
    let pgp = made("{{pgp}}");
    check("pem", &pgp, valid("PGP key"));
    let at = pgp.find("\n=").expect("a checksum");
    let wrong = format!("{}\n=AAAA{}", &pgp[..at], &pgp[at + 6..]);
    check("pem", &wrong, Verdict::invalid("wrong checksum"));
    assert_eq!(crc24(b"123456789"), [0x21, 0xcf, 0x02]);
}

#[test]
fn plain_checks() {
    check("luhn", "4539 1488 0343 6467", valid("check digit correct"));
    check("luhn", "4539148803436468", Verdict::invalid("wrong check digit"));
    check("luhn", "4242-4242-4242-4242", Verdict::Test { note: "test card number" });
    check("luhn", "0000000000000000", Verdict::invalid("one digit repeated"));
    check("luhn", "453914880343", Verdict::invalid("wrong check digit"));
    check("luhn", "45391488", Verdict::invalid("wrong length"));
    check("luhn", "4539x14880343646", Verdict::invalid("characters other than digits"));
    check("uuid", "9b2d7a3e-0f51-4c6d-8e2a-7b1c9d3f5a60", valid("UUID version 4"));
    check("uuid", "00000000-0000-0000-0000-000000000000", Verdict::invalid("no UUID version"));
    check("uuid", "9b2d7a3e-0f51-4c6d-8e2a-7b1c9d3f5a6", Verdict::invalid("wrong length"));
    check("uuid", "9b2d7a3e+0f51-4c6d-8e2a-7b1c9d3f5a60", Verdict::invalid("not a UUID"));
    check("base64-json", &STANDARD.encode(r#"{"a":"b?>"}"#), valid("JSON"));
    check("base64-json", &URL_SAFE_NO_PAD.encode(r#"{"a":"b?>"}"#), valid("JSON"));
    check("base64-json", &STANDARD.encode("7"), Verdict::invalid("does not decode to JSON"));
    check("base64-json", "{}", Verdict::invalid("not base64"));
}

#[test]
fn logins_hold_a_password_that_is_no_word() {
    let words = Verdict::Test { note: "words in place of a password" };
    let cases = [
        ("deploy:kV9rT2mZq8wL", Verdict::Unknown),
        ("kV9rT2mZq8wLx4:", Verdict::Unknown),
        ("kV9rT2mZq8wLx4", Verdict::Unknown),
        ("customUser:customPass", words.clone()),
        ("kV9rT2mZ:kV9rT2mZ", words.clone()),
        ("user:my-password1", words.clone()),
        ("test:", words.clone()),
        ("command-line-client:", words),
        ("name:\0\0pass", Verdict::invalid("does not decode to text")),
    ];
    for (login, expected) in cases {
        check("basic", &STANDARD.encode(login), expected);
    }
    check("basic", "!", Verdict::invalid("not base64"));
    check("basic", &STANDARD.encode([0xff; 12]), Verdict::invalid("does not decode to text"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(random in prop::collection::vec(any::<u8>(), 0..120), cut in 0_usize..400, at in 0_usize..400) {
        for kind in KINDS {
            validate(kind, &random);
        }
        for template in ["{{pem:RSA PRIVATE KEY}}", "{{pem:OPENSSH PRIVATE KEY}}", "{{pgp}}", "{{jwt}}"] {
            let mut text = made(template).into_bytes();
            text.truncate(text.len().saturating_sub(cut));
            if let Some(byte) = text.get_mut(at) {
                *byte = random.first().copied().unwrap_or(0);
            }
            validate("pem", &text);
            validate("jwt", &text);
        }
    }

    #[test]
    fn damaged_der_does_not_panic(random in prop::collection::vec(any::<u8>(), 40..160), tag in prop::sample::select(vec![0x30_u8, 0x02, 0x95])) {
        let mut der = random;
        der[0] = tag;
        for label in ["RSA PRIVATE", "EC PRIVATE", "PRIVATE", "DSA PRIVATE", "OPENSSH PRIVATE"] {
            validate("pem", block(&format!("{label} KEY"), &STANDARD.encode(&der)).as_bytes());
        }
        validate("pem", block("PGP PRIVATE KEY BLOCK", &STANDARD.encode(&der)).as_bytes());
    }
}
