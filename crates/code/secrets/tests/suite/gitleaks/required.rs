//! Rules that count only beside others.

use super::Scan;

/// The pair `user=…` and `pass=…`, where the second needs the first.
fn config(distance: &str, user: &str) -> String {
    format!(
        "[[rules]]\nid = 'pass'\nregex = 'pass=(\\w+)'\n[[rules.required]]\nid = 'user'\n{distance}\n\
         [[rules]]\nid = 'user'\nregex = 'user=(\\w+)'\n{user}\n"
    )
}

#[track_caller]
fn check(distance: &str, text: &str, found: bool) {
    let config = config(distance, "skipReport = true");
    let expected: &[&str] = if found { &["pass x1"] } else { &[] };
    Scan { config: &config, ..Scan::default() }.check(distance, text, expected);
}

#[test]
fn anywhere_in_the_text() {
    check("", "pass=x1", false);
    check("", "user=anna", false);
    check("", "user=anna\n\n\n\n\t\tpass=x1", true);
    check("", "pass=x1\nuser=anna", true);
}

#[test]
fn within_lines_of_where_the_matches_start() {
    let two = "withinLines = 2";
    check(two, "user=anna pass=x1", true);
    check(two, "user=anna\n\npass=x1", true);
    check(two, "pass=x1\n\nuser=anna", true);
    check(two, "user=anna\n\n\npass=x1", false);
    check("withinLines = 0", "user=anna\npass=x1", false);
}

#[test]
fn within_columns_of_where_the_matches_start() {
    let ten = "withinColumns = 10";
    check(ten, "user=anna pass=x1", true);
    check(ten, "user=anna2 pass=x1", false);
    check(ten, "pass=x1 user=anna", true);
    let both = "withinLines = 1\nwithinColumns = 3";
    check(both, "\n  user=anna\npass=x1", true);
    check(both, "\n    user=anna\npass=x1", false);
    check(both, "\nuser=anna\n\npass=x1", false);
}

#[test]
fn one_near_enough_is_enough() {
    check("withinLines = 1", "user=anna\n\n\n\nuser=bert\npass=x1", true);
}

#[test]
fn the_other_rule_speaks_for_itself_unless_told_not_to() {
    let spoken = config("", "");
    let scan = Scan { config: &spoken, ..Scan::default() };
    scan.check("both report", "user=anna pass=x1", &["pass x1", "user anna"]);
    scan.check("one is nothing", "pass=x1", &[]);
}

#[test]
fn the_other_rules_conditions_hold_too() {
    let check = |why: &str, user: &str, path: &str, expected: &[&str]| {
        let config = config("", &format!("skipReport = true\n{user}"));
        Scan { config: &config, path, ..Scan::default() }.check(why, "user=anna pass=x1", expected);
    };
    let found: &[&str] = &["pass x1"];
    check("its keywords do not matter", "keywords = ['elsewhere']", "a.txt", found);
    check("its path fits", "path = '\\.txt$'", "a.txt", found);
    check("its path does not fit", "path = '\\.txt$'", "a.rs", &[]);
    check("its secret is too plain", "entropy = 3", "a.txt", &[]);
    check("its secret is allowed", "[[rules.allowlists]]\nregexes = ['anna']", "a.txt", &[]);
    check("it is allowed here", "[[rules.allowlists]]\npaths = ['\\.txt$']", "a.txt", &[]);
    check("it is allowed elsewhere", "[[rules.allowlists]]\npaths = ['\\.txt$']", "a.rs", found);
    let both = "[[rules.allowlists]]\ncondition = 'AND'\nregexes = ['anna']\npaths = ['\\.txt$']";
    check("this one is allowed here", both, "a.txt", &[]);
    check("this one is allowed elsewhere", both, "a.rs", found);
    check(
        "what it requires itself does not matter",
        "[[rules.required]]\nid = 'pass'\nwithinLines = 0",
        "a",
        found,
    );
}

#[test]
fn all_required_rules_must_match() {
    let config = "[[rules]]\nid = 'r'\nregex = 'pass=(\\w+)'\n[[rules.required]]\nid = 'user'\n[[rules.required]]\n\
                  id = 'host'\nwithinLines = 1\n[[rules]]\nid = 'user'\nregex = 'user=\\w+'\nskipReport = true\n\
                  [[rules]]\nid = 'host'\nregex = 'host=\\w+'\nskipReport = true\n";
    let scan = Scan { config, ..Scan::default() };
    scan.check("one", "user=a\npass=x1", &[]);
    scan.check("the other", "host=a\npass=x1", &[]);
    scan.check("both", "user=a\n\nhost=b\npass=x1", &["r x1"]);
    scan.check("one too far away", "host=b\n\nuser=a\npass=x1", &[]);
}

#[test]
fn parts_are_sought_in_decoded_text() {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode("user=anna pass=x1 and more");
    let config = config("", "skipReport = true");
    let scan = Scan { config: &config, ..Scan::default() };
    scan.check("both encoded", &encoded, &[&format!("pass {encoded}")]);
    let encoded = base64::engine::general_purpose::STANDARD.encode("here is pass=x1 and more");
    scan.check(
        "a part that is not encoded was seen in an earlier pass",
        &format!("user=anna {encoded}"),
        &[],
    );
}
