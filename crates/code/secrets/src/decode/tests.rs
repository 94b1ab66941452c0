//! The decoders against strings with known answers and against gitleaks' definition written down naively.

mod reference;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::{Pass, first_pass, next_pass};

/// Decodes until nothing decodes any more; gives the last text and the depth reached.
fn decode_fully(text: &[u8]) -> (Vec<u8>, u32) {
    let mut pass = first_pass(text);
    let (mut text, mut depth) = (text.to_vec(), 0);
    while let Some(current) = pass {
        pass = next_pass(&current);
        depth += 1;
        text = current.text;
    }
    (text, depth)
}

fn hex(text: &str) -> String {
    text.bytes().map(|b| format!("{b:02x}")).collect()
}

fn percent(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

fn escapes(text: &str, backslashes: &str) -> String {
    text.chars().map(|c| format!("{backslashes}u{:04x}", c as u32)).collect()
}

fn code_points(text: &str) -> String {
    text.chars().map(|c| format!("U+{:04X} ", c as u32)).collect()
}

fn check(encoded: &str, decoded: &str) {
    let (text, _) = decode_fully(encoded.as_bytes());
    assert_eq!(String::from_utf8_lossy(&text), decoded, "{encoded}");
}

/// Pairs of a text and what remains of it after every pass.
fn cases() -> Vec<(String, String)> {
    let long = "a rather long phrase, number 7";
    let url = "who knows? perhaps>>that~one??";
    let pair = |encoded: String, decoded: &str| (encoded, decoded.to_owned());
    vec![
        pair(String::new(), ""),
        pair(STANDARD.encode(long), long),
        pair(format!("key: {}", STANDARD.encode(long)), &format!("key: {long}")),
        pair(
            format!("a-name-that-is-long={}", STANDARD.encode(long)),
            &format!("a-name-that-is-long={long}"),
        ),
        pair(format!("a=\"{}\"", STANDARD.encode(long)), &format!("a=\"{long}\"")),
        pair(URL_SAFE_NO_PAD.encode(url), url),
        pair(format!("key: {}", URL_SAFE_NO_PAD.encode(url)), &format!("key: {url}")),
        pair("internationalization misunderstandings".into(), "internationalization misunderstandings"),
        pair("9b1f0c7f5a6e4d3c2b1a09f8e7d6c5b4a3928170".into(), "9b1f0c7f5a6e4d3c2b1a09f8e7d6c5b4a3928170"),
        pair(format!("q={}", percent("\"a $!@#^&* (b)\"")), "q=\"a $!@#^&* (b)\""),
        pair(format!("q=\"{}\"", hex("Sixteen letters!")), "q=\"Sixteen letters!\""),
        pair(format!("q={}", code_points("hello").trim_end()), "q=hello"),
        pair(format!("q={}", escapes("well, hello", r"\")), "q=well, hello"),
        pair(format!("q={}", escapes("well, hello", r"\\")), "q=well, hello"),
        pair(format!("{} {}", escapes("both", r"\"), hex("of these are hidden")), "both of these are hidden"),
    ]
}

#[test]
fn every_encoding_is_undone() {
    for (encoded, decoded) in cases() {
        check(&encoded, &decoded);
        check(&percent(&encoded), &decoded);
        check(&hex(&encoded), &decoded);
    }
}

#[test]
fn what_is_not_text_stays_as_it_is() {
    let stays = [
        "some_long_snake_case_identifier",
        "path/to/a/file/in/some/folder",
        "%ff%fe and 100% sure",
        "\\u12 \\x41 U+12 U+1234x",
        "0123456789abcdef0123456789abcde",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
        "////////////////////////////////",
    ];
    for text in stays {
        assert!(first_pass(text.as_bytes()).is_none(), "{text}");
    }
}

#[test]
fn a_percent_match_reaches_to_the_last_one_of_the_line_and_goes_first() {
    let inner = STANDARD.encode("sixteen letters and more 1");
    let text = format!("x=%41 {inner} %42 tail\n{inner}");
    let pass = first_pass(text.as_bytes()).expect("it decodes");
    assert_eq!(pass.text, format!("x=A {inner} B tail\nsixteen letters and more 1").as_bytes());
    let last = next_pass(&pass).expect("it decodes again");
    assert_eq!(last.text, b"x=A sixteen letters and more 1 B tail\nsixteen letters and more 1");
}

#[test]
fn base64_that_touches_percent_waits_for_the_next_pass() {
    let inner = STANDARD.encode("eighteen letters 18");
    let pass = first_pass(format!("{inner}%3D").as_bytes()).expect("it decodes");
    assert_eq!(pass.text, format!("{inner}=").as_bytes());
}

#[test]
fn half_a_surrogate_pair_becomes_the_replacement_character() {
    check("\\ud83d", "\u{fffd}");
}

fn passes(text: &[u8]) -> Vec<Pass> {
    std::iter::successors(first_pass(text), next_pass).collect()
}

#[test]
fn positions_tags_and_lines_lead_back_to_the_encoded_text() {
    let secret = "the hidden value is 42";
    let text = format!("first\nkey = {} # end\nlast", STANDARD.encode(hex(secret)));
    let all = passes(text.as_bytes());
    assert_eq!(all.len(), 2);
    let last = all.last().expect("two passes");
    let decoded = String::from_utf8(last.text.clone()).expect("ascii");
    let at = decoded.find("hidden").expect("decoded");
    assert_eq!(&text[last.to_original(at..at + 6)], STANDARD.encode(hex(secret)));
    let around = decoded.find("key").expect("kept")..decoded.find(" # end").expect("kept");
    assert_eq!(&text[last.to_original(around)], format!("key = {}", STANDARD.encode(hex(secret))));
    let segments = last.overlapping(at, at + 6);
    assert_eq!(Pass::tags(segments), ["decoded:hex", "decoded:base64", "decode-depth:2"]);
    assert_eq!(last.current_line(segments), format!("\nkey = {secret} # end").as_bytes());
    assert!(last.overlapping(0, 3).is_empty());
    assert!(Pass::tags(&[]).is_empty());
    assert_eq!(last.current_line(&[]), last.text);
}

#[test]
fn the_number_of_segments_is_bounded() {
    let text = "\\u0041 ".repeat(super::MAX_SEGMENTS + 5);
    let pass = first_pass(text.as_bytes()).expect("it decodes");
    assert!(pass.truncated);
    assert_eq!(pass.segments.len(), super::MAX_SEGMENTS);
    assert!(pass.text.ends_with(b"A \\u0041 \\u0041 \\u0041 \\u0041 \\u0041 "));
}

/// Pieces that make the decoders meet: whole encodings, their beginnings, and what stands around them.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let plain = "[ -~]{0,24}";
    prop_oneof![
        "[A-Za-z0-9+/_-]{1,40}={0,3}".prop_map(String::into_bytes),
        "[0-9a-fA-F]{1,70}".prop_map(String::into_bytes),
        plain.prop_map(|s: String| STANDARD.encode(s).into_bytes()),
        plain.prop_map(|s: String| URL_SAFE_NO_PAD.encode(s).into_bytes()),
        plain.prop_map(|s: String| hex(&s).into_bytes()),
        "[ -~]{0,4}".prop_map(|s: String| percent(&s).into_bytes()),
        "[ -~é]{0,4}".prop_map(|s: String| escapes(&s, r"\").into_bytes()),
        "[ -~]{0,4}".prop_map(|s: String| escapes(&s, r"\\").into_bytes()),
        "[ -~]{0,4}".prop_map(|s: String| code_points(&s).into_bytes()),
        r"(U\+[0-9a-f]{4}|\\{1,3}[uU][0-9a-f]{3,5}|%[0-9a-f]{1,3}|[ \n\t=%\\U+]){0,6}"
            .prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..6),
    ]
}

fn agree_with_the_reference(text: &[u8], ranges: &[(usize, usize)]) -> Result<(), TestCaseError> {
    let mut expected = reference::Decoder::default();
    let mut pass = first_pass(text);
    for _ in 0..8 {
        let Some(current) = &pass else {
            prop_assert!(!expected.next(text));
            return Ok(());
        };
        prop_assert!(expected.next(text));
        prop_assert_eq!(&current.text, &expected.text);
        prop_assert_eq!(&*current.segments, expected.segments());
        for (a, b) in ranges {
            let start = a % (current.text.len() + 1);
            let end = start + b % (current.text.len() + 1 - start);
            let overlapping = expected.overlapping(start, end);
            prop_assert_eq!(current.overlapping(start, end), &*overlapping);
            if !overlapping.is_empty() {
                prop_assert_eq!(current.to_original(start..end), expected.to_original(start..end));
                prop_assert_eq!(current.current_line(&overlapping), expected.current_line(&overlapping));
            }
        }
        pass = next_pass(current);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn structured_text_decodes_as_the_definition_says(
        pieces in prop::collection::vec(piece(), 0..10),
        wrap in 0..4,
        ranges in prop::collection::vec(any::<(usize, usize)>(), 4),
    ) {
        let mut text = pieces.concat();
        if wrap == 1 {
            text = format!("x {} y", STANDARD.encode(&text)).into_bytes();
        } else if wrap == 2 {
            text = text.iter().map(|b| format!("%{b:02x}")).collect::<String>().into_bytes();
        }
        agree_with_the_reference(&text, &ranges)?;
    }

    #[test]
    fn random_bytes_decode_as_the_definition_says(text in prop::collection::vec(any::<u8>(), 0..200)) {
        agree_with_the_reference(&text, &[(3, 9)])?;
    }
}
