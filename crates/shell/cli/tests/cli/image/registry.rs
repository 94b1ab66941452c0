#![expect(clippy::disallowed_methods, reason = "tests look at folders")]

use std::fs;

use super::server::{Fault, Seen, Server};
use super::{Layout, digest};
use crate::world::{Answer, World, each, line};

/// Puts an image under the tag `1`; the digest of its manifest.
fn push(server: &Server, layout: &Layout) -> String {
    let manifest = layout.manifest.to_string();
    let name = digest(manifest.as_bytes());
    for (digest, bytes) in &layout.blobs {
        server.put(&format!("v2/app/blobs/{digest}"), bytes.clone());
    }
    server.put("v2/app/manifests/1", manifest.clone());
    server.put(&format!("v2/app/manifests/{name}"), manifest);
    name
}

fn secrets() -> Layout {
    Layout::new(&[&[("app/.env", &line(1))], &[("app/b.env", &line(2))]])
}

/// What is left of images that were fetched.
fn left(world: &World) -> usize {
    fs::read_dir(world.cache().join("images")).map(Iterator::count).unwrap_or_default()
}

#[test]
fn an_image_of_a_registry() {
    let (world, server) = (World::with_commit(), Server::start());
    let manifest = push(&server, &secrets());
    let host = server.host();
    for name in [format!("{host}/app:1"), format!("{host}/app@{manifest}")] {
        for how in ["", "--no-cache", "--no-sandbox", "--platform linux/amd64"] {
            let (report, code) = world.report(&format!("--image {name} {how}"));
            assert_eq!((code, report["findings"].as_array().map(Vec::len)), (1, Some(2)), "{report:#}");
            assert_eq!(
                (&report["target"]["name"], &report["target"]["image"]),
                (&name.clone().into(), &manifest.clone().into())
            );
            assert_eq!(report["target"]["head"], serde_json::Value::Null);
            assert_eq!(each(&report, "/locations/0/layer/instruction"), ["RUN step 0", "RUN step 1"]);
            assert_eq!(left(&world), 0);
        }
    }
    let answer = world.andon(&format!("scan --image {host}/app:1"));
    answer.is(1, &["fetching", &manifest, "linux/amd64"]);
    assert!(!answer.out.contains("fetching"), "{answer:?}");
    let exceptions = "version: 1\nscan: {exclude: [app/b.env]}\n";
    world.write("andon.yaml", exceptions);
    assert_eq!(each(&world.report(&format!("--image {host}/app:1")).0, "/locations/0/path"), ["app/.env"]);
}

#[test]
fn an_image_that_is_not_to_be_had() {
    let (world, server) = (World::plain(), Server::start());
    let manifest = push(&server, &secrets());
    let host = server.host();
    let refused = |arguments: &str, texts: &[&str]| {
        let answer = world.andon(&format!("scan --format json --image {host}/{arguments}"));
        answer.is(2, texts);
        assert_eq!((answer.out.as_str(), left(&world)), ("", 0), "{arguments}");
    };
    refused("app:2", &["app:2", "check the name and the tag"]);
    refused("app:1 --platform linux/arm64", &["not made for linux/arm64"]);
    refused("app:1 --platform arm64", &["no platform"]);
    refused("APP:1", &["names no image"]);
    refused("app:1 --baseline main", &["hint:"]);
    refused("app:1 --since main", &["cannot be used with"]);
    refused("app:1 --reference x", &["cannot be used with"]);
    refused("app:1 --config missing.yaml", &["missing.yaml"]);
    server.put(&format!("v2/app/manifests/{manifest}"), "{}");
    refused(&format!("app@{manifest}"), &["instead of", &manifest]);
    server.put(&format!("v2/app/blobs/{}", secrets().blobs[0].0), "x");
    refused("app:1", &[]);
    server.remove(&format!("v2/app/blobs/{}", secrets().blobs[0].0));
    refused("app:1", &["does not have", &secrets().blobs[0].0]);
    server.handle(|_: &Seen| Some((401, vec!["WWW-Authenticate: Basic realm=\"x\"".to_owned()], Vec::new())));
    refused("app:1", &["401", "docker login"]);
    world.write("app:1", "");
    world.andon("scan --image 127.0.0.1:1/none:1").is(2, &["no connection"]);
    world.andon("scan --image app:1/").is(2, &["names no image"]);
    let mut command = world.command(&format!("scan --image {host}/app:1"));
    command.env("ANDON_CACHE_DIR", "/dev/null/x");
    Answer::of(command.output().unwrap()).is(2, &["no place for the image"]);
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_left_of_an_image_that_was_interrupted() {
    let (world, server) = (World::plain(), Server::start());
    push(&server, &secrets());
    let blob = format!("v2/app/blobs/{}", secrets().blobs[0].0);
    server.fail(&blob, &[Fault::Stall(10)]);
    let mut child = world.start(&format!("scan --image {}/app:1", server.host()));
    while !server.paths().iter().any(|path| path.contains(&blob)) {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it asked for the layer");
        std::thread::yield_now();
    }
    assert_eq!(left(&world), 1);
    world.interrupt(child.id());
    let answer = Answer::of(child.wait_with_output().unwrap());
    answer.is(3, &["stopped before", "nothing was scanned"]);
    assert_eq!((answer.out.as_str(), left(&world)), ("", 0));
}

#[test]
fn what_killed_scans_left_goes_after_a_day() {
    let (world, server) = (World::plain(), Server::start());
    push(&server, &secrets());
    let images = world.cache().join("images");
    for name in ["old", "young"] {
        fs::create_dir_all(images.join(name).join("blobs")).unwrap();
    }
    let long_ago = std::time::SystemTime::UNIX_EPOCH;
    fs::File::open(images.join("old")).unwrap().set_modified(long_ago).unwrap();
    world.andon(&format!("scan --quiet --image {}/app:1", server.host())).is(1, &[]);
    assert!(!images.join("old").exists() && images.join("young").exists());
}
