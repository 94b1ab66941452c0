use andon_model::{ScanReport, State};
use andon_report::{Format, RenderOptions, TextOptions, render};

use crate::project;
use crate::text::{show, unstyled};

fn wide(report: &ScanReport, width: usize) -> String {
    show(report, TextOptions { width, ..Default::default() })
}

#[test]
fn components_read_well() {
    insta::assert_snapshot!("project_80", wide(&project::project(), 80));
    insta::assert_snapshot!("project_120", wide(&project::project(), 120));
    let verbose = TextOptions { width: 100, verbose: true, ..Default::default() };
    insta::assert_snapshot!("project_verbose", show(&project::project(), verbose));
    insta::assert_snapshot!("image_80", wide(&project::image(), 80));
}

#[test]
fn not_audited_is_never_clean() {
    let text = wide(&project::unaudited(), 80);
    insta::assert_snapshot!("unaudited_80", text);
    let mut report = project::unaudited();
    report.coverage.gaps.truncate(1);
    for width in [40, 80, 120] {
        let text = wide(&report, width);
        assert!(text.contains("NOT AUDITED") && !text.contains("nothing to do"), "{text}");
        assert!(
            !show(&report, TextOptions { color: true, width, ..Default::default() }).contains("\u{1b}[32m")
        );
    }
    let markdown = markdown(&report);
    assert!(
        markdown
            .starts_with("<!-- andon-report -->\n### Andon found nothing, but components were NOT AUDITED"),
        "{markdown}"
    );
}

#[test]
fn many_components_are_counted_not_shown() {
    let text = wide(&project::many(90), 100);
    assert!(text.lines().count() < 110, "{}\n{text}", text.lines().count());
    assert!(text.contains("and 70 more updates of "), "{text}");
    let all = show(&project::many(90), TextOptions { verbose: true, ..Default::default() });
    assert_eq!(all.matches(" -> 1.0.1").count(), 90);
}

#[test]
fn of_a_change_only_what_is_new_is_shown() {
    let mut report = project::project();
    report.target.base = Some("main".into());
    for finding in report.findings.iter_mut().filter(|finding| !finding.title.starts_with("axios")) {
        finding.state = State::Existing;
    }
    let text = wide(&report, 100);
    assert!(text.contains("axios 0.21.0 -> 0.21.4") && !text.contains("lodash 4.17.20 ->"), "{text}");
    assert!(text.contains("findings that this change did not bring"), "{text}");
    assert!(text.contains("lodash 4.17.20 GHSA-35jh-r3h4-6jhm  package-lock.json:123"), "{text}");
}

#[test]
fn colour_changes_nothing_here_either() {
    for report in
        [project::project(), project::image(), project::unaudited(), project::many(40), project::hostile()]
    {
        for verbose in [false, true] {
            let options = |color| TextOptions { color, verbose, width: 80, ..Default::default() };
            assert_eq!(unstyled(&show(&report, options(true))), show(&report, options(false)));
        }
    }
}

#[test]
fn lines_keep_to_the_width() {
    for report in [project::project(), project::image(), project::unaudited(), project::many(40)] {
        for width in [60, 80, 120] {
            for line in wide(&report, width).lines().filter(|line| !line.contains(" | ")) {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn no_name_or_title_steers_the_reader() {
    for format in Format::ALL {
        let text =
            String::from_utf8(render(&project::hostile(), *format, &RenderOptions::default()).bytes).unwrap();
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{format}: {text:?}");
    }
    for width in [0, 41, 80, 500] {
        for verbose in [false, true] {
            let text = show(&project::hostile(), TextOptions { width, verbose, ..Default::default() });
            assert!(!text.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{text:?}");
        }
    }
    let text = markdown(&project::hostile());
    for bad in ["<b>", "@all", "http://", "](", "\u{202e}"] {
        assert!(!text.contains(bad), "{bad} in {text}");
    }
}

#[test]
fn a_comment_shows_updates() {
    insta::assert_snapshot!("markdown_project", markdown(&project::project()));
    insta::assert_snapshot!("markdown_unaudited", markdown(&project::unaudited()));
}

fn markdown(report: &ScanReport) -> String {
    String::from_utf8(render(report, Format::Markdown, &RenderOptions::default()).bytes).unwrap()
}
