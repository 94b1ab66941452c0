use andon_model::SuppressionKind;
use andon_scan::config_source::{ConfigSource, Revision};
use andon_scan::{Baseline, ScanError, ScanTarget, exceptions};

use crate::pair::Pair;
use crate::project::{Project, words};

const FILES: &[(&str, &str)] = &[
    ("a.txt", "defines apple\ndefines pear\ndefines plum\n"),
    ("b.txt", "uses apple\n"),
    ("c.txt", "uses pear\n"),
];

#[track_caller]
fn check(project: &Project, target: ScanTarget, baseline: Option<&str>, expected: &[&str]) {
    let mut request = project.request(target);
    request.baseline = baseline.map(|revision| Baseline::Revision(revision.to_owned()));
    let report = project.run(&request, &Pair::engines().0).unwrap();
    assert_eq!(words(&report), expected, "{:?}", report.coverage.gaps);
}

#[test]
fn a_working_tree_is_compared_with_a_revision() {
    let project = Project::repository(FILES);
    check(&project, ScanTarget::WorkingTree, None, &["new apple is used b.txt", "new pear is used c.txt"]);
    let same = ["existing apple is used b.txt", "existing pear is used c.txt"];
    check(&project, ScanTarget::WorkingTree, Some("HEAD"), &same);
    project.git(&["mv", "b.txt", "moved.txt"]).remove("c.txt").write("d.txt", "uses plum\n").commit();
    let changed = ["new plum is used d.txt", "moved apple is used moved.txt", "fixed pear is used c.txt"];
    let mut expected = changed;
    expected.sort_by_key(|words| (words.starts_with("fixed"), words.rsplit(' ').next().map(str::to_owned)));
    check(&project, ScanTarget::WorkingTree, Some("HEAD~1"), &expected);
}

#[test]
fn a_folder_of_a_repository_is_compared_with_the_same_folder() {
    let files: Vec<_> = FILES.iter().map(|(path, text)| (format!("sub/{path}"), *text)).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let project = Project::repository(&files);
    let mut request = project.request(ScanTarget::WorkingTree);
    request.root = project.root().join("sub");
    request.baseline = Some(Baseline::Revision("HEAD".to_owned()));
    let report = project.run(&request, &Pair::engines().0).unwrap();
    assert_eq!(words(&report), ["existing apple is used b.txt", "existing pear is used c.txt"]);
}

#[test]
fn only_what_is_staged_is_judged() {
    let project = Project::repository(&[
        ("a.txt", "defines apple\ndefines plum\nuses pear\n"),
        ("b.txt", "defines pear\nuses apple\n"),
    ]);
    project
        .write("b.txt", "defines pear\nuses apple\nuses plum\n")
        .write("a.txt", "defines apple\ndefines plum\nuses pear\n\n");
    project.git(&["add", "-A"]).write("b.txt", "not staged\n");
    check(
        &project,
        ScanTarget::Staged,
        None,
        &["existing pear is used a.txt", "existing apple is used b.txt", "new plum is used b.txt"],
    );
}

#[test]
fn a_staged_rename_keeps_what_was_known() {
    let project = Project::repository(&[("a.txt", "defines x\nuses y\n"), ("b.txt", "defines y\nuses x\n")]);
    project.git(&["mv", "b.txt", "m.txt"]).write("a.txt", "defines x\nuses y\n\n").git(&["add", "-A"]);
    check(&project, ScanTarget::Staged, None, &["existing y is used a.txt", "moved x is used m.txt"]);
}

#[test]
fn commits_are_scanned_as_history_and_as_a_range() {
    let project = Project::repository(FILES);
    project.remove("c.txt").write("d.txt", "uses plum\n").write("a.txt", "defines plum\n").commit();
    let history = ["new apple is used b.txt", "new pear is used c.txt", "new plum is used d.txt"];
    check(&project, ScanTarget::History { unreachable: false }, None, &history);
    let range = ScanTarget::Range { since: "HEAD~1".to_owned() };
    check(&project, range, None, &["new plum is used d.txt", "fixed pear is used c.txt"]);
    let unknown = project.request(ScanTarget::Range { since: "nope".to_owned() });
    assert!(matches!(project.run(&unknown, &[]), Err(ScanError::History(_))));
}

