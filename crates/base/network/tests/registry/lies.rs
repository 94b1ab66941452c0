use andon_network::Secret;
use andon_network::registry::{
    Credentials, Descriptor, IMAGE_MANIFEST, Reference, RegistryError, Repository, digest_of,
};

use crate::client;
use crate::support::oci::{Kind, MODERN, OLD, Registry, digest};

#[track_caller]
fn check<T: std::fmt::Debug>(
    registry: &Registry,
    work: impl FnOnce(&mut Repository<'_>) -> Result<T, RegistryError>,
    expected: &str,
) {
    let reference = Reference::parse(&registry.name("app:1")).unwrap();
    let client = client(&[]);
    let done = work(&mut Repository::to_push(&client, &reference, &Credentials::Anonymous));
    let error = done.unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

fn header(line: &str) -> impl Fn(&mut Vec<String>) + use<> {
    let (name, line) = (line.split(':').next().unwrap().to_owned(), line.to_owned());
    move |headers: &mut Vec<String>| {
        headers.retain(|each| !each.starts_with(&format!("{name}:")));
        headers.push(line.clone());
    }
}

#[test]
fn lies_about_digests_are_seen() {
    let registry = Registry::start(MODERN);
    let (image, other) = (registry.put_image("1"), registry.put_image("other"));
    let blob = registry.put_blob(b"content");
    let lie = header(&format!("Docker-Content-Digest: {other}"));
    registry.twist(move |_, (status, headers, body)| {
        let mut headers = headers.clone();
        lie(&mut headers);
        Some((*status, headers, body.clone()))
    });
    check(&registry, |repository| repository.manifest("1"), "cannot be believed");
    check(&registry, |repository| repository.manifest(&image), &format!("but the registry says {other}"));
    check(&registry, |repository| repository.head(&image), "cannot be believed");
    let manifest = br#"{"schemaVersion": 2, "layers": []}"#;
    check(
        &registry,
        |repository| repository.push_manifest(Some("2"), IMAGE_MANIFEST, manifest),
        "cannot be believed",
    );
    check(&registry, |repository| repository.push_blob("x", b"new"), "cannot be believed");
    registry.straighten();

    registry.falsify(&image, br#"{"schemaVersion": 2, "layers": []}"#);
    check(&registry, |repository| repository.manifest(&image), "has the digest sha256:");
    registry.falsify(&blob, b"CONTENT");
    let wanted = Descriptor::of("x", b"content");
    check(&registry, |repository| repository.blob(&wanted, 100), &digest(b"CONTENT"));
    registry.falsify(&blob, b"content and more");
    check(&registry, |repository| repository.blob(&wanted, 100), "has more than the 7 bytes");
    registry.falsify(&blob, b"cont");
    check(&registry, |repository| repository.blob(&wanted, 100), "has 4 bytes");
    check(&registry, |repository| repository.blob(&wanted, 6), "has 7 bytes, more than the limit of 6");
    let none = Descriptor { digest: "md5:x".to_owned(), ..Descriptor::default() };
    check(&registry, |repository| repository.blob(&none, 6), "has no SHA-256");
}

#[test]
fn other_kinds_of_content_are_refused() {
    let registry = Registry::start(MODERN);
    let image = registry.put_image("1");
    let html = |status: u16| {
        move |_: &_, _: &_| Some((status, vec!["Content-Type: text/html".to_owned()], b"<html>".to_vec()))
    };
    registry.twist(html(200));
    check(&registry, |repository| repository.manifest("1"), "cannot be used: expected value");
    check(&registry, |repository| repository.referrers(&image), "cannot be believed");
    check(&registry, |repository| repository.tags(), "cannot be used");
    registry.twist(html(204));
    check(&registry, |repository| repository.manifest("1"), "is answered with status 204");
    registry.twist(|seen, (status, headers, body)| {
        let mut headers = headers.clone();
        header("Content-Type: application/vnd.oci.image.index.v1+json")(&mut headers);
        seen.path.contains("manifests").then(|| (*status, headers, body.clone()))
    });
    check(&registry, |repository| repository.manifest("1"), "but is sent as application/vnd.oci.image.index");
    registry.twist(|seen, _| {
        let types = vec!["Content-Type: text/html".to_owned()];
        seen.path.contains("referrers").then(|| (200, types, b"<html>".to_vec()))
    });
    check(
        &registry,
        |repository| repository.referrers(&image),
        "is sent as \"text/html\" instead of an index",
    );
}

#[test]
fn lists_end() {
    let registry = Registry::start(MODERN);
    let image = registry.put_image("1");
    let page = |link: &'static str, body: &'static str| {
        move |seen: &crate::support::server::Seen, _: &_| {
            let kind = "Content-Type: application/vnd.oci.image.index.v1+json".to_owned();
            let here = seen.path.contains("referrers");
            let number = seen.path.len();
            let (link, body) =
                (link.replace('#', &"x".repeat(number)), body.replace('#', &number.to_string()));
            here.then(|| (200, vec![kind, format!("Link: {link}; rel=\"next\"")], body.into_bytes()))
        }
    };
    let index = r##"{"schemaVersion": 2, "manifests": [], "annotations": {"n": "#"}}"##;
    let check = |link, body, expected| {
        registry.twist(page(link, body));
        check(&registry, |repository| repository.referrers(&image), expected);
    };
    check("<?a=1>", index, "never ends");
    check("<?a=#>", r#"{"schemaVersion": 2, "manifests": []}"#, "never ends");
    check("<https://elsewhere.example/v2/>", index, "goes on at another server");
    check("<?a=1>", r#"{"schemaVersion": 2, "layers": []}"#, "is an image instead of an index");
    registry.twist(|seen, _| {
        let kind = "Content-Type: application/vnd.oci.image.index.v1+json".to_owned();
        let number = seen.path.split("n=").nth(1).map_or(0, |number| number.parse().unwrap_or(0)) + 1;
        let body = format!(r#"{{"schemaVersion": 2, "manifests": [], "annotations": {{"n": "{number}"}}}}"#);
        Some((200, vec![kind, format!("Link: <?n={number}>; rel=\"next\"")], body.into_bytes()))
    });
    self::check(&registry, |repository| repository.referrers(&image), "more than 100 pages");
}

#[test]
fn uploads_go_only_where_it_is_safe() {
    let check = |location: &'static str, expected: &str| {
        let registry = Registry::start(MODERN);
        registry.twist(move |seen, _| {
            let begun = seen.method == "POST";
            begun.then(|| (202, vec![format!("X: y\r\n{location}")], Vec::new()))
        });
        check(&registry, |repository| repository.push_blob("x", b"content"), expected);
    };
    check("Location: http://thief.example/upload", "is not secure");
    check("Location: file:///etc/passwd", "not http or https");
    check("Y: z", "without a Location");
    let registry = Registry::start(Kind { page: 1, ..OLD });
    registry.twist(|seen, _| (seen.method == "PUT").then(|| (405, Vec::new(), Vec::new())));
    let manifest = br#"{"schemaVersion": 2, "layers": []}"#;
    self::check(
        &registry,
        |repository| repository.push_manifest(None, IMAGE_MANIFEST, manifest),
        "status 405",
    );
}

#[test]
fn a_token_to_push_is_asked_for() {
    let registry = Registry::start(MODERN);
    let image = registry.put_image("1");
    let realm = registry.server.url("token");
    registry.twist(move |seen, _| {
        if seen.path.starts_with("/token") {
            let known = seen.header("authorization") == "Basic dXNlcjp3b3Jk";
            let may = known && seen.path.contains("scope=repository%3Aapp%3Apull%2Cpush");
            let body: &[u8] = if may { br#"{"token": "good"}"# } else { br#"{"token": "read"}"# };
            return Some((200, Vec::new(), body.to_vec()));
        }
        let reads = matches!(seen.method.as_str(), "GET" | "HEAD");
        let sent = seen.header("authorization");
        let fine = sent == "Bearer good" || (reads && sent == "Bearer read");
        let action = if reads { "pull" } else { "pull,push" };
        let ask = format!(
            "WWW-Authenticate: Bearer realm=\"{realm}\",service=\"here\",scope=\"repository:app:{action}\""
        );
        (!fine).then(|| (401, vec![ask], Vec::new()))
    });
    let reference = Reference::parse(&registry.name("app:1")).unwrap();
    let client = client(&[]);
    let user = Credentials::Basic { user: "user".to_owned(), password: Secret::new("word") };
    let mut repository = Repository::to_push(&client, &reference, &user);
    assert_eq!(repository.image().unwrap().digest, image);
    let pushed = repository.push_blob("x", b"content").unwrap();
    assert_eq!(pushed.digest, digest_of(b"content"));
    let asked = registry.server.paths().iter().filter(|path| path.starts_with("/token")).count();
    assert_eq!(asked, 1, "one token serves for both");
    check(&registry, |repository| repository.push_blob("x", b"other"), "refuses to take or give");
}
