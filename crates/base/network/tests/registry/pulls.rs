use std::path::Path;

use andon_network::registry::{Platform, PullOptions, Pulled, Reference, RegistryError, pull};

use crate::client;
use crate::support::images::{digest, push, push_index};
use crate::support::server::{Fault, Server};

fn fetch(server: &Server, name: &str, platform: Option<&str>, into: &Path) -> Result<Pulled, RegistryError> {
    let reference = Reference::parse(&format!("{}/app{name}", server.host())).unwrap();
    let platform = platform.map(|platform| Platform::parse(platform).unwrap());
    let options = PullOptions { platform: platform.as_ref(), ..PullOptions::default() };
    pull(&client(&[]), &reference, &options, into)
}

fn layer(seed: u8) -> Vec<u8> {
    (0..300_000_u32).map(|index| (index / 5) as u8 ^ (index % 241) as u8 ^ seed).collect()
}

fn blob(into: &Path, digest: &str) -> Vec<u8> {
    std::fs::read(into.join("blobs").join(digest.replace(':', "/"))).unwrap()
}

#[test]
fn an_image_becomes_a_layout() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let (one, two) = (layer(1), layer(2));
    let manifest = push(&server, "1", "linux/amd64", &[&one, &two, &one]);
    let pulled = fetch(&server, ":1", None, folder.path()).unwrap();
    assert_eq!((pulled.digest.as_str(), pulled.layers), (manifest.as_str(), 3));
    assert_eq!(pulled.platform.to_string(), "linux/amd64");
    assert!(pulled.bytes > 600_000 && pulled.bytes < 601_000, "the same layer counts once: {}", pulled.bytes);
    assert_eq!(pulled.fetched, pulled.bytes);
    assert_eq!(blob(folder.path(), &digest(&one)), one);
    let index = std::fs::read(folder.path().join("index.json")).unwrap();
    let index: serde_json::Value = serde_json::from_slice(&index).unwrap();
    assert_eq!(index["manifests"][0]["digest"], manifest.as_str());
    assert_eq!(digest(&blob(folder.path(), &manifest)), manifest);
    assert!(folder.path().join("oci-layout").exists());

    // What is there is not fetched again.
    server.seen();
    assert_eq!(fetch(&server, ":1", None, folder.path()).unwrap().fetched, 0);
    assert_eq!(server.paths(), ["/v2/app/manifests/1"]);
}

#[test]
fn the_platform_is_chosen() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let amd = push(&server, "a", "linux/amd64", &[&layer(1)]);
    let arm = push(&server, "b", "linux/arm64", &[&layer(2)]);
    let images =
        [("sha256:0", "unknown/unknown"), (amd.as_str(), "linux/amd64"), (arm.as_str(), "linux/arm64")];
    let index = push_index(&server, "many", &images[1..]);
    let pulled = fetch(&server, ":many", Some("linux/arm64/v8"), folder.path()).unwrap();
    assert_eq!((&pulled.digest, pulled.index_digest.as_ref()), (&arm, Some(&index)));
    let pinned = fetch(&server, &format!("@{index}"), Some("linux/amd64"), folder.path()).unwrap();
    assert_eq!(pinned.digest, amd);
    assert_eq!(fetch(&server, &format!("@{arm}"), None, folder.path()).unwrap().digest, arm);

    let check = |name: &str, wanted: &str, offered: &str| {
        let error = fetch(&server, name, Some(wanted), folder.path()).unwrap_err().to_string();
        let expected = format!("is not made for {wanted}; it is made for {offered}");
        assert!(error.contains(&expected), "{error}");
    };
    check(":many", "windows/amd64", "linux/amd64, linux/arm64");
    check(":a", "linux/s390x", "linux/amd64");
    push_index(&server, "none", &[]);
    check(":none", "linux/amd64", "no platform that it names");
}

#[test]
fn an_interrupted_pull_goes_on() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let one = layer(1);
    push(&server, "1", "linux/amd64", &[&one]);
    let path = format!("v2/app/blobs/{}", digest(&one));
    server.fail(&path, &[Fault::Cut(1000), Fault::Stall(1000), Fault::Cut(1000)]);
    let error = fetch(&server, ":1", None, folder.path()).unwrap_err().to_string();
    assert!(error.contains("broke after"), "{error}");
    assert!(!folder.path().join("index.json").exists());
    let pulled = fetch(&server, ":1", None, folder.path()).unwrap();
    assert_eq!(pulled.fetched, 300_000 - 3000);
    assert_eq!(blob(folder.path(), &digest(&one)), one);
}
