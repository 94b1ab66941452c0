use std::process::Stdio;

use crate::world::{Answer, World, each, line, token};

#[test]
fn a_folder_outside_of_git_is_scanned_whole() {
    let world = World::plain();
    world.write("deep/app.conf", line(1));
    let (report, code) = world.report("");
    assert_eq!((code, report["target"]["kind"].as_str()), (1, Some("directory")));
    assert_eq!(each(&report, "/locations/0/path"), ["deep/app.conf"]);
    for needs_git in ["--history", "--since HEAD", "--staged", "--baseline main"] {
        world.andon(&format!("scan {needs_git}")).is(2, &["git repository", "hint:"]);
    }
    world.andon("scan deep/app.conf").is(1, &["github-pat"]);
}

#[test]
fn an_empty_repository_has_nothing() {
    let world = World::new();
    world.andon("scan").is(0, &["note: no tracked file was examined"]);
    world.andon("scan --staged").is(0, &[]);
    world.andon("scan --history").is(0, &[]);
    world.andon("scan --since main").is(2, &["main"]);
}

#[test]
fn untracked_files_are_scanned_when_asked_for() {
    let world = World::with_commit();
    world.write("app.conf", line(1));
    world.andon("scan").is(0, &[]);
    world.andon("scan --untracked").is(1, &["app.conf"]);
    world.write("andon.yaml", "version: 1\nscan: {untracked: true}\n");
    world.andon("scan").is(1, &["app.conf"]);
    world.andon("scan --no-untracked").is(0, &[]);
}

#[test]
fn standard_input() {
    let world = World::with_commit();
    world.andon_with_input("scan -", &line(1)).is(1, &["github-pat", "standard input"]);
    world.andon_with_input("scan -", "nothing here").is(0, &[]);
    world.andon_with_input("scan --max-file-size 10 -", &line(1)).is(2, &["more than the limit"]);
}

#[test]
fn what_is_staged() {
    let world = World::with_commit();
    world.write("app.conf", line(1));
    world.andon("scan --staged").is(0, &[]);
    world.git("add app.conf").write("app.conf", "");
    world.andon("scan --staged").is(1, &["app.conf"]);
    world.commit();
    world.andon("scan --staged").is(0, &[]);
}

#[test]
fn a_change_and_the_history() {
    let world = World::with_commit();
    world.write("old.conf", line(1)).commit().git("tag base");
    world.write("new.conf", line(2)).commit().git("rm -q new.conf").commit();
    world.write("newer.conf", line(3)).commit();
    let (report, code) = world.report("--since base");
    assert_eq!((code, report["target"]["kind"].as_str()), (1, Some("range")));
    let mut paths = each(&report, "/locations/0/path");
    paths.sort();
    assert_eq!(paths, ["new.conf", "newer.conf"]);
    let (report, code) = world.report("--history");
    assert_eq!((code, report["findings"].as_array().unwrap().len()), (1, 3));
    let gone =
        report["findings"].as_array().unwrap().iter().find(|f| f["locations"][0]["path"] == "new.conf");
    assert_eq!(gone.unwrap()["locations"][0]["at_head"], false);
    for number in 1..=3 {
        assert!(!report.to_string().contains(&token(number)));
    }
    world.andon("scan --since HEAD").is(0, &[]);
}

#[test]
fn a_bare_repository_is_scanned_by_its_history() {
    let world = World::with_commit();
    world.write("app.conf", line(1)).write(".gitleaksignore", "").commit().git("clone -q --bare . bare.git");
    world.andon("scan bare.git").is(2, &["--history"]);
    world.andon("scan bare.git --history").is(1, &["github-pat"]);
}

#[test]
fn working_trees_and_objects_elsewhere_are_within_reach_of_the_sandbox() {
    let world = World::new();
    world.write("main/app.conf", line(1)).write("main/src/b.conf", line(2)).commit();
    world.git("worktree add -q linked").git("clone -q --shared . shared");
    for target in ["linked", "shared", "linked/main"] {
        for arguments in ["", "--history", "--baseline HEAD --no-gate"] {
            let (report, code) = world.report(&format!("{target} {arguments}"));
            assert_eq!(report["findings"].as_array().unwrap().len(), 2, "{target} {arguments}");
            assert_eq!(report["coverage"]["complete"], true, "{target} {arguments}: {report:#}");
            assert_eq!(code, i32::from(!arguments.contains("--no-gate")));
        }
    }
}

#[test]
fn configuration_of_the_repository_holds_in_its_folders() {
    let world = World::with_commit();
    world.write("src/app.conf", line(1)).write("src/gen/x.conf", line(2));
    world.write("andon.yaml", "version: 1\nscan: {exclude: [src/gen/**]}\n").commit();
    let (report, code) = world.report("src");
    assert_eq!((code, each(&report, "/locations/0/path")), (1, vec!["app.conf".to_owned()]));
}

#[test]
fn what_is_excluded_is_left_out_everywhere() {
    let world = World::with_commit();
    let config = "version: 1\nscan: {exclude: [third_party/**, '*.min.js']}\n";
    world.write("andon.yaml", config).write("third_party/a/b.conf", line(1)).write("x.min.js", line(2));
    world.write("src/third_party/c.conf", line(3)).commit();
    for arguments in ["", "--history"] {
        let (report, code) = world.report(arguments);
        assert_eq!(code, 1);
        assert_eq!(each(&report, "/locations/0/path"), ["src/third_party/c.conf"], "{arguments}");
    }
    world.write("third_party/new.conf", line(4)).git("add -A");
    world.andon("scan --staged").is(0, &["allow"]);
    world.git("tag base").commit();
    world.andon("scan --since base").is(0, &[]);
}

#[test]
fn the_cache_changes_no_answer() {
    let world = World::with_commit();
    world.write("app.conf", line(1)).commit();
    let first = world.report("").0;
    let second = world.report("").0;
    let third = world.report("--no-cache").0;
    assert_eq!(first["findings"], second["findings"]);
    assert_eq!(first["findings"], third["findings"]);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let world = World::with_commit();
    world.write("app.conf", line(1)).commit();
    let mut child = world.start("scan --format json");
    drop(child.stdout.take());
    Answer::of(child.wait_with_output().unwrap()).is(1, &[]);
    let mut child = world.command("rules list").stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let answer = Answer::of(child.wait_with_output().unwrap());
    answer.is(0, &[]);
    assert_eq!(answer.err, "");
}

#[test]
fn the_project_decides_how_secrets_are_hashed() {
    let fingerprint = |remote: &str, config: &str, key: Option<&str>| {
        let world = World::with_commit();
        world.git(&format!("remote add origin {remote}"));
        world.write("andon.yaml", format!("version: 1\n{config}")).write("app.conf", line(1)).commit();
        let mut command = world.command("scan --format json");
        key.map(|key| command.env("ANDON_PROJECT_KEY", key));
        let report = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
        each(&report, "/fingerprints/primary").concat()
    };
    let laptop = fingerprint("git@example.org:shop/web.git", "", None);
    assert_eq!(laptop, fingerprint("https://ci:word@example.org/shop/web", "", None));
    assert_eq!(laptop, fingerprint("https://elsewhere.org/x", "project: {id: example.org/shop/web}\n", None));
    assert_eq!(laptop, fingerprint("https://elsewhere.org/x", "", Some("example.org/shop/web")));
    assert_ne!(laptop, fingerprint("https://example.org/shop/other", "", None));
}
