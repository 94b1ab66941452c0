#![expect(clippy::disallowed_methods, reason = "the tests look past the door")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::testing::{Yard, outcomes};
use crate::{CacheUse, Options, Outcome, RunRecord, Would, preview, why};

const MAKE: &str = "{name: make, run: copy src/a out/a, inputs: [src/**], outputs: [out/a]}";

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn stage(steps: &str) -> String {
    format!("{{stage: build, steps: [{steps}]}}")
}

#[track_caller]
fn check(record: &RunRecord, outcome: Outcome) {
    assert_eq!(record.steps[0].outcome, outcome, "{:?} {:?}", record.reason, record.steps[0].notes);
}

#[test]
fn the_same_is_not_run_again() {
    let yard = Yard::new(&[("src/a", "one"), ("other", "x")]);
    check(&yard.steps(MAKE), Outcome::Succeeded);
    fs::remove_dir_all(yard.root.join("out")).unwrap();
    yard.write("other", "is no input");
    let record = yard.steps(MAKE);
    check(&record, Outcome::Cached);
    assert_eq!((yard.begun().as_str(), yard.read("out/a").as_deref()), ("", Some("one")));
    assert!(record.steps[0].from_run.is_some() && record.steps[0].attempts.is_empty());
    assert_eq!(record.steps[0].connections.len(), 1, "what was reached then is said now");

    yard.write("src/a", "two");
    check(&yard.steps(MAKE), Outcome::Succeeded);
    assert_eq!(yard.read("out/a").as_deref(), Some("two"));
    yard.write("src/a", "one");
    check(&yard.steps(MAKE), Outcome::Cached);
    assert_eq!(yard.read("out/a").as_deref(), Some("one"), "the older success is still there");
    yard.write("src/b", "a new file");
    check(&yard.steps(MAKE), Outcome::Succeeded);
}

#[test]
fn what_differs_runs_again() {
    let base = "{name: make, run: copy src/a out/a, inputs: [src], outputs: [out/a], environment: {A: '1'}, timeout: 5m}";
    for (other, outcome) in [
        (base.replace("copy src/a", "copy src/b"), Outcome::Succeeded),
        (base.replace("'1'", "'2'"), Outcome::Succeeded),
        (base.replace("timeout", "network: any, timeout"), Outcome::Succeeded),
        (base.replace("timeout", "seal: none, timeout"), Outcome::Succeeded),
        (base.replace("timeout", "reads: [/opt], timeout"), Outcome::Succeeded),
        (base.replace("timeout", "secrets: {T: {environment: T}}, timeout"), Outcome::Succeeded),
        (base.replace("timeout: 5m", "cache: false"), Outcome::Succeeded),
        (base.replace("5m", "6m"), Outcome::Cached),
        (base.replace("timeout", "retries: 3, timeout"), Outcome::Cached),
    ] {
        let yard = Yard::new(&[("src/a", "one"), ("src/b", "two")]);
        check(&yard.steps(base), Outcome::Succeeded);
        check(&yard.steps(&other), outcome);
    }
    let yard = Yard::new(&[("src/a", "one")]);
    check(&yard.steps(MAKE), Outcome::Succeeded);
    for cache in [CacheUse::Refresh, CacheUse::Off] {
        check(&yard.run_with(&stage(MAKE), Options { cache, ..Options::default() }), Outcome::Succeeded);
    }
    check(&yard.run_with(&stage(MAKE), Options { learn: true, ..Options::default() }), Outcome::Succeeded);
}

#[test]
fn failures_and_changes_meanwhile_are_not_kept() {
    let yard = Yard::new(&[("src/a", "one")]);
    check(&yard.steps("{name: a, run: fail}"), Outcome::Failed);
    check(&yard.steps("{name: a, run: fail}"), Outcome::Failed);
    let change = "{name: c, run: change src/a, inputs: [src]}";
    let record = yard.steps(change);
    check(&record, Outcome::Succeeded);
    assert_eq!(record.steps[0].notes, ["`src/a` changed while it ran, so it is not kept in the cache"]);
    check(&yard.steps(change), Outcome::Succeeded);
    check(&yard.steps(change), Outcome::Cached);
}

#[test]
fn what_was_changed_by_hand_is_noticed() {
    let yard = Yard::new(&[("src/a", "one")]);
    let folder = "{name: make, run: copy src/a out/a, inputs: [src], outputs: [out/]}";
    yard.steps(folder);
    yard.write("out/a", "by hand");
    yard.write("out/planted", "x");
    let record = yard.steps(folder);
    check(&record, Outcome::Cached);
    assert_eq!(record.steps[0].notes, ["not what it made: `out/a`, `out/planted`; put back as it was"]);
    assert_eq!((yard.read("out/a").as_deref(), yard.read("out/planted")), (Some("one"), None));
    assert!(yard.steps(folder).steps[0].notes.is_empty());
}

