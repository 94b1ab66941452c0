use std::io::Write;
use std::net::TcpStream;

use andon_network::gateway::Protocol;

use crate::support::gateway::{Setup, read_to_end, serve, shown, split, start};

/// Reads a request as far as it goes without waiting for an end, and answers with it in the body.
fn origin(answer: &'static str) -> u16 {
    serve(move |stream: &mut TcpStream| {
        stream.set_read_timeout(Some(std::time::Duration::from_millis(300))).unwrap();
        let request = read_to_end(stream);
        let _ = stream.write_all(answer.as_bytes());
        if answer.contains("ECHO") {
            let _ = stream.write_all(&request);
        }
    })
}

const ECHO: &str = "HTTP/1.1 200 OK\r\nX: ECHO\r\nKeep-Alive: timeout=5\r\nConnection: keep-alive\r\n\r\n";
const ALLOW: &[&str] = &["http://local.example:PORT", "127.0.0.1:PORT"];

fn check(answer: &'static str, request: &str, status: &str, body: &str) {
    let fixture = start(&Setup { allow: ALLOW, ..Setup::default() }, origin(answer));
    let port = fixture.origin.to_string();
    let seen = fixture.exchange(&[request.replace("PORT", &port).as_bytes()]);
    let (code, rest) = split(&seen);
    let rest = String::from_utf8_lossy(&rest).replace(&port, "PORT");
    assert_eq!(code, status, "{request:?}: {rest}");
    assert!(rest.contains(body), "{request:?}: {rest:?}");
    assert!(!rest.contains("SMUGGLED"), "{rest}");
    let head = String::from_utf8_lossy(&seen);
    assert!(head.contains("Connection: close\r\n") && !head.contains("Keep-Alive"), "{head}");
}

#[test]
fn one_request_goes_through_and_no_second() {
    let get = "GET http://local.example:PORT/x?y HTTP/1.1\r\nHost: local.example:PORT\r\nAccept: a\r\nProxy-Connection: \
               keep-alive\r\nConnection: X-Hop\r\nX-Hop: 1\r\n\r\nGET /SMUGGLED HTTP/1.1\r\n\r\n";
    let forwarded = "GET /x?y HTTP/1.1\r\nHost: local.example:PORT\r\nAccept: a\r\nConnection: close\r\n\r\n";
    check(ECHO, get, "200", forwarded);
    let post = "POST http://local.example:PORT/ HTTP/1.1\r\nHost: local.example:PORT\r\nContent-Length: 3\r\n\r\nabcSMUGGLED";
    check(ECHO, post, "200", "Content-Length: 3\r\nConnection: close\r\n\r\nabc");
    let chunked = "POST http://local.example:PORT/ HTTP/1.1\r\nHost: local.example:PORT\r\nTransfer-Encoding: chunked\r\n\r\n\
                   3;x\r\nabc\r\n0\r\nT: 1\r\n\r\nSMUGGLED";
    check(ECHO, chunked, "200", "\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
}

#[test]
fn what_does_not_agree_is_refused() {
    let hint = "add \"http://other.example:80\" under";
    check(ECHO, "GET http://other.example/ HTTP/1.1\r\nHost: other.example\r\n\r\n", "403", hint);
    check(
        ECHO,
        "GET http://local.example:PORT/ HTTP/1.1\r\nHost: other.example\r\n\r\n",
        "400",
        "Host header",
    );
    let both = "POST http://local.example:PORT/ HTTP/1.1\r\nHost: local.example:PORT\r\nContent-Length: 3\r\n\
                Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nSMUGGLED";
    check(ECHO, both, "400", "more than one way");
    check(ECHO, "GET / HTTP/1.1\r\nHost: local.example\r\n\r\n", "400", "this is a proxy");
    let chunk = "POST http://local.example:PORT/ HTTP/1.1\r\nHost: local.example:PORT\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n";
    check(ECHO, chunk, "502", "not valid HTTP");
}

#[test]
fn answers_end_where_they_end() {
    let get = "GET http://local.example:PORT/ HTTP/1.1\r\nHost: local.example:PORT\r\n\r\n";
    let fixed = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nokSMUGGLED";
    check(fixed, get, "200", "ok");
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nSMUGGLED";
    check(chunked, get, "200", "2\r\nok\r\n0\r\n\r\n");
    check("HTTP/1.1 304 No\r\nContent-Length: 5\r\n\r\nSMUGGLED", get, "304", "");
    check("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\nSMUGGLED", get, "502", "not valid HTTP");
    check(
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        get,
        "502",
        "not valid",
    );
    check("nonsense\r\n\r\n", get, "502", "not valid HTTP");
    check("", get, "502", "ended too early");
    let early = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    check(early, get, "103", "HTTP/1.1 200 OK");
}

#[test]
fn requests_are_recorded() {
    let fixture = start(&Setup { allow: ALLOW, ..Setup::default() }, origin("HTTP/1.1 200 OK\r\n\r\nok"));
    let port = fixture.origin;
    let get =
        format!("GET http://local.example:{port}/secret HTTP/1.1\r\nHost: local.example:{port}\r\n\r\n");
    fixture.exchange(&[get.as_bytes()]);
    let records = fixture.records();
    let [record] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!(shown(record, port), "local.example:PORT allowed");
    assert_eq!(record.protocol, Some(Protocol::Http));
    assert!(record.sent > 40 && record.received > 20, "{record:?}");
    assert!(!format!("{record:?}").contains("secret"), "a path may hold a token");
}
