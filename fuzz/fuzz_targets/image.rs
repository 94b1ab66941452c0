//! Images in one tar, and as documents whose digests hold whatever they say.
#![no_main]

use std::collections::BTreeMap;
use std::io::Cursor;

use andon_containers::{
    Blob, Budget, Choice, Entry, Image, Limits, Problem, Store, StoreError, TarStore, Visitor, Want,
};
use libfuzzer_sys::fuzz_target;

struct Parts<'a>(BTreeMap<&'static str, &'a [u8]>);

impl Store for Parts<'_> {
    fn open(&self, path: &str) -> Result<Blob, StoreError> {
        let bytes = self.0.get(path).ok_or(StoreError::NotFound)?;
        Ok(Box::new(Cursor::new(bytes.to_vec())))
    }
}

struct Checks;

impl Visitor for Checks {
    fn wants(&mut self, entry: &Entry<'_>, _head: &[u8]) -> Want {
        assert!(entry.layer.is_some());
        Want::Content { limit: 1 << 20 }
    }
    fn file(&mut self, _entry: &Entry<'_>, _bytes: Vec<u8>) {}
    fn problem(&mut self, problem: Problem) {
        assert!(problem.layer.is_some());
    }
}

fn examine(store: &dyn Store) {
    let Ok(image) = Image::open(store, &Choice::default()) else { return };
    let limits = Limits { entries: 1000, total_bytes: 32 << 20, ratio_from: 1 << 20, ..Limits::default() };
    if let Ok(outcome) = image.walk(store, &Budget::new(limits), &mut Checks) {
        assert!(outcome.entries <= 1000);
    }
}

fuzz_target!(|bytes: &[u8]| {
    let owned = bytes.to_vec();
    if let Ok(store) = TarStore::new(move || Ok(Box::new(Cursor::new(owned.clone())))) {
        examine(&store);
    }
    let mut parts = bytes.splitn(4, |byte| *byte == 0xff);
    let mut next = || parts.next().unwrap_or_default();
    let (first, config, layer) = (next(), next(), next());
    examine(&Parts(BTreeMap::from([("index.json", first), ("manifest.json", config)])));
    examine(&Parts(BTreeMap::from([("manifest.json", first), ("c", config), ("l", layer)])));
});
