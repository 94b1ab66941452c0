//! What of a match is the secret, and which rules look.

use super::Scan;

#[track_caller]
fn check(why: &str, rule: &str, text: &str, expected: &[&str]) {
    let config = format!("[[rules]]\nid = 'r'\n{rule}\n");
    Scan { config: &config, ..Scan::default() }.check(why, text, expected);
}

#[test]
fn the_secret_is_a_group_or_the_match() {
    check("no group", r"regex = '\btok-[0-9a-z]{8}\b'", "a(tok-4f9a1c7e)", &["r tok-4f9a1c7e"]);
    check("the first group", r"regex = 'door=(\w+):(\w+)'", "door=left:9x7", &["r left"]);
    check("the first group with something in it", r"regex = 'door=(z*)(\w+)'", "door=left", &["r left"]);
    check("no group with anything in it", r"regex = 'door=(z*)'", "door=left", &["r door="]);
    check(
        "the group asked for",
        "regex = 'door=(\\w+):(\\w+)'\nsecretGroup = 2",
        "door=left:9x7",
        &["r 9x7"],
    );
    check("brackets that are no group", r"regex = 'door\((\w+)\)'", "door(left)", &["r left"]);
    let optional = r#"regex = 'PANTRY_COM="?([0-9a-f]{4}:[0-9a-f]{4})"?(?:;|\s|$)'"#;
    check("something optional around it", optional, "export PANTRY_COM=beef:f00d;", &["r beef:f00d"]);
    check("something optional around it", optional, "x; PANTRY_COM=\"beef:f00d\" && y", &["r beef:f00d"]);
    check("several on a line", r"regex = 'k(\d)'", "k1 k2\nk3", &["r 1", "r 2", "r 3"]);
    check(
        "context outside of the match is gone when groups are sought",
        r"regex = '\Bx(\d+)'",
        "ax12",
        &["r x12"],
    );
}

#[test]
fn entropy_is_that_of_the_secret_and_must_be_exceeded() {
    let rule = |bits: &str| format!("regex = 'longer_word=(\\w+)'\nentropy = {bits}");
    check("more", &rule("0.9"), "longer_word=abab", &["r abab"]);
    check("equal", &rule("1.0"), "longer_word=abab", &[]);
    check(
        "of each match by itself",
        &rule("1.5"),
        "longer_word=aaaaaaaa\nlonger_word=abcdefgh",
        &["r abcdefgh"],
    );
}

#[test]
fn keywords_open_the_text_to_a_rule() {
    let rule = "regex = 'k-(\\d+)'\nkeywords = ['Pantry', 'cellar']";
    check("none", rule, "k-12", &[]);
    check("one, in any case, anywhere", rule, "k-12\n\n# CELLAR", &["r 12"]);
    check("inside a word", rule, "mypantrykey k-12", &["r 12"]);
}

#[test]
fn rules_look_at_paths() {
    let only = "[[rules]]\nid = 'snake'\npath = '\\.py$'";
    let scan = |config, path| Scan { config, path, ..Scan::default() };
    scan(only, "a/tmp.py").check("a path alone", "anything", &["snake file a/tmp.py"]);
    scan(only, "a/tmp.py").check("a path alone, without content", "", &["snake file a/tmp.py"]);
    scan(only, "a/tmp.pyc").check("another path", "anything", &[]);
    let both = "[[rules]]\nid = 'snake'\npath = '\\.py$'\nregex = 'k-(\\d+)'";
    scan(both, "a/tmp.py").check("path and content", "k-12", &["snake 12"]);
    scan(both, "a/tmp.go").check("content alone", "k-12", &[]);
    scan(both, "a/tmp.py").check("path alone", "none", &[]);
}

#[test]
fn generic_rules_are_silent_where_others_speak() {
    let generic = "[[rules]]\nid = 'a-Generic-key'\nregex = 'key=(\\w+)'\n";
    let check = |why: &str, other: &str, text: &str, expected: &[&str]| {
        let config = format!("{generic}[[rules]]\nid = 'vendor'\n{other}\n");
        Scan { config: &config, ..Scan::default() }.check(why, text, expected);
    };
    check("same secret", r"regex = 'v\d{4}'", "key=v1234", &["vendor v1234"]);
    check("the other's is longer", r"regex = 'key=v\d{4}'", "key=v1234", &["vendor key=v1234"]);
    let both = ["a-Generic-key v12345", "vendor v1234"];
    check("the other's is shorter", r"regex = 'v\d{4}'", "key=v12345", &both);
    let both = ["a-Generic-key v1234", "vendor v5678"];
    check("the other's is another", r"regex = 'v5\d{3}'", "key=v1234 v5678", &both);
    let both = ["a-Generic-key v1234", "vendor v1234"];
    check("on another line", "regex = 'x\\n(v\\d{4})'", "x\nv1234\nkey=v1234", &both);
    let here = ["a-Generic-key v1234"];
    check("the other does not look here", "regex = 'v\\d{4}'\npath = 'elsewhere'", "key=v1234", &here);
    let allowed = "regex = 'v\\d{4}'\n[[rules.allowlists]]\npaths = ['app']";
    check("the other is not to report here", allowed, "key=v1234", &here);
    let config =
        "[[rules]]\nid = 'generic-1'\nregex = 'v\\d{4}'\n[[rules]]\nid = 'generic-2'\nregex = 'v\\d+'";
    let both = ["generic-1 v1234", "generic-2 v1234"];
    Scan { config, ..Scan::default() }.check("two generic ones", "v1234", &both);
}

#[test]
fn rules_that_agree_both_speak() {
    let config = "[[rules]]\nid = 'one'\nregex = 'v\\d{4}'\n[[rules]]\nid = 'two'\nregex = 'v\\d+'";
    Scan { config, ..Scan::default() }.check("two rules", "v1234", &["one v1234", "two v1234"]);
}

#[test]
fn bytes_that_are_no_text_are_looked_through() {
    let config =
        "[[rules]]\nid = 'r'\nregex = 'key=\"([^\"]+)\"'\n[[rules]]\nid = 'dot'\nregex = 'key=\"(.+)\"'";
    let scan = Scan { config, ..Scan::default() };
    assert_eq!(scan.seen(b"\xff\xfe key=\"a1b2\" \xc3"), ["dot a1b2", "r a1b2"]);
    // Go takes each stray byte for a character, so gitleaks' `.` and `[^"]` match it; ours match text only.
    assert_eq!(scan.seen(b"key=\"a\xffb\""), Vec::<String>::new());
}
