//! A damaged advisory index: the input says which bytes of a sound one change, or is the index itself.

#![no_main]

use andon_advisories::{Builder, Index, IndexError, Question, group};
use libfuzzer_sys::fuzz_target;

const RECORD: &[u8] =
    br#"{"id": "DSA-1", "aliases": ["GHSA-1"], "upstream": ["CVE-2024-1", "CVE-2024-2"], "affected": [
    {"package": {"ecosystem": "Debian:12", "name": "p"}, "versions": ["0.9"], "ranges": [{"type": "ECOSYSTEM",
     "events": [{"introduced": "0"}, {"fixed": "1.0-1"}, {"limit": "*"}]}]}]}"#;
const KEV: &[u8] = br#"{"vulnerabilities": [{"cveID": "CVE-2024-1", "dateAdded": "2024-01-01"}]}"#;
const EPSS: &[u8] = b"cve,epss,percentile\nCVE-2024-1,0.5,0.5\n";

fuzz_target!(|data: &[u8]| {
    let _ = ask(data);
    let mut bytes = sound();
    for change in data.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]]));
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= change[2];
        }
    }
    let _ = ask(&bytes);
});

fn sound() -> Vec<u8> {
    let mut builder = Builder::in_memory();
    builder.add_json("Debian", RECORD).unwrap();
    builder.kev(KEV).unwrap();
    builder.epss(&mut &*EPSS).unwrap();
    let mut bytes = Vec::new();
    builder.finish(&mut bytes, "2026-01-01T00:00:00Z").unwrap();
    bytes
}

fn ask(bytes: &[u8]) -> Result<(), IndexError> {
    let index = Index::open(bytes)?;
    let _ =
        (index.verify(), index.built().len(), index.exploited("CVE-2024-1"), index.probability("CVE-2024-1"));
    index.by_id("GHSA-1")?;
    let found = index.matches(&Question { ecosystem: "Debian:12", name: "p", version: "0.9" })?;
    found.vulnerabilities.iter().try_for_each(|each| each.texts().map(drop))?;
    group(&index, &found.vulnerabilities).map(drop)
}
