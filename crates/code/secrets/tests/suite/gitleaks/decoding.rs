//! Secrets inside encoded values.

use std::fmt::Write as _;

use andon_model::Finding;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::Scan;

const CONFIG: &str = "[[rules]]\nid = 'r'\nregex = 'secret=(opened-drawer-\\w+)'\ntags = ['drawer']\n\
                      [[rules]]\nid = 'small'\nregex = '\\bsmall-drawer\\b'\n";
const PLAIN: &str = "secret=opened-drawer-7Kq2Zx9Lm4Tw8Rv1Bn6";

fn b64(text: &str) -> String {
    STANDARD.encode(text)
}

fn hex(text: &str) -> String {
    text.bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02X}");
        hex
    })
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "%{byte:02x}");
        hex
    })
}

fn unicode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "\\u{byte:04x}");
        hex
    })
}

fn scan(depth: u32) -> Scan<'static> {
    Scan { config: CONFIG, depth, ..Scan::default() }
}

/// The one secret of the text is `PLAIN`'s, stands at `place` (the end is exclusive), and carries the tags.
#[track_caller]
fn check(why: &str, text: &str, place: &str, tags: &[&str]) {
    let findings = scan(8).findings(text.as_bytes());
    let known = scan(0).findings(PLAIN.as_bytes());
    let [finding] = findings.as_slice() else { panic!("{why}: {} findings in {text}", findings.len()) };
    assert_eq!(
        finding.fingerprints.primary.0, known[0].fingerprints.primary.0,
        "{why}: another secret in {text}"
    );
    assert_eq!(places(finding, text), [place], "{why}: {text}");
    let expected: Vec<&str> = std::iter::once("drawer").chain(tags.iter().copied()).collect();
    assert_eq!(finding.tags, expected, "{why}: {text}");
}

fn places(finding: &Finding, text: &str) -> Vec<String> {
    let regions = finding.locations.iter().filter_map(|place| place.region);
    regions.map(|region| text[region.start_byte as usize..region.end_byte as usize].to_owned()).collect()
}

#[test]
fn one_encoding() {
    let value = b64("opened-drawer-7Kq2Zx9Lm4Tw8Rv1Bn6");
    let base64 = &["decoded:base64", "decode-depth:1"];
    let around = format!("secret={value}");
    check("the match reaches beyond the value", &format!("x\n{around}\n"), &around, base64);
    let whole = b64(PLAIN);
    check("the match lies in the value", &format!("k: '{whole}'"), &whole, base64);
    let url = URL_SAFE_NO_PAD.encode("\u{3f}\u{3e}\u{3f}\u{3e} secret=opened-drawer-7Kq2Zx9Lm4Tw8Rv1Bn6 ok");
    check("base64 for addresses", &format!("?q={url}"), &url, base64);
    let around = format!("secret={}", hex("opened-drawer-7Kq2Zx9Lm4Tw8Rv1Bn6"));
    check("hexadecimal", &around, &around, &["decoded:hex", "decode-depth:1"]);
    let around = format!("secret=opened-{}-7Kq2Zx9Lm4Tw8Rv1Bn6", percent("drawer"));
    check("percent signs", &around, &around, &["decoded:percent", "decode-depth:1"]);
    let around = format!("secret={}ened-{}-7Kq2Zx9Lm4Tw8Rv1Bn6", percent("op"), percent("drawer"));
    check("percent signs, scattered", &around, &around, &["decoded:percent", "decode-depth:1"]);
    let around = format!("secret=opened-{}-7Kq2Zx9Lm4Tw8Rv1Bn6", unicode("drawer"));
    check("unicode escapes", &around, &around, &["decoded:unicode", "decode-depth:1"]);
}

