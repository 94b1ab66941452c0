#![expect(clippy::disallowed_methods, reason = "tests make the disk misbehave")]

use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use andon_model::{ExceptionProblem, GapKind, ScanReport, SkipReason};
use andon_scan::cache::{CachePlace, OsDisk};
use andon_scan::{Baseline, Progress, ScanRequest, ScanTarget, Silent, exceptions, run};
use andon_system::{FileKind, MemorySystem};

use crate::pair::Pair;
use crate::project::{Project, answer, words};

/// Kind and subject of each gap.
fn gaps(report: &ScanReport) -> Vec<(GapKind, &str)> {
    report.coverage.gaps.iter().map(|gap| (gap.kind, gap.subject.as_str())).collect()
}

const TWO: &[(&str, &str)] = &[("a.txt", "defines apple\n"), ("b.txt", "uses apple\n")];

#[test]
fn a_panic_costs_one_file_and_tells_nothing_of_it() {
    let project = Project::new(TWO);
    project.write("bad.txt", "break the engine, with a secret");
    for _ in 0..2 {
        let report = project.scan_cached(&Pair::engines().0);
        assert_eq!(gaps(&report), [(GapKind::EngineFailure, "bad.txt")], "not cached either");
        let detail = &report.coverage.gaps[0].detail;
        assert!(detail.contains("`pair`") && !detail.contains("secret"), "{detail}");
        assert_eq!(words(&report), ["new apple is used b.txt"]);
        assert!(!report.coverage.complete);
    }
}

#[test]
fn a_panic_while_combining_is_a_gap_and_fixes_nothing() {
    let project = Project::new(TWO);
    let before = project.scan(&Pair::engines().0).findings;
    project.write("c.txt", "uses panic\n");
    let mut request = project.request(ScanTarget::Directory);
    request.baseline = Some(Baseline::Findings(before));
    let report = project.run(&request, &Pair::engines().0).unwrap();
    assert_eq!(gaps(&report), [(GapKind::EngineFailure, "pair")]);
    assert!(report.findings.is_empty(), "nothing is known to be fixed");
}

#[test]
fn what_cannot_be_read_is_a_gap_and_never_fixed() {
    let project = Project::new(TWO);
    let before = project.scan(&Pair::engines().0).findings;
    project.system.vanishing.lock().unwrap().insert(project.root().join("b.txt"));
    let mut request = project.request(ScanTarget::Directory);
    request.baseline = Some(Baseline::Findings(before.clone()));
    let report = project.run(&request, &Pair::engines().0).unwrap();
    assert_eq!(gaps(&report), [(GapKind::Changed, "b.txt")]);
    assert!(report.findings.is_empty());

    request.baseline = Some(Baseline::Findings(before));
    let report = project.run(&request, &Pair::engines().0).unwrap();
    assert_eq!(words(&report), ["fixed apple is used b.txt"], "gone for good by now");
    assert!(report.coverage.complete);
}

#[test]
fn a_file_over_the_limit_is_a_gap() {
    let project = Project::new(TWO);
    project.write("large.txt", "x".repeat(5000));
    let mut request = project.request(ScanTarget::Directory);
    request.tree.max_file_size = 1000;
    let report = project.run(&request, &Pair::engines().0).unwrap();
    assert_eq!(gaps(&report), [(GapKind::TooLarge, "large.txt")]);
    assert_eq!(report.findings.len(), 1);
    let stdin = project.request(ScanTarget::Stdin(vec![b'x'; 5000]));
    assert!(gaps(&project.run(&stdin, &Pair::engines().0).unwrap()).is_empty());
}

