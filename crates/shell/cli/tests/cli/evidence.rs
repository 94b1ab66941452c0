#![expect(clippy::disallowed_methods, reason = "tests alter files")]

use std::sync::Arc;

use andon_attestation::{KeyKind, SecretKey, Signer};
use andon_ledger::Writer;
use serde_json::Value;

use crate::world::World;

/// Makes a key pair in the project, `NAME.key` and `NAME.pub`.
fn key(world: &World, name: &str) {
    world.andon(&format!("key generate --no-passphrase --output {name}")).is(0, &["public"]);
    world.write(".git/info/exclude", "*.key\n*.json\n*.jsonl\n*.xml\n");
}

const GATE: &str = "
version: 1
project: { id: shop }
gates:
  - name: release
    policies: []
    evidence: { approvals: [{ role: security }] }
trust:
  keys:
    - { name: kim, key: kim.pub, may: [approval], roles: [security], identity: [kim@example.org] }
    - { name: sam, key: sam.pub, may: [approval], roles: [security], identity: [sam@example.org] }
";

/// A base with a gate that asks for an approval, and a change by Sam.
fn world() -> World {
    let world = World::with_commit();
    for name in ["kim", "sam", "eve"] {
        key(&world, name);
    }
    world.write("andon.yaml", GATE).commit().git("tag base").write("a.txt", "x\n").commit();
    world
}

#[test]
fn a_change_waits_for_somebody_else() {
    let world = world();
    world.andon("gate --since base --commit HEAD").is(1, &["needs approval by security"]);
    world.andon("approve HEAD --role security --key sam.key --output own.json").is(0, &["approved"]);
    world.andon("gate --since base --evidence own.json").is(1, &["`sam` made a part of the change"]);
    world.andon("approve HEAD --role security --key eve.key --output eve.json").is(0, &["approved"]);
    world.andon("gate --since base --evidence eve.json").is(1, &["accepted key verifies its signature"]);
    world.andon("approve base --role security --key kim.key --output early.json").is(0, &["approved"]);
    world.andon("gate --since base --evidence early.json").is(1, &["about gitCommit:"]);
    world.andon("approve HEAD --role security --key kim.key --output good.json").is(0, &["approved"]);
    world.andon("gate --since base --evidence good.json").is(0, &["replay"]);
    world.andon("gate --commit HEAD --evidence good.json").is(1, &["not read from a base"]);
    world
        .andon("gate --since base --config andon.yaml --evidence good.json")
        .is(1, &["not read from a base"]);
    world.andon("gate --since HEAD --evidence good.json").is(1, &["the commit under judgement itself"]);
    world.write("a.txt", "y\n").commit();
    world.andon("gate --since base --evidence good.json").is(1, &["about gitCommit:"]);
    world.andon("approve HEAD --role security --key kim.key").is(0, &["entry 0 of the ledger"]);
    world.andon("gate --commit HEAD --since base --key eve.key").is(0, &["in the ledger, entries 1 and 2"]);
    world.write("a.txt", "z\n").commit();
    world.andon("gate --since base --commit HEAD").is(1, &["needs approval by security"]);
}

#[test]
fn a_change_cannot_accept_a_key_of_its_own() {
    let world = world();
    let eve = GATE.to_owned()
        + "    - { name: eve, key: eve.pub, may: [approval], roles: [security], identity: [eve@example.org] }\n";
    world.write("andon.yaml", eve).commit();
    world.andon("approve HEAD --role security --key eve.key --output eve.json").is(0, &["approved"]);
    world.andon("gate --since base --evidence eve.json").is(1, &["accepted key verifies its signature"]);
}

