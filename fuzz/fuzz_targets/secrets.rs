//! Our own rules over any text, decoding included, and the findings made of it.
#![no_main]

use std::sync::LazyLock;

use andon_model::{Content, Engine, Occurrence, Snapshot, Unit};
use andon_secrets::config::IgnoreFile;
use andon_secrets::{ProjectKey, Secrets, Settings, own_pack};
use libfuzzer_sys::fuzz_target;

static ENGINE: LazyLock<Secrets> = LazyLock::new(|| {
    Secrets::new(Settings {
        rules: own_pack(),
        key: ProjectKey::new("fuzz"),
        ignore: IgnoreFile::default(),
        decode_depth: 5,
        now: 1_700_000_000,
    })
});

struct Nothing;

impl Snapshot for Nothing {
    fn read(&self, _path: &str) -> Option<Vec<u8>> {
        None
    }
}

fuzz_target!(|text: &[u8]| {
    let examined = ENGINE.examine(&Content::text(text));
    if examined.facts.is_empty() {
        return;
    }
    let occurrences = vec![Occurrence::in_tree("src/a.txt")];
    let outcome = ENGINE.combine(&[Unit { facts: examined.facts, occurrences }], &Nothing);
    for region in
        outcome.findings.iter().flat_map(|finding| &finding.locations).filter_map(|place| place.region)
    {
        assert!(region.start_byte <= region.end_byte && region.end_byte <= text.len() as u64);
    }
});
