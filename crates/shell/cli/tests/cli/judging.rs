use crate::world::{World, each, line};

const STOP_NOTHING: &str = "version: 1\ngates: [{name: none}]\n";

fn exception(expires: &str) -> String {
    format!("- rule: github-pat\n  path: app.conf\n  reason: a test\n  owner: sam\n  expires: {expires}\n")
}

#[test]
fn exceptions_hold_until_they_expire() {
    let world = World::with_commit();
    world.write("app.conf", line(1)).write(".andon/exceptions.yaml", exception("2999-01-01")).commit();
    let (report, code) = world.report("");
    assert_eq!((code, each(&report, "/suppression/kind")), (0, vec!["exception".to_owned()]));
    world.write(".andon/exceptions.yaml", exception("2020-01-01")).commit();
    let (report, code) = world.report("");
    assert_eq!((code, &report["exception_issues"][0]["problem"]), (1, &serde_json::json!("expired")));
    world.andon("scan").is(1, &["expired"]);
}

#[test]
fn a_change_cannot_excuse_itself() {
    let excuses: [(&str, String); 6] = [
        ("andon.yaml", STOP_NOTHING.to_owned()),
        ("andon.yaml", "version: 1\nscan: {exclude: ['**']}\n".to_owned()),
        (".andon/exceptions.yaml", exception("2999-01-01")),
        (".gitleaks.toml", "[allowlist]\npaths = ['''.*''']\n[extend]\nuseDefault = true\n".to_owned()),
        (".gitleaksignore", "app.conf:github-pat:1\n".to_owned()),
        (".andon/rules/x.toml", "[allowlist]\npaths = ['''.*''']\n".to_owned()),
    ];
    for (name, text) in excuses {
        let world = World::with_commit();
        world.git("tag base").write("app.conf", line(1)).write(name, text).commit();
        for arguments in ["--since base", "--baseline base"] {
            let (report, code) = world.report(arguments);
            assert_eq!(code, 1, "{name} {arguments}: {report:#}");
            let changes = report["protected_changes"].as_array().unwrap();
            assert!(changes.iter().any(|change| change["path"] == name), "{name} {arguments}: {changes:?}");
        }
        world.andon("scan --since base").is(1, &[name]);
        // Once it is the base, it holds.
        world.andon("scan").is(0, &[]);
    }
}

#[test]
fn policies_are_those_of_the_base() {
    let world = World::with_commit();
    let policy =
        "package andon.gate\nstop contains \"never on Fridays\" if count(input.change.touched_paths) > 0\n";
    world.write(".andon/policy/friday.rego", policy).commit().git("tag base");
    world.git("rm -q .andon/policy/friday.rego").write("a.txt", "a\n").commit();
    world.andon("scan --since base").is(1, &["never on Fridays", ".andon/policy/friday.rego"]);
    world.andon("scan").is(0, &[]);
}

#[test]
fn a_new_comment_that_silences_is_shown() {
    let world = World::with_commit();
    world.git("tag base").write("app.conf", format!("{} # gitleaks:allow\n", line(1).trim())).commit();
    let (report, code) = world.report("--since base");
    assert_eq!(code, 0);
    assert_eq!(report["protected_changes"][0]["path"], "app.conf");
    assert_eq!(report["protected_changes"][0]["line"], 1);
    assert_eq!(report["gate"]["verdict"], "warn");
    let strict = "version: 1\nprotected-changes: stop\n";
    world.git("reset -q --hard base").write("andon.yaml", strict).commit().git("tag strict");
    world.write("app.conf", format!("{} # gitleaks:allow\n", line(1).trim())).commit();
    world.andon("scan --since strict").is(1, &["gitleaks:allow"]);
}

#[test]
fn staged_changes_to_the_judge_are_shown() {
    let world = World::with_commit();
    world.write("andon.yaml", STOP_NOTHING).git("add -A");
    let (report, _) = world.report("--staged");
    assert_eq!(report["protected_changes"][0]["path"], "andon.yaml");
}

#[test]
fn a_named_configuration_is_believed() {
    let world = World::with_commit();
    world.git("tag base").write("app.conf", line(1)).commit();
    let elsewhere = World::plain();
    elsewhere.write("pinned.yaml", STOP_NOTHING);
    let pinned = elsewhere.path("pinned.yaml");
    world.andon(&format!("scan --since base --config {}", pinned.display())).is(0, &["github-pat"]);
}
