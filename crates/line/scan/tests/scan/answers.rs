use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};

use andon_model::{Engine, SkipReason};
use andon_scan::cache::{CachePlace, OsDisk};
use andon_scan::{Phase, Progress, ScanTarget, run};

use crate::pair::Pair;
use crate::project::{Project, answer, words};

const FILES: &[(&str, &str)] = &[
    ("a.txt", "defines apple\n"),
    ("b.txt", "uses apple\n"),
    ("copy/b.txt", "uses apple\n"),
    ("c.txt", "defines pear\nuses pear\n"),
    ("notes.md", "uses apple\n"),
    ("some.lock", "uses apple\n"),
    ("picture.bin", "\0\0\0\0binary"),
    ("plain.txt", "nothing here\n"),
];

#[test]
fn a_finding_can_need_two_files() {
    let project = Project::new(FILES);
    let (engines, examined) = Pair::engines();
    let report = project.scan(&engines);
    assert_eq!(words(&report), ["new apple is used b.txt", "new apple is used copy/b.txt"]);
    assert_eq!(examined.load(Ordering::SeqCst), 4, "equal contents are examined once, binaries never");
    let line = &report.coverage.engines[0];
    assert_eq!((line.files, line.cached, line.rules_loaded), (5, 0, 1));
    assert!(report.coverage.complete);
    let skipped: Vec<_> = report.coverage.skipped.iter().map(|skip| (skip.reason, skip.files)).collect();
    assert_eq!(skipped, [(SkipReason::Binary, 1), (SkipReason::Allowed, 1)]);
    assert_eq!(report.rules.len(), 1, "only rules that made findings");
    let fingerprints: Vec<_> =
        report.findings.iter().map(|finding| &finding.fingerprints.primary.0).collect();
    assert_eq!(*fingerprints[1], format!("{}#1", fingerprints[0]));
}

#[test]
fn facts_may_follow_from_a_path_alone() {
    let project = Project::new(&[("uses-everything.txt", "x"), ("d.txt", "defines *\n")]);
    assert_eq!(words(&project.scan(&Pair::engines().0)), ["new * is used uses-everything.txt"]);
}

#[test]
fn what_has_not_changed_is_neither_read_nor_examined() {
    let project = Project::new(FILES);
    let (engines, examined) = Pair::engines();
    let cold = answer(project.scan_cached(&engines));
    assert_eq!(examined.swap(0, Ordering::SeqCst), 4);
    let report = project.scan_cached(&engines);
    assert_eq!((examined.load(Ordering::SeqCst), project.reads()), (0, 0));
    assert_eq!(report.coverage.engines[0].cached, 5);
    assert_eq!(answer(report), cold);

    project.write("plain.txt", "uses apple\nand more\n");
    let changed = project.scan_cached(&engines);
    assert_eq!((examined.swap(0, Ordering::SeqCst), project.reads()), (1, 1));
    assert_eq!(answer(changed), answer(project.scan(&engines)), "the cache changes no answer");

    project.remove("a.txt");
    assert!(words(&project.scan_cached(&engines)).is_empty());
}

#[test]
fn an_archive_that_is_not_opened_is_told_from_a_binary_every_time() {
    let project = Project::new(&[("a.txt", "uses apple\n")]);
    project.write("a.7z", b"7z\xbc\xaf\x27\x1c\0\0rest");
    let (engines, _) = Pair::engines();
    for _ in 0..2 {
        let skipped = project.scan_cached(&engines).coverage.skipped;
        assert_eq!(skipped.iter().map(|skip| skip.reason).collect::<Vec<_>>(), [SkipReason::Unopened]);
    }
}

#[test]
fn a_moved_file_is_read_but_not_examined_again() {
    let project = Project::new(FILES);
    let (engines, examined) = Pair::engines();
    project.scan_cached(&engines);
    examined.store(0, Ordering::SeqCst);
    project.remove("b.txt").write("moved.txt", "uses apple\n");
    let report = project.scan_cached(&engines);
    assert_eq!((examined.load(Ordering::SeqCst), project.reads()), (0, 1));
    assert_eq!(words(&report), ["new apple is used copy/b.txt", "new apple is used moved.txt"]);
}

