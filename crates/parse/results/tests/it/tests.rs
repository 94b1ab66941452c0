//! Reports of test runs.

use andon_results::{Outcome, TestFormat, compare_tests, read_tests};

/// What is read, in one line: format, passed/failed/errors/skipped, `whole` or `part`, then the tests.
fn check(text: &str, expected: &str) {
    let report = read_tests(text.as_bytes(), None, "report").unwrap();
    let counts = report.counts;
    let mut line = format!(
        "{:?} {}/{}/{}/{} {}",
        report.source,
        counts.passed,
        counts.failed,
        counts.errors,
        counts.skipped,
        if report.complete { "whole" } else { "part" }
    );
    for case in &report.cases {
        let (mark, said) = match &case.outcome {
            Outcome::Passed => ("+", ""),
            Outcome::Failed { message } => ("-", message.as_str()),
            Outcome::Error { message } => ("!", message.as_str()),
            Outcome::Skipped { reason } => ("~", reason.as_str()),
            _ => ("?", ""),
        };
        let flaky = if case.flaky { "*" } else { "" };
        line.push_str(&format!(" {mark}{flaky}{}.{}({said})", case.suite, case.name));
    }
    assert_eq!(line, expected, "{text}\n{:?}", report.notes);
}

#[test]
fn junit() {
    let rows = [
        (
            "<testsuite name='s' tests='1'><testcase classname='c' name='t' time='0.5'/></testsuite>",
            "Junit 1/0/0/0 whole +c.t()",
        ),
        (
            "<testsuites><testsuite name='o'><testsuite name='s'><testcase name='t'/></testsuite></testsuite></testsuites>",
            "Junit 1/0/0/0 whole +s.t()",
        ),
        (
            "<testsuite name='s'><testcase name='t'><failure>first\nsecond</failure><system-out>x</system-out></testcase>\
          <testcase name='u'><error message='m &lt;&#65;'/></testcase><testcase name='v'><skipped/></testcase></testsuite>",
            "Junit 0/1/1/1 whole -s.t(first) !s.u(m <A) ~s.v()",
        ),
        (
            "<testsuite name='s'><testcase name='t'><flakyFailure message='x'/></testcase>\
          <testcase name='u'><failure message='m'/><rerunFailure/></testcase></testsuite>",
            "Junit 1/1/0/0 whole +*s.t() -s.u(m)",
        ),
        ("<testsuite name='s' tests='3'><testcase name='t'/></testsuite>", "Junit 1/0/0/0 part +s.t()"),
        (
            "<testsuite name='s' tests='1' failures='1'><testcase name='t'/></testsuite>",
            "Junit 1/1/0/0 part +s.t()",
        ),
        ("<testsuite name='s'><testcase name='t'/>", "Junit 1/0/0/0 part +s.t()"),
        ("<testsuite name='s'><error message='setup'/></testsuite>", "Junit 0/0/1/0 part !s.(suite)(setup)"),
        ("<testsuite name='s' tests='0'/>", "Junit 0/0/0/0 whole"),
        (
            "<testsuite name='s'><testcase name='t' status='disabled'/></testsuite>",
            "Junit 0/0/0/1 whole ~s.t()",
        ),
    ];
    for (text, expected) in rows {
        check(text, expected);
    }
}

#[test]
fn tap() {
    let rows = [
        (
            "TAP version 13\n1..3\nok 1 - a\nnot ok 2 b # TODO later\nok 3 c # SKIP no net\n",
            "Tap 1/0/0/2 whole +.a() ~.b(to be done: later) ~.c(no net)",
        ),
        ("1..2\nok 1\n", "Tap 1/0/0/0 part +.1()"),
        ("ok 1 - a\n", "Tap 1/0/0/0 part +.a()"),
        ("1..2\nok 1 - a\nBail out! no disk\n", "Tap 1/0/0/0 part +.a()"),
        ("1..0 # SKIP nothing here\n", "Tap 0/0/0/0 whole"),
        (
            "1..1\nnot ok 1 - a\n  ---\n  error: 'no'\n  duration_ms: 2.5\n  ...\n",
            "Tap 0/1/0/0 whole -.a(no)",
        ),
        (
            "1..1\n# Subtest: g\n    ok 1 - a\n    not ok 2 - b\n    1..2\nnot ok 1 - g\n",
            "Tap 1/1/0/0 whole +g.a() -g.b()",
        ),
        ("1..1\n# Subtest: g\n    1..2\n    ok 1 - a\nok 1 - g\n", "Tap 1/0/0/0 part +g.a()"),
        ("1..1\n# Subtest: g\n    1..1\n    ok 1 - a\nnot ok 1 - g\n", "Tap 1/1/0/0 whole +g.a() -.g()"),
    ];
    for (text, expected) in rows {
        check(text, expected);
    }
}

