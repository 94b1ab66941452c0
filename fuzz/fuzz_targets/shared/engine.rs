//! The engine of our own rules that several targets share, and files that there are none of.

use std::sync::LazyLock;

use andon_model::Snapshot;
use andon_secrets::config::IgnoreFile;
use andon_secrets::{ProjectKey, Secrets, Settings, own_pack};

pub(crate) static ENGINE: LazyLock<Secrets> = LazyLock::new(|| {
    Secrets::new(Settings {
        rules: own_pack(),
        key: ProjectKey::new("fuzz"),
        ignore: IgnoreFile::default(),
        decode_depth: 5,
        now: 1_700_000_000,
    })
});

pub(crate) struct Nothing;

impl Snapshot for Nothing {
    fn read(&self, _path: &str) -> Option<Vec<u8>> {
        None
    }
}
