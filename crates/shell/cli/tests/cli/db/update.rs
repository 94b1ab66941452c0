#![expect(clippy::disallowed_methods, reason = "tests make files and open sockets")]

use std::fs;
use std::net::TcpListener;

use serde_json::Value;

use crate::dependencies::{advisory, known};
use crate::world::World;

#[test]
fn before_and_after_the_first_update() {
    let world = World::plain();
    let answer = world.andon("db status");
    answer.is(3, &["there are no advisories", "`andon db update`"]);
    assert_eq!(answer.out, "there are no advisories on this machine\n");
    let nothing: Value = serde_json::from_str(&world.andon("db status --format json").out).unwrap();
    assert_eq!((&nothing["index"], &nothing["schema"]), (&Value::Null, &"andon.db-status/1".into()));
    let folder = world.dump("npm", &known());
    world.dump("PyPI", &[]);
    let answer = world.andon(&format!("db update --from {folder}"));
    answer.is(0, &["npm", "2 advisories", "fetched", "PyPI", "0 advisories", "KEV", "EPSS", "new index"]);
    assert!(answer.err.contains("index") && !answer.out.contains('\u{1b}'), "{answer:?}");
    world.andon(&format!("db update --quiet --from {folder}")).is(0, &["unchanged index"]);
    let status: Value = serde_json::from_str(&world.andon("db status --format json").out).unwrap();
    assert_eq!(
        (&status["index"]["advisories"], &status["index"]["ecosystems"][1]["name"]),
        (&2.into(), &"npm".into())
    );
    assert_eq!(status["index"]["ecosystems"][1]["from"], folder);
    world.andon("db status").is(0, &["npm", "just updated", &folder]);
}

#[test]
fn only_the_ecosystems_that_are_named() {
    let world = World::plain();
    let folder = world.dump("npm", &known());
    world.dump("Rocky Linux", &[]);
    world
        .andon_with(&["db", "update", "--from", &folder, "--ecosystem", "Rocky Linux"])
        .is(0, &["Rocky Linux"]);
    assert!(!world.andon("db status").out.contains("npm"));
    world.andon(&format!("db update --from {folder} --ecosystem npm")).is(0, &["npm"]);
    world.andon("db status").is(0, &["npm", "Rocky Linux"]);
    world
        .andon(&format!("db update --from {folder} --ecosystem Go"))
        .is(3, &["has no dump of it", "still used"]);
}

#[test]
fn a_dump_that_breaks_leaves_what_was_there() {
    let world = World::plain();
    let folder = world.dump("npm", &known());
    world.andon(&format!("db update --from {folder}")).is(0, &[]);
    fs::write(world.outside("osv/npm/all.zip"), "PK\u{3}\u{4} and no more").unwrap();
    let answer = world.andon(&format!("db update --from {folder}"));
    answer.is(3, &["kept from before", "2 advisories", "still used"]);
    world.andon("db status").is(0, &["npm"]);
    let mut odd = advisory("GHSA-odd", &[], "left", "1.2.0");
    odd["affected"][0]["ranges"][0]["events"] = "none".into();
    world.dump("npm", &[odd, known()[0].clone()]);
    world.andon(&format!("db update --from {folder}")).is(0, &["1 record", "GHSA-odd"]);
}

#[test]
fn wrong_usage_says_what_is_right() {
    let world = World::plain();
    fs::create_dir_all(world.outside("empty")).unwrap();
    world.andon("db update --from missing").is(2, &["missing", "all.zip"]);
    world
        .andon(&format!("db update --from {}", world.outside("empty").display()))
        .is(2, &["all.zip", "hint:"]);
    for name in ["../npm", "a/b", ".", "npm:1"] {
        world
            .andon_with(&["db", "update", "--from", "x", "--ecosystem", name])
            .is(2, &["name of an ecosystem"]);
    }
    world.andon("db").is(2, &["update", "status"]);
    world.andon("db status --format yaml").is(2, &["json"]);
    world.andon("db update --from http://127.0.0.1:1/osv --ecosystem npm").is(3, &["127.0.0.1", "none"]);
    world.andon("db status").is(3, &[]);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to() {
    let world = World::plain();
    let folder = world.dump("npm", &known());
    let mut command = world.command(&format!("db update --from {folder}"));
    command.env("ANDON_DATA_DIR", "/dev/null/data");
    crate::world::Answer::of(command.output().unwrap()).is(3, &["cannot write", "ANDON_DATA_DIR"]);
    let mut command = world.command("db update --from x");
    for name in ["ANDON_DATA_DIR", "XDG_DATA_HOME", "HOME"] {
        command.env_remove(name);
    }
    crate::world::Answer::of(command.output().unwrap()).is(2, &["ANDON_DATA_DIR"]);
    let mut command = world.command("db status");
    for name in ["ANDON_DATA_DIR", "XDG_DATA_HOME", "HOME"] {
        command.env_remove(name);
    }
    crate::world::Answer::of(command.output().unwrap()).is(3, &["ANDON_DATA_DIR"]);
}

#[test]
fn two_updates_at_once() {
    let world = World::plain();
    let folder = world.dump("npm", &known());
    // A mirror that takes the connection and never answers.
    let mirror = TcpListener::bind("127.0.0.1:0").unwrap();
    let slow = format!("db update --from http://{} --ecosystem npm", mirror.local_addr().unwrap());
    let mut first = world.start(&slow);
    let connection = mirror.accept().unwrap();
    world.andon(&format!("db update --from {folder}")).is(3, &["another update is running", "wait"]);
    first.kill().unwrap();
    first.wait().unwrap();
    drop(connection);
    world.andon(&format!("db update --from {folder}")).is(0, &["npm"]);
}
