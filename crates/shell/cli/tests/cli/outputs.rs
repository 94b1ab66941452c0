use crate::world::{World, line, token};

#[test]
fn every_format_to_its_file() {
    let world = World::with_commit();
    world.write("app.conf", line(1)).commit();
    let formats = ["text", "json", "sarif", "gitlab", "markdown"];
    let arguments: Vec<String> =
        formats.iter().map(|format| format!("--format {format} --output out.{format}")).collect();
    let answer = world.andon(&format!("scan {}", arguments.join(" ")));
    answer.is(1, &[]);
    assert_eq!(answer.out, "");
    for format in formats {
        let text = world.read(&format!("out.{format}"));
        assert!(text.contains("github-pat"), "{format}: {text}");
        assert!(!text.contains(&token(1)) && !text.contains('\u{1b}'), "{format}");
        if ["json", "sarif", "gitlab"].contains(&format) {
            serde_json::from_str::<serde_json::Value>(&text).unwrap();
        }
    }
    assert!(world.read("out.sarif").contains("2.1.0"));
}

#[test]
fn a_file_and_standard_output() {
    let world = World::with_commit();
    world.write("app.conf", line(1)).commit();
    let answer = world.andon("scan --format sarif --output out.sarif --format text");
    answer.is(1, &["github-pat"]);
    assert!(world.read("out.sarif").contains("\"runs\""));
    assert_eq!(answer.err, "", "data goes to standard output, and there is nothing to note");
}

#[test]
fn colour_only_when_asked_for() {
    let world = World::with_commit();
    world.write("app.conf", line(1)).commit();
    assert!(!world.andon("scan").out.contains('\u{1b}'));
    assert!(world.andon("scan --color always").out.contains('\u{1b}'));
    assert!(world.andon("explain github-pat --color always").out.contains('\u{1b}'));
    assert!(!world.andon("scan nowhere").err.contains('\u{1b}'));
}

#[test]
fn quiet_says_nothing_but_the_report() {
    let world = World::with_commit();
    world.write(".gitleaksignore", "no fingerprint\n").commit();
    assert!(world.andon("scan").err.contains("note: .gitleaksignore, line 1"));
    assert_eq!(world.andon("scan --quiet").err, "");
}

#[test]
fn the_coverage_tells_of_the_sandbox() {
    let world = World::with_commit();
    let note = |arguments: &str| world.report(arguments).0["coverage"]["sandbox"].clone();
    assert_eq!(note("--no-sandbox")["note"], "switched off by --no-sandbox");
    let inside = note("");
    let complete = inside["filesystem"] == true && inside["syscalls"] == true;
    assert!(complete || inside["note"].as_str().is_some_and(|note| !note.is_empty()), "{inside}");
}

#[test]
fn nothing_in_a_project_steers_the_terminal() {
    let world = World::with_commit();
    let evil = "\u{1b}]0;evil\u{7}\u{202e}txt";
    world.write(".gitleaksignore", format!("no {evil} fingerprint\n"));
    let rule = "[[rules]]\nid = \"x\"\ndescription = \"\\u001b]0;evil\\u0007\"\nregex = \"a\\u001b?b\"\n\"\\u001b\" = 1\n";
    world.write(".gitleaks.toml", rule).commit();
    world.andon("rules show x").is(0, &["regex", "\u{fffd}"]);
    let named = format!("scan {evil}");
    for arguments in ["scan", "rules list", "rules show x", "explain x", "rules test", named.as_str()] {
        let answer = world.andon(arguments);
        for text in [&answer.out, &answer.err] {
            let steers = ['\u{1b}', '\u{7}', '\u{7f}', '\u{202e}'];
            assert!(!text.contains(steers), "{arguments}: {text:?}");
        }
    }
}
