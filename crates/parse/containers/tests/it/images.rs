use std::collections::BTreeMap;
use std::io::Cursor;

use andon_containers::{
    Blob, Budget, Choice, Image, ImageError, Outcome, Platform, Store, StoreError, TarStore,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::*;

/// An image layout or docker-archive in memory.
#[derive(Clone, Default)]
pub(crate) struct Memory(pub(crate) BTreeMap<String, Vec<u8>>);

impl Store for Memory {
    fn open(&self, path: &str) -> Result<Blob, StoreError> {
        let bytes = self.0.get(path).ok_or(StoreError::NotFound)?;
        Ok(Box::new(Cursor::new(bytes.clone())))
    }
}

pub(crate) fn digest(bytes: &[u8]) -> String {
    let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// A layer: its tar, and what makes a blob of it.
pub(crate) type Made<'a> = (&'a [u8], fn(&[u8]) -> Vec<u8>);

pub(crate) const TAR_GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

impl Memory {
    /// Stores a blob and describes it.
    pub(crate) fn blob(&mut self, media_type: &str, bytes: &[u8]) -> Value {
        let digest = digest(bytes);
        self.0.insert(format!("blobs/{}", digest.replace(':', "/")), bytes.to_vec());
        json!({ "mediaType": media_type, "digest": digest, "size": bytes.len() })
    }

    pub(crate) fn document(&mut self, media_type: &str, document: &Value) -> Value {
        self.blob(media_type, document.to_string().as_bytes())
    }

    /// Stores an image of these layers.
    pub(crate) fn image(&mut self, layers: &[Made<'_>], architecture: &str) -> Value {
        let config = config(layers, architecture);
        let config = self.document("application/vnd.oci.image.config.v1+json", &config);
        let layers: Vec<Value> = layers.iter().map(|(tar, pack)| self.blob(TAR_GZIP, &pack(tar))).collect();
        let manifest = json!({ "schemaVersion": 2, "config": config, "layers": layers });
        self.document("application/vnd.oci.image.manifest.v1+json", &manifest)
    }

    pub(crate) fn index(&mut self, manifests: &[Value]) {
        let index = json!({ "schemaVersion": 2, "manifests": manifests });
        self.0.insert("index.json".to_owned(), index.to_string().into_bytes());
        self.0.insert("oci-layout".to_owned(), b"{\"imageLayoutVersion\":\"1.0.0\"}".to_vec());
    }
}

fn config(layers: &[Made<'_>], architecture: &str) -> Value {
    let diff_ids: Vec<String> = layers.iter().map(|(tar, _)| digest(tar)).collect();
    let mut history: Vec<Value> =
        (0..layers.len()).map(|index| json!({ "created_by": format!("/bin/sh -c step {index}") })).collect();
    history.insert(1, json!({ "created_by": "/bin/sh -c #(nop)  ENV A=1", "empty_layer": true }));
    json!({
        "architecture": architecture, "os": "linux", "created": "2026-01-02T03:04:05Z",
        "config": { "User": "app", "Env": ["A=1"], "Entrypoint": ["/run"], "Cmd": null, "Labels": { "k": "v" } },
        "rootfs": { "type": "layers", "diff_ids": diff_ids },
        "history": history,
    })
}

fn plain(bytes: &[u8]) -> Vec<u8> {
    bytes.to_vec()
}

/// Three layers: the second deletes and replaces, the third empties a folder.
pub(crate) fn layers() -> Vec<Vec<u8>> {
    vec![
        tar_of(&[("etc/key", b"secret"), ("etc/conf", b"old"), ("srv/a", b"a"), ("keep", b"k")]),
        tar_of(&[("etc/.wh.key", b""), ("etc/conf", b"new")]),
        tar_of(&[("srv/.wh..wh..opq", b""), ("srv/b", b"b")]),
    ]
}

pub(crate) const SEEN: [&str; 6] =
    ["srv/b=b 2+", "etc/conf=new 1+", "etc/key=secret 0-", "etc/conf=old 0-", "srv/a=a 0-", "keep=k 0+"];

pub(crate) fn three_layers(memory: &mut Memory, architecture: &str) -> Value {
    let tars = layers();
    memory.image(&[(&tars[0], gzip), (&tars[1], zstd_of), (&tars[2], plain)], architecture)
}

pub(crate) fn walked(store: &dyn Store, choice: &Choice) -> Result<(Image, Seen, Outcome), ImageError> {
    let image = Image::open(store, choice)?;
    let mut seen = Seen::default();
    let outcome = image.walk(store, &Budget::default(), &mut seen)?;
    Ok((image, seen, outcome))
}

pub(crate) fn seen(store: &dyn Store) -> (Image, Vec<String>) {
    let (image, seen, _) = walked(store, &Choice::default()).unwrap();
    assert_eq!(seen.problems, []);
    (image, seen.files)
}

fn reference(name: &str) -> Choice {
    Choice { reference: Some(name.to_owned()), platform: None }
}

fn platform(text: &str) -> Choice {
    Choice { reference: None, platform: Platform::parse(text) }
}

#[test]
fn a_layout_is_walked_from_the_top_down() {
    let mut memory = Memory::default();
    let manifest = three_layers(&mut memory, "amd64");
    memory.index(std::slice::from_ref(&manifest));
    let (image, files) = seen(&memory);
    assert_eq!(files, SEEN);
    assert_eq!(image.digest.as_deref(), manifest["digest"].as_str());
    assert_eq!((image.run.user.as_str(), image.run.labels.get("k").map(String::as_str)), ("app", Some("v")));
    let steps: Vec<&str> = image.layers.iter().map(|layer| layer.instruction.as_str()).collect();
    assert_eq!(steps, ["RUN step 0", "RUN step 1", "RUN step 2"]);
    assert_eq!(image.history[1].instruction, "ENV A=1");
    assert_eq!(image.layers[0].diff_id, digest(&layers()[0]));
}

#[test]
fn archives_in_layers_know_their_layer() {
    let mut memory = Memory::default();
    let jar = zip_of(&[("M", b"1")]);
    let tars = [tar_of(&[("app.jar", &jar), ("b.jar", &jar)]), tar_of(&[(".wh.app.jar", b"")])];
    let manifest = memory.image(&[(&tars[0], gzip), (&tars[1], gzip)], "amd64");
    memory.index(&[manifest]);
    assert_eq!(seen(&memory).1, ["app.jar!M=1 0-", "b.jar!M=1 0+"]);
}

#[test]
fn a_docker_archive_of_the_old_form() {
    let tars = layers();
    let all: Vec<Made<'_>> = tars.iter().map(|tar| (tar.as_slice(), plain as _)).collect();
    let config = config(&all, "amd64").to_string();
    let name = format!("{}.json", digest(config.as_bytes()).trim_start_matches("sha256:"));
    let manifest = json!([{
        "Config": name, "RepoTags": ["example/app:1"], "Layers": ["a/layer.tar", "b/layer.tar", "c/layer.tar"],
    }]);
    let mut builder = tar::Builder::new(Vec::new());
    builder.append_data(&mut header(tars[0].len() as u64), "shared.tar", tars[0].as_slice()).unwrap();
    let mut link = header(0);
    link.set_entry_type(tar::EntryType::Symlink);
    builder.append_link(&mut link, "a/layer.tar", "../shared.tar").unwrap();
    for (path, bytes) in [
        ("b/layer.tar", tars[1].as_slice()),
        ("c/layer.tar", tars[2].as_slice()),
        (name.as_str(), config.as_bytes()),
        ("manifest.json", manifest.to_string().as_bytes()),
    ] {
        builder.append_data(&mut header(bytes.len() as u64), path, bytes).unwrap();
    }
    let bytes = builder.into_inner().unwrap();
    let store = tar_store(bytes).unwrap();
    let (image, files) = seen(&store);
    assert_eq!(
        (files.as_slice(), image.names),
        (SEEN.map(str::to_owned).as_slice(), vec!["example/app:1".to_owned()])
    );
    assert!(walked(&store, &reference("app:1")).is_ok());
    assert!(matches!(walked(&store, &reference("app:2")), Err(ImageError::Choice { .. })));
}

pub(crate) fn tar_store(bytes: Vec<u8>) -> Result<TarStore, StoreError> {
    TarStore::new(move || Ok(Box::new(Cursor::new(bytes.clone()))))
}

#[test]
fn a_layout_in_a_tar() {
    let mut memory = Memory::default();
    let manifest = three_layers(&mut memory, "amd64");
    memory.index(&[manifest]);
    let files: Vec<(&str, &[u8])> =
        memory.0.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    let bytes = tar_of(&files);
    assert_eq!(seen(&tar_store(bytes.clone()).unwrap()).1, SEEN);
    let error = tar_store(gzip(&bytes)).err().unwrap().to_string();
    assert!(error.contains("decompress it"), "{error}");
    assert!(tar_store(b"no tar".to_vec()).is_err());
}

#[test]
fn platforms_are_chosen() {
    let mut memory = Memory::default();
    let mut both: Vec<Value> = ["amd64", "arm64"]
        .map(|architecture| {
            let mut manifest = three_layers(&mut memory, architecture);
            manifest["platform"] = json!({ "os": "linux", "architecture": architecture });
            manifest
        })
        .into();
    let mut attestation = both[0].clone();
    attestation["platform"] = json!({ "os": "unknown", "architecture": "unknown" });
    both.push(attestation.clone());
    let index = json!({ "schemaVersion": 2, "manifests": both });
    let mut nested = memory.document("application/vnd.oci.image.index.v1+json", &index);
    nested["annotations"] = json!({ "org.opencontainers.image.ref.name": "1.0" });
    memory.index(&[nested]);
    for (choice, architecture) in [
        (platform("linux/arm64"), "arm64"),
        (platform("linux/amd64"), "amd64"),
        (reference("1.0"), std::env::consts::ARCH),
    ] {
        let image = Image::open(&memory, &choice).unwrap();
        let architecture = Platform::parse(architecture).unwrap().architecture;
        assert_eq!(image.platform.architecture, architecture);
    }
    let missing = Image::open(&memory, &platform("linux/s390x")).unwrap_err().to_string();
    assert!(missing.contains("linux/arm64") && !missing.contains("unknown"), "{missing}");
    let only = [both[1].clone(), attestation];
    memory.index(&only);
    assert_eq!(Image::open(&memory, &Choice::default()).unwrap().platform.architecture, "arm64");
}

#[test]
fn names_tell_several_images_apart() {
    let mut memory = Memory::default();
    let mut one = three_layers(&mut memory, "amd64");
    let mut other = three_layers(&mut memory, "riscv64");
    one["annotations"] = json!({ "org.opencontainers.image.ref.name": "one" });
    other["annotations"] = json!({
        "org.opencontainers.image.ref.name": "other", "io.containerd.image.name": "registry.example/app:other"
    });
    memory.index(&[one.clone(), other]);
    let error = Image::open(&memory, &Choice::default()).unwrap_err().to_string();
    assert!(error.contains("one") && error.contains("registry.example/app:other"), "{error}");
    for (name, architecture) in [
        ("one", "amd64"),
        ("other", "riscv64"),
        ("app:other", "riscv64"),
        (one["digest"].as_str().unwrap(), "amd64"),
    ] {
        assert_eq!(Image::open(&memory, &reference(name)).unwrap().platform.architecture, architecture);
    }
    assert!(matches!(Image::open(&memory, &reference("none")), Err(ImageError::Choice { .. })));
}

#[test]
fn foreign_layers_may_be_missing() {
    let mut memory = Memory::default();
    let tars = layers();
    let foreign = digest(b"elsewhere");
    let config = json!({ "rootfs": { "diff_ids": [foreign, digest(&tars[0])] } });
    let config = memory.document("application/vnd.docker.container.image.v1+json", &config);
    let layers = json!([
        { "mediaType": "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "digest": foreign, "size": 9 },
        memory.blob("application/vnd.docker.image.rootfs.diff.tar.gzip", &gzip(&tars[0])),
    ]);
    let manifest = json!({
        "schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": config, "layers": layers,
    });
    let manifest = memory.document("application/vnd.docker.distribution.manifest.v2+json", &manifest);
    memory.index(&[manifest]);
    let (_, seen, _) = walked(&memory, &Choice::default()).unwrap();
    assert_eq!(
        (seen.files.len(), seen.kinds(), seen.problems[0].layer),
        (4, vec!["Unsupported".to_owned()], Some(0))
    );
}
