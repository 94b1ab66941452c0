use andon_network::Secret;
use andon_network::registry::{
    Credentials, PullOptions, Pulled, Reference, RegistryError, docker_credentials, pull,
};

use crate::client;
use crate::support::images::{MANIFEST, digest, lock, push, put_manifest};
use crate::support::server::{Fault, Server};

fn fetch(server: &Server, name: &str, credentials: &Credentials) -> Result<Pulled, RegistryError> {
    let folder = tempfile::tempdir().unwrap();
    let reference = Reference::parse(&format!("{}/{name}", server.host())).unwrap();
    let options = PullOptions { credentials, limit: 1 << 20, ..PullOptions::default() };
    let pulled = pull(&client(&[]), &reference, &options, folder.path());
    assert_eq!(pulled.is_ok(), folder.path().join("index.json").exists());
    pulled
}

#[track_caller]
fn refused(server: &Server, name: &str, expected: &str) {
    let error = fetch(server, name, &Credentials::Anonymous).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

fn registry() -> Server {
    let server = Server::start();
    push(&server, "1", "linux/amd64", &[b"layer"]);
    server
}

#[test]
fn a_token_is_fetched_with_the_right_credentials() {
    let server = registry();
    lock(&server, None);
    fetch(&server, "app:1", &Credentials::Anonymous).unwrap();
    let paths = server.paths();
    assert_eq!(paths[..2], ["/v2/app/manifests/1", "/token?service=here&scope=repository%3Aapp%3Apull"]);
    assert_eq!(paths.iter().filter(|path| path.starts_with("/token")).count(), 1, "one serves for all");

    // As Docker's configuration has them.
    let config = format!(r#"{{"auths": {{"{}": {{"auth": "dXNlcjp3b3Jk"}}}}}}"#, server.host());
    let system =
        andon_system::MemorySystem::new().file("/c/config.json", config).variable("DOCKER_CONFIG", "/c");
    let user = docker_credentials(&system, &server.host(), false).unwrap();
    lock(&server, Some("Basic dXNlcjp3b3Jk"));
    fetch(&server, "app:1", &user).unwrap();
    let sent = server.seen();
    assert!(
        sent.iter()
            .all(|seen| seen.path.starts_with("/token") || !seen.header("authorization").contains("Basic"))
    );
    refused(&server, "app:1", "does not exist, or is not for everybody: sign in with docker login 127.0.0.1");
    let wrong = Credentials::Basic { user: "user".to_owned(), password: Secret::new("wrong") };
    let error = format!("{0} {0:?}", fetch(&server, "app:1", &wrong).unwrap_err());
    assert!(error.contains("credentials of Docker's configuration are not enough"), "{error}");
    assert!(!error.contains("wrong"), "{error}");

    lock(&server, Some("refresh_token=r%2B1"));
    server.seen();
    fetch(&server, "app:1", &Credentials::Identity(Secret::new("r+1"))).unwrap();
    assert_eq!(server.seen()[1].method, "POST");
    lock(&server, None);
    fetch(&server, "app:1", &Credentials::Token(Secret::new("good"))).unwrap();
    assert!(fetch(&server, "app:1", &Credentials::Token(Secret::new("bad"))).is_err());
}

#[test]
fn a_password_goes_only_where_it_is_safe() {
    let user = Credentials::Basic { user: "user".to_owned(), password: Secret::new("word") };
    let check = |ask: &'static str, expected: &str| {
        let server = registry();
        server.handle(move |seen| {
            let out = seen.header("authorization").is_empty();
            out.then(|| (401, vec![ask.to_owned()], Vec::new()))
        });
        let error = fetch(&server, "app:1", &user).unwrap_err().to_string();
        assert!(error.contains(expected) && !error.contains("word"), "{error}");
    };
    check(r#"WWW-Authenticate: Bearer realm="http://thief.example/token""#, "which is not secure");
    check(r#"WWW-Authenticate: Bearer realm="file:///etc/passwd""#, "not http or https");
    check("WWW-Authenticate: Negotiate", "does not say how to sign in");
    check("X: y", "does not say how to sign in");

    let server = registry();
    server.handle(|seen| {
        let out = seen.header("authorization") != "Basic dXNlcjp3b3Jk";
        out.then(|| (401, vec!["WWW-Authenticate: Basic realm=\"x\"".to_owned()], Vec::new()))
    });
    fetch(&server, "app:1", &user).unwrap();
    refused(&server, "app:1", "sign in with docker login");

    // Another server that the registry redirects to gets nothing.
    let (server, thief) = (registry(), Server::start());
    let realm = format!("WWW-Authenticate: Bearer realm=\"{}\"", thief.url("token"));
    thief.handle(move |_| Some((401, vec![realm.clone()], Vec::new())));
    let away = format!("Location: {}", thief.url("away"));
    server.handle(move |_| Some((307, vec![away.clone()], Vec::new())));
    assert!(fetch(&server, "app:1", &user).is_err());
    assert!(thief.seen().iter().all(|seen| seen.header("authorization").is_empty()));
}

#[test]
fn what_the_registry_does_not_give_is_said() {
    let server = registry();
    refused(&server, "app:2", &format!("does not have {}/app:2; check the name and the tag", server.host()));
    server.fail("v2/app/manifests/1", &[Fault::Status(429, "Retry-After: 3600\r\n")]);
    refused(&server, "app:1", "too many requests (status 429); the server asks to wait 3600 s");
    server.fail("v2/app/manifests/1", &[Fault::Stall(5); 3]);
    refused(&server, "app:1", "the server stalled");
    server.fail("v2/app/manifests/1", &[Fault::Status(403, "")]);
    refused(&server, "app:1", "(status 403)");
    let blob = format!("v2/app/blobs/{}", digest(b"layer"));
    server.put(&blob, "Layer");
    refused(&server, "app:1", &format!("expected {}, got {}", digest(b"layer"), digest(b"Layer")));
    server.put(&blob, "longer than it should be");
    refused(&server, "app:1", "more than the limit of 5 bytes");
    server.fail(&blob, &[Fault::NoLength; 3]);
    refused(&server, "app:1", "more than the limit of 5 bytes");
    server.remove(&blob);
    refused(&server, "app:1", "does not have the blob sha256:");
    let pinned = format!("app@{}", digest(b"another"));
    server.put(&format!("v2/app/manifests/{}", digest(b"another")), "{}");
    refused(&server, &pinned, &format!("its digest is {} instead of {}", digest(b"{}"), digest(b"another")));
}

#[test]
fn manifests_that_make_no_sense_are_refused() {
    let check = |manifest: serde_json::Value, expected: &str| {
        let server = registry();
        put_manifest(&server, "x", &manifest);
        refused(&server, "app:x", expected);
    };
    let blob = |size: u64| serde_json::json!({"mediaType": "x", "digest": digest(b""), "size": size});
    check(serde_json::json!({"schemaVersion": 1, "fsLayers": []}), "the old form (schema 1)");
    check(serde_json::json!({"schemaVersion": 2}), "neither layers nor platforms");
    check(serde_json::json!({"schemaVersion": 2, "layers": [], "manifests": []}), "at the same time");
    check(serde_json::json!([1]), "cannot be used");
    check(
        serde_json::json!({"schemaVersion": 2, "config": blob(1), "layers": [{"digest": "sha256:../x", "size": 1}]}),
        "cannot be used",
    );
    check(
        serde_json::json!({"schemaVersion": 2, "mediaType": MANIFEST, "config": blob(2 << 20), "layers": []}),
        "has 2097152 bytes, more than the limit of 1048576",
    );
    let many: Vec<_> = (0..1001).map(|_| blob(1)).collect();
    check(
        serde_json::json!({"schemaVersion": 2, "config": blob(1), "layers": many}),
        "more than 1000 layers",
    );
    let server = registry();
    server.put("v2/app/manifests/x", vec![b' '; (4 << 20) + 1]);
    refused(&server, "app:x", "more than the limit of 4194304 bytes");
    server.put("v2/app/manifests/x", "<html>");
    refused(&server, "app:x", "cannot be used");
}
