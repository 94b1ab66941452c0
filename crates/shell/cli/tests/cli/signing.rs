use andon_attestation::{Envelope, Resource, Statement, predicate};

use crate::world::{Answer, World};

/// A folder with a file and two plain keys, `a` (P-256) and `b` (Ed25519).
fn world() -> World {
    let world = World::plain();
    world.write("app", "content");
    world.andon("key generate --no-passphrase --output a").is(0, &["a.key", "a.pub", "ecdsa-p256"]);
    world.andon("key generate --no-passphrase --kind ed25519 --output b").is(0, &["ed25519"]);
    world
}

fn with_passphrase(world: &World, arguments: &str, passphrase: &str) -> Answer {
    let mut command = world.command(arguments);
    Answer::of(command.env("ANDON_KEY_PASSPHRASE", passphrase).output().unwrap())
}

fn id(world: &World, key: &str) -> String {
    let answer = world.andon(&format!("key show {key}"));
    answer.is(0, &["kind", "id"]);
    answer.out.split_whitespace().last().unwrap().to_owned()
}

#[test]
fn keys_are_made_shown_and_not_replaced() {
    let world = world();
    for key in ["a", "b"] {
        assert_eq!(id(&world, &format!("{key}.key")), id(&world, &format!("{key}.pub")));
        let answer = world.andon(&format!("key public --key {key}.key"));
        assert_eq!(answer.is(0, &[]).out, world.read(&format!("{key}.pub")));
    }
    let before = world.read("a.key");
    world.andon("key generate --no-passphrase --output a").is(2, &["it was not touched", "hint:"]);
    assert_eq!(world.read("a.key"), before);
    world.andon("key generate --output c").is(2, &["no terminal", "--no-passphrase"]);
    assert!(!world.has("c.key") && !world.has("c.pub"));
    world.andon("key generate --kind rsa --output c").is(2, &["ed25519"]);
    world.andon("key show app").is(2, &["no PEM block"]);
    world.andon("key show nowhere").is(2, &["nowhere"]);
    world.andon("key show").is(2, &["andon.pub"]);
    world.andon("key show awskms://x").is(2, &["env://NAME"]);
}

#[test]
fn the_user_s_own_key_is_used_when_none_is_named() {
    let world = World::plain();
    world.write("app", "content");
    world.andon("sign app").is(2, &["no key to sign with", "andon key generate"]);
    world.andon("verify app").is(2, &["no key to verify with", "--key"]);
    with_passphrase(&world, "key generate", "p").is(0, &["andon.key"]);
    with_passphrase(&world, "sign app", "p").is(0, &["wrote app.sig"]);
    world.andon("verify app").is(0, &["app: verified"]);
    world.andon("sign app").is(2, &["needs its passphrase", "ANDON_KEY_PASSPHRASE"]);
    with_passphrase(&world, "sign app", "q").is(2, &["does not fit"]);
    with_passphrase(&world, "key show", "p").is(0, &["ecdsa-p256"]);
}

