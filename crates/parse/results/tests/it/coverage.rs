//! Coverage reports.

use std::collections::BTreeMap;

use andon_results::{CoverageReport, Covered, ReportPaths, read_coverage};

fn read(text: &str) -> CoverageReport {
    read_coverage(text.as_bytes(), None, &ReportPaths::below(&["/ci", "example.org/m"]), "report").unwrap()
}

/// What is read: format, then for each file its lines (`-` before one that was not run) and branches.
fn check(text: &str, expected: &str) {
    let report = read(text);
    let mut line = format!("{:?}", report.source);
    for (path, file) in &report.files {
        line.push_str(&format!(" {path}:"));
        let lines = file.lines.iter().map(|(number, hit)| format!("{}{number}", if *hit { "" } else { "-" }));
        line.push_str(&lines.collect::<Vec<_>>().join(","));
        let Covered { hit, total } = file.branch_totals();
        line.push_str(&format!(" {hit}/{total}"));
    }
    assert_eq!(line, expected, "{text}");
}

#[test]
fn formats() {
    let rows = [
        (
            "TN:\nSF:/ci/a.rs\nDA:1,2\nDA:2,0\nBRDA:1,0,0,1\nBRDA:1,0,1,-\nend_of_record\nSF:a.rs\nDA:2,1\nend_of_record\n",
            "Lcov a.rs:1,2 1/2",
        ),
        (
            "<?xml version='1.0'?><!DOCTYPE coverage SYSTEM 'x.dtd'><coverage><sources><source>/ci/src</source></sources>\
          <packages><package><classes><class filename='a.py'><methods><method><lines><line number='9' hits='1'/></lines>\
          </method></methods><lines><line number='1' hits='1' branch='true' condition-coverage='50% (1/2)'/>\
          <line number='2' hits='0'/></lines></class></classes></package></packages></coverage>",
            "Cobertura src/a.py:1,-2 1/2",
        ),
        (
            "<report name='x'><package name='org/a'><sourcefile name='B.java'><line nr='3' mi='0' ci='2' mb='1' cb='1'/>\
          <line nr='4' mi='1' ci='0' mb='0' cb='0'/></sourcefile></package></report>",
            "Jacoco org/a/B.java:3,-4 1/2",
        ),
        (
            "mode: set\nexample.org/m/f.go:3.20,4.7 1 1\nexample.org/m/f.go:5.3,6.1 1 0\n",
            "Go f.go:3,4,-5 0/0",
        ),
        (
            "{\"meta\": {}, \"files\": {\"a.py\": {\"executed_lines\": [1, 2], \"missing_lines\": [3],\
          \"executed_branches\": [[2, 3]], \"missing_branches\": [[2, -1]]}}, \"totals\": {}}",
            "CoveragePy a.py:1,2,-3 1/2",
        ),
        (
            "{\"type\": \"llvm.coverage.json.export\", \"data\": [{\"files\": [{\"filename\": \"/ci/a.rs\", \"segments\": \
          [[1,1,5,true,true,false],[3,1,0,true,true,false],[4,2,5,true,false,false],[5,2,0,false,false,false]],\
          \"branches\": [[3,1,3,5,1,0,0,0,4]]}]}]}",
            "LlvmCov a.rs:1,2,3,-4,5 1/2",
        ),
        (
            "{\"/ci/a.js\": {\"path\": \"/ci/a.js\", \"statementMap\": {\"0\": {\"start\": {\"line\": 1}}, \"1\": {\"start\": \
          {\"line\": 2}}}, \"s\": {\"0\": 1, \"1\": 0}, \"branchMap\": {\"0\": {\"loc\": {\"start\": {\"line\": 1}}}},\
          \"b\": {\"0\": [1, 0]}}}",
            "Istanbul a.js:1,-2 1/2",
        ),
        (
            "{\"total\": {}, \"/ci/a.js\": {\"lines\": {\"total\": 4, \"covered\": 3}, \"branches\": {\"total\": 2, \
          \"covered\": 1}}}",
            "Istanbul a.js: 1/2",
        ),
    ];
    for (text, expected) in rows {
        check(text, expected);
    }
}

#[test]
fn changed_lines() {
    let mut report = read("SF:a.rs\nDA:1,1\nDA:2,0\nDA:3,0\nDA:9,1\nend_of_record\n");
    report.merge(read("SF:a.rs\nDA:3,1\nend_of_record\nSF:b.rs\nDA:1,0\nend_of_record\n"));
    assert_eq!(report.line_totals(), Covered { hit: 3, total: 5 });
    assert_eq!(report.line_totals().percent(), Some(60.0));
    let changes = BTreeMap::from([
        ("a.rs".to_owned(), vec![2..=3, 3..=8]),
        ("b.rs".to_owned(), vec![7..=9]),
        ("c.rs".to_owned(), vec![1..=1]),
    ]);
    let changed = report.changed_lines(&changes);
    assert_eq!(changed.lines, Covered { hit: 1, total: 2 });
    assert_eq!(changed.uncovered, BTreeMap::from([("a.rs".to_owned(), vec![2])]));
    assert_eq!(changed.unknown, ["c.rs"]);
}

#[test]
fn percentages_are_rounded_down() {
    assert_eq!(Covered { hit: 99_999, total: 100_000 }.percent(), Some(99.99));
    assert_eq!(Covered { hit: 1, total: 1 }.percent(), Some(100.0));
    assert_eq!(Covered { hit: 0, total: 0 }.percent(), None);
}

#[test]
fn none_of_them() {
    for text in ["", "x", "{}", "[]", "{\"a\": 1}", "<html/>", "<coverage><class", "mode: set", "TN:\n"] {
        let read = read_coverage(text.as_bytes(), None, &ReportPaths::default(), "x.txt");
        let fine = text == "mode: set";
        assert_eq!(read.is_ok(), fine, "{text}");
    }
}
