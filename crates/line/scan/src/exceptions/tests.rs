use andon_model::{ExceptionProblem, Finding, Fingerprint, Location, line_context};
use jiff::civil::{Date, date};

use super::{Reach, parse};
use crate::testing::finding;

const TODAY: Date = date(2026, 11, 22);

/// Applies one entry (its own fields, then the required ones) to findings and tells which were suppressed.
#[track_caller]
fn check(fields: &str, findings: &mut [Finding], suppressed: &[bool], problems: &[ExceptionProblem]) {
    let text = format!("- {fields}\n  reason: test data\n  owner: sam\n  expires: 2026-11-22\n");
    let exceptions = parse("e.yaml", text.as_bytes()).unwrap();
    let issues = exceptions.apply(findings, TODAY, Reach::AllBut(&[]));
    let actual: Vec<bool> = findings.iter().map(|finding| finding.suppression.is_some()).collect();
    assert_eq!(actual, suppressed, "{fields}");
    let actual: Vec<_> = issues.iter().map(|issue| issue.problem).collect();
    assert_eq!(actual, problems, "{fields}: {issues:?}");
}

fn three() -> Vec<Finding> {
    let mut aliased = finding("key", "t/2:b", "tests/data/k.txt");
    aliased.fingerprints.alternates.insert(Fingerprint("t/1:b".to_owned()));
    vec![finding("key", "t/2:a", "src/k.rs"), aliased, finding("token", "t/2:c", "README.md")]
}

#[test]
fn entries_match_by_fingerprint_rule_path_and_context() {
    let unused = [ExceptionProblem::Unused];
    let invalid = [ExceptionProblem::Invalid];
    check("fingerprint: t/2:a", &mut three(), &[true, false, false], &[]);
    check("fingerprint: t/1:b", &mut three(), &[false, true, false], &[]);
    check("fingerprint: t/9:z", &mut three(), &[false; 3], &unused);
    check("fingerprint: t/2:a\n  path: tests/**", &mut three(), &[false; 3], &unused);
    check("fingerprint: t/2:a\n  rule: token", &mut three(), &[false; 3], &unused);
    check("rule: key\n  path: tests/", &mut three(), &[false, true, false], &[]);
    check("rule: key\n  path: /tests/*", &mut three(), &[false; 3], &unused);
    check("rule: key\n  path: '*.rs'", &mut three(), &[true, false, false], &[]);
    check("rule: key\n  path: '**'", &mut three(), &[true, true, false], &[]);
    check("rule: key", &mut three(), &[false; 3], &invalid);
    check("path: '**'", &mut three(), &[false; 3], &invalid);
    check("fingerprint: ''", &mut three(), &[false; 3], &invalid);
    check("rule: key\n  path: 'a[b'", &mut three(), &[false; 3], &invalid);
    check("fingerprint: t/2:a\n  colour: red", &mut three(), &[false; 3], &invalid);
    check("fingerprint: [1]", &mut three(), &[false; 3], &invalid);
}

#[test]
fn the_context_narrows() {
    let here = line_context(["a", "b", "c", "d"]);
    let near = line_context(["a", "b", "c", "x"]);
    let far = line_context(["w", "x", "y", "z"]);
    let at = |context: &str| Finding { context: context.to_owned(), ..finding("key", "t/2:a", "k") };
    let entry = format!("fingerprint: t/2:a\n  context: '{here}'");
    check(&entry, &mut [at(&near), at(&far), at("")], &[true, false, false], &[]);
}

#[test]
fn every_place_must_be_meant() {
    let mut both = finding("key", "t/2:a", "tests/k.txt");
    both.locations.push(Location { path: "src/k.rs".to_owned(), ..Location::default() });
    check("rule: key\n  path: tests/", &mut [both], &[false], &[ExceptionProblem::Unused]);
}

#[test]
fn an_entry_holds_on_its_last_day_and_not_after() {
    let text = b"- {fingerprint: t/2:a, reason: r, owner: o, expires: 2026-11-22}";
    let exceptions = parse("e.yaml", text).unwrap();
    let mut findings = three();
    let issues = exceptions.apply(&mut findings, date(2026, 11, 23), Reach::AllBut(&[]));
    assert!(findings.iter().all(|finding| finding.suppression.is_none()));
    assert_eq!(issues[0].problem, ExceptionProblem::Expired);
    assert!(issues[0].detail.starts_with("e.yaml:1: "), "{}", issues[0].detail);
}

