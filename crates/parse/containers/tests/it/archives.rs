use crate::support::*;

#[test]
fn files_of_each_format() {
    let files: &[(&str, &[u8])] = &[("a.txt", b"one"), ("d/b.txt", b"two")];
    let seen = ["a.txt=one", "d/b.txt=two"];
    check("x.tar", &tar_of(files), &seen, &[]);
    check("x.tgz", &gzip(&tar_of(files)), &seen, &[]);
    check("x.tar.zst", &zstd_of(&tar_of(files)), &seen, &[]);
    check("x.zip", &zip_of(files), &seen, &[]);
    check("x.jar", &zip_with(zip::CompressionMethod::Stored, files), &seen, &[]);
    check("x.zip", &zip_with(zip::CompressionMethod::Zstd, files), &seen, &[]);
}

#[test]
fn single_compressed_files() {
    check("dump.sql.gz", &gzip(b"select"), &["dump.sql=select"], &[]);
    check("dump.sql.zst", &zstd_of(b"select"), &["dump.sql=select"], &[]);
    check("empty.gz", &gzip(b""), &["empty="], &[]);
}

#[test]
fn streams_in_several_parts() {
    check("log.gz", &[gzip(b"one"), gzip(b"two")].concat(), &["log=onetwo"], &[]);
    check("log.zst", &[zstd_of(b"one"), zstd_of(b"two")].concat(), &["log=onetwo"], &[]);
}

#[test]
fn archives_in_archives() {
    let inner = zip_of(&[("deep.txt", b"here")]);
    let middle = gzip(&tar_of(&[("lib/inner.jar", &inner), ("note.gz", &gzip(b"packed"))]));
    let outer = zip_of(&[("first.txt", b"1"), ("middle.tgz", &middle), ("last.txt", b"2")]);
    let seen = [
        "first.txt=1",
        "middle.tgz!lib/inner.jar!deep.txt=here",
        "middle.tgz!note.gz!note=packed",
        "last.txt=2",
    ];
    check("outer.zip", &outer, &seen, &[]);
}

#[test]
fn what_is_no_archive_is_left_alone() {
    for (name, bytes) in
        [("x.tar", &b""[..]), ("x.zip", b"plain"), ("x.gz", b"\x1f\x8b"), ("x.tar", &[b'x'; 2000])]
    {
        let (seen, outcome) = open(name, bytes, andon_containers::Limits::default());
        assert_eq!((outcome.archives, seen.files.len(), seen.problems.len()), (0, 0, 0), "{name}");
    }
}

#[test]
fn formats_that_are_not_opened_are_named() {
    let xz = b"\xfd7zXZ\0rest";
    check("x.tar.xz", xz, &[], &["Unsupported"]);
    let bzip2 = b"BZh91AY&SYrest";
    check("x.zip", &zip_of(&[("in.tar.bz2", bzip2), ("a", b"1")]), &["a=1"], &["Unsupported in.tar.bz2"]);
}

#[test]
fn longer_files_than_wanted_are_a_problem() {
    let tar = tar_of(&[("long", &[b'x'; 100]), ("short", b"ok")]);
    let zip = zip_of(&[("long", &[b'x'; 100]), ("short", b"ok")]);
    for (name, bytes) in [("x.tar", &tar), ("x.zip", &zip)] {
        let (seen, _) = open(name, bytes, limits(|limits| limits.entry_bytes = 99));
        assert_eq!((seen.files, seen.problems.len()), (vec!["short=ok".to_owned()], 1));
    }
    let (seen, _) = open("x.gz", &gzip(&[b'x'; 100]), limits(|limits| limits.entry_bytes = 99));
    assert_eq!(seen.kinds(), ["TooLarge x"]);
}

#[test]
fn a_visitor_can_stop() {
    let bytes = tar_of(&[("a", b"1"), ("b", b"2"), ("c", b"3")]);
    let mut seen = Seen { patience: Some(2), ..Seen::default() };
    let source = &mut std::io::Cursor::new(&bytes);
    let source = andon_containers::Source::Seekable(source);
    let outcome = andon_containers::walk(source, "x.tar", &andon_containers::Budget::default(), &mut seen);
    assert_eq!(seen.files, ["a=1", "b=2"]);
    assert!(outcome.cancelled);
}
