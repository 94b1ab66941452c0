use std::time::Duration;

use andon_model::{Severity, Stage};

use super::{Board, BoardLook, Lamp, Row, Status, row::clock};

fn row(stage: Stage, name: &str, status: Status, note: &str) -> Row {
    Row { stage, name: name.to_owned(), status, elapsed: Duration::from_millis(1230), note: note.to_owned() }
}

fn board() -> Board {
    Board {
        title: "shop · 3f2a91c on main".to_owned(),
        stages: vec![
            (Stage::Plan, Lamp::Skipped),
            (Stage::Code, Lamp::Go),
            (Stage::Build, Lamp::Running),
            (Stage::Test, Lamp::Off),
        ],
        rows: vec![
            row(Stage::Code, "secrets", Status::Succeeded, ""),
            row(Stage::Code, "format", Status::Cached, "same inputs as in the last run"),
            row(Stage::Build, "compile\u{1b}[2J", Status::Running, "sealed: full"),
            row(Stage::Build, "lint", Status::Failed, "exit code 1"),
            row(Stage::Test, "unit", Status::Waiting, ""),
        ],
        findings: [(Severity::High, 2), (Severity::Low, 5), (Severity::Info, 0)].into(),
        elapsed: Duration::from_secs(72),
        said: "Compiling shop".to_owned(),
    }
}

fn look(width: usize, height: usize) -> BoardLook {
    BoardLook { width, height, color: false, tick: 0 }
}

#[test]
fn a_running_line() {
    insta::assert_snapshot!(board().draw(&look(80, 20)).join("\n"), @r"
    shop · 3f2a91c on main                                                    1m 12s
    – plan   ● code   ◐ build   ○ test

      code     ✓ secrets                         1.23s
      code     = format                          1.23s  same inputs as in the last …
      build    ◐ compile␛[2J                     1.23s  sealed: full
      build    ✗ lint                            1.23s  exit code 1
      1 waiting
    findings: 2 high, 5 low   Compiling shop
    ");
}

#[test]
fn what_is_settled_goes_first_when_there_is_no_room() {
    insta::assert_snapshot!(board().draw(&look(80, 8)).join("\n"), @r"
    shop · 3f2a91c on main                                                    1m 12s
    – plan   ● code   ◐ build   ○ test

      build    ◐ compile␛[2J                     1.23s  sealed: full
      build    ✗ lint                            1.23s  exit code 1
      2 done before, 1 waiting
    findings: 2 high, 5 low   Compiling shop
    ");
}

#[test]
fn no_line_is_wider_than_the_terminal_and_no_picture_higher() {
    for width in 40..120 {
        for height in 6..14 {
            let lines = board().draw(&look(width, height));
            assert!(lines.len() <= height, "{width}x{height}: {lines:#?}");
            for line in &lines {
                assert!(crate::wrap::width(line) <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn times_are_read_at_a_glance() {
    let check = |milliseconds: u64, expected: &str| {
        assert_eq!(clock(Duration::from_millis(milliseconds)), expected);
    };
    check(310, "0.31s");
    check(12_400, "12.4s");
    check(185_000, "3m 05s");
    check(3_720_000, "1h 02m");
}
