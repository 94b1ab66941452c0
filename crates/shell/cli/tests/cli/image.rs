//! Container images and archives: every layer, and what is in archives in archives.

mod archives;
mod layout;
#[path = "../../../../base/network/tests/support/oci.rs"]
mod oci;
#[cfg(unix)]
mod registry;
#[path = "../../../../base/network/tests/support/server.rs"]
#[allow(clippy::disallowed_methods, reason = "a server opens sockets")]
mod server;
#[cfg(unix)]
mod signing;

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::world::World;

/// Paths or digests with their contents.
pub(crate) type Blobs = Vec<(String, Vec<u8>)>;

/// An image in OCI layout that is put together file by file.
pub(crate) struct Layout {
    /// Digest and content of each blob, the layers first and from the bottom.
    pub(crate) blobs: Blobs,
    pub(crate) manifest: Value,
}

impl Layout {
    /// Each layer is made of files; a name with `.wh.` before it deletes one.
    pub(crate) fn new(layers: &[&[(&str, &str)]]) -> Self {
        let (mut blobs, mut diff_ids, mut history) = (Vec::new(), Vec::new(), Vec::new());
        for (number, files) in layers.iter().enumerate() {
            let tar = tar(files);
            diff_ids.push(digest(&tar));
            history.push(json!({"created_by": format!("RUN step {number}")}));
            blobs.push(blob(gzip(&tar)));
        }
        let config = json!({
            "os": "linux",
            "architecture": "amd64",
            "config": {"Env": ["PATH=/bin"]},
            "rootfs": {"type": "layers", "diff_ids": diff_ids},
            "history": history,
        });
        let layers: Vec<Value> = blobs
            .iter()
            .map(|layer| descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer))
            .collect();
        let config = blob(config.to_string().into_bytes());
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": descriptor("application/vnd.oci.image.config.v1+json", &config),
            "layers": layers,
        });
        blobs.push(config);
        Self { blobs, manifest }
    }

    /// The files of the layout by their paths.
    pub(crate) fn files(&self) -> Blobs {
        let manifest = blob(self.manifest.to_string().into_bytes());
        let index = json!({"schemaVersion": 2, "manifests": [descriptor(MANIFEST, &manifest)]});
        let mut files = vec![
            ("oci-layout".to_owned(), br#"{"imageLayoutVersion": "1.0.0"}"#.to_vec()),
            ("index.json".to_owned(), index.to_string().into_bytes()),
        ];
        let place = |digest: &str| format!("blobs/{}", digest.replace(':', "/"));
        let blobs = self.blobs.iter().chain([&manifest]);
        files.extend(blobs.map(|(digest, bytes)| (place(digest), bytes.clone())));
        files
    }

    pub(crate) fn write(&self, world: &World, folder: &str) {
        for (path, bytes) in self.files() {
            world.write(&format!("{folder}/{path}"), bytes);
        }
    }
}

pub(crate) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

pub(crate) fn digest(bytes: &[u8]) -> String {
    let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

fn blob(bytes: Vec<u8>) -> (String, Vec<u8>) {
    (digest(&bytes), bytes)
}

fn descriptor(media_type: &str, (digest, bytes): &(String, Vec<u8>)) -> Value {
    json!({"mediaType": media_type, "digest": digest, "size": bytes.len()})
}

pub(crate) fn tar<T: AsRef<[u8]>>(files: &[(&str, T)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.as_ref().len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, path, content.as_ref()).unwrap();
    }
    builder.into_inner().unwrap()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
