use std::sync::Arc;
use std::sync::atomic::Ordering;

use andon_model::{Engine, GapKind, ScanReport};
use andon_scan::ScanTarget;

use crate::archive::zip;
use crate::pair::Pair;
use crate::parts::{Parts, program};
use crate::project::{Project, answer, words};

const LARGE: usize = 5000;
const LIMIT: u64 = 1000;

fn engines() -> Vec<Box<dyn Engine>> {
    let mut engines = Pair::engines().0;
    engines.push(Box::new(Parts::default()));
    engines
}

/// Findings, gaps, what was left out, and how many files each engine examined.
fn all_words(report: &ScanReport) -> Vec<String> {
    let coverage = &report.coverage;
    let gaps = coverage.gaps.iter().map(|gap| format!("{:?} {}", gap.kind, gap.subject));
    let skips = coverage.skipped.iter().map(|skip| format!("{:?} {}", skip.reason, skip.files));
    let examined = coverage.engines.iter().map(|engine| format!("{} {}", engine.engine, engine.files));
    words(report).into_iter().chain(gaps).chain(skips).chain(examined).collect()
}

fn with_large_files() -> Project {
    let project = Project::repository(&[]);
    let no_text = vec![0; LARGE];
    project
        .write("a.txt", "defines apple\n")
        .write("large.bin", &no_text)
        .write("large.7z", [&b"7z\xbc\xaf\x27\x1c\0\0"[..], &no_text].concat())
        .write("large.list", &no_text)
        .write("large.maybe", &no_text)
        .write(
            "large.zip",
            zip(&[("in/b.txt", b"uses apple\n"), ("pad.bin", &no_text), ("in/tool", &program(1, 600))]),
        )
        .write("large-tool", program(2, LARGE))
        .write("large.txt", format!("uses apple\n{}", "x".repeat(LARGE)));
    project
}

#[test]
fn large_files_that_are_no_texts_are_looked_into_like_small_ones() {
    let project = with_large_files();
    project.git(&["add", "-A"]);
    let check = |limit: u64, expected: &[&str]| {
        for target in [ScanTarget::Directory, ScanTarget::Staged] {
            let mut request = project.request(target);
            request.tree.max_file_size = limit;
            assert_eq!(all_words(&project.run(&request, &engines()).unwrap()), expected);
        }
    };
    let (text, nested) = ("new apple is used large.txt", "new apple is used large.zip!/in/b.txt");
    let (list, skips) = ("Unparsable large.list", ["Binary 4", "Unopened 1"]);
    check(1 << 20, &[text, nested, list, skips[0], skips[1], "pair 3", "parts 2"]);
    check(LIMIT, &[nested, list, "TooLarge large.txt", skips[0], skips[1], "pair 2", "parts 2"]);
}

#[test]
fn a_list_that_is_no_text_is_a_gap() {
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
    for (content, expected) in [
        (&b"plain"[..], None),
        (b"\0\0\0", Some("no text")),
        (pointer, Some("git lfs pull")),
        (&zip(&[("b.txt", b"uses apple\n")]), Some("no text")),
    ] {
        let project = Project::new(&[]);
        project.write("a.list", content).write("a.maybe", content);
        project.write("a.zip", zip(&[("b.list", content), ("b.maybe", content)]));
        for _ in 0..2 {
            let gaps = project.scan_cached(&engines()).coverage.gaps;
            let found: Vec<_> = gaps.iter().map(|gap| (gap.kind, gap.subject.as_str())).collect();
            let all = [(GapKind::Unparsable, "a.list"), (GapKind::Unparsable, "a.zip!/b.list")];
            assert_eq!(found, if expected.is_some() { &all[..] } else { &[] });
            assert!(gaps.iter().all(|gap| gap.detail.contains(expected.unwrap_or_default())), "{gaps:?}");
        }
    }
}

#[test]
fn what_is_read_whole_is_read_within_the_budget() {
    const FILES: usize = 24;
    let project = Project::repository(&[]);
    for number in 0..FILES {
        project.write(&format!("tool{number}"), program(number, LARGE));
        let inside = program(FILES + number, LARGE);
        project.write(&format!("{number}.zip"), zip(&[("tool", &inside), ("list", &[0; LARGE])]));
    }
    project.git(&["add", "-A"]);
    let mut request = project.request(ScanTarget::Directory);
    request.tree.max_file_size = LIMIT;
    for target in [ScanTarget::Directory, ScanTarget::Staged] {
        request.target = target;
        let mut scan = |threads: usize, bytes: u64| {
            (request.threads, request.bytes_in_flight) = (Some(threads), bytes);
            let parts = Parts::default();
            let most = Arc::clone(&parts.most);
            let engines: Vec<Box<dyn Engine>> = vec![Box::new(parts)];
            (answer(project.run(&request, &engines).unwrap()), most.load(Ordering::SeqCst))
        };
        let (first, one) = scan(1, 1 << 20);
        let (second, most) = scan(8, 1);
        assert_eq!((one, first == second), (1, true));
        assert!(most <= 2, "one file and one thing in an archive at a time, not {most}");
        assert!(first.contains(&format!("\"files\": {}", 2 * FILES)), "{first}");
    }
}
