use std::io::Write;

use crate::support::gateway::{Setup, echo, hello, read_to_end, shown, split, start};

const ALLOW: &[&str] = &["local.example:PORT", "127.0.0.1:PORT"];

/// What these bytes, which may not even be a request, are answered with.
fn check(bytes: &[u8], status: &str, record: &str) {
    let fixture = start(&Setup { allow: ALLOW, ..Setup::default() }, echo());
    let origin = fixture.origin;
    let (seen, _) = split(&fixture.exchange(&[bytes]));
    assert_eq!(seen, status, "{record}");
    let records = fixture.records();
    let texts: Vec<String> = records.iter().map(|record| shown(record, origin)).collect();
    assert!(texts.iter().all(|text| text.contains(record)) && texts.len() == 1, "{texts:?}");
}

#[test]
fn garbage_and_bombs() {
    check(b"", "400", "ended before its request");
    check(b"\x16\x03\x01\x02\x00", "400", "not an HTTP request");
    check(b"GET\x00 / HTTP/1.1\r\n\r\n", "400", "not an HTTP request");
    let bomb = format!("GET http://local.example/ HTTP/1.1\r\n{}", "A: b\r\n".repeat(1 << 16));
    check(bomb.as_bytes(), "431", "longer than 32 KiB");
    for target in
        ["u:p@local.example:1", "local.example", "local.example:99999", "[::1", "0x7f000001:80", "127.1:80"]
    {
        check(format!("CONNECT {target} HTTP/1.1\r\n\r\n").as_bytes(), "400", "target of CONNECT");
    }
    check(b"CONNECT [::1]:80 HTTP/1.1\r\n\r\n", "403", "[::1]:80 refused: [::1]:80 is not on the allow-list");
    check(b"CONNECT 169.254.169.254:80 HTTP/1.1\r\n\r\n", "403", "not on the allow-list");
}

#[test]
fn who_is_too_slow_is_not_waited_for() {
    let fixture = start(&Setup { allow: ALLOW, ..Setup::default() }, echo());
    let origin = fixture.origin;
    let mut slow = fixture.open();
    slow.write_all(b"CONNECT local").unwrap();
    assert_eq!(split(&read_to_end(&mut slow)).0, "408");
    let mut silent = fixture.open();
    silent.write_all(format!("CONNECT local.example:{origin} HTTP/1.1\r\n\r\n").as_bytes()).unwrap();
    silent.write_all(&hello("local.example")[..20]).unwrap();
    let (status, rest) = split(&read_to_end(&mut silent));
    assert_eq!((status.as_str(), rest.first()), ("200", Some(&21)));
    let texts: Vec<String> = fixture.records().iter().map(|record| shown(record, origin)).collect();
    assert!(texts[0].contains("did not come in time") && texts[1].contains("in time"), "{texts:?}");
}

#[test]
fn a_hello_that_never_ends_is_refused() {
    let fixture = start(&Setup { allow: ALLOW, ..Setup::default() }, echo());
    let origin = fixture.origin;
    let begin = [22, 3, 1, 0, 5, 1, 0, 0xff, 0xff, 0];
    let endless = [&begin[..], &[22, 3, 1, 0x40, 0], &[0; 16384], &[22, 3, 1, 0x40, 0], &[0; 16384]].concat();
    let parts: Vec<&[u8]> = endless.chunks(8192).chain(endless[15..].chunks(8192)).collect();
    let (status, rest) = fixture.tunnel("local.example:PORT", &parts);
    assert_eq!(status, "200");
    assert!(rest.len() <= 7, "nothing of the origin");
    let texts: Vec<String> = fixture.records().iter().map(|record| shown(record, origin)).collect();
    assert!(texts[0].contains("refused"), "{texts:?}");
}

#[test]
fn more_connections_wait_and_stopping_ends_all() {
    let fixture = start(&Setup { allow: ALLOW, connections: Some(2), ..Setup::default() }, echo());
    let idle: Vec<_> = (0..4).map(|_| fixture.open()).collect();
    let (status, rest) = fixture.tunnel("local.example:PORT", &[&hello("local.example")]);
    assert_eq!(
        (status.as_str(), rest.last()),
        ("200", Some(&b'!')),
        "served when the idle ones were given up"
    );
    let mut open = fixture.open();
    open.write_all(format!("CONNECT local.example:{} HTTP/1.1\r\n\r\n", fixture.origin).as_bytes()).unwrap();
    open.write_all(&hello("local.example")).unwrap();
    let mut answer = [0; 39];
    std::io::Read::read_exact(&mut open, &mut answer).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(100));
    let records = fixture.records();
    assert_eq!(records.iter().filter(|record| record.host == "local.example").count(), 2, "{records:?}");
    assert!(read_to_end(&mut open).is_empty());
    drop(idle);
}