#[test]
fn one_bad_entry_does_not_spoil_the_others() {
    let text = "exceptions:\n- fingerprint: t/2:a\n  reason: r\n  expires: 2030-01-01\n- fingerprint: t/2:a\n  \
                owner: o\n  expires: 2030-01-01\n- {fingerprint: t/2:a, reason: r, owner: o, expires: soon}\n- 7\n\
                - {fingerprint: t/2:c, reason: r, owner: o, expires: 2030-01-01}\n";
    let exceptions = parse("e.yaml", text.as_bytes()).unwrap();
    let mut findings = three();
    let issues = exceptions.apply(&mut findings, TODAY, Reach::AllBut(&[]));
    assert_eq!(findings.iter().map(|f| f.suppression.is_some()).collect::<Vec<_>>(), [false, false, true]);
    let details: Vec<_> = issues.iter().map(|issue| issue.detail.as_str()).collect();
    for (detail, part) in details.iter().zip(["e.yaml:2: `owner`", "e.yaml:5: `reason`", "soon", "mapping"]) {
        assert!(detail.contains(part), "{detail} lacks {part}");
    }
    assert_eq!(issues.len(), 4);
}

#[test]
fn a_scan_that_missed_something_calls_little_unused() {
    let text = b"- {rule: a, path: src/, reason: r, owner: o, expires: 2030-01-01}\n\
                 - {fingerprint: t/1:0, reason: r, owner: o, expires: 2030-01-01}";
    let exceptions = parse("e.yaml", text).unwrap();
    let unused = |reach: Reach<'_>| exceptions.apply(&mut [], TODAY, reach).len();
    assert_eq!(unused(Reach::AllBut(&[])), 2);
    assert_eq!(unused(Reach::AllBut(&["docs/big".to_owned()])), 1);
    assert_eq!(unused(Reach::AllBut(&["src/deep".to_owned()])), 0);
    assert_eq!(unused(Reach::Part), 0);
}

#[test]
fn files_that_are_no_lists_are_errors_with_a_place() {
    for (text, line, part) in [
        (b"a: [".as_slice(), 1, ""),
        (b"exceptions:\n  owner: sam\n", 1, "list"),
        (b"exceptions: []\nrules: []\n", 2, "`rules`"),
        (b"just words", 1, "list"),
        (b"ok\n\xff", 2, "UTF-8"),
    ] {
        let error = parse("e.yaml", text).unwrap_err();
        assert!(error.line >= line && error.message.contains(part), "{error}");
        assert!(error.to_string().contains("\nhint: "), "{error}");
    }
    assert!(parse("e.yaml", b"").unwrap().is_empty());
    assert!(parse("e.yaml", b"exceptions:\n").unwrap().is_empty());
}

proptest::proptest! {
    #[test]
    fn no_file_breaks_the_parser(text in "(?s)(exceptions:\n)?(- |  )?[a-z{}\\[\\]*&!:,\"' \n-]{0,80}") {
        if let Ok(exceptions) = parse("e.yaml", text.as_bytes()) {
            let issues = exceptions.apply(&mut three(), TODAY, Reach::AllBut(&[]));
            proptest::prop_assert!(issues.len() >= exceptions.invalid().len());
        }
    }

    #[test]
    fn no_glob_breaks_the_matcher(path in "[a-z*?/.\\[\\]{},!\\\\-]{1,40}") {
        let entry = serde_json::json!([{"rule": "key", "path": path, "reason": "r", "owner": "o", "expires": "2030-01-01"}]);
        let exceptions = parse("e.yaml", entry.to_string().as_bytes()).unwrap();
        let issues = exceptions.apply(&mut three(), TODAY, Reach::AllBut(&["src".to_owned()]));
        proptest::prop_assert!(issues.len() <= 1);
    }
}

#[test]
fn who_asked_and_who_approved() {
    let rows = [
        ("requester: sam\n  approver: kim", None),
        ("requester: Sam <sam@example.org>\n  approver: sam@example.org", Some("the same person")),
        ("requester: sam", Some("names no approver")),
        ("approver: kim", Some("names no requester")),
        ("requester: sam\n  approver: ' '", Some("names no approver")),
    ];
    for (people, problem) in rows {
        let text =
            format!("- fingerprint: t/2:a\n  {people}\n  reason: r\n  owner: sam\n  expires: 2026-11-22\n");
        let exceptions = parse("e.yaml", text.as_bytes()).unwrap();
        let mut findings = three();
        let issues = exceptions.apply(&mut findings, TODAY, Reach::Part);
        let suppression = findings[0].suppression.as_ref().expect("it holds for a scan all the same");
        assert_eq!(suppression.refused_by_evidence().is_some(), problem.is_some(), "{people}");
        assert_eq!(issues.len(), usize::from(problem.is_some()), "{people}: {issues:?}");
        if let (Some(issue), Some(problem)) = (issues.first(), problem) {
            assert!(issue.detail.starts_with("e.yaml:1: ") && issue.detail.contains(problem), "{issue:?}");
        }
        assert!(exceptions.unapproved(TODAY).is_empty(), "said already");
    }
    let text = b"- fingerprint: t/2:a\n  reason: r\n  owner: sam\n  expires: 2026-11-22\n";
    let silent = parse("e.yaml", text).unwrap();
    assert!(silent.apply(&mut three(), TODAY, Reach::Part).is_empty());
    let issues = silent.unapproved(TODAY);
    assert_eq!(issues[0].detail, "e.yaml:1: it names no approver; gates on evidence do not take it");
}
