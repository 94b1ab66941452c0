//! What allowlists let pass.

use super::Scan;

const TEXT: &str = "let user = 'anna@shop.invalid';\nlet door = 'Winter-Sun-31';";
const COMMIT: &str = "9d3c1b5e7f90a2b4c6d8e0f1a3b5c7d9e1f3a5b7";
const OTHER: &str = "0123456789abcdef0123456789abcdef01234567";
const FOUND: &[&str] = &["r Winter-Sun-31"];

/// Checks an allowlist as one of the rule's own, and as one for all rules.
#[track_caller]
fn check(list: &str, path: &str, commit: Option<&str>, allowed: bool) {
    let rule =
        "[[rules]]\nid = 'r'\nregex = '''door = '([A-Za-z0-9-]+)''''\n".replace("''''\n", "\\x27'''\n");
    let of_rule = format!("{rule}[[rules.allowlists]]\n{list}\n");
    let of_all = format!("{rule}[[allowlists]]\n{list}\n");
    let targeted = format!("{of_all}targetRules = ['r']\n");
    let singular = format!("{rule}[rules.allowlist]\n{list}\n");
    for config in [of_rule, of_all, targeted, singular] {
        let scan = Scan { config: &config, path, commit, ..Scan::default() };
        scan.check("allowlist", TEXT, if allowed { &[] } else { FOUND });
    }
}

#[test]
fn paths_and_commits() {
    let commits = format!("commits = ['{}']", COMMIT.to_uppercase());
    check(&commits, "a.js", Some(COMMIT), true);
    check(&commits, "a.js", Some(OTHER), false);
    check(&commits, "a.js", None, false);
    let paths = "paths = ['(^|/)lock\\.json$']";
    check(paths, "web/lock.json", None, true);
    check(paths, "web/lock.json", Some(COMMIT), true);
    check(paths, "web/block.json", None, false);
    let both = format!("{commits}\n{paths}");
    check(&both, "lock.json", Some(OTHER), true);
    check(&both, "a.js", Some(COMMIT), true);
    check(&both, "a.js", Some(OTHER), false);
    let and = format!("condition = 'AND'\n{both}");
    check(&and, "lock.json", Some(COMMIT), true);
    check(&and, "lock.json", Some(OTHER), false);
    check(&and, "lock.json", None, false);
    check(&and, "a.js", Some(COMMIT), false);
    check(&format!("{and}\nregexes = ['Summer']"), "lock.json", Some(COMMIT), false);
}

#[test]
fn expressions_and_words() {
    check("regexes = ['(?i)winter.+']", "a.js", None, true);
    check("regexes = ['^door']", "a.js", None, false);
    check("stopwords = ['WINTER']", "a.js", None, true);
    check("stopwords = ['summer']", "a.js", None, false);
    check("regexes = ['Winter']\nstopwords = ['summer']", "a.js", None, true);
    check("condition = '&&'\nregexes = ['Winter']\nstopwords = ['31']", "a.js", None, true);
    check("condition = 'AND'\nregexes = ['Summer']\nstopwords = ['31']", "a.js", None, false);
    let all = "condition = 'and'\nregexes = ['Winter']\nstopwords = ['31']\npaths = ['\\.js$']";
    check(all, "a.js", None, true);
    check(all, "a.ts", None, false);
    let all = format!("{all}\ncommits = ['{COMMIT}']");
    check(&all, "a.js", Some(COMMIT), true);
    check(&all, "a.js", Some(OTHER), false);
    check(&all, "a.js", None, false);
}

#[test]
fn expressions_look_at_the_secret_the_match_or_the_line() {
    check("regexTarget = 'secret'\nregexes = ['^Winter-Sun-31$']", "a.js", None, true);
    check("regexTarget = 'match'\nregexes = ['^door = .Winter-Sun-31.$']", "a.js", None, true);
    check("regexTarget = 'match'\nregexes = ['let']", "a.js", None, false);
    check("regexTarget = 'line'\nregexes = ['let door']", "a.js", None, true);
    check("regexTarget = 'line'\nregexes = [';$']", "a.js", None, true);
    check("regexTarget = 'line'\nregexes = ['anna']", "a.js", None, false);
    check("regexTarget = 'line'\nstopwords = ['let']", "a.js", None, false);
}

/// In gitleaks a line begins with the line feed before it, unless it is the first.
#[test]
fn a_line_holds_the_line_feed_before_it() {
    check("regexTarget = 'line'\nregexes = ['^let']", "a.js", None, false);
    check("regexTarget = 'line'\nregexes = ['^\\s*let']", "a.js", None, true);
    check("regexTarget = 'line'\nregexes = ['(?m)^let']", "a.js", None, true);
}

#[test]
fn each_list_counts_by_itself() {
    let config = "[[rules]]\nid = 'r'\nregex = 'token = \"(.+)\"'\n[[allowlists]]\nregexes = ['^replace-me$']\n\
                  [[allowlists]]\ncondition = 'AND'\npaths = ['^vendored/']\nstopwords = ['mimic']\n";
    let scan = |path| Scan { config, path, ..Scan::default() };
    let text = "token = \"mimicSecret\"\n// token = \"replace-me\"";
    scan("a.txt").check("one of two", text, &["r mimicSecret"]);
    scan("vendored/a.txt").check("path and word", "token = \"mimicSecret\"", &[]);
    scan("vendored/a.txt").check("path alone", "token = \"otherSecret\"", &["r otherSecret"]);
}

#[test]
fn a_list_of_one_rule_leaves_the_others_alone() {
    let config = "[[rules]]\nid = 'one'\nregex = 'v\\d{4}'\n[[rules.allowlists]]\nregexes = ['v1']\n\
                  [[rules]]\nid = 'two'\nregex = 'v\\d{4}'\n";
    Scan { config, ..Scan::default() }.check("of one", "v1234", &["two v1234"]);
}