#[test]
fn encodings_of_encodings() {
    let value = b64("opened-drawer-7Kq2Zx9Lm4Tw8Rv1Bn6");
    let twice = b64(&format!("secret={value}"));
    check("base64 twice", &format!("k={twice}"), &twice, &["decoded:base64", "decode-depth:2"]);
    let inner = b64(&format!("opened-{}-7Kq2Zx9Lm4Tw8Rv1Bn6", percent("drawer")));
    let around = format!("secret={inner}");
    check(
        "percent signs in base64",
        &around,
        &around,
        &["decoded:percent", "decoded:base64", "decode-depth:2"],
    );
    let (head, tail) = value.split_at(7);
    let around = format!("secret={head}{}{}", percent(&tail[..1]), &tail[1..]);
    check(
        "a percent sign inside base64",
        &around,
        &around,
        &["decoded:percent", "decoded:base64", "decode-depth:2"],
    );
    let around = format!("secret={}{}", percent(&value[..2]), &value[2..]);
    check("at its beginning", &around, &around, &["decoded:percent", "decoded:base64", "decode-depth:2"]);
    let around = format!("secret%3d{}", hex("opened-drawer-7Kq2Zx9Lm4Tw8Rv1Bn6"));
    check("one beside another", &around, &around, &["decoded:percent", "decoded:hex", "decode-depth:2"]);
    let middle = format!("{}{}{}", &twice[..12], percent(&twice[12..13]), &twice[13..]);
    let tags = &["decoded:percent", "decoded:base64", "decode-depth:3"];
    check("a percent sign inside base64 of base64", &format!("k={middle}"), &middle, tags);
    let deep = percent(&percent(&twice[..2])) + &twice[2..];
    let tags = &["decoded:percent", "decoded:base64", "decode-depth:4"];
    check("a percent sign, itself encoded, at its edge", &format!("k: {deep}"), &deep, tags);
    let hexed = hex(&b64(&hex(&format!("secret={value}"))));
    let tags = &["decoded:hex", "decoded:base64", "decode-depth:4"];
    check("hexadecimal and base64 by turns", &format!("Here: {hexed} # odd?"), &hexed, tags);
}

#[test]
fn decoding_stops_at_the_depth() {
    let mut text = PLAIN.to_owned();
    for needed in 0..5 {
        for depth in 0..6 {
            let found = usize::from(depth >= needed);
            assert_eq!(scan(depth).findings(text.as_bytes()).len(), found, "{text} at depth {depth}");
        }
        text = b64(&text);
    }
}

#[test]
fn what_shrinks_keeps_its_place() {
    let (long, small) = (b64(&"nothing to see here, ".repeat(9)), b64("small-drawer"));
    let text =
        format!("a: {long}\nb: {}\n\nc: {small}\nsmall-drawer", percent("some more words that shrink"));
    let told = scan(5).told(text.as_bytes(), |finding, place| {
        let region = place.region.expect("a place in a text");
        format!("{}:{}-{} {}", region.start_line, region.start_column, region.end_column, finding.rule.id)
    });
    assert_eq!(told, ["4:4-20 small", "5:1-13 small"]);
}

#[test]
fn what_is_plain_is_found_once() {
    let text = format!("{PLAIN}\n{}\n", b64("nothing to see here, nothing at all"));
    assert_eq!(scan(5).findings(text.as_bytes()).len(), 1);
    assert_eq!(scan(5).findings(text.as_bytes())[0].locations.len(), 1);
}

#[test]
fn rules_for_encoded_text_still_see_it() {
    let config = format!("{CONFIG}[[rules]]\nid = 'wrapped'\nregex = 'c2VjcmV0P[A-Za-z0-9+/=]+'\n");
    let value = b64(PLAIN);
    let both = [format!("r {value}"), format!("wrapped {value}")];
    let seen = Scan { config: &config, ..Scan::default() }.seen(format!("k: '{value}'").as_bytes());
    assert_eq!(seen, both);
}

#[test]
fn keys_of_several_lines_are_found_in_encoded_values() {
    let config = "[[rules]]\nid = 'chest'\nregex = '(?i)-{3}open chest-{3}[\\s\\S]*?-{3}shut chest-{3}'\n\
                  keywords = ['---open']\n";
    let plain = "---OPEN CHEST---\n1a2b3c\n4d5e6f==\n---SHUT CHEST---";
    let value = b64(plain);
    let text = format!("# plain\n{plain}\n# wrapped\nkey: '{value}'\n");
    let findings = Scan { config, ..Scan::default() }.findings(text.as_bytes());
    assert_eq!(findings.len(), 1, "the same secret, plain and encoded, is one finding");
    assert_eq!(places(&findings[0], &text), [plain.to_owned(), value]);
}

#[test]
fn allowlists_look_at_what_was_decoded() {
    let text = format!("pass=\"{}\" # note", b64("Xy7-leave-me-alone-Qw9"));
    for (target, pattern, found) in [
        ("secret", "leave-me-alone", false),
        ("match", "pass=.*leave-me-alone", false),
        ("line", "leave-me-alone.* # note", false),
        ("secret", "somebody else", true),
    ] {
        let config = format!(
            "[[rules]]\nid = 'r'\nregex = 'pass=\"(\\w+-leave-[^\"]+)\"'\n[[rules.allowlists]]\n\
             regexTarget = '{target}'\nregexes = ['{pattern}']\n"
        );
        let findings = Scan { config: &config, ..Scan::default() }.findings(text.as_bytes());
        assert_eq!(findings.len(), usize::from(found), "{target} {pattern}");
    }
}
