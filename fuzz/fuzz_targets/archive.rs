//! Archives of every kind: whatever they hold, the limits and the paths hold too.
#![no_main]

use std::io::Cursor;

use andon_containers::{Budget, Entry, Limits, Problem, Source, Visitor, Want, walk};
use libfuzzer_sys::fuzz_target;

const LARGEST: u64 = 1 << 20;

struct Checks(u64);

impl Visitor for Checks {
    fn wants(&mut self, entry: &Entry<'_>, head: &[u8]) -> Want {
        assert!(head.len() <= 512);
        assert!(entry.nested.len() < 4);
        for path in entry.location() {
            assert!(
                !path.split('/').any(|part| matches!(part, "" | "." | "..")) && !path.contains('\0'),
                "{path}"
            );
        }
        Want::Content { limit: LARGEST }
    }

    fn file(&mut self, _entry: &Entry<'_>, bytes: Vec<u8>) {
        assert!(bytes.len() as u64 <= LARGEST);
        self.0 += 1;
    }

    fn problem(&mut self, _problem: Problem) {}
}

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits {
        depth: 4,
        entries: 1000,
        total_bytes: 32 << 20,
        held_bytes: 4 << 20,
        ratio_from: 1 << 20,
        ..Limits::default()
    };
    let name = if bytes.len() % 2 == 0 { "x.tar" } else { "x.jar" };
    let (mut file, mut pipe) = (Checks(0), Checks(0));
    let from_file =
        walk(Source::Seekable(&mut Cursor::new(bytes)), name, &Budget::new(limits.clone()), &mut file);
    let from_pipe = walk(Source::Stream(&mut &*bytes), name, &Budget::new(limits.clone()), &mut pipe);
    assert!(from_file.entries <= limits.entries);
    assert_eq!(from_file.files, file.0);
    if bytes.len() < 4 << 20 {
        assert_eq!(from_file, from_pipe);
    }
});
