use super::{Expectation, TestFile, annotations, judge, test_file};

/// What a line says, as `expectation: rules` joined by `; `.
fn check(line: &str, expected: &str) {
    let found = annotations(line).into_iter().map(|annotation| {
        assert_eq!(annotation.line, 2);
        let word = match annotation.expectation {
            Expectation::Found => "found",
            Expectation::NotFound => "not",
            Expectation::MissedSoFar => "missed",
            Expectation::FoundSoFar => "unexpected",
        };
        format!("{word} {}", annotation.rules.join(" "))
    });
    assert_eq!(found.collect::<Vec<_>>().join("; "), expected, "{line}");
}

#[test]
fn comments() {
    let rows = [
        ("# ruleid: a", "found a"),
        ("  //ruleid:a , b,a", "found a b"),
        ("<!-- ok: a -->", "not a"),
        ("(* todoruleid: a *)", "missed a"),
        ("call() # todook: a", "unexpected a"),
        ("# todoruleid: a", "missed a"),
        ("# ruleid: deepruleid: a", "found a"),
        ("# ok: deepok:a", "not a"),
        ("# ruleid: prook: a: b", ""),
        ("#  ruleid: a", ""),
        ("ruleid: a", ""),
        ("/* ruleid: a */", ""),
        ("# ruleid a", ""),
        ("# ruleid:", ""),
        ("# okay: a", "not a"),
    ];
    for (line, expected) in rows {
        check(line, expected);
    }
}

#[test]
fn verdicts() {
    let text = "# ruleid: a\nbad\n# ok: a\ngood\n# todoruleid: a\nbad\n# todook: a\ngood\n# ruleid: b\nbad\n";
    let verdict =
        |found: &[(&'static str, u32)], rule: &str| judge(text, found.iter().copied())[rule].clone();
    let right = verdict(&[("a", 2), ("a", 2), ("a", 8), ("b", 10)], "a");
    assert!(right.passes() && right.better.is_empty());
    assert_eq!(right.annotated, 4);
    let better = verdict(&[("a", 2), ("a", 6)], "a");
    assert!(better.passes());
    assert_eq!(better.better, [6, 8]);
    let wrong = verdict(&[("a", 3), ("a", 4)], "a");
    assert_eq!((wrong.missed, wrong.unexpected), (vec![2], vec![3, 4]));
    assert_eq!(verdict(&[], "b").missed, [10]);
    assert_eq!(verdict(&[("c", 1)], "c").unexpected, [1]);
}

#[test]
fn which_files_are_tests() {
    let rows = [
        ("a/x.yaml", "a/x.py", Some(TestFile::Code)),
        ("a/x.yaml", "a/x.fixed.py", Some(TestFile::Fixed)),
        ("a/x.yaml", "a/x.test.yaml", Some(TestFile::Code)),
        ("a/x.yaml", "a/x.test.fixed.yaml", Some(TestFile::Fixed)),
        ("a/x.yaml", "a/x.yaml", None),
        ("a/x.yaml", "a/y.py", None),
        ("a/x.yaml", "b/x.py", None),
        ("a/x.yaml", "a/x/deeper/code.go", Some(TestFile::Code)),
        ("a/x.yaml", "a/x.two.tsx", Some(TestFile::Code)),
        ("x.yml", "x", Some(TestFile::Code)),
    ];
    for (rules, file, expected) in rows {
        assert_eq!(test_file(rules, file), expected, "{rules} {file}");
    }
}
