//! Facts as a damaged or forged cache would return them.
#![no_main]

use std::sync::LazyLock;

use andon_model::{Engine, Occurrence, Snapshot, Unit};
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

fuzz_target!(|facts: &[u8]| {
    let occurrences = vec![Occurrence::in_tree("src/a.txt")];
    let _ = ENGINE.combine(&[Unit { facts: facts.to_vec(), occurrences }], &Nothing);
});
