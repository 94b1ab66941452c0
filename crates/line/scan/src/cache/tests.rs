use andon_model::{Diagnostic, GapKind};
use andon_system::MemorySystem;

use super::*;

const KEY: [u8; 32] = [9; 32];

fn known(examined: u32, facts: &[(u8, &[u8])]) -> Known {
    let facts = facts
        .iter()
        .map(|(engine, facts)| EngineFacts {
            engine: *engine,
            facts: facts.to_vec(),
            diagnostics: vec![Diagnostic { kind: GapKind::Limit, detail: "gave up".to_owned() }],
        })
        .collect();
    Known { kind: Kind::Text, examined, facts }
}

fn digest(number: u32) -> [u8; 32] {
    *blake3::hash(&number.to_le_bytes()).as_bytes()
}

fn name(number: u32) -> NameHash {
    NameHash::new("path", &number.to_le_bytes())
}

fn stat(number: u32) -> Stamp {
    Stamp { size: number.into(), modified: 5, changed: 6, inode: 7 }
}

fn additions(numbers: std::ops::Range<u32>) -> Additions {
    let facts = |number: u32| {
        if number.is_multiple_of(10) { known(1, &[(0, &number.to_le_bytes())]) } else { known(1, &[]) }
    };
    Additions {
        stats: numbers.clone().map(|number| (name(number), stat(number), digest(number))).collect(),
        contents: numbers.map(|number| (digest(number), facts(number))).collect(),
    }
}

fn written(additions: Additions, loaded: &Table, disk: Option<&Table>, limits: Limits) -> Table {
    Table::parse(build(&KEY, additions, loaded, disk, limits), &KEY).expect("what was built can be read")
}

#[test]
fn what_was_added_is_found_and_nothing_else() {
    let table = written(additions(0..1000), &Table::default(), None, Limits::DEFAULT);
    for number in 0..1000 {
        assert_eq!(table.digest_of(name(number), stat(number)), Some(digest(number)));
        let facts = table.known(&digest(number)).unwrap().facts;
        assert_eq!(facts.len(), usize::from(number % 10 == 0), "{number}");
    }
    assert_eq!(table.known(&digest(20)).unwrap(), known(1, &[(0, &20u32.to_le_bytes())]));
    assert_eq!(table.digest_of(name(3), stat(4)), None, "the stat differs");
    assert_eq!(table.digest_of(name(2000), stat(2000)), None);
    assert_eq!(table.known(&digest(2000)), None);
}

#[test]
fn concurrent_tables_are_merged() {
    let first = written(additions(0..50), &Table::default(), None, Limits::DEFAULT);
    let ours = Additions { stats: Vec::new(), contents: vec![(digest(3), known(2, &[(1, b"second")]))] };
    let theirs = written(additions(50..60), &first, None, Limits::DEFAULT);
    let merged = written(ours, &first, Some(&theirs), Limits::DEFAULT);
    assert_eq!(merged.known(&digest(3)).unwrap().examined, 3);
    assert_eq!(merged.known(&digest(3)).unwrap().facts, known(2, &[(1, b"second")]).facts);
    assert_eq!(merged.digest_of(name(55), stat(55)), Some(digest(55)));
    assert_eq!(merged.digest_of(name(5), stat(5)), Some(digest(5)));
}

#[test]
fn what_nobody_uses_is_dropped_after_some_generations() {
    let limits = Limits { generations: 2, ..Limits::DEFAULT };
    let mut table = written(additions(0..10), &Table::default(), None, limits);
    for round in 100..103 {
        assert!(table.digest_of(name(1), stat(1)).is_some());
        table = written(additions(round..round + 1), &table, None, limits);
    }
    assert!(table.known(&digest(1)).is_some());
    assert!(table.known(&digest(2)).is_none());
    assert_eq!(table.digest_of(name(2), stat(2)), None);
}

#[test]
fn a_full_table_keeps_its_bounds() {
    let limits = Limits { rows: 100, ..Limits::DEFAULT };
    let table = written(additions(0..500), &Table::default(), None, limits);
    assert_eq!(table.content_rows(0).count(), 100);
    let newer = written(additions(500..550), &table, None, limits);
    assert_eq!(newer.content_rows(0).count(), 100);
    assert!((500..550).all(|number| newer.known(&digest(number)).is_some()));
    let none = written(additions(0..1), &Table::default(), None, Limits { heap: 0, ..limits });
    assert!(none.known(&digest(0)).is_none(), "half known would be wrong");
}