#[test]
fn damage_is_a_miss_with_a_note() {
    type Damage = fn(&Path);
    let cases: [(&str, Damage, &str); 4] = [
        ("blobs", |path| fs::write(path, "altered").unwrap(), "cannot put back `out/a`"),
        ("blobs", |path| fs::remove_file(path).unwrap(), "cannot put back `out/a`: its content is gone"),
        ("steps", |path| fs::write(path, "altered").unwrap(), "was damaged"),
        (
            "steps",
            |path| {
                let text = fs::read_to_string(path).unwrap().replace("out/a", "out/b");
                fs::write(path, text).unwrap();
            },
            "was damaged",
        ),
    ];
    for (kind, damage, note) in cases {
        let yard = Yard::new(&[("src/a", "one")]);
        yard.steps(MAKE);
        fs::remove_dir_all(yard.root.join("out")).unwrap();
        files(&yard.cache.join("line").join(kind)).iter().for_each(|path| damage(path));
        let record = yard.steps(MAKE);
        check(&record, Outcome::Succeeded);
        assert!(record.steps[0].notes[0].contains(note), "{kind}: {:?}", record.steps[0].notes);
        assert_eq!(yard.read("out/a").as_deref(), Some("one"));
        fs::remove_dir_all(yard.root.join("out")).unwrap();
        check(&yard.steps(MAKE), Outcome::Cached);
    }
}

#[cfg(unix)]
#[test]
fn rights_links_and_empty_folders_come_back() {
    use std::os::unix::fs::PermissionsExt;
    let yard = Yard::new(&[("src/run", "text")]);
    let run = yard.root.join("src/run");
    fs::set_permissions(&run, fs::Permissions::from_mode(0o755)).unwrap();
    std::os::unix::fs::symlink("../run", yard.root.join("src/link")).unwrap();
    let root = yard.root.display();
    let steps =
        format!("{{name: copy, run: [tree, {root}/src, {root}/out], inputs: [src], outputs: [out/]}}");
    check(&yard.steps(&steps), Outcome::Succeeded);
    fs::remove_dir_all(yard.root.join("out")).unwrap();
    check(&yard.steps(&steps), Outcome::Cached);
    assert!(fs::metadata(yard.root.join("out/run")).unwrap().permissions().mode() & 0o100 != 0);
    assert_eq!(fs::read_link(yard.root.join("out/link")).unwrap(), Path::new("../run"));
    assert!(yard.root.join("out/empty").is_dir());
    fs::set_permissions(&run, fs::Permissions::from_mode(0o644)).unwrap();
    check(&yard.steps(&steps), Outcome::Succeeded);
    fs::remove_file(yard.root.join("src/link")).unwrap();
    std::os::unix::fs::symlink("elsewhere", yard.root.join("src/link")).unwrap();
    check(&yard.steps(&steps), Outcome::Succeeded);
}

#[test]
fn ignored_files_are_inputs_where_they_are_named() {
    let yard = Yard::new(&[
        (".git/HEAD", "ref: refs/heads/main\n"),
        (".gitignore", "*.bin\n"),
        ("a.bin", "1"),
        ("b", "1"),
    ]);
    for folder in ["objects", "refs"] {
        fs::create_dir(yard.root.join(".git").join(folder)).unwrap();
    }
    let (named, all) = ("{name: a, run: x, inputs: [a.bin]}", "{name: b, run: x}");
    check(&yard.steps(named), Outcome::Succeeded);
    check(&yard.steps(all), Outcome::Succeeded);
    yard.write("a.bin", "2");
    check(&yard.steps(named), Outcome::Succeeded);
    check(&yard.steps(all), Outcome::Cached);
    yard.write("c", "not tracked, and not ignored");
    check(&yard.steps(all), Outcome::Succeeded);
    let record = yard.steps("{name: c, run: x, inputs: ['srcs/**']}");
    assert_eq!(record.steps[0].notes, ["the input `srcs/**` matches nothing"]);
}

#[test]
fn what_others_make_is_no_input_unless_it_is_needed() {
    let yard = Yard::new(&[("a", "1")]);
    let steps = |text: &str| {
        format!(
            "{{name: make, run: out o {text}, inputs: [a], outputs: [o]}}, {{name: other, run: x}}, {{name: user, run: x, needs: [make]}}"
        )
    };
    assert_eq!(outcomes(&yard.steps(&steps("one"))), "make=succeeded other=succeeded user=succeeded");
    assert_eq!(outcomes(&yard.steps(&steps("one"))), "make=cached other=cached user=cached");
    assert_eq!(outcomes(&yard.steps(&steps("two"))), "make=succeeded other=cached user=succeeded");
    assert_eq!(outcomes(&yard.steps(&steps("one"))), "make=cached other=cached user=cached");
}

