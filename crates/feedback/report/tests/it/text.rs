use andon_model::ScanReport;
use andon_report::{Format, RenderOptions, TextOptions, render};

use crate::sample;

pub(crate) fn show(report: &ScanReport, options: TextOptions) -> String {
    let options = RenderOptions { text: options, ..RenderOptions::default() };
    String::from_utf8(render(report, Format::Text, &options).bytes).unwrap()
}

fn plain(report: &ScanReport) -> String {
    show(report, TextOptions::default())
}

/// Without sequences that select a style (ECMA-48 SGR).
pub(crate) fn unstyled(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    out + rest
}

#[test]
fn a_history_reads_well() {
    insta::assert_snapshot!(plain(&sample::history()));
}

#[test]
fn a_history_says_more_when_asked() {
    insta::assert_snapshot!(show(
        &sample::history(),
        TextOptions { verbose: true, width: 80, ..Default::default() }
    ));
}

#[test]
fn a_judged_change_reads_well() {
    insta::assert_snapshot!(plain(&sample::change()));
}

#[test]
fn a_quiet_scan_is_quiet() {
    insta::assert_snapshot!(plain(&sample::quiet()));
}

#[test]
fn nothing_examined_is_never_clean() {
    let mut report = sample::quiet();
    report.coverage.engines[0].files = 0;
    let text = plain(&report);
    assert!(text.contains("nothing was examined") && !text.contains("nothing to do"), "{text}");
    report.target.kind = andon_model::TargetKind::Staged;
    assert!(plain(&report).contains("nothing to do"));
}

#[test]
fn places_are_counted_where_they_are_many() {
    let check = |listed: usize, total: &str, expected: &str| {
        let mut report = sample::quiet();
        let places = (0..listed).map(|n| {
            let mut place = sample::place(["a.env", "b.env"][n % 2], 7, (1, 4), "abc");
            place.commit = Some(sample::commit(&format!("{n:04}"), "Jane", "2024-03-01T10:00:00Z", "Add"));
            place
        });
        let severity = andon_model::Severity::Low;
        report.findings = vec![sample::finding("r", severity, "t", places.collect())];
        report.findings[0].properties.insert("occurrences".into(), total.into());
        let text = plain(&report);
        assert!(text.contains(expected), "{text}");
    };
    check(3, "3", "= also in: b.env:7, a.env:7\n");
    check(5, "5", "= seen: 5 times, in a.env (3 commits), b.env (2 commits)\n");
    check(5, "1200", "= seen: 1,200 times, such as in a.env, b.env\n");
}

#[test]
fn many_findings_are_counted_not_shown() {
    let text = show(&sample::crowd(70), TextOptions { max_findings: 2, ..Default::default() });
    assert_eq!(text.matches("medium[jwt]").count(), 2);
    assert!(text.contains("68 more findings of jwt") && text.contains("and 58 more"), "{text}");
    let none = show(&sample::crowd(3), TextOptions { max_findings: 0, ..Default::default() });
    assert!(none.contains("3 more findings not shown above"), "{none}");
}

#[test]
fn colour_changes_nothing_but_the_colour() {
    for report in [sample::history(), sample::change(), sample::quiet(), sample::hostile()] {
        for verbose in [false, true] {
            let options = |color| TextOptions { color, verbose, ..Default::default() };
            let colored = show(&report, options(true));
            assert!(colored.contains("\u{1b}["));
            assert_eq!(unstyled(&colored), show(&report, options(false)));
        }
    }
}

#[test]
fn lines_keep_to_the_width() {
    for report in [sample::history(), sample::change(), sample::quiet()] {
        for width in [60, 80, 120] {
            let text = show(&report, TextOptions { width, ..Default::default() });
            // Code frames keep their marker in view, whatever stands beside it.
            for line in text.lines().filter(|line| !line.contains(" | ")) {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
        }
    }
}
