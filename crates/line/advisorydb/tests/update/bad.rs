use andon_advisorydb::{How, UpdateError, open, status};
use andon_system::files;

use crate::server::Server;
use crate::{KEV, Machine, dump, epss, record, write, zip};

const MAY: &str = "2024-05-01T00:00:00Z";

/// A machine that has an index, and the folder it came from.
fn loaded() -> (Machine, tempfile::TempDir) {
    let (machine, mirror) = (Machine::new(), tempfile::tempdir().unwrap());
    write(mirror.path(), "npm/all.zip", dump("npm", &["A-1"], MAY));
    write(mirror.path(), "known_exploited_vulnerabilities.json", KEV);
    write(mirror.path(), "epss_scores-current.csv.gz", epss());
    assert!(machine.update(mirror.path().to_str().unwrap()).complete());
    (machine, mirror)
}

#[test]
fn a_broken_dump_leaves_the_one_from_before() {
    let good = dump("npm", &["A-1", "A-2"], MAY);
    let mut flipped = dump("npm", &["A-9"], MAY);
    flipped[60] ^= 0xFF;
    let bombs: Vec<_> = vec![("a.json", " ".repeat(9 << 20)), ("b.json", " ".repeat(9 << 20))];
    for (garbage, reason) in [
        (b"no archive".to_vec(), "the dump is broken"),
        (good[..good.len() / 2].to_vec(), "the dump is broken"),
        (zip(&[]), "the dump is empty now"),
        (flipped, "cannot be unpacked"),
        (zip(&bombs), "cannot be unpacked"),
    ] {
        let (machine, mirror) = loaded();
        write(mirror.path(), "npm/all.zip", garbage);
        let updated = machine.update(mirror.path().to_str().unwrap());
        let npm = &updated.ecosystems[0];
        assert_eq!((npm.how, updated.complete()), (How::Kept, false), "{npm:?}");
        assert!(npm.problem.as_ref().unwrap().contains(reason), "{npm:?}");
        assert_eq!(machine.ids("npm"), "A-1");
    }
}

#[test]
fn a_broken_record_is_counted_and_named() {
    let (machine, mirror) = loaded();
    let files = [
        ("A-1.json", record("npm", "A-1", MAY)),
        ("A-2.json", record("npm", "A-2", MAY)),
        ("bad.json", "{".to_owned()),
        ("huge.json", " ".repeat(9 << 20)),
        ("readme.txt", "no record".to_owned()),
    ];
    write(mirror.path(), "npm/all.zip", zip(&files));
    let updated = machine.update(mirror.path().to_str().unwrap());
    let npm = &updated.ecosystems[0];
    assert_eq!((npm.broken, npm.partial, updated.complete()), (2, 0, true));
    assert!(
        npm.examples[0].starts_with("bad.json: ") && npm.examples[1].starts_with("huge.json: "),
        "{npm:?}"
    );
    assert_eq!(machine.ids("npm"), "A-1 A-2");
}

#[test]
fn broken_lists_leave_those_from_before() {
    let (machine, mirror) = loaded();
    write(mirror.path(), "known_exploited_vulnerabilities.json", "<html>");
    write(mirror.path(), "epss_scores-current.csv.gz", "not gzip");
    let updated = machine.update(mirror.path().to_str().unwrap());
    assert_eq!((updated.exploited.how, updated.probabilities.how), (How::Kept, How::Kept));
    assert!(!updated.complete());
    let opened = open(&machine.system()).unwrap().unwrap();
    assert!(opened.index().unwrap().exploited("CVE-2024-1").is_some());
    assert!(opened.index().unwrap().probability("CVE-2024-1").is_some());
}

#[test]
fn the_second_of_two_updates_is_told_who_runs() {
    let (machine, mirror) = loaded();
    let held = files::lock(&machine.path("lock"), "process 17, since noon").unwrap();
    let error = machine.try_update(mirror.path().to_str().unwrap(), &[]).unwrap_err();
    assert!(matches!(&error, UpdateError::Running(_)), "{error}");
    assert!(error.to_string().contains("by process 17, since noon"), "{error}");
    assert_eq!(machine.ids("npm"), "A-1", "readers do not wait");
    drop(held);
    assert!(machine.update(mirror.path().to_str().unwrap()).complete());
}

