//! A small registry for tests, on this machine only: uploads, tags, and what is about a manifest, as the OCI
//! distribution specification 1.1 has them. What it answers can be twisted.

#![allow(dead_code, reason = "each test program uses another part of it")]
#![allow(unreachable_pub, reason = "test programs of several crates contain it")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

pub use andon_network::registry::digest_of as digest;
use serde_json::{Value, json};

use super::server::{Seen, Server};

pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// Status, header lines, body.
pub type Answer = (u16, Vec<String>, Vec<u8>);

/// The repository of what a test puts in and looks at itself.
const APP: &str = "/v2/app";

/// What a registry knows to do.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Lists what is about a manifest.
    pub referrers: bool,
    /// Heeds `If-Match`.
    pub conditional: bool,
    /// Entries of a page of a list.
    pub page: usize,
}

/// A registry of version 1.1 of the specification.
pub const MODERN: Kind = Kind { referrers: true, conditional: true, page: 2 };
/// One that knows neither lists of referrers nor conditions.
pub const OLD: Kind = Kind { referrers: false, conditional: false, page: 1000 };

type Twist = dyn Fn(&Seen, &Answer) -> Option<Answer> + Send + Sync;

#[derive(Default)]
struct Store {
    blobs: BTreeMap<String, Vec<u8>>,
    /// By digest: media type and content.
    manifests: BTreeMap<String, (String, Vec<u8>)>,
    /// By the path of the repository, `/v2/app`, and the tag.
    tags: BTreeMap<(String, String), String>,
    /// Which repository has which manifest.
    kept: BTreeSet<(String, String)>,
    uploads: BTreeMap<u64, Vec<u8>>,
    begun: u64,
    twist: Option<Arc<Twist>>,
}

#[derive(Clone)]
pub struct Registry {
    pub server: Server,
    kind: Kind,
    store: Arc<Mutex<Store>>,
}

impl Registry {
    pub fn start(kind: Kind) -> Self {
        let registry = Self { server: Server::start(), kind, store: Arc::default() };
        let shared = registry.clone();
        registry.server.handle(move |seen| {
            let answer = shared.answer(seen);
            let twist = shared.store.lock().unwrap().twist.clone();
            Some(twist.and_then(|twist| twist(seen, &answer)).unwrap_or(answer))
        });
        registry
    }

    /// The name of an image in it.
    pub fn name(&self, image: &str) -> String {
        format!("{}/{image}", self.server.host())
    }

    /// Replaces answers; `None` leaves one as it is.
    pub fn twist(&self, twist: impl Fn(&Seen, &Answer) -> Option<Answer> + Send + Sync + 'static) {
        self.store.lock().unwrap().twist = Some(Arc::new(twist));
    }

    /// Answers as it should again.
    pub fn straighten(&self) {
        self.store.lock().unwrap().twist = None;
    }

    pub fn put_blob(&self, content: &[u8]) -> String {
        self.store.lock().unwrap().blobs.insert(digest(content), content.to_vec());
        digest(content)
    }

    /// Puts a manifest, under a tag if one is given.
    pub fn put_manifest(&self, tag: Option<&str>, manifest: &Value) -> String {
        let content = manifest.to_string().into_bytes();
        let media_type = manifest["mediaType"].as_str().unwrap_or(MANIFEST).to_owned();
        let mut store = self.store.lock().unwrap();
        let name = digest(&content);
        store.manifests.insert(name.clone(), (media_type, content));
        store.kept.insert((APP.to_owned(), name.clone()));
        store.tags.extend(tag.map(|tag| ((APP.to_owned(), tag.to_owned()), name.clone())));
        name
    }

