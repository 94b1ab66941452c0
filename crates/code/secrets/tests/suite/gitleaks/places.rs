//! Lines and columns: 1-based, in characters, of the secret; the end column is the one after it.

use super::Scan;

#[track_caller]
fn check(regex: &str, text: &[u8], expected: &[&str]) {
    let config = format!("[[rules]]\nid = 'r'\nregex = '''{regex}'''\n");
    let scan = Scan { config: &config, ..Scan::default() };
    let told = scan.told(text, |_, place| {
        let region = place.region.expect("a place in a text");
        let secret = String::from_utf8_lossy(&text[region.start_byte as usize..region.end_byte as usize]);
        let (start, end) = ((region.start_line, region.start_column), (region.end_line, region.end_column));
        format!("{}:{}-{}:{} {secret}", start.0, start.1, end.0, end.1)
    });
    assert_eq!(told, expected, "{regex} on {:?}", String::from_utf8_lossy(text));
}

#[test]
fn places_on_one_line() {
    check(r"k-\d+", b"k-123", &["1:1-1:6 k-123"]);
    check(r"k-\d+", b"\n\nab k-123;", &["3:4-3:9 k-123"]);
    check(r"key=(\d+)", b"a\n key=123\n", &["2:6-2:9 123"]);
    check(r"key=(\d+)", "\u{e9}\u{20ac}\u{1f512} key=123".as_bytes(), &["1:9-1:12 123"]);
    check(r"k-\d+", b"k-1\nk-2\n\nk-3", &["1:1-1:4 k-1", "2:1-2:4 k-2", "4:1-4:4 k-3"]);
}

#[test]
fn places_over_several_lines() {
    let block = r"-{3}begin-{3}[\s\S]*?-{3}end-{3}";
    check(block, b"x\n ---begin---\nabc\n---end---", &["2:2-4:10 ---begin---\nabc\n---end---"]);
    check(r"begin\s+(\w+)", b"begin\n\n  stuff\n", &["3:3-3:8 stuff"]);
    check(r"begin\s+(\w+)", b"begin\r\n\tstuff\r\n", &["2:2-2:7 stuff"]);
}

#[test]
fn line_feeds_around_a_match_are_no_part_of_it() {
    check(r"[\n]k-\d+", b"a\nk-123", &["2:1-2:6 k-123"]);
    check(r"k-\d+\n*", b"a k-123\n\n\nb", &["1:3-1:8 k-123"]);
    check(r"\s+k-\d+\s", b"a\n\n\nk-123\nb", &["4:1-4:6 k-123"]);
    check(r"\n*key=(\d+)\n?", b"a\n\n\nkey=123\nb", &["4:5-4:8 123"]);
    // Groups are sought in the match without them, as in gitleaks; this one is then not found again.
    check(r"\n*key=(\d+)\n", b"a\n\n\nkey=123\nb", &["4:1-4:8 key=123"]);
}

#[test]
fn carriage_returns_are_characters() {
    check(r"key=(\w+)", b"a\r\n key=123\r\n", &["2:6-2:9 123"]);
    check(r"key=(.+)", b"a\r\nkey=123\r\nb", &["2:5-2:9 123\r"]);
    check(r"(?m)key=(\w+)\r?$", b"a\r\nkey=123\r\nb", &["2:5-2:8 123"]);
}

#[test]
fn bytes_that_are_no_text_are_characters() {
    check(r"k-\d+", b"\xff\xfe k-123", &["1:4-1:9 k-123"]);
}
