//! `gitleaks:allow` and `.gitleaksignore`: gitleaks drops such findings, we keep them as suppressed.

use super::Scan;

const CONFIG: &str =
    "[[rules]]\nid = 'r'\nregex = 'k-\\d{3}'\n[[rules]]\nid = 'block'\nregex = 'begin\\n(\\w+)\\nend'";

#[test]
fn a_comment_allows_what_stands_on_its_line() {
    let scan = Scan { config: CONFIG, ..Scan::default() };
    scan.check("behind", "x = k-123 // gitleaks:allow", &["r k-123 (inline)"]);
    scan.check("before", "/* gitleaks:allow */ x = k-123", &["r k-123 (inline)"]);
    scan.check("between other lines", "x\n\n  k-123 # gitleaks:allow\n\ny", &["r k-123 (inline)"]);
    scan.check("on the line after", "x = k-123\n// gitleaks:allow\n", &["r k-123"]);
    scan.check("on the line before", "// gitleaks:allow\nx = k-123\n", &["r k-123"]);
    scan.check("only what it allows", "k-123 # gitleaks:allow\nk-456", &["r k-123 (inline)", "r k-456"]);
    scan.check("elsewhere the same secret counts", "k-123 # gitleaks:allow\nk-123", &["r k-123"]);
    let block = ["block stuff (inline)"];
    scan.check("on the first line of a match", "gitleaks:allow begin\nstuff\nend\n", &block);
    scan.check("on the last line of a match", "begin\nstuff\nend gitleaks:allow\n", &block);
    scan.check("behind a match", "begin\nstuff\nend\ngitleaks:allow\n", &["block stuff"]);
}

#[test]
fn a_comment_on_the_line_of_an_encoded_value_allows_it() {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode("the value is k-123 = 77");
    let scan = Scan { config: CONFIG, ..Scan::default() };
    let shown = format!("r {encoded}");
    scan.check("none", &format!("x = {encoded}"), &[&shown]);
    scan.check("some", &format!("x = {encoded} # gitleaks:allow"), &[&format!("{shown} (inline)")]);
}

#[test]
fn an_ignore_file_names_path_rule_and_line_of_the_match() {
    let check = |ignore: &str, commit, text: &str, expected: &[&str]| {
        let path = "a/b.txt";
        Scan { config: CONFIG, path, ignore, commit, ..Scan::default() }.check(ignore, text, expected);
    };
    let text = "one\ntwo k-123\n";
    check("a/b.txt:r:2", None, text, &["r k-123 (ignored)"]);
    check("# note\n\n  a\\b.txt:r:2  ", None, text, &["r k-123 (ignored)"]);
    check("a/b.txt:r:1", None, text, &["r k-123"]);
    check("a/b.txt:other:2", None, text, &["r k-123"]);
    check("b.txt:r:2", None, text, &["r k-123"]);
    check("a/b.txt:r:2", Some("c0ffee"), text, &["r k-123 (ignored)"]);
    check("c0ffee:a/b.txt:r:2", Some("c0ffee"), text, &["r k-123 (ignored)"]);
    check("c0ffee:a/b.txt:r:2", Some("beef"), text, &["r k-123"]);
    check("c0ffee:a/b.txt:r:2", None, text, &["r k-123"]);
    check("a/b.txt:block:2", None, "\nbegin\nstuff\nend", &["block stuff (ignored)"]);
    check("a/b.txt:block:3", None, "\nbegin\nstuff\nend", &["block stuff"]);
}

#[test]
fn a_match_that_begins_with_a_line_feed_is_on_the_next_line() {
    let config = "[[rules]]\nid = 'r'\nregex = '[\\n;]+k=(\\d+)'";
    let check = |ignore: &str, text: &str, expected: &[&str]| {
        Scan { config, path: "a", ignore, ..Scan::default() }.check(ignore, text, expected);
    };
    check("a:r:2", "one\nk=123\n", &["r k=123 (ignored)"]);
    check("a:r:1", "one\nk=123\n", &["r k=123"]);
    check("", "gitleaks:allow\nk=123\n", &["r k=123"]);
    check("a:r:2", "one\n\n\nk=123\n", &["r k=123 (ignored)"]);
}

#[test]
fn the_configuration_itself_is_left_alone() {
    use andon_model::{Engine as _, Interest};
    let engine = Scan { config: CONFIG, ..Scan::default() }.engine();
    assert_eq!(engine.interest(".gitleaks.toml"), Interest::Allowed);
    assert_eq!(engine.interest("a/b.txt"), Interest::Content);
}