    /// Puts a small image; the digest of its manifest.
    pub fn put_image(&self, tag: &str) -> String {
        let (config, layer) = (br#"{"os": "linux", "architecture": "amd64"}"#, tag.as_bytes());
        self.put_blob(config);
        self.put_blob(layer);
        let of = |kind: &str, content: &[u8]| json!({"mediaType": kind, "digest": digest(content), "size": content.len()});
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": of("application/vnd.oci.image.config.v1+json", config),
            "layers": [of("application/vnd.oci.image.layer.v1.tar", layer)],
        });
        self.put_manifest(Some(tag), &manifest)
    }

    /// The manifest under a tag or digest.
    pub fn manifest(&self, version: &str) -> Option<Value> {
        let store = self.store.lock().unwrap();
        let name = store.tags.get(&(APP.to_owned(), version.to_owned())).map_or(version, String::as_str);
        serde_json::from_slice(&store.manifests.get(name)?.1).ok()
    }

    pub fn blob(&self, digest: &str) -> Option<Vec<u8>> {
        self.store.lock().unwrap().blobs.get(digest).cloned()
    }

    /// What is under a name is other content from now on.
    pub fn falsify(&self, digest: &str, content: &[u8]) {
        let mut store = self.store.lock().unwrap();
        if let Some((_, manifest)) = store.manifests.get_mut(digest) {
            *manifest = content.to_vec();
        } else {
            store.blobs.insert(digest.to_owned(), content.to_vec());
        }
    }

    pub fn tags(&self) -> Vec<String> {
        self.store.lock().unwrap().tags.keys().map(|(_, tag)| tag.clone()).collect()
    }

    pub fn retag(&self, tag: &str, digest: &str) {
        self.store.lock().unwrap().tags.insert((APP.to_owned(), tag.to_owned()), digest.to_owned());
    }

    fn answer(&self, seen: &Seen) -> Answer {
        let (path, query) = seen.path.split_once('?').unwrap_or((&seen.path, ""));
        let query: BTreeMap<&str, String> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name, value.replace("%3A", ":")))
            .collect();
        if path == "/v2/" {
            return (200, Vec::new(), b"{}".to_vec());
        }
        let mut store = self.store.lock().unwrap();
        for (part, handle) in [
            ("/blobs/uploads/", upload as Handle),
            ("/blobs/", blob),
            ("/manifests/", manifest),
            ("/tags/", tags),
            ("/referrers/", referrers),
        ] {
            if let Some((name, rest)) = path.split_once(part) {
                return handle(&mut store, &Asked { kind: self.kind, seen, name, rest, query: &query });
            }
        }
        missing("NAME_UNKNOWN")
    }
}

struct Asked<'a> {
    kind: Kind,
    seen: &'a Seen,
    /// `/v2/name`.
    name: &'a str,
    rest: &'a str,
    query: &'a BTreeMap<&'a str, String>,
}

