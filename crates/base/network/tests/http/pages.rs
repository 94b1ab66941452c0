use std::io::Read;

use andon_network::{Page, Problem, Request, Secret, Validators};

use crate::client;
use crate::support::server::{Fault, Server};

/// What fetching `path` gives: the content, or the error.
fn fetch(server: &Server, path: &str) -> Result<Vec<u8>, String> {
    match client(&[]).fetch(&Request::new(&server.url(path)), 1000) {
        Ok(Page::Content { bytes, .. }) => Ok(bytes),
        Ok(Page::Unchanged) => Err("unchanged".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn what_passes_is_tried_again_and_what_does_not_is_not() {
    let check = |faults: &[Fault], expected: Result<&str, &str>, requests: usize| {
        let server = Server::start();
        server.put("a", "content");
        server.fail("a", faults);
        match (fetch(&server, "a"), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected.as_bytes()),
            (Err(found), Err(expected)) => assert!(found.contains(expected), "{found}"),
            (found, expected) => panic!("{found:?}, not {expected:?}, after {faults:?}"),
        }
        assert_eq!(server.seen().len(), requests, "{faults:?}");
    };
    let fine = Ok("content");
    check(&[], fine, 1);
    check(&[Fault::Status(500, ""), Fault::Status(503, "")], fine, 3);
    check(&[Fault::Status(429, "Retry-After: 1\r\n")], fine, 2);
    check(&[Fault::Cut(3), Fault::Stall(3)], fine, 3);
    check(&[Fault::NoLength], fine, 1);
    check(&[Fault::Longer(5); 3], Err("broke after 7 bytes of 12"), 3);
    check(&[Fault::Stall(0); 3], Err("stalled"), 3);
    check(&[Fault::Status(500, ""); 3], Err("status 500"), 3);
    check(&[Fault::Status(429, "Retry-After: 3600\r\n")], Err("asks to wait 3600 s"), 1);
    check(&[Fault::Status(404, "")], Err("not there (status 404)"), 1);
    check(&[Fault::Status(401, "")], Err("right credentials"), 1);
    check(&[Fault::Status(403, "")], Err("may not read it"), 1);
}

#[test]
fn no_more_than_the_limit_is_read() {
    let server = Server::start();
    server.put("a", vec![b'x'; 1001]);
    for fault in [None, Some(Fault::NoLength)] {
        server.fail("a", fault.as_slice());
        let error = fetch(&server, "a").unwrap_err();
        assert!(error.contains("limit of 1000"), "{error}");
    }
    server.put("a", vec![b'x'; 1000]);
    assert_eq!(fetch(&server, "a").map(|bytes| bytes.len()), Ok(1000));
}

#[test]
fn content_can_be_read_while_it_comes() {
    let server = Server::start();
    server.put("a", vec![b'x'; 300_000]);
    let (client, url) = (client(&[]), server.url("a"));
    let mut response = client.open(&Request::new(&url), 1 << 20).unwrap();
    assert_eq!((response.status(), response.length()), (200, Some(300_000)));
    let mut bytes = Vec::new();
    response.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes.len(), 300_000);
    server.fail("a", &[Fault::Cut(100_000)]);
    let error = client.open(&Request::new(&url), 1 << 20).unwrap().read_to_end(&mut bytes).unwrap_err();
    assert!(error.to_string().contains("of 300000"), "{error}");
}

#[test]
fn unchanged_content_is_not_sent_again() {
    let server = Server::start();
    server.put("a", "content");
    let (client, url) = (client(&[]), server.url("a"));
    let Page::Content { validators, .. } = client.fetch(&Request::new(&url), 100).unwrap() else {
        panic!("it is new");
    };
    let request = Request { known: Some(&validators), ..Request::new(&url) };
    assert_eq!(client.fetch(&request, 100).unwrap(), Page::Unchanged);
    server.put("a", "changed");
    assert!(
        matches!(client.fetch(&request, 100).unwrap(), Page::Content { bytes, .. } if bytes == b"changed")
    );
    let dated = Validators { last_modified: Some("x".to_owned()), etag: None };
    client.fetch(&Request { known: Some(&dated), ..Request::new(&url) }, 100).unwrap();
    let seen = server.seen();
    assert_eq!(seen.last().unwrap().header("if-modified-since"), "x");
    assert!(seen[0].header("user-agent").starts_with("andon/"));
}

#[test]
fn redirects_are_followed_within_limits_and_lose_the_credentials() {
    let (server, other) = (Server::start(), Server::start());
    other.put("end", "there");
    let target = format!("Location: http://localhost:{}/end", other.host().rsplit(':').next().unwrap());
    server.handle(move |seen| match seen.path.as_str() {
        "/away" => Some((302, vec![target.clone()], Vec::new())),
        "/round" => Some((302, vec!["Location: /round".to_owned()], Vec::new())),
        "/file" => Some((302, vec!["Location: file:///etc/passwd".to_owned()], Vec::new())),
        _ => None,
    });
    let secret = Secret::basic("user", "word");
    let url = server.url("away");
    let request = Request { authorization: Some(&secret), ..Request::new(&url) };
    assert!(matches!(client(&[]).fetch(&request, 100), Ok(Page::Content { bytes, .. }) if bytes == b"there"));
    assert_eq!(server.seen()[0].header("authorization"), "Basic dXNlcjp3b3Jk");
    assert_eq!(other.seen()[0].header("authorization"), "");
    assert!(fetch(&server, "round").unwrap_err().contains("more than 10 redirects"));
    assert!(fetch(&server, "file").is_err());
}

#[test]
fn the_proxy_of_the_environment_is_used_and_its_password_is_not_shown() {
    let proxy = Server::start();
    proxy.put("a", "by proxy");
    let address = format!("http://user:word@{}", proxy.host());
    let through = client(&[("HTTP_PROXY", &address), ("https_proxy", &address), ("NO_PROXY", "b.invalid")]);
    let page = through.fetch(&Request::new("http://mirror.invalid/a"), 100).unwrap();
    assert!(matches!(page, Page::Content { bytes, .. } if bytes == b"by proxy"));
    let seen = proxy.seen();
    assert_eq!(seen[0].proxied_for, "mirror.invalid");
    assert_eq!(seen[0].header("proxy-authorization"), "Basic dXNlcjp3b3Jk");

    let error = through.fetch(&Request::new("http://b.invalid/a"), 100).unwrap_err();
    assert!(matches!(error.problem, Problem::Dns { .. }), "{error}");
    let text = format!("{error} {error:?} {through:?}");
    assert!(text.contains(&proxy.host()) && !text.contains("word"), "{text}");

    // Secure addresses go through a tunnel.
    proxy.seen();
    let error = through.fetch(&Request::new("https://mirror.invalid/a"), 100).unwrap_err();
    assert_eq!(proxy.seen()[0].method, "CONNECT");
    assert!(matches!(error.problem, Problem::Connect { .. }), "{error:?}");
    proxy.fail("", &[]);
    proxy.handle(|seen| (seen.method == "CONNECT").then(|| (407, Vec::new(), Vec::new())));
    let error = through.fetch(&Request::new("https://mirror.invalid/a"), 100).unwrap_err();
    assert!(error.to_string().contains("the proxy wants credentials"), "{error:?}");
}

#[test]
fn errors_say_where_and_what_to_do() {
    let direct = client(&[]);
    let check = |url: &str, expected: &str| {
        let error = direct.fetch(&Request::new(url), 100).unwrap_err().to_string();
        assert!(error.contains(expected) && !error.contains("word"), "{error}");
    };
    check("http://127.0.0.1:1/x?token=word", "cannot fetch http://127.0.0.1:1/x?…: no connection: ");
    check("http://user:word@name.invalid/x", "set HTTP_PROXY");
    check("gopher://user:word@name.invalid/x", "not http or https");
    let server = Server::start();
    server.put("", "not TLS");
    check(&format!("https://{}/", server.host()), "secure connection failed");
}

#[test]
fn a_file_of_certificates_must_be_one() {
    let make = |content: &str| {
        let system = andon_system::MemorySystem::new().file("/roots.pem", content);
        andon_network::Client::new(&system.variable("SSL_CERT_FILE", "/roots.pem"), Default::default())
    };
    let error = make("nothing").unwrap_err().to_string();
    assert!(error.contains("SSL_CERT_FILE") && error.contains("/roots.pem"), "{error}");
}
