//! Heads of requests to a proxy; what is passed on is a head that is read the same again.
#![no_main]

use andon_network::gateway::head::{Parsed, Request, request_head};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Parsed::Complete(head, length) = request_head(bytes) else { return };
    assert!(length <= bytes.len() && bytes[..length].ends_with(b"\r\n\r\n"));
    let Request::Forward { method, path, fields, body } = &head.request else { return };
    let place = &head.place;
    let mut again = format!("{method} http://{place}{path} HTTP/1.1\r\nHost: {place}\r\n").into_bytes();
    again.extend_from_slice(fields);
    again.extend_from_slice(b"\r\n");
    match request_head(&again) {
        Parsed::Complete(second, _) => match second.request {
            Request::Forward { body: second_body, path: second_path, .. } => {
                assert_eq!((&second.place, &second_path, &second_body), (place, path, body));
            }
            Request::Tunnel => panic!("a tunnel"),
        },
        Parsed::Refused(431, _) => {}
        other => panic!("{other:?}"),
    }
});
