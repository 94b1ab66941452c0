use andon_containers::{Budget, Choice, Image, ImageError, Limits};
use serde_json::{Value, json};

use crate::images::{Memory, TAR_GZIP, digest, layers, three_layers, walked};
use crate::support::*;

fn stored() -> Memory {
    let mut memory = Memory::default();
    let manifest = three_layers(&mut memory, "amd64");
    memory.index(&[manifest]);
    memory
}

/// The error of an image, from opening or walking it.
fn refused(memory: &Memory) -> ImageError {
    match walked(memory, &Choice::default()) {
        Err(error) => error,
        Ok((image, _, _)) => panic!("taken: {image:?}"),
    }
}

fn blob_path(bytes: &[u8]) -> String {
    format!("blobs/{}", digest(bytes).replace(':', "/"))
}

#[test]
fn a_missing_layer_refuses_the_image() {
    for layer in [gzip(&layers()[0]), layers()[2].clone()] {
        let mut memory = stored();
        assert!(memory.0.remove(&blob_path(&layer)).is_some());
        assert!(matches!(refused(&memory), ImageError::Unreadable { .. }));
    }
}

#[test]
fn a_changed_layer_refuses_the_image() {
    let layer = gzip(&layers()[0]);
    let path = blob_path(&layer);
    let other = gzip(&tar_of(&[("etc/other", b"x")]));
    let longer = [layer.as_slice(), b"more"].concat();
    let mut damaged = layer.clone();
    damaged[layer.len() / 2] ^= 0x10;
    for bytes in [&other, &longer, &damaged, &layer[..layer.len() - 1].to_vec(), &Vec::new()] {
        let mut memory = stored();
        memory.0.insert(path.clone(), bytes.clone());
        let error = refused(&memory);
        assert!(matches!(error, ImageError::Digest { .. }), "{error}");
        assert!(error.to_string().contains("layer 1"), "{error}");
    }
}

#[test]
fn a_changed_document_refuses_the_image() {
    let memory = stored();
    for (path, bytes) in
        memory.0.iter().filter(|(path, bytes)| path.starts_with("blobs") && bytes.starts_with(b"{"))
    {
        let mut memory = memory.clone();
        let mut changed = bytes.clone();
        changed.pop();
        changed.push(b' ');
        memory.0.insert(path.clone(), changed);
        assert!(matches!(refused(&memory), ImageError::Digest { .. }));
        memory.0.remove(path);
        assert!(matches!(refused(&memory), ImageError::Unreadable { .. }));
    }
}

fn with_layer(blob: &[u8], diff_id: &str) -> Memory {
    let mut memory = Memory::default();
    let config = json!({ "rootfs": { "diff_ids": [diff_id] } });
    let config = memory.document("application/vnd.oci.image.config.v1+json", &config);
    let layer = memory.blob(TAR_GZIP, blob);
    let manifest = json!({ "schemaVersion": 2, "config": config, "layers": [layer] });
    let manifest = memory.document("application/vnd.oci.image.manifest.v1+json", &manifest);
    memory.index(&[manifest]);
    memory
}

#[test]
fn a_wrong_diff_id_refuses_the_image() {
    let tar = &layers()[0];
    assert!(walked(&with_layer(&gzip(tar), &digest(tar)), &Choice::default()).is_ok());
    assert!(matches!(refused(&with_layer(&gzip(tar), &digest(b"x"))), ImageError::Digest { .. }));
    let cut = &gzip(tar)[..100];
    assert!(matches!(refused(&with_layer(cut, &digest(tar))), ImageError::Malformed { .. }));
    assert!(matches!(refused(&with_layer(&gzip(tar), "sha256:../../x")), ImageError::Malformed { .. }));
}

#[test]
fn what_follows_the_end_of_a_tar_is_verified_too() {
    let tar = [layers()[0].as_slice(), &[7; 5000]].concat();
    let (_, seen, _) = walked(&with_layer(&gzip(&tar), &digest(&tar)), &Choice::default()).unwrap();
    assert_eq!(seen.files.len(), 4);
    assert!(matches!(refused(&with_layer(&gzip(&tar), &digest(&layers()[0]))), ImageError::Digest { .. }));
}