#[test]
fn two_updates_at_once_are_one() {
    let server = Server::start();
    server.put("npm/all.zip", dump("npm", &["A-1"], MAY));
    let machine = Machine::new();
    let results: Vec<_> = std::thread::scope(|scope| {
        let run = || scope.spawn(|| machine.try_update(&server.url(""), &["npm"]));
        let threads: Vec<_> = (0..4).map(|_| run()).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let refused = results.iter().filter(|result| matches!(result, Err(UpdateError::Running(_)))).count();
    let done = results.iter().filter(|result| result.is_ok()).count();
    assert_eq!((refused + done, done >= 1), (4, true));
    assert_eq!(machine.ids("npm"), "A-1");
}

#[test]
fn what_a_killed_update_left_does_no_harm() {
    let (machine, mirror) = loaded();
    let rubbish = |path: &str| write(&machine.path(""), path, "rubbish");
    for path in [
        "index.next",
        "spool",
        "ecosystems/npm/all.zip.next",
        "ecosystems/npm/all.zip.next.part",
        "ecosystems/npm/all.zip.next.part.json",
        "ecosystems/npm/changed/.A-5.json.1-1.tmp",
        "ecosystems/Go/all.zip.next.part",
        "feeds/known_exploited_vulnerabilities.next.part",
        "checked.json",
    ] {
        rubbish(path);
    }
    assert_eq!(machine.ids("npm"), "A-1", "the old index is untouched");
    write(mirror.path(), "npm/all.zip", dump("npm", &["A-1", "A-2"], MAY));
    let updated = machine.update(mirror.path().to_str().unwrap());
    assert!(updated.complete(), "{updated:?}");
    assert_eq!(machine.ids("npm"), "A-1 A-2");

    // Killed after the new dump was in its place, and before the index was built.
    write(&machine.path(""), "ecosystems/npm/all.zip", dump("npm", &["A-3"], MAY));
    rubbish("ecosystems/npm/changed/BAD.json");
    write(mirror.path(), "Go/all.zip", dump("Go", &["G-1"], MAY));
    let updated = machine.update(mirror.path().to_str().unwrap());
    assert_eq!(updated.ecosystems[1].broken, 1);
    assert_eq!(machine.ids("npm"), "A-3");
}

#[test]
fn an_index_that_could_not_be_built_is_built_next_time() {
    let (machine, mirror) = loaded();
    let from = mirror.path().to_str().unwrap();
    write(mirror.path(), "npm/all.zip", dump("npm", &["A-2"], MAY));
    write(&machine.path(""), "index.next/in-the-way", "");
    assert!(matches!(machine.try_update(from, &[]), Err(UpdateError::Write(_))));
    assert_eq!(machine.ids("npm"), "A-1");
    std::fs::remove_dir_all(machine.path("index.next")).unwrap();
    let updated = machine.update(from);
    assert_eq!((updated.ecosystems[0].how, updated.built.is_some()), (How::Unchanged, true));
    assert_eq!(machine.ids("npm"), "A-2");
}

#[test]
fn damage_in_the_store_is_noticed() {
    let (machine, mirror) = loaded();
    write(&machine.path(""), "index", "rubbish");
    assert!(open(&machine.system()).is_err());
    let found = status(&machine.system());
    assert!(found.index.is_none() && found.problem.unwrap().contains("andon db update"));
    assert!(machine.update(mirror.path().to_str().unwrap()).built.is_some(), "it is built again");
    assert_eq!(machine.ids("npm"), "A-1");

    write(&machine.path(""), "ecosystems/npm/all.zip", "rubbish");
    write(mirror.path(), "Go/all.zip", dump("Go", &["G-1"], MAY));
    let updated = machine.try_update(mirror.path().to_str().unwrap(), &["Go"]).unwrap();
    assert!(!updated.complete());
    assert!(updated.problems()[0].starts_with("npm: the dump is broken"), "{:?}", updated.problems());
    assert!(machine.update(mirror.path().to_str().unwrap()).complete());
    assert_eq!(machine.ids("npm"), "A-1");
}
