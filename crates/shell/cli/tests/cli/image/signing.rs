use super::oci::{Kind, MODERN, OLD, Registry};
use crate::world::World;

/// A folder with two keys, and a registry with an image.
fn world(kind: Kind) -> (World, Registry, String) {
    let (world, registry) = (World::plain(), Registry::start(kind));
    world.andon("key generate --no-passphrase --output a").is(0, &[]);
    world.andon("key generate --no-passphrase --kind ed25519 --output b").is(0, &[]);
    world.write("sbom.json", r#"{"spdxVersion": "SPDX-2.3"}"#).write("list.json", "[]");
    let digest = registry.put_image("1");
    (world, registry, digest)
}

#[test]
fn an_image_is_signed_and_verified() {
    for kind in [MODERN, OLD] {
        for format in ["", "--format tag"] {
            let (world, registry, digest) = world(kind);
            let name = registry.name("app:1");
            let verify = |rest: &str| world.andon(&format!("verify --image {name} {rest}"));
            verify("--key a.pub").is(1, &["does not verify", "has no signature"]);
            let sign = |rest: &str| world.andon(&format!("sign --image {name} {format} {rest}"));
            sign("--key a.key").is(0, &["signed", &digest, "may mean another image later"]);
            verify("--key a.pub").is(0, &["verified", &digest, "key"]);
            world
                .andon(&format!("verify --image {}@{digest} --key a.pub", registry.name("app")))
                .is(0, &["verified"]);
            verify("--key b.pub").is(1, &["that verifies", "not signed by an accepted key"]);
            verify("--key b.pub --key a.pub").is(0, &["verified"]);
            verify("--key a.pub --type spdxjson").is(1, &["has no attestation", "it has a signature"]);
            sign("--key b.key --predicate sbom.json --type spdxjson")
                .is(0, &["attested https://spdx.dev/Document"]);
            verify("--key b.pub --type spdxjson").is(0, &["verified", "https://spdx.dev/Document"]);
            verify("--key a.pub --type https://spdx.dev/Document").is(1, &["not signed by an accepted key"]);
            sign("--key b.key").is(0, &["signed"]);
            verify("--key b.pub").is(0, &["verified", "does not count: it is not signed by an accepted key"]);
        }
    }
}

#[test]
fn wrong_usage_and_what_the_registry_does_not_have() {
    let (world, registry, _) = world(MODERN);
    let (there, none) = (registry.name("app:1"), registry.name("app:2"));
    let check = |arguments: &str, expected: &[&str]| {
        world.andon(arguments).is(2, expected);
    };
    check(&format!("verify --image {none} --key a.pub"), &["does not have"]);
    check(&format!("sign --image {none} --key a.key"), &["cannot sign", "does not have"]);
    check("verify --image UPPER/case:1 --key a.pub", &["names no image"]);
    check(&format!("sign --image {there} sbom.json --key a.key"), &["cannot be used with"]);
    check(&format!("verify --image {there} sbom.json --key a.pub"), &["cannot be used with"]);
    check(&format!("sign --image {there} --predicate sbom.json --key a.key"), &["--type"]);
    check(
        &format!("sign --image {there} --predicate list.json --type openvex --key a.key"),
        &["no JSON object"],
    );
    check(&format!("sign --image {there} --predicate sbom.json --type sbom --key a.key"), &["spdxjson"]);
    check(&format!("verify --image {there} --type sbom --key a.pub"), &["no type of attestation", "openvex"]);
    check("sign sbom.json --format tag --key a.key", &["cannot be used with"]);
}