#[test]
fn cargo() {
    let head = "     Running unittests src/lib.rs (target/debug/deps/a-0123)\n\nrunning 2 tests\n";
    let end = "\ntest result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
    let output = "\nfailures:\n\n---- t stdout ----\n\nthread 't' panicked at src/lib.rs:1:1:\nno\n\n\nfailures:\n    t\n";
    check(
        &format!("{head}test s ... ok\ntest t ... FAILED\n{output}{end}"),
        "Cargo 1/1/0/0 whole +a.s() -a.t(thread 't' panicked at src/lib.rs:1:1: no)",
    );
    check(&format!("{head}.F\n{end}"), "Cargo 1/1/0/0 whole");
    check(&format!("{head}test s ... noise\nok\ntest t ... x ok\n"), "Cargo 2/0/0/0 part +a.s() +a.t()");
    check(&format!("{head}test s ... "), "Cargo 0/0/1/0 part !a.s(it ended the test binary)");
    check("error: could not compile `a` (lib test) due to 1 previous error\n", "Cargo 0/0/0/0 part");
    check(
        "Nextest run ID 1\n        PASS [   0.004s] a::it s\n     SIGABRT [   0.1s] (2/3) a t\nrunning 1 test\n\
         ────\n     Summary [   0.1s] 2/3 tests run: 1 passed, 1 failed, 1 skipped\n",
        "Cargo 1/0/1/1 part +a::it.s() !a.t(SIGABRT)",
    );
    check(
        "{ \"type\": \"suite\", \"event\": \"started\", \"test_count\": 2 }\n\
         { \"type\": \"test\", \"name\": \"a\", \"event\": \"ok\", \"exec_time\": 0.1 }\n",
        "CargoJson 1/0/0/0 part +.a()",
    );
}

#[test]
fn pytest() {
    let head = "============ test session starts ============\ncollected 3 items\n\n";
    check(
        &format!(
            "{head}t.py .F.\n=== short test summary info ===\nFAILED t.py::b - no\n=== 1 failed, 2 passed in 0.1s ===\n"
        ),
        "Pytest 2/1/0/0 whole -t.py.b(no)",
    );
    check("..s\n1 xfailed, 2 passed, 1 warning in 61.00s (0:01:01)\n", "Pytest 2/0/0/1 whole");
    check(&format!("{head}t.py ..\n=== 2 passed in 0.1s ===\n"), "Pytest 2/0/0/0 part");
    check(&format!("{head}t.py ."), "Pytest 0/0/0/0 part");
    check(&format!("{head}!!!! KeyboardInterrupt !!!!\n=== 1 passed in 0.1s ===\n"), "Pytest 1/0/0/0 part");
    check("no tests ran in 0.01s\n", "Pytest 0/0/0/0 whole");
}

#[test]
fn none_of_them() {
    for text in [
        "",
        " \n",
        "hello\n",
        "<html></html>",
        "{\"a\": 1}",
        "ok\n",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><testsuite/>",
    ] {
        assert!(
            read_tests(text.as_bytes(), None, "x.txt")
                .is_err_and(|error| error.to_string().contains("x.txt"))
        );
    }
    assert!(read_tests(b"<testsuite/>", Some(TestFormat::Pytest), "x").is_err());
    let deep = "<a>".repeat(100_000);
    assert!(read_tests(deep.as_bytes(), None, "x").is_err());
}

#[test]
fn no_tests_do_not_pass() {
    for text in ["<testsuite tests='0'/>", "<testsuite><testcase name='a'><skipped/></testcase></testsuite>"]
    {
        assert!(!read_tests(text.as_bytes(), None, "x").unwrap().passed());
    }
}

#[test]
fn comparing() {
    let read = |text: &str| read_tests(text.as_bytes(), None, "x").unwrap();
    let base = read("1..4\nok 1 - a\nok 2 - b\nok 3 - c\nok 4 - d\n");
    let head = read("1..3\nok 1 - a # SKIP\nnot ok 2 - b\nok 3 - e\n");
    let change = compare_tests(&base, &head);
    assert_eq!(change.disappeared, ["c", "d"]);
    assert_eq!(change.appeared, ["e"]);
    assert_eq!(change.newly_skipped, ["a"]);
    assert_eq!(change.newly_failing, ["b"]);
    assert_eq!(change.shrunk_by, 1);
}