#[test]
fn what_was_not_used_for_longest_goes_first() {
    let mut yard = Yard::new(&[("src/a", "0")]);
    let text = |letter: &str| letter.repeat(1000);
    let content = |yard: &Yard| {
        let sizes =
            files(&yard.cache.join("line/blobs")).into_iter().map(|path| fs::metadata(path).unwrap().len());
        sizes.sum::<u64>()
    };
    for letter in ["a", "b", "c"] {
        yard.write("src/a", &text(letter));
        check(&yard.steps(MAKE), Outcome::Succeeded);
        std::thread::sleep(std::time::Duration::from_millis(15));
    }
    assert_eq!(content(&yard), 3000);
    yard.write("src/a", &text("a"));
    check(&yard.steps(MAKE), Outcome::Cached);
    std::thread::sleep(std::time::Duration::from_millis(15));
    yard.limit = 1900 * 5 / 4 / 2;
    yard.write("src/a", &text("d"));
    check(&yard.steps(MAKE), Outcome::Succeeded);
    assert!(content(&yard) <= yard.limit, "{}", content(&yard));
    yard.write("src/a", &text("b"));
    check(&yard.steps(MAKE), Outcome::Succeeded);
}

#[test]
fn why_names_what_differs() {
    let yard = Yard::new(&[("src/a", "one"), ("src/b", "two")]);
    let make = |environment: &str| {
        format!(
            "{{name: make, run: copy src/a out/a, inputs: [src/**], outputs: [out/a], environment: {{{environment}}}}}"
        )
    };
    let ask = |environment: &str| {
        let plan = yard.plan(&stage(&make(environment)), Options::default());
        let found = why(&plan, &andon_system::OsSystem, &yard.cache, "make").unwrap();
        let differences =
            found.differences.iter().map(|difference| format!("{} {}", difference.how, difference.what));
        (found.answer, differences.collect::<Vec<_>>())
    };
    assert_eq!(ask("").0, "it runs: it never ran here");
    let first = yard.steps(&make(""));
    assert_eq!(
        ask("").0,
        format!("it does not run: nothing that it depends on changed since the run {}", first.run.id)
    );
    yard.write("src/a", "changed");
    fs::remove_file(yard.root.join("src/b")).unwrap();
    yard.write("src/c", "new");
    let (answer, differences) = ask("CC: gcc");
    assert_eq!(differences, ["added variable CC", "changed src/a", "added src/c", "removed src/b"]);
    assert_eq!(answer, "it runs: variable CC added, src/a changed, src/c added, and 1 more");
    let plan = yard.plan(&stage(&make("")), Options::default());
    assert!(why(&plan, &andon_system::OsSystem, &yard.cache, "none").is_err());
}

#[test]
fn a_preview_says_what_would_run() {
    let yard = Yard::new(&[("src/a", "one")]);
    let steps = stage(
        "{name: make, run: copy src/a o, inputs: [src], outputs: [o]}, {name: user, run: x, inputs: [o]},
         {name: lint, run: x, inputs: [src]}, {name: tell, run: x, when: {outcome: failed}}, {name: no, run: x, cache: false}",
    );
    let ask = || {
        let plan = yard.plan(&steps, Options::default());
        let found = preview(&plan, &andon_system::OsSystem, &yard.cache).unwrap();
        found.into_iter().map(|step| step.would).collect::<Vec<_>>()
    };
    assert_eq!(ask(), [Would::Run, Would::Run, Would::Run, Would::Skip, Would::Run]);
    assert!(yard.begun().is_empty() && !yard.data().exists(), "nothing ran and nothing was recorded");
    yard.run(&steps);
    assert_eq!(ask(), [Would::Cached, Would::Cached, Would::Cached, Would::Skip, Would::Run]);
    yard.write("src/a", "two");
    assert_eq!(ask(), [Would::Run, Would::Run, Would::Run, Would::Skip, Would::Run]);
}

#[test]
fn runs_at_once_do_not_disturb_each_other() {
    let (yard, mut other) = (Yard::new(&[("src/a", "one")]), Yard::new(&[("src/a", "one")]));
    other.cache.clone_from(&yard.cache);
    let steps: Vec<String> = (0..20)
        .map(|number| {
            format!("{{name: s{number}, run: out out/{number} text, inputs: [src], outputs: [out/{number}]}}")
        })
        .collect();
    let stages = stage(&steps.join(", "));
    let records: Vec<RunRecord> = std::thread::scope(|scope| {
        let runs = [&yard, &yard, &other].map(|yard| scope.spawn(|| yard.run(&stages)));
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert_ne!(records[0].run.id, records[1].run.id);
    for record in &records {
        assert!(record.steps.iter().all(|step| step.outcome.is_good()), "{}", outcomes(record));
    }
    let cached =
        |record: &RunRecord| record.steps.iter().filter(|step| step.outcome == Outcome::Cached).count();
    assert!(
        cached(&records[0]).max(cached(&records[1])) == 20,
        "one waited for the other, in the same workspace"
    );
    assert_eq!(cached(&yard.run(&stages)), 20);
    assert_eq!(cached(&other.run(&stages)), 20);
}