#[test]
fn a_file_that_is_young_is_read_again() {
    let project = Project::new(&[("a.txt", "defines apple\n"), ("b.txt", "uses apple\n")]);
    project.system.real_clock.store(true, Ordering::SeqCst);
    let (engines, examined) = Pair::engines();
    assert_eq!(project.scan_cached(&engines).findings.len(), 1);
    project.write("b.txt", "uses other\n");
    assert!(project.scan_cached(&engines).findings.is_empty(), "changed within the clock's grain");
    assert_eq!(project.reads(), 2, "neither stamp is old enough to be believed");
    assert_eq!(examined.load(Ordering::SeqCst), 3);
}

#[test]
fn another_version_of_an_engine_examines_again() {
    let project = Project::new(FILES);
    project.scan_cached(&Pair::engines().0);
    let (_, examined) = Pair::engines();
    let newer: Vec<Box<dyn Engine>> = vec![Box::new(Pair { examined: examined.clone(), version: 2 })];
    project.scan_cached(&newer);
    assert_eq!(examined.load(Ordering::SeqCst), 4);
}

#[test]
fn the_answer_does_not_depend_on_threads_or_cache() {
    let mut files = Vec::new();
    for number in 0..300u32 {
        let mut text = String::new();
        let _ = writeln!(text, "defines n{}\nuses n{}", number % 37, (number * 7) % 53);
        let path = format!("d{}/f{number}.{}", number % 11, if number % 29 == 0 { "lock" } else { "txt" });
        files.push((path, if number % 41 == 0 { "break the engine".to_owned() } else { text }));
    }
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let project = Project::new(&files);
    let folder = project.cache();
    let scan = |threads: usize, cached: bool, bytes: u64| {
        let mut request = project.request(ScanTarget::Directory);
        request.threads = Some(threads);
        request.bytes_in_flight = bytes;
        request.cache = cached.then_some(CachePlace { folder: &folder, disk: &OsDisk });
        answer(project.run(&request, &Pair::engines().0).unwrap())
    };
    let first = scan(1, false, 1 << 20);
    assert!(first.contains("EngineFailure") || first.contains("engine-failure"));
    for (threads, cached, bytes) in [(8, false, 1), (8, true, 1 << 20), (1, true, 1), (8, true, 100)] {
        assert!(scan(threads, cached, bytes) == first, "{threads} threads, cached {cached}, {bytes} bytes");
    }
}

#[test]
fn concurrent_scans_share_a_cache() {
    let project = Project::new(FILES);
    let expected = answer(project.scan(&Pair::engines().0));
    std::thread::scope(|scope| {
        let scans: Vec<_> =
            (0..6).map(|_| scope.spawn(|| answer(project.scan_cached(&Pair::engines().0)))).collect();
        for scan in scans {
            assert!(scan.join().unwrap() == expected);
        }
    });
    let (engines, examined) = Pair::engines();
    project.scan_cached(&engines);
    assert_eq!(examined.load(Ordering::SeqCst), 0);
}

#[test]
fn standard_input_is_one_content() {
    let project = Project::new(&[]);
    let text = b"defines x\nuses x\n".to_vec();
    let report = project.run(&project.request(ScanTarget::Stdin(text)), &Pair::engines().0).unwrap();
    assert_eq!(report.coverage.engines[0].files, 1);
    assert!(report.findings.is_empty(), "both are in one file");
}

#[test]
fn progress_adds_up() {
    #[derive(Default)]
    struct Count {
        items: std::sync::atomic::AtomicU64,
        examining: AtomicBool,
    }
    impl Progress for Count {
        fn phase(&self, phase: Phase, items: Option<u64>) {
            self.examining.fetch_or(phase == Phase::Examining && items == Some(8), Ordering::SeqCst);
        }
        fn advance(&self, items: u64, _bytes: u64) {
            self.items.fetch_add(items, Ordering::SeqCst);
        }
    }
    let (project, count) = (Project::new(FILES), Count::default());
    run(&project.request(ScanTarget::Directory), &Pair::engines().0, &project.system, &count).unwrap();
    assert_eq!(count.items.load(Ordering::SeqCst), 8);
    assert!(count.examining.load(Ordering::SeqCst));
}