#[test]
fn a_baseline_that_is_not_there_is_an_error() {
    let project = Project::repository(FILES);
    let mut request = project.request(ScanTarget::WorkingTree);
    request.baseline = Some(Baseline::Revision("no-such-branch".to_owned()));
    let error = project.run(&request, &Pair::engines().0).unwrap_err();
    assert!(
        matches!(error, ScanError::Baseline(_)) && error.to_string().contains("no-such-branch"),
        "{error}"
    );
    request.repository = None;
    assert!(matches!(project.run(&request, &[]), Err(ScanError::NoRepository(..))));
}

#[test]
fn an_accepted_finding_is_suppressed_and_not_fixed_later() {
    let project = Project::repository(FILES);
    let text = b"- {rule: used-elsewhere, path: b.txt, reason: known, owner: sam, expires: 2050-01-01}";
    let mut request = project.request(ScanTarget::WorkingTree);
    request.exceptions = exceptions::parse(".andon/exceptions.yaml", text).unwrap();
    let report = project.run(&request, &Pair::engines().0).unwrap();
    let suppressed: Vec<_> =
        report.findings.iter().map(|f| f.suppression.as_ref().map(|why| why.kind)).collect();
    assert_eq!(suppressed, [None, Some(SuppressionKind::Exception)]);
    assert!(report.exception_issues.is_empty());
    project.remove("b.txt");
    request.baseline = Some(Baseline::Revision("HEAD".to_owned()));
    let report = project.run(&request, &Pair::engines().0).unwrap();
    assert_eq!(words(&report), ["existing pear is used c.txt"]);
}

/// Path and line of each protected change.
#[track_caller]
fn protected(project: &Project, target: ScanTarget, baseline: Option<&str>) -> Vec<String> {
    let mut request = project.request(target);
    request.baseline = baseline.map(|revision| Baseline::Revision(revision.to_owned()));
    let report = project.run(&request, &Pair::engines().0).unwrap();
    let line = |line: Option<u32>| line.map_or(String::new(), |line| format!(":{line}"));
    report.protected_changes.iter().map(|change| format!("{}{}", change.path, line(change.line))).collect()
}

#[test]
fn changes_to_what_judges_are_shown() {
    let project = Project::repository(&[
        ("andon.yaml", "gates: []\n"),
        (".andon/exceptions.yaml", "[]\n"),
        ("code.py", "a()  # nosec\nb()\n"),
        ("moved.py", "c()  # nosec\nd()\ne()\nf()\n"),
    ]);
    assert!(protected(&project, ScanTarget::WorkingTree, Some("HEAD")).is_empty());
    project
        .write("andon.yaml", "gates: [all]\n")
        .remove(".andon/exceptions.yaml")
        .write("code.py", "a()  # nosec\nb()  # nosemgrep\n")
        .write("sub/.gitleaksignore", "x\n")
        .write("plain.txt", "nothing\n");
    let expected = [".andon/exceptions.yaml", "andon.yaml", "code.py:2", "sub/.gitleaksignore"];
    let tracked: Vec<_> = expected.into_iter().filter(|path| !path.starts_with("sub/")).collect();
    assert_eq!(protected(&project, ScanTarget::WorkingTree, Some("HEAD")), tracked);
    project.git(&["add", "-A"]);
    assert_eq!(protected(&project, ScanTarget::Staged, None), expected);
    project.git(&["mv", "moved.py", "elsewhere.py"]).commit();
    let range = ScanTarget::Range { since: "HEAD~1".to_owned() };
    assert_eq!(protected(&project, range, None), expected, "a moved file has no new comment");
}

#[test]
fn a_revision_gives_the_files_that_it_had() {
    let project = Project::repository(&[("andon.yaml", "old"), (".andon/policy/a.rego", "a"), ("x/y", "")]);
    project.write("andon.yaml", "new").write(".andon/policy/b.rego", "b").commit();
    let repository = project.request(ScanTarget::WorkingTree).repository.unwrap();
    let source = Revision::new(&repository, "HEAD~1").unwrap();
    assert_eq!(source.read("andon.yaml").unwrap().as_deref(), Some(b"old".as_slice()));
    assert_eq!(source.list(".andon/").unwrap(), [".andon/policy/a.rego"]);
    for absent in ["missing", ".andon", "../x", "x/y/z", "", "x//y"] {
        assert_eq!(source.read(absent).unwrap(), None, "{absent}");
    }
    assert!(source.list("x/y").unwrap().is_empty());
    assert_eq!(source.revision().unwrap().len(), 40);
    assert!(Revision::new(&repository, "nope").is_err());
}
