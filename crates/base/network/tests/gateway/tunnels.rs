use crate::support::gateway::{Setup, echo, hello, shown, start};

/// What a tunnel to `place` that begins with `first` comes to: whether the origin answered, and what was recorded.
fn check(allow: &[&str], place: &str, first: &[&[u8]], status: &str, record: &str) {
    let fixture = start(&Setup { allow, ..Setup::default() }, echo());
    let origin = fixture.origin;
    let (seen, rest) = fixture.tunnel(place, first);
    assert_eq!(seen, status, "{place}: {}", String::from_utf8_lossy(&rest));
    let records = fixture.records();
    let [connection] = records.as_slice() else { panic!("{records:?}") };
    let text = shown(connection, origin);
    assert!(text.contains(record), "{place}: {text}");
    let sent: Vec<u8> = first.concat();
    match (status, record) {
        ("200", "allowed") => {
            assert_eq!(rest, [&sent[..], b"!"].concat(), "{place}");
            let counted = (connection.sent, connection.received);
            let length = u64::try_from(sent.len()).unwrap();
            assert_eq!(counted, (length, length + 1), "{place}");
        }
        ("200", _) => {
            assert_eq!(rest, [21, 3, 3, 0, 2, 2, 49], "{place}: an alert, and nothing of the origin")
        }
        _ => {
            let body = String::from_utf8(rest).unwrap();
            assert!(body.starts_with("andon: ") && body.lines().count() == 1, "{body}");
            assert_eq!(connection.received, 0);
        }
    }
}

const LOCAL: &[&str] = &["local.example:PORT", "127.0.0.1:PORT"];

#[test]
fn tls_goes_where_it_was_asked_to_go() {
    let right = hello("local.example");
    check(LOCAL, "local.example:PORT", &[&right], "200", "allowed");
    check(LOCAL, "LOCAL.Example.:PORT", &[&right], "200", "allowed");
    let bytes: Vec<&[u8]> = right.chunks(40).collect();
    check(LOCAL, "local.example:PORT", &bytes, "200", "allowed");
    check(LOCAL, "127.0.0.1:PORT", &[&hello("127.0.0.1")], "200", "allowed");
    check(
        &["*.local.example:PORT", "127.0.0.1:PORT"],
        "a.local.example:PORT",
        &[&hello("a.local.example")],
        "200",
        "allowed",
    );
}

#[test]
fn what_is_not_listed_is_refused_with_a_hint() {
    let hint =
        "PORT is not on the allow-list of this step; if it belongs there, add \"other.example:PORT\" under";
    check(LOCAL, "other.example:PORT", &[], "403", hint);
    check(LOCAL, "local.example:1", &[], "403", "add \"local.example:1\"");
    check(LOCAL, "xlocal.example:PORT", &[], "403", "not on the allow-list");
    check(&["*.local.example:PORT"], "local.example:PORT", &[], "403", "not on the allow-list");
    check(&["http://local.example:PORT"], "local.example:PORT", &[], "403", "not on the allow-list");
}

#[test]
fn another_name_inside_tls_ends_it() {
    let name = "its TLS server name (SNI) is evil.example";
    check(LOCAL, "local.example:PORT", &[&hello("evil.example")], "200", name);
    check(LOCAL, "127.0.0.1:PORT", &[&hello("evil.example")], "200", name);
    let without = "it begins TLS without a server name (SNI) to local.example:PORT";
    check(LOCAL, "local.example:PORT", &[&hello("127.0.0.1")], "200", without);
    let other = "it does not speak TLS to local.example:PORT, so nobody can tell where it goes; if that is meant, add \
                 \"tcp://local.example:PORT\"";
    check(LOCAL, "local.example:PORT", &[b"SSH-2.0-x\r\n"], "200", other);
    check(LOCAL, "local.example:PORT", &[b"GET / HTTP/1.1\r\n\r\n"], "200", "does not speak TLS");
    check(LOCAL, "local.example:PORT", &[], "200", "ended before saying anything");
    check(
        &["tcp://local.example:PORT", "127.0.0.1:PORT"],
        "local.example:PORT",
        &[b"SSH-2.0-x\r\n"],
        "200",
        "allowed",
    );
}

#[test]
fn names_do_not_lead_to_private_places_unless_they_are_listed() {
    let right = hello("local.example");
    let hint = "local.example leads to 127.0.0.1, which is no public address; if that is meant, add \"127.0.0.1:PORT\"";
    check(&["local.example:PORT"], "local.example:PORT", &[&right], "403", hint);
    check(
        &["local.example:PORT", "127.0.0.1:1"],
        "local.example:PORT",
        &[&right],
        "403",
        "no public address",
    );
    check(
        &["inside.example:PORT", "127.0.0.1:PORT"],
        "inside.example:PORT",
        &[],
        "403",
        "leads to 10.20.30.40",
    );
    check(&["metadata.example:80"], "metadata.example:80", &[], "403", "leads to 169.254.169.254");
    let mixed = hello("mixed.example");
    check(&["mixed.example:PORT", "127.0.0.1:PORT"], "mixed.example:PORT", &[&mixed], "200", "allowed");
    check(&["unknown.example:PORT"], "unknown.example:PORT", &[], "502", "unknown.example has no address");
    check(&["127.0.0.1:1"], "127.0.0.1:1", &[], "502", "cannot be reached");
}

#[test]
fn another_proxy_is_used_where_the_environment_names_one() {
    use crate::support::gateway::{read_to_end, serve};
    use std::io::{Read, Write};
    let next = serve(|stream| {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\nearly ");
        let _ = stream.write_all(&head);
        let rest = read_to_end(stream);
        let _ = stream.write_all(&rest);
    });
    let proxy = format!("http://user:pass@127.0.0.1:{next}");
    let variables = [("HTTPS_PROXY", proxy.as_str()), ("NO_PROXY", "local.example")];
    let allow = &["far.example:443", "local.example:PORT", "127.0.0.1:PORT", "inside.example:443"];
    let fixture = start(&Setup { allow, variables: &variables, ..Setup::default() }, echo());
    let (status, rest) = fixture.tunnel("far.example:443", &[&hello("far.example")]);
    let text = String::from_utf8_lossy(&rest);
    assert_eq!(status, "200", "{text}");
    let asked =
        "early CONNECT far.example:443 HTTP/1.1\r\nHost: far.example:443\r\nProxy-Authorization: Basic ";
    assert!(text.starts_with(asked), "{text}");
    assert!(rest.ends_with(&hello("far.example")[40..60]) || rest.len() > 200, "{text}");
    let right = hello("local.example");
    assert_eq!(fixture.tunnel("local.example:PORT", &[&right]).1, [&right[..], b"!"].concat(), "exempt");
    assert_eq!(fixture.tunnel("inside.example:443", &[]).0, "403", "private, as far as it can be told here");
    let records = fixture.records();
    let through: Vec<bool> = records.iter().map(|record| record.through_proxy).collect();
    assert_eq!(through, [true, false, false]);
    assert!(!format!("{records:?}").contains("pass"), "{records:?}");
}
