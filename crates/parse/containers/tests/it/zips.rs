use crate::support::*;

/// Where a signature first stands.
fn find(bytes: &[u8], signature: &[u8]) -> usize {
    bytes.windows(signature.len()).position(|window| window == signature).unwrap()
}

#[test]
fn folders_and_links() {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer.add_directory("d/", options).unwrap();
    writer.add_symlink("l", "/etc/passwd", options).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    check("x.zip", &bytes, &["d:Directory", "l:SymbolicLink"], &[]);
}

#[test]
fn what_has_content_is_a_file_whatever_its_mode_says() {
    let content = [b'x'; 300];
    for (mode, seen) in [(0o120_777_u32, "a=<300>"), (0o010_644, "a=<300>"), (0o040_755, "a=<300>")] {
        let mut bytes = zip_of(&[("a", &content)]);
        let central = find(&bytes, b"PK\x01\x02");
        bytes[central + 5] = 3;
        bytes[central + 38..central + 42].copy_from_slice(&(mode << 16).to_le_bytes());
        check("x.zip", &bytes, &[seen], &[]);
    }
    let mut bytes = zip_of(&[("a_", b"one")]);
    let central = find(&bytes, b"PK\x01\x02");
    bytes[central + 47] = b'/';
    check("x.zip", &bytes, &["a=one"], &[]);
}

#[test]
fn a_directory_that_hides_entries_is_told() {
    let bytes = zip_of(&[("a", b"one"), ("b", b"two")]);
    let end = find(&bytes, b"PK\x05\x06");
    let mut none = bytes.clone();
    none[end + 12..end + 16].fill(0);
    check("x.zip", &none, &[], &["Corrupt"]);
    let mut more = bytes;
    more[end + 10] = 3;
    check("x.zip", &more, &["a=one", "b=two"], &["Corrupt"]);
}

#[test]
fn something_may_stand_before_and_after() {
    let zip = zip_of(&[("__main__.py", b"print()")]);
    let before = [b"#!/usr/bin/env python3\n", zip.as_slice()].concat();
    check("tool.pyz", &before, &["__main__.py=print()"], &[]);
    check("x.zip", &[zip.as_slice(), b"trailing"].concat(), &["__main__.py=print()"], &[]);
}

#[test]
fn zip64() {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().large_file(true);
    writer.start_file("big", options).unwrap();
    std::io::Write::write_all(&mut writer, b"small").unwrap();
    let mut bytes = writer.finish().unwrap().into_inner();
    check("x.zip", &bytes, &["big=small"], &[]);
    let end = find(&bytes, b"PK\x05\x06");
    let directory = find(&bytes, b"PK\x01\x02");
    let record = zip64_record(1, (end - directory) as u64, directory as u64, end as u64);
    bytes[end + 8..end + 20].fill(0xff);
    bytes.splice(end..end, record);
    check("x.zip", &bytes, &["big=small"], &[]);
    let moved = [b"#!/bin/sh\n", bytes.as_slice()].concat();
    check("x.jar", &moved, &["big=small"], &[]);
    bytes[end + 3] = 9;
    check("x.zip", &bytes, &[], &["Corrupt"]);
}

fn zip64_record(entries: u64, size: u64, offset: u64, at: u64) -> Vec<u8> {
    let mut record = b"PK\x06\x06".to_vec();
    record.extend(44_u64.to_le_bytes());
    record.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for number in [entries, entries, size, offset] {
        record.extend(number.to_le_bytes());
    }
    record.extend(b"PK\x06\x07\0\0\0\0");
    record.extend(at.to_le_bytes());
    record.extend([1, 0, 0, 0]);
    record
}

#[test]
fn more_entries_than_a_short_counts() {
    let names: Vec<String> = (0..70_000).map(|index| format!("{index}")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let bytes = zip_with(zip::CompressionMethod::Stored, &files);
    let (seen, outcome) = open("x.zip", &bytes, andon_containers::Limits::default());
    assert_eq!((outcome.files, seen.problems.len()), (70_000, 0));
}

#[test]
fn names_are_made_harmless() {
    let bytes = zip_of(&[("aaa", b"1"), ("bbbb", b"2"), ("c", b"3")]);
    let named = |bytes: &[u8], from: &[u8], to: &[u8]| {
        let mut bytes = bytes.to_vec();
        while let Some(at) = bytes.windows(from.len()).position(|window| window == from) {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
        bytes
    };
    let changed = named(&named(&bytes, b"aaa", b"x\\y"), b"bbbb", b"..\\z");
    check("x.zip", &changed, &["x/y=1", "c=3"], &["Name ..\\z"]);
    check("x.zip", &named(&bytes, b"aaa", b"/\xe9\xe8"), &["%E9%E8=1", "bbbb=2", "c=3"], &[]);
}

#[test]
fn encrypted_entries_are_told() {
    let mut bytes = zip_of(&[("a", b"1"), ("b", b"2")]);
    let central = find(&bytes, b"PK\x01\x02");
    bytes[central + 8] |= 1;
    check("x.zip", &bytes, &["a=", "b=2"], &["Encrypted a"]);
}

#[test]
fn unknown_methods_are_told() {
    let mut bytes = zip_of(&[("a", b"1"), ("b", b"2")]);
    let central = find(&bytes, b"PK\x01\x02");
    bytes[central + 10] = 14;
    check("x.zip", &bytes, &["a=", "b=2"], &["Unsupported a"]);
}

#[test]
fn wrong_checksums_and_sizes_are_told() {
    let bytes = zip_of(&[("a", b"one"), ("b", b"two")]);
    let central = find(&bytes, b"PK\x01\x02");
    for (field, content) in [(16, "a=one"), (24, "a=one")] {
        let mut wrong = bytes.clone();
        wrong[central + field] ^= 8;
        check("x.zip", &wrong, &[content, "b=two"], &["Corrupt a"]);
    }
}

#[test]
fn local_headers_are_not_believed() {
    let mut bytes = zip_of(&[("aaa", b"one")]);
    let local = find(&bytes, b"aaa");
    bytes[local..local + 3].copy_from_slice(b"bbb");
    bytes[14..26].fill(0xee);
    check("x.zip", &bytes, &["aaa=one"], &[]);
}

#[test]
fn a_zip_without_directory_is_a_problem() {
    let bytes = zip_of(&[("a", b"one")]);
    let directory = find(&bytes, b"PK\x01\x02");
    check("x.zip", &bytes[..directory], &[], &["Corrupt"]);
    check("x.zip", &bytes[..bytes.len() - 1], &[], &["Corrupt"]);
    let nested = tar_of(&[("x.zip", &bytes[..directory]), ("b", b"two")]);
    check("x.tar", &nested, &["b=two"], &["Corrupt x.zip"]);
}

#[test]
fn a_damaged_directory_ends_it() {
    let mut bytes = zip_of(&[("a", b"one"), ("b", b"two")]);
    let first = find(&bytes, b"PK\x01\x02");
    let second = first + 4 + find(&bytes[first + 4..], b"PK\x01\x02");
    bytes[second] = b'X';
    check("x.zip", &bytes, &["a=one"], &["Corrupt"]);
}
