//! A registry for tests: images in the files of a [`Server`], and tokens that it asks for.

use sha2::{Digest, Sha256};

use super::server::{Seen, Server};

pub(crate) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub(crate) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

pub(crate) fn digest(bytes: &[u8]) -> String {
    let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

fn descriptor(media_type: &str, bytes: &[u8]) -> serde_json::Value {
    serde_json::json!({"mediaType": media_type, "digest": digest(bytes), "size": bytes.len()})
}

/// Puts an image for a platform under a tag; the digest of its manifest.
pub(crate) fn push(server: &Server, tag: &str, platform: &str, layers: &[&[u8]]) -> String {
    let (os, architecture) = platform.split_once('/').unwrap();
    let config = serde_json::json!({"os": os, "architecture": architecture}).to_string().into_bytes();
    let blob = |bytes: &[u8]| server.put(&format!("v2/app/blobs/{}", digest(bytes)), bytes);
    blob(&config);
    layers.iter().for_each(|layer| blob(layer));
    let layer = |bytes: &&[u8]| descriptor("application/vnd.oci.image.layer.v1.tar+gzip", bytes);
    put_manifest(
        server,
        tag,
        &serde_json::json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": descriptor("application/vnd.oci.image.config.v1+json", &config),
            "layers": layers.iter().map(layer).collect::<Vec<_>>(),
        }),
    )
}

/// Puts a list of images, each with a platform.
pub(crate) fn push_index(server: &Server, tag: &str, images: &[(&str, &str)]) -> String {
    let entry = |(digest, platform): &(&str, &str)| {
        let (os, architecture) = platform.split_once('/').unwrap();
        serde_json::json!({"mediaType": MANIFEST, "digest": digest, "size": 100,
            "platform": {"os": os, "architecture": architecture}})
    };
    put_manifest(
        server,
        tag,
        &serde_json::json!({
            "schemaVersion": 2,
            "mediaType": INDEX,
            "manifests": images.iter().map(entry).collect::<Vec<_>>(),
        }),
    )
}

/// Puts any manifest under a tag and its digest.
pub(crate) fn put_manifest(server: &Server, tag: &str, manifest: &serde_json::Value) -> String {
    let text = manifest.to_string();
    let digest = digest(text.as_bytes());
    server.put(&format!("v2/app/manifests/{tag}"), text.clone());
    server.put(&format!("v2/app/manifests/{digest}"), text);
    digest
}

/// Lets nobody in without the token that `/token` gives to who `knows` the password, or to anybody.
pub(crate) fn lock(server: &Server, knows: Option<&'static str>) {
    let realm = server.url("token");
    server.handle(move |seen: &Seen| {
        if seen.path.starts_with("/token") {
            let known =
                knows.is_none_or(|knows| seen.header("authorization") == knows || seen.body.contains(knows));
            let answer = if known { r#"{"token": "good"}"# } else { "{}" };
            return Some((if known { 200 } else { 401 }, Vec::new(), answer.as_bytes().to_vec()));
        }
        (seen.header("authorization") != "Bearer good").then(|| {
            let ask = format!(
                r#"WWW-Authenticate: Bearer realm="{realm}",service="here",scope="repository:app:pull""#
            );
            (401, vec![ask], b"{}".to_vec())
        })
    });
}
