//! Package URLs, read and written again.
#![no_main]

use andon_purl::{Purl, from_osv, osv_package};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = Purl::parse_strict(text);
    let _ = text.split_once('/').and_then(|(ecosystem, name)| from_osv(ecosystem, name));
    let (kind, name) = text.split_once(' ').unwrap_or(("npm", text));
    let built = Purl::of_native(kind, name);
    for purl in Purl::parse(text).into_iter().chain([built]) {
        assert_eq!(Purl::parse(&purl.to_string()).as_ref(), Ok(&purl));
        let _ = osv_package(&purl, Some(text));
    }
});