#[test]
fn a_signed_file_verifies_and_an_altered_one_does_not() {
    let world = world();
    for (key, other) in [("a", "b"), ("b", "a")] {
        let sign = |rest: &str| world.andon(&format!("sign app --key {key}.key {rest}"));
        sign("").is(0, &["wrote app.sig"]);
        sign("--bundle app.bundle --signature x.sig").is(0, &["app.bundle", "x.sig"]);
        for proof in ["", "--signature x.sig", "--bundle app.bundle"] {
            let verify = |key: &str| world.andon(&format!("verify app --key {key}.pub {proof}"));
            verify(key).is(0, &["app: verified", &id(&world, &format!("{key}.pub"))]);
            verify(other).is(1, &["does not verify", "another key"]);
            world
                .andon(&format!("verify app --key {other}.pub --key {key}.pub {proof}"))
                .is(0, &["verified"]);
            world.write("app", "contend");
            verify(key).is(1, &["does not verify"]);
            world.write("app", "content");
        }
        world.write("app.sig", "");
        world.andon(&format!("verify app --key {key}.pub")).is(1, &["app.sig", "empty"]);
        world.write("app.sig", "AAAA");
        world.andon(&format!("verify app --key {key}.pub")).is(1, &["does not verify"]);
    }
    world.andon("verify app --key a.key").is(2, &["a private key", "andon key public"]);
    world.andon("verify app --key a.pub --signature none").is(2, &["none"]);
    world.andon("verify other --key a.pub --signature x.sig").is(2, &["other"]);
    world.andon("verify other --key a.pub").is(2, &["other.sig", "--bundle"]);
    world.andon("verify app --key a.pub --signature x --bundle y").is(2, &["cannot be used with"]);
    world.andon("verify --key a.pub").is(2, &["required"]);
    world.andon("sign").is(2, &["required"]);
    world.andon("sign app a.pub --signature x --key a.key").is(2, &["several files", "hint:"]);
    world.andon("sign app a.pub --key a.key").is(0, &["app.sig", "a.pub.sig"]);
}

#[test]
fn statements_are_signed_and_verified() {
    let world = world();
    let digest = "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73";
    let approval = predicate::Approval { role: "release".to_owned(), ..Default::default() };
    let statement = Statement::of(vec![Resource::sha256("app", digest)], &approval).unwrap();
    world.write("review.json", statement.to_json());
    world.andon("sign --statement review.json --key b.key").is(0, &["wrote review.json.dsse"]);
    world.andon("sign --statement review.json --key b.key --bundle b.bundle").is(0, &["wrote b.bundle"]);
    let kind = "https://andon.dev/attestation/approval/v1";
    world.andon("verify --key b.pub --attestation review.json.dsse").is(0, &["verified", kind, digest]);
    world.andon("verify app --key b.pub --attestation review.json.dsse").is(0, &["app: verified", kind]);
    world.andon("verify app --key b.pub --attestation b.bundle").is(0, &["app: verified"]);
    world.andon(&format!("verify app --key b.pub --bundle b.bundle --type {kind}")).is(0, &["verified"]);
    world.andon("verify app --key b.pub --bundle b.bundle --type other").is(1, &[kind, "not `other`"]);
    world.andon("verify a.pub --key b.pub --bundle b.bundle").is(1, &["not about this file"]);
    world.andon("verify app --key a.pub --attestation review.json.dsse").is(1, &["does not verify"]);
    let mut envelope = Envelope::from_json(world.read("review.json.dsse").as_bytes()).unwrap();
    envelope.payload_type = "application/json".to_owned();
    world.write("other.dsse", envelope.to_json());
    world.andon("verify --key b.pub --attestation other.dsse").is(1, &["does not verify"]);
    world.andon("verify --key b.pub --attestation review.json").is(1, &["cannot read the envelope"]);
    world.andon("sign --statement app --key b.key").is(2, &["app", "cannot read the statement"]);
}

#[test]
fn keys_come_from_the_environment_too() {
    let world = world();
    let (secret, public) = (world.read("a.key"), world.read("a.pub"));
    let with_key = |arguments: &str| {
        let mut command = world.command(arguments);
        command.env("SECRET", &secret).env("PUBLIC", &public).env("ANDON_KEY", "env://SECRET");
        Answer::of(command.output().unwrap())
    };
    with_key("sign app").is(0, &["wrote app.sig"]);
    with_key("sign app --key env://SECRET").is(0, &["wrote app.sig"]);
    with_key("verify app --key env://PUBLIC").is(0, &["verified"]);
    with_key("sign app --key env://NONE").is(2, &["NONE is not set"]);
    with_key("sign app --key env://PUBLIC").is(2, &["a public key"]);
}

#[cfg(unix)]
#[test]
fn a_private_key_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let world = world();
    let path = world.path("a.key");
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    world.andon("sign app --key a.key").is(2, &["mode 0640", "hint: chmod 600 a.key"]);
    assert!(!world.has("app.sig"));
}
