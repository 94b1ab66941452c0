use andon_report::{Format, RenderOptions, TextOptions, explain, render, rules_table};

use crate::sample;
use crate::text::show;

#[test]
fn no_text_of_others_steers_the_terminal() {
    insta::assert_snapshot!(show(&sample::hostile(), TextOptions::default()));
    for width in [0, 1, 20, 41, 79, 500] {
        for verbose in [false, true] {
            let text = show(&sample::hostile(), TextOptions { width, verbose, ..Default::default() });
            let bad =
                |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{200b}');
            assert!(!text.contains(bad), "{text:?}");
        }
    }
}

#[test]
fn no_snippet_or_position_breaks_the_frame() {
    let snippets = [
        "",
        "\n",
        "a",
        "\t\t\ta\tb",
        "日本語日本語",
        "e\u{301}e\u{301}\u{200d}x",
        "\u{1b}[0m\u{0}\u{7f}",
        "x\r\ny\n\n\nz",
        &"長い".repeat(200),
        &"ab ".repeat(133),
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} family",
    ];
    let numbers = [0, 1, 2, 5, 40, 399, u32::MAX];
    for snippet in snippets {
        for start in numbers {
            for end in numbers {
                for (line, end_line) in [(1, 1), (0, 0), (9, 11), (u32::MAX, u32::MAX), (9, 3)] {
                    let mut place = sample::place("p", line, (start, end), snippet);
                    if let Some(region) = &mut place.region {
                        region.end_line = end_line;
                    }
                    let mut report = sample::quiet();
                    report.findings =
                        vec![sample::finding("r", andon_model::Severity::Low, "t", vec![place])];
                    let text =
                        show(&report, TextOptions { width: 50, color: end == 2, ..Default::default() });
                    assert!(text.contains("--> "), "{text}");
                }
            }
        }
    }
}

#[test]
fn every_format_survives_hostile_text() {
    for format in Format::ALL {
        let rendered = render(&sample::hostile(), *format, &RenderOptions::default());
        if format.needs_inventory() {
            assert!(
                rendered.bytes.is_empty() && rendered.notices[0].contains("--engine dependencies"),
                "{format}"
            );
            continue;
        }
        let text = String::from_utf8(rendered.bytes).unwrap();
        assert!(text.ends_with('\n') && !text.contains('\u{1b}'), "{format}");
    }
}

#[test]
fn rules_of_others_are_harmless_too() {
    let mut rule = sample::rule("r\u{1b}[2J", andon_model::Severity::Low, "t\u{202e}\n");
    rule.explanation = "x\u{1b}[31m\n\n```\n\u{7}code".into();
    rule.examples = vec!["\u{9b}2J".into()];
    for text in [explain(&rule, &TextOptions::default()), rules_table(&[rule], &TextOptions::default())] {
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    }
}
