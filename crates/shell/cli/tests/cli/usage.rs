use crate::world::{World, line};

#[test]
fn exit_0_when_there_is_nothing() {
    let world = World::with_commit();
    world.andon("scan").is(0, &["nothing", "pass"]);
    world.andon("--version").is(0, &[concat!("andon ", env!("CARGO_PKG_VERSION"))]);
    world.andon("--help").is(0, &["Exit codes"]);
    world.andon("scan --help").is(0, &["--since"]);
}

#[test]
fn exit_1_when_the_gate_stops() {
    let world = World::with_commit();
    world.write("app.conf", line(1)).commit();
    let answer = world.andon("scan");
    answer.is(1, &["github-pat", "app.conf"]);
    assert!(!answer.out.contains(&line(1)[13..]), "the secret is not shown");
    world.andon("scan --no-gate").is(0, &["github-pat"]);
}

#[test]
fn exit_2_and_a_suggestion_for_wrong_usage() {
    let world = World::with_commit();
    world.andon("").is(2, &["Usage"]);
    world.andon("scann").is(2, &["'scan'"]);
    world.andon("scan --engine secret").is(2, &["secrets"]);
    world.andon("scan --format jsn").is(2, &["'json'"]);
    world.andon("scan --history --staged").is(2, &["cannot be used with"]);
    world.andon("scan --unreachable").is(2, &["--history"]);
    world.andon("scan --threads 0").is(2, &["from 1 to"]);
    world.andon("scan --max-file-size much").is(2, &["10 MiB"]);
    world.andon("scan --decode-depth 11").is(2, &["11"]);
    world.andon("scan missing").is(2, &["error: cannot read", "missing"]);
    world.andon("scan --since nowhere").is(2, &["nowhere", "error:"]);
    world.andon("scan --baseline nowhere").is(2, &["nowhere"]);
    world.andon("scan --history -").is(2, &["standard input", "hint:"]);
    world.andon("scan --format text --format json").is(2, &["standard output", "hint:"]);
    world.andon("scan -o missing/a.json").is(2, &["folder does not exist", "hint:"]);
    world.andon("scan -o .git").is(2, &["it is a folder"]);
}

#[test]
fn a_bad_configuration_says_where() {
    let world = World::with_commit();
    world.write("andon.yaml", "version: 1\ngates:\n  - name: a\n    stopp: {}\n");
    world.andon("scan").is(2, &["error:", "andon.yaml:4:5", "`stop`"]);
    world.write("andon.yaml", "version: 1\nscan:\n  engines: [secret]\n");
    world.andon("scan").is(2, &["no engine `secret`", "secrets"]);
    world.write("other.yaml", "version: 7\n");
    world.andon("scan --config other.yaml").is(2, &["other.yaml:1", "version 7"]);
    world.write("andon.yaml", "version: 1\n").write(".gitleaks.toml", "[[rules]\n");
    world.andon("scan").is(2, &[".gitleaks.toml", "line 1", "hint:"]);
    world
        .write(".gitleaks.toml", "[extend]\nuseDefault = true\n")
        .write(".andon/exceptions.yaml", "- 1: [\n");
    world.andon("scan").is(2, &[".andon/exceptions.yaml:"]);
    world.write(".andon/exceptions.yaml", "").write(".andon/rules/bad.toml", "x");
    world.andon("scan").is(2, &[".andon/rules/bad.toml"]);
}

#[test]
fn exit_3_when_the_policy_asks_for_completeness() {
    let world = World::with_commit();
    world.write("large.txt", "a b c\n".repeat(1000)).commit();
    let limit = "--max-file-size 1KiB";
    world.andon(&format!("scan {limit}")).is(0, &["large.txt"]);
    world
        .write(
            "andon.yaml",
            "version: 1\ngates: [{name: all, stop: {critical: 0}, require-complete: true}]\n",
        )
        .commit();
    world.andon(&format!("scan {limit}")).is(3, &["large.txt"]);
    world.write("app.conf", line(1)).commit();
    world.andon(&format!("scan {limit}")).is(1, &["github-pat", "large.txt"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let world = World::with_commit();
    world.write("app.conf", line(1)).commit();
    world.andon("scan --output /dev/full").is(2, &["error: cannot write", "the disk is full"]);
    world.andon_to_full_disk("scan").is(2, &["error: cannot write to standard output"]);
}

#[test]
fn a_cache_that_cannot_be_written_is_only_noted() {
    let world = World::with_commit();
    world.write("app.conf", line(1)).commit();
    let mut command = world.command("scan");
    command.env("ANDON_CACHE_DIR", world.path("app.conf"));
    crate::world::Answer::of(command.output().unwrap()).is(1, &["note: no cache", "github-pat"]);
}

#[test]
fn a_gate_that_waits_for_an_approval_stops() {
    let world = World::with_commit();
    let config = "version: 1\ngates: [{name: a, protected: [{paths: [auth/**], role: security}]}]\n";
    world.write("andon.yaml", config).commit().git("tag base").write("auth/login.txt", "x\n").commit();
    world.andon("scan --since base").is(1, &["needs approval by security", "auth/login.txt"]);
    world.andon("scan --since HEAD").is(0, &[]);
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupted_scan_shows_what_it_has() {
    let world = World::plain();
    let text = "some words and 123 numbers\n".repeat(2000);
    for number in 0..1500 {
        world.write(&format!("{number}.txt"), format!("{number}\n{text}"));
    }
    let child = world.start("scan --format json --threads 1 --no-cache");
    world.wait_for_handler(child.id());
    world.interrupt(child.id());
    let answer = crate::world::Answer::of(child.wait_with_output().unwrap());
    answer.is(3, &["\"kind\": \"interrupted\"", "\"complete\": false"]);
}
