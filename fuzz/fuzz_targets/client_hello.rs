//! First bytes of a TLS connection; cutting them anywhere never turns one name into another.
#![no_main]

use andon_network::gateway::hello::{Hello, client_hello};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let whole = client_hello(bytes);
    if let Hello::Incomplete(least) = &whole {
        assert!(*least > bytes.len());
    }
    if let Hello::Complete(found) = &whole {
        for end in 0..bytes.len() {
            match client_hello(&bytes[..end]) {
                Hello::Complete(earlier) => assert_eq!(&earlier, found),
                Hello::Incomplete(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }
});