#[cfg(unix)]
#[test]
fn links_pipes_and_odd_names_are_survived() {
    use std::os::unix::ffi::OsStrExt;
    let project = Project::new(TWO);
    let root = project.root();
    std::os::unix::fs::symlink("..", root.join("up")).unwrap();
    std::os::unix::fs::symlink("loop", root.join("loop")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", root.join("outside.txt")).unwrap();
    fs::write(root.join(std::ffi::OsStr::from_bytes(b"odd\xff.txt")), "uses apple\n").unwrap();
    let report = project.scan_cached(&Pair::engines().0);
    assert_eq!(words(&report), ["new apple is used b.txt", "new apple is used odd%FF.txt"]);
    assert_eq!(answer(project.scan_cached(&Pair::engines().0)), answer(report));
    assert_eq!(project.reads(), 0);
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_read_is_a_gap() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new(TWO);
    project.write("closed/c.txt", "uses apple\n");
    let closed = project.root().join("closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let is_root = fs::read_dir(&closed).is_ok();
    let report = project.scan(&Pair::engines().0);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    let expected: &[_] = if is_root { &[] } else { &[(GapKind::Unreadable, "closed")] };
    assert_eq!(gaps(&report), expected);
}

#[test]
fn every_kind_of_trouble_is_in_the_coverage() {
    let system = MemorySystem::new()
        .file("/p/a.txt", "defines apple\n")
        .file("/p/b.txt", "uses apple\n")
        .denied("/p/closed", FileKind::Folder)
        .denied("/p/mine.txt", FileKind::File)
        .changing("/p/busy.txt")
        .special("/p/pipe")
        .link("/p/up", "..");
    let interrupted = AtomicBool::new(false);
    let request = ScanRequest::new(ScanTarget::Directory, "/p".into(), &interrupted);
    let report = run(&request, &Pair::engines().0, &system, &Silent).unwrap();
    let expected =
        [(GapKind::Changed, "busy.txt"), (GapKind::Unreadable, "closed"), (GapKind::Unreadable, "mine.txt")];
    assert_eq!(gaps(&report), expected);
    let skipped: Vec<_> = report.coverage.skipped.iter().map(|skip| (skip.reason, skip.files)).collect();
    assert_eq!(skipped, [(SkipReason::SymbolicLink, 1), (SkipReason::SpecialFile, 1)]);
    assert_eq!(words(&report), ["new apple is used b.txt"]);
}

#[test]
fn nothing_is_fine() {
    let (empty, repository) = (Project::new(&[]), Project::new(&[]));
    repository.git(&["init", "-q"]);
    for (project, target) in [
        (&empty, ScanTarget::Directory),
        (&repository, ScanTarget::WorkingTree),
        (&repository, ScanTarget::Staged),
    ] {
        let report = project.run(&project.request(target), &Pair::engines().0).unwrap();
        assert!(report.findings.is_empty() && report.coverage.complete, "{:?}", report.coverage);
        assert_eq!(report.coverage.engines[0].files, 0);
    }
    assert!(empty.run(&empty.request(ScanTarget::Staged), &[]).unwrap_err().to_string().contains("git"));
}

#[test]
fn many_tiny_files_are_all_examined() {
    let project = Project::new(&[]);
    for number in 0..10_000u32 {
        if number % 100 == 0 {
            fs::create_dir(project.root().join(format!("d{}", number / 100))).unwrap();
        }
        let path = project.root().join(format!("d{}/f{number}.txt", number / 100));
        fs::write(path, format!("uses n{}\n", number % 5)).unwrap();
    }
    project.write("z.txt", "defines n3\n");
    let (engines, examined) = Pair::engines();
    let report = project.scan_cached(&engines);
    assert_eq!((report.findings.len(), report.coverage.engines[0].files), (2000, 10_001));
    assert_eq!(examined.swap(0, Ordering::SeqCst), 6);
    assert_eq!(answer(project.scan_cached(&engines)), answer(report));
    assert_eq!((project.reads(), examined.load(Ordering::SeqCst)), (0, 0));
}

#[test]
fn a_cache_that_cannot_be_used_gives_a_note_and_the_same_answer() {
    #[derive(Default)]
    struct Notes(Mutex<Vec<String>>);
    impl Progress for Notes {
        fn note(&self, text: &str) {
            self.0.lock().unwrap().push(text.to_owned());
        }
    }
    let project = Project::new(TWO);
    let expected = answer(project.scan(&Pair::engines().0));
    let (folder, notes) = (project.cache(), Notes::default());
    let mut request = project.request(ScanTarget::Directory);
    request.cache = Some(CachePlace { folder: &folder, disk: &OsDisk });
    project.system.full.store(true, Ordering::SeqCst);
    assert_eq!(answer(run(&request, &Pair::engines().0, &project.system, &notes).unwrap()), expected);
    project.system.full.store(false, Ordering::SeqCst);
    assert!(notes.0.lock().unwrap()[0].contains("the disk is full"));

    for damage in [b"".as_slice(), b"ANDONT01", &[0xff; 4096]] {
        answer(project.scan_cached(&Pair::engines().0));
        for entry in fs::read_dir(folder.join("tables")).unwrap() {
            fs::write(entry.unwrap().path(), damage).unwrap();
        }
        assert_eq!(answer(project.scan_cached(&Pair::engines().0)), expected);
    }
    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, "a file in the way").unwrap();
    assert_eq!(answer(run(&request, &Pair::engines().0, &project.system, &notes).unwrap()), expected);
    assert_eq!(notes.0.lock().unwrap().len(), 2);
}

#[test]
fn an_interrupted_scan_says_so_and_calls_nothing_fixed_or_unused() {
    let project = Project::new(TWO);
    let before = project.scan(&Pair::engines().0).findings;
    project.interrupt();
    let mut request = project.request(ScanTarget::Directory);
    request.baseline = Some(Baseline::Findings(before));
    request.exceptions = exceptions::parse(
        "e.yaml",
        b"- {rule: r, path: p, reason: r, owner: o, expires: 2050-01-01}\n- {owner: o}",
    )
    .unwrap();
    let report = project.run(&request, &Pair::engines().0).unwrap();
    assert_eq!(gaps(&report), [(GapKind::Interrupted, ".")]);
    assert!(report.findings.is_empty() && !report.coverage.complete);
    let problems: Vec<_> = report.exception_issues.iter().map(|issue| issue.problem).collect();
    assert_eq!(problems, [ExceptionProblem::Invalid]);
}
