use andon_model::ScanReport;
use andon_report::{Format, MARKDOWN_MAX_CHARACTERS, RenderOptions, Rendered, render};

use crate::sample;

fn markdown(report: &ScanReport) -> (String, Vec<String>) {
    let Rendered { bytes, notices } = render(report, Format::Markdown, &RenderOptions::default());
    (String::from_utf8(bytes).unwrap(), notices)
}

#[test]
fn a_judged_change_reads_well() {
    insta::assert_snapshot!(markdown(&sample::change()).0);
}

#[test]
fn a_history_reads_well() {
    insta::assert_snapshot!(markdown(&sample::history()).0);
}

#[test]
fn a_quiet_scan_says_so_first() {
    let (text, notices) = markdown(&sample::quiet());
    assert!(text.starts_with("<!-- andon-report -->\n### Andon found nothing\n"), "{text}");
    assert!(notices.is_empty());
}

#[test]
fn a_comment_is_never_too_long_and_says_what_is_missing() {
    let (text, notices) = markdown(&sample::crowd(2_000));
    assert!(text.chars().count() < MARKDOWN_MAX_CHARACTERS);
    assert!(notices[0].starts_with("1,950 findings not shown"), "{notices:?}");
    assert!(text.contains(&notices[0]));
    let mut wide = sample::crowd(60);
    for finding in &mut wide.findings {
        finding.title = "|<>".repeat(500);
        finding.locations[0].path = "|<>".repeat(500);
        finding.locations[0].snippet = Some("<".repeat(2_000));
    }
    let (text, notices) = markdown(&wide);
    assert!(text.chars().count() < MARKDOWN_MAX_CHARACTERS && !notices.is_empty(), "{}", text.len());
}

#[test]
fn hostile_text_is_only_text() {
    let (text, _) = markdown(&sample::hostile());
    for bad in ["<script", "@everyone", "http://", "](", "`", "\u{1b}", "\u{202e}"] {
        assert!(!text.contains(bad), "{bad} in {text}");
    }
    for row in text.lines().filter(|line| line.starts_with("| ")) {
        assert_eq!(row.matches('|').count(), 5, "{row}");
    }
    insta::assert_snapshot!(text);
}