type Handle = fn(&mut Store, &Asked<'_>) -> Answer;

fn refusal(status: u16, code: &str) -> Answer {
    let body = json!({"errors": [{"code": code, "message": "no"}]}).to_string();
    (status, vec!["Content-Type: application/json".to_owned()], body.into_bytes())
}

fn missing(code: &str) -> Answer {
    refusal(404, code)
}

fn upload(store: &mut Store, asked: &Asked<'_>) -> Answer {
    if asked.seen.method == "POST" {
        store.begun += 1;
        let begun = store.begun;
        store.uploads.insert(begun, Vec::new());
        return (202, vec![format!("Location: {}/blobs/uploads/{begun}?state=x", asked.name)], Vec::new());
    }
    let id = asked.rest.parse().unwrap_or(0);
    let Some(content) = store.uploads.get_mut(&id) else { return missing("BLOB_UPLOAD_UNKNOWN") };
    content.extend_from_slice(&asked.seen.bytes);
    if asked.seen.method == "PATCH" {
        let to = format!("Location: {}/blobs/uploads/{id}?state=y", asked.name);
        return (202, vec![to, format!("Range: 0-{}", content.len().saturating_sub(1))], Vec::new());
    }
    let content = store.uploads.remove(&id).unwrap();
    let name = digest(&content);
    if asked.query.get("digest") != Some(&name) {
        return refusal(400, "DIGEST_INVALID");
    }
    store.blobs.insert(name.clone(), content);
    (201, vec![format!("Location: {}/blobs/{name}", asked.name), named(&name)], Vec::new())
}

fn named(digest: &str) -> String {
    format!("Docker-Content-Digest: {digest}")
}

fn blob(store: &mut Store, asked: &Asked<'_>) -> Answer {
    match store.blobs.get(asked.rest) {
        Some(content) => (200, vec![named(asked.rest)], content.clone()),
        None => missing("BLOB_UNKNOWN"),
    }
}

fn manifest(store: &mut Store, asked: &Asked<'_>) -> Answer {
    let by_digest = asked.rest.starts_with("sha256:");
    let here = |name: &str| (asked.name.to_owned(), name.to_owned());
    let current =
        if by_digest { Some(asked.rest.to_owned()) } else { store.tags.get(&here(asked.rest)).cloned() };
    if asked.seen.method != "PUT" {
        let current = current.filter(|name| store.kept.contains(&here(name)));
        let found = current.and_then(|name| Some((store.manifests.get(&name)?.clone(), name)));
        let Some(((media_type, content), name)) = found else { return missing("MANIFEST_UNKNOWN") };
        let mut headers = vec![format!("Content-Type: {media_type}"), named(&name)];
        if asked.kind.conditional {
            headers.push(format!("ETag: \"{name}\""));
        }
        return (200, headers, content);
    }
    let content = &asked.seen.bytes;
    let name = digest(content);
    let wanted = asked.seen.header("if-match").trim_matches('"');
    if by_digest && asked.rest != name {
        return refusal(400, "DIGEST_INVALID");
    }
    if asked.kind.conditional && !wanted.is_empty() && current.as_deref() != Some(wanted) {
        return refusal(412, "PRECONDITION_FAILED");
    }
    let Ok(document) = serde_json::from_slice::<Value>(content) else {
        return refusal(400, "MANIFEST_INVALID");
    };
    let blobs = document["layers"].as_array().into_iter().flatten().chain(document.get("config"));
    if blobs.into_iter().any(|blob| !store.blobs.contains_key(blob["digest"].as_str().unwrap_or_default())) {
        return refusal(400, "MANIFEST_BLOB_UNKNOWN");
    }
    store.manifests.insert(name.clone(), (asked.seen.header("content-type").to_owned(), content.clone()));
    store.kept.insert(here(&name));
    if !by_digest {
        store.tags.insert(here(asked.rest), name.clone());
    }
    let mut headers = vec![format!("Location: {}/manifests/{name}", asked.name), named(&name)];
    if let Some(subject) = document["subject"]["digest"].as_str().filter(|_| asked.kind.referrers) {
        headers.push(format!("OCI-Subject: {subject}"));
    }
    (201, headers, Vec::new())
}

fn tags(store: &mut Store, asked: &Asked<'_>) -> Answer {
    let all: Vec<&String> =
        store.tags.keys().filter(|(name, _)| name == asked.name).map(|(_, tag)| tag).collect();
    let (page, link) = page(&all, asked);
    let body = json!({"name": "app", "tags": page}).to_string().into_bytes();
    (200, link.into_iter().chain(["Content-Type: application/json".to_owned()]).collect(), body)
}

fn referrers(store: &mut Store, asked: &Asked<'_>) -> Answer {
    if !asked.kind.referrers {
        return missing("NOT_FOUND");
    }
    let listed = |(name, (media_type, content)): (&String, &(String, Vec<u8>))| {
        let document: Value = serde_json::from_slice(content).ok()?;
        let about = document["subject"]["digest"].as_str() == Some(asked.rest);
        let own = document["artifactType"].as_str().or_else(|| document["config"]["mediaType"].as_str());
        let mut entry =
            json!({"mediaType": media_type, "digest": name, "size": content.len(), "artifactType": own});
        if let Some(annotations) = document.get("annotations") {
            entry["annotations"] = annotations.clone();
        }
        (about && store.kept.contains(&(asked.name.to_owned(), name.clone()))).then_some(entry)
    };
    let all: Vec<Value> = store.manifests.iter().filter_map(listed).collect();
    let (page, link) = page(&all, asked);
    let body = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": page}).to_string().into_bytes();
    (200, link.into_iter().chain([format!("Content-Type: {INDEX}")]).collect(), body)
}

/// A page of a list, and where the next one is.
fn page<'a, T>(all: &'a [T], asked: &Asked<'_>) -> (&'a [T], Option<String>) {
    let from = asked.query.get("from").and_then(|from| from.parse().ok()).unwrap_or(0_usize).min(all.len());
    let to = (from + asked.kind.page).min(all.len());
    let path = asked.seen.path.split('?').next().unwrap();
    let link = (to < all.len()).then(|| format!("Link: <{path}?from={to}>; rel=\"next\""));
    (&all[from..to], link)
}