#[test]
fn a_decision_follows_again_and_is_signed() {
    let world = world();
    world.andon("approve HEAD --role security --key kim.key --output good.json").is(0, &["approved"]);
    let answer = world.andon("gate --since base --evidence good.json --attest decision.jsonl --key eve.key");
    answer.is(0, &["replay"]);
    let id = answer
        .err
        .split(|c: char| !c.is_ascii_hexdigit())
        .find(|word| word.len() == 64)
        .expect("the identifier")
        .to_owned();
    world.andon(&format!("gate --replay {id}")).is(0, &["byte for byte", "collected again"]);
    world.andon(&format!("verify --decision {id}")).is(0, &["byte for byte"]);
    let lines = world.read("decision.jsonl");
    assert_eq!(lines.lines().count(), 2);
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    let record = world.data().join("documents").join(&id[..2]).join(&id[2..]);
    let text = std::fs::read_to_string(&record).unwrap().replace("security", "Security");
    std::fs::write(&record, text).unwrap();
    world.andon(&format!("gate --replay {id}")).is(2, &["altered"]);
}

#[test]
fn files_without_a_signature_are_named() {
    let world = world();
    world.andon("approve HEAD --role security --key kim.key --output good.json").is(0, &["approved"]);
    world.andon("scan --no-gate --since base --format json --output scan.json").is(0, &[]);
    let junit = "<testsuite name='a' tests='1'><testcase name='x'/></testsuite>";
    world.write("junit.xml", junit);
    world
        .andon("gate --since base --evidence good.json --report scan.json --junit junit.xml")
        .is(0, &["scan.json is not vouched for", "junit.xml is not vouched for"]);
    world.andon("scan --no-cache").is(0, &["`andon gate` judges"]);
}

#[test]
fn wrong_trust_is_told() {
    let world = world();
    world
        .andon("gate --commit HEAD --since base --gate nosuch")
        .is(2, &["there is no gate `nosuch`", "release"]);
    world.andon("gate --commit HEAD --since base --artifact sha256:12").is(2, &["no SHA-256"]);
    let twice = GATE.replace("key: sam.pub", "key: kim.pub");
    world.write("andon.yaml", twice).commit().git("tag twice").write("b", "x").commit();
    world.andon("gate --since twice --evidence kim.pub").is(2, &["`kim` and `sam`", "the same"]);
    world
        .write("andon.yaml", GATE.replace("sam.pub", "gone.pub"))
        .commit()
        .git("tag gone")
        .write("c", "x")
        .commit();
    world.andon("gate --since gone --evidence kim.pub").is(2, &["gone.pub", "no such file"]);
}

#[test]
fn a_ledger_is_believed_by_its_key_only() {
    let world = world();
    let secret = |seed: u8| Arc::new(SecretKey::generate(KeyKind::Ed25519, &[seed; 32]));
    let log = "    - { name: log, key: log.pub, may: [decision] }\n";
    world.write("log.pub", secret(1).public().to_pem()).write("andon.yaml", GATE.to_owned() + log).commit();
    world.git("tag -f base").write("a.txt", "z\n").commit();
    world.andon("approve HEAD --role security --key kim.key --output good.json").is(0, &["approved"]);
    let approval = world.read("good.json").into_bytes();
    let ledger = |name: &str, seed: u8, first: &[u8]| {
        let folder = world.outside(name);
        std::fs::create_dir_all(&folder).unwrap();
        let writer = Writer::open(&folder, "example.org/log", secret(seed), &[]).unwrap();
        writer.append(&[first, &approval]).unwrap();
        folder.display().to_string()
    };
    let (good, forked, forged) =
        (ledger("good", 1, b"one"), ledger("forked", 1, b"two"), ledger("forged", 2, b"one"));
    world.andon(&format!("gate --since base --evidence {good}")).is(0, &["replay"]);
    world.andon(&format!("gate --since base --evidence {forged}")).is(2, &["is not believed"]);
    world.andon(&format!("verify --ledger {good} --key log.pub")).is(0, &["entries  2, all as signed"]);
    world
        .andon(&format!("verify --ledger {good} --key log.pub --entry 1"))
        .is(0, &["entry    1 of 2, proven", "approval/v1"]);
    world.andon(&format!("verify --ledger {forged} --key log.pub")).is(1, &["does not verify"]);
    let since = |of: &str| format!("verify --ledger {good} --key log.pub --since-checkpoint {of}/checkpoint");
    world.andon(&since(&good)).is(0, &["goes on  from the checkpoint of 2 entries"]);
    world.andon(&since(&forked)).is(1, &["does not verify"]);
}