#[test]
fn damage_anywhere_is_the_same_as_no_table() {
    let bytes = build(&KEY, additions(0..20), &Table::default(), None, Limits::DEFAULT);
    for position in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[position] ^= 0x10;
        assert!(Table::parse(damaged, &KEY).is_none(), "byte {position}");
    }
    for length in 0..bytes.len() {
        assert!(Table::parse(bytes[..length].to_vec(), &KEY).is_none(), "cut at {length}");
    }
    assert!(Table::parse(bytes, &[8; 32]).is_none(), "another key");
}

#[test]
fn a_disk_that_is_full_gives_a_note() {
    let system = MemorySystem::new().full();
    let place = CachePlace { folder: Path::new("/cache"), disk: &NoDisk };
    let cache = Cache::open(&system, place, Path::new("/project"), &[]);
    let note = cache.save(additions(0..3)).expect("a note");
    assert!(note.contains("full"), "{note}");
    assert_eq!(cache.save(Additions::default()), None);
}

#[test]
fn a_saved_cache_is_found_again() {
    let system = MemorySystem::new();
    let place = CachePlace { folder: Path::new("/cache"), disk: &NoDisk };
    let open = |root: &str| Cache::open(&system, place, Path::new(root), &[]);
    assert_eq!(open("/project").save(additions(0..3)), None);
    assert!(open("/project").known(&digest(2)).is_some());
    assert!(open("/other").known(&digest(2)).is_none());
}

#[test]
fn a_damaged_store_entry_is_absent() {
    let system = MemorySystem::new();
    let place = CachePlace { folder: Path::new("/cache"), disk: &NoDisk };
    let store = Store::new(&system, place);
    store.put("packs", &[1; 32], b"content").unwrap();
    assert_eq!(store.get("../packs", &[1; 32]), None, "the kind is part of the checksum");
    let path = Path::new("/cache/store-packs").join(blake3::Hash::from_bytes([1; 32]).to_hex().as_str());
    let mut bytes = system.read_capped(&path, 1000).unwrap().bytes;
    *bytes.last_mut().unwrap() ^= 1;
    system.write_atomic(&path, &bytes).unwrap();
    assert_eq!(store.get("packs", &[1; 32]), None);
}

#[cfg(unix)]
#[test]
fn files_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let place = CachePlace { folder: folder.path(), disk: &OsDisk };
    Store::new(&andon_system::OsSystem, place).put("packs", &[1; 32], b"content").unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let inside = folder.path().join("store-packs");
    assert_eq!(mode(&inside), 0o700);
    let name = blake3::Hash::from_bytes([1; 32]).to_hex();
    assert_eq!(mode(&inside.join(name.as_str())), 0o600);
}

struct NoDisk;

impl Disk for NoDisk {
    fn make_private(&self, _path: &Path) {}
}

proptest::proptest! {
    /// A table that says nonsense under a good checksum is survived as well.
    #[test]
    fn nonsense_is_survived(
        changes in proptest::collection::vec((layout::CHECKSUM.end..2000usize, proptest::num::u8::ANY), 1..30),
        cut in 0..200usize,
    ) {
        let mut bytes = build(&KEY, additions(0..20), &Table::default(), None, Limits::DEFAULT);
        bytes.truncate(bytes.len() - cut % bytes.len());
        for (position, byte) in changes {
            if let Some(place) = bytes.get_mut(position) {
                *place = byte;
            }
        }
        let checksum = blake3::hash(bytes.get(layout::CHECKSUM.end..).unwrap_or_default());
        bytes[layout::CHECKSUM].copy_from_slice(checksum.as_bytes());
        if let Some(table) = Table::parse(bytes, &KEY) {
            for number in 0..20 {
                table.digest_of(name(number), stat(number));
                table.known(&digest(number));
            }
            let rewritten = written(additions(20..21), &table, None, Limits::DEFAULT);
            proptest::prop_assert!(rewritten.known(&digest(20)).is_some());
        }
    }
}