#[test]
fn limits_leave_something_out_and_verify_all_the_same() {
    let files: Vec<(String, Vec<u8>)> =
        (0..50).map(|index| (format!("f{index}"), vec![0; 100_000])).collect();
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let tar = tar_of(&files);
    let walk = |memory: &Memory, limits: Limits| {
        let image = Image::open(memory, &Choice::default()).unwrap();
        let mut seen = Seen::default();
        let walked = image.walk(memory, &Budget::new(limits), &mut seen);
        (walked, seen)
    };
    for limits in [
        limits(|limits| limits.entries = 10),
        limits(|limits| limits.total_bytes = 1 << 20),
        limits(|limits| (limits.ratio, limits.ratio_from) = (10, 1 << 20)),
    ] {
        let (walked, seen) = walk(&with_layer(&gzip(&tar), &digest(&tar)), limits.clone());
        assert!(walked.is_ok(), "{walked:?}");
        assert!(seen.kinds().iter().any(|kind| kind.starts_with("Limit")) && seen.files.len() < 50);
        let mut memory = with_layer(&gzip(&tar), &digest(&tar));
        let path = blob_path(&gzip(&tar));
        memory.0.get_mut(&path).unwrap().push(0);
        assert!(matches!(walk(&memory, limits).0, Err(ImageError::Digest { .. })));
    }
    let folders: Vec<(String, Vec<u8>)> =
        (0..50).map(|index| (format!("{index}/a/b/c/d/e/f"), Vec::new())).collect();
    let folders: Vec<(&str, &[u8])> =
        folders.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let tar = tar_of(&folders);
    let (walked, _) = walk(&with_layer(&tar, &digest(&tar)), limits(|limits| limits.entries = 60));
    assert!(matches!(walked, Err(ImageError::Names(240))), "{walked:?}");
}

#[test]
fn a_cancelled_walk_ends_soon() {
    let memory = stored();
    let image = Image::open(&memory, &Choice::default()).unwrap();
    let mut seen = Seen { patience: Some(2), ..Seen::default() };
    let outcome = image.walk(&memory, &Budget::default(), &mut seen).unwrap();
    assert!(outcome.cancelled);
    assert_eq!(seen.files.len(), 2);
}

fn index_with(index: &Value) -> Memory {
    let mut memory = Memory::default();
    memory.0.insert("index.json".to_owned(), index.to_string().into_bytes());
    memory
}

#[test]
fn documents_are_bounded() {
    let long = index_with(&json!({ "manifests": [], "x": "x".repeat(5 << 20) }));
    assert!(matches!(refused(&long), ImageError::Malformed { .. }));
    let stated = json!({ "manifests": [{ "digest": digest(b""), "size": 100_000_000 }] });
    assert!(matches!(refused(&index_with(&stated)), ImageError::Malformed { .. }));
    let mut deep = Memory::default();
    deep.0.insert("index.json".to_owned(), "[".repeat(100_000).into_bytes());
    assert!(matches!(refused(&deep), ImageError::Malformed { .. }));
    assert!(matches!(refused(&Memory::default()), ImageError::NotAnImage));
    assert!(matches!(refused(&index_with(&json!({}))), ImageError::Choice { .. }));
}

#[test]
fn indexes_in_indexes_are_bounded() {
    let mut memory = Memory::default();
    let mut inner = three_layers(&mut memory, "amd64");
    for level in 0..8 {
        memory.index(std::slice::from_ref(&inner));
        let taken = Image::open(&memory, &Choice::default());
        assert_eq!(taken.is_ok(), level < 4, "{level}: {taken:?}");
        let index = json!({ "schemaVersion": 2, "manifests": [inner] });
        inner = memory.document("application/vnd.oci.image.index.v1+json", &index);
    }
}

#[test]
fn what_is_no_image_is_refused_with_words() {
    let mut memory = Memory::default();
    let old = memory.document("application/vnd.docker.distribution.manifest.v1+prettyjws", &json!({}));
    memory.index(&[old]);
    assert!(refused(&memory).to_string().contains("schema 1"));
    let old = memory.document("", &json!({ "schemaVersion": 1, "fsLayers": [] }));
    memory.index(&[old]);
    assert!(refused(&memory).to_string().contains("schema 1"));
    let config = memory.document("application/vnd.cncf.helm.config.v1+json", &json!({}));
    let chart = json!({ "schemaVersion": 2, "config": config, "layers": [] });
    let chart = memory.document("application/vnd.oci.image.manifest.v1+json", &chart);
    memory.index(&[chart]);
    assert!(refused(&memory).to_string().contains("helm"));
    let mut archive = Memory::default();
    archive.0.insert("manifest.json".to_owned(), b"[]".to_vec());
    assert!(matches!(refused(&archive), ImageError::Choice { .. }));
    archive.0.insert("manifest.json".to_owned(), b"[{\"Config\":\"../../etc/passwd\"}]".to_vec());
    assert!(matches!(refused(&archive), ImageError::Unreadable { .. }));
}

#[test]
fn links_in_a_docker_archive_that_go_in_circles() {
    let mut link = header(0);
    link.set_entry_type(tar::EntryType::Symlink);
    let mut builder = tar::Builder::new(Vec::new());
    builder.append_link(&mut link.clone(), "manifest.json", "index.json").unwrap();
    builder.append_link(&mut link.clone(), "index.json", "manifest.json").unwrap();
    builder.append_link(&mut link, "out", "../../etc/passwd").unwrap();
    let store = crate::images::tar_store(builder.into_inner().unwrap()).unwrap();
    assert!(matches!(Image::open(&store, &Choice::default()), Err(ImageError::Unreadable { .. })));
    assert!(matches!(
        andon_containers::Store::open(&store, "out"),
        Err(andon_containers::StoreError::NotFound)
    ));
}
