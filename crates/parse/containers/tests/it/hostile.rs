use crate::support::*;

#[test]
fn the_number_of_entries_is_bounded() {
    let bytes = raw_header(b"x", b'0', 0).repeat(1000);
    let (seen, outcome) = open("x.tar", &bytes, limits(|limits| limits.entries = 100));
    assert_eq!((outcome.entries, seen.kinds()), (100, vec!["Limit".to_owned()]));
    let names: Vec<String> = (0..1000).map(|index| index.to_string()).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let nested = zip_of(&[("in.zip", &zip_of(&files)), ("after", b"")]);
    let (seen, outcome) = open("x.zip", &nested, limits(|limits| limits.entries = 100));
    assert_eq!((outcome.entries, seen.kinds()), (100, vec!["Limit in.zip".to_owned()]));
}

#[test]
fn the_length_of_all_names_is_bounded() {
    let names = ["1", "2", "3"].map(|end| format!("{}{end}", "n".repeat(99)));
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let change = |limits: &mut andon_containers::Limits| limits.name_bytes = 250;
    let (seen, outcome) = open("x.zip", &zip_of(&files), limits(change));
    assert_eq!((outcome.entries, seen.kinds()), (2, vec!["Limit".to_owned()]));
    let (seen, outcome) = open("x.zip", &zip_of(&[(&names[0], &zip_of(&files))]), limits(change));
    assert_eq!((outcome.entries, seen.kinds()), (1, vec![format!("Limit {}", names[0])]));
}

#[test]
fn depth_is_bounded() {
    let mut bytes = b"core".to_vec();
    for level in (0..10).rev() {
        let name = format!("{level}");
        bytes = if level % 2 == 0 { zip_of(&[(&name, &bytes)]) } else { gzip(&tar_of(&[(&name, &bytes)])) };
    }
    let (seen, _) = open("x.zip", &bytes, limits(|limits| limits.depth = 4));
    assert_eq!((seen.files.len(), seen.kinds()), (0, vec!["Limit 0!1!2!3".to_owned()]));
    let (seen, _) = open("x.zip", &bytes, limits(|limits| limits.depth = 20));
    assert_eq!(seen.files, ["0!1!2!3!4!5!6!7!8!9=core"]);
}

#[test]
fn what_is_decompressed_in_all_is_bounded() {
    let zeros = vec![0; 1 << 20];
    let zip = zip_of(&[("a", &zeros), ("b", &zeros), ("c", &zeros)]);
    let tgz = gzip(&tar_of(&[("a", &zeros), ("b", &zeros), ("c", &zeros)]));
    for (name, bytes) in [("x.zip", &zip), ("x.tgz", &tgz)] {
        let (seen, _) = open(name, bytes, limits(|limits| limits.total_bytes = 3 << 19));
        assert_eq!(seen.files.first().map(String::as_str), Some("a=<1048576>"), "{name}");
        assert!(seen.kinds().contains(&"Limit b".to_owned()), "{name}: {:?}", seen.kinds());
    }
}

#[test]
fn a_bomb_ends_its_entry_and_not_the_rest() {
    let change = |limits: &mut andon_containers::Limits| {
        limits.ratio = 100;
        limits.ratio_from = 1 << 20;
    };
    let bomb = vec![0; 8 << 20];
    let zip = zip_of(&[("bomb", &bomb), ("after", b"fine")]);
    let (seen, _) = open("x.zip", &zip, limits(change));
    assert_eq!(seen.kinds(), ["Limit bomb"]);
    assert_eq!(seen.files.last().map(String::as_str), Some("after=fine"));
    let tar = tar_of(&[("bomb.gz", &gzip(&bomb)), ("after", b"fine")]);
    let (seen, _) = open("x.tar", &tar, limits(change));
    assert_eq!(seen.kinds(), ["Limit bomb.gz!bomb"]);
    assert_eq!(seen.files.last().map(String::as_str), Some("after=fine"));
}

#[test]
fn what_precedes_a_damage_is_given() {
    // A block of 2000 bytes that are stored, and one of a kind that there is not.
    let broken = [&[0, 0xd0, 0x07, 0x2f, 0xf8][..], &[b'x'; 2000], &[0x07; 20]].concat();
    let packed = [&gzip(b"")[..10], &broken].concat();
    check("log.gz", &packed, &["log=<2000>"], &["Corrupt log"]);
    check("log.gz", &[gzip(b"one"), packed].concat(), &["log=<2003>"], &["Corrupt log"]);
    check("log.gz", &[&gzip(b"one")[..], b"rest"].concat(), &["log=one"], &["Corrupt log"]);
    let mut zip = zip_with(zip::CompressionMethod::Stored, &[("a", &broken), ("b", b"fine")]);
    let central = zip.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    (zip[8], zip[central + 10]) = (8, 8);
    check("x.zip", &zip, &["a=<2000>", "b=fine"], &["Corrupt a"]);
}

#[test]
fn what_a_damaged_stream_yields_does_not_hang_on_how_it_comes() {
    let numbers: Vec<u8> = (0..40_000_u32).flat_map(|n| (n * n).to_string().into_bytes()).collect();
    for packed in [gzip(&numbers), zstd_of(&numbers)] {
        for at in (100..packed.len()).step_by(packed.len() / 20) {
            let mut bytes = packed.clone();
            bytes[at] ^= 0x55;
            let (seen, _) = open("x.gz", &bytes, andon_containers::Limits::default());
            let files: Vec<&str> = seen.files.iter().map(String::as_str).collect();
            let kinds = seen.kinds();
            check("x.gz", &bytes, &files, &kinds.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}

#[test]
fn overlapping_entries_are_refused() {
    let mut bytes = zip_of(&[("a", &[b'x'; 5000]), ("b", b"2")]);
    let at = |bytes: &[u8], from: usize| {
        from + bytes[from..].windows(4).position(|window| window == b"PK\x01\x02").unwrap()
    };
    let first = at(&bytes, 0);
    let second = at(&bytes, first + 4);
    let entry = bytes[first..second].to_vec();
    bytes.splice(second..second, entry.repeat(50));
    let end = bytes.len() - 22;
    let size = u32::try_from(end - first).unwrap();
    bytes[end + 10] = 52;
    bytes[end + 12..end + 16].copy_from_slice(&size.to_le_bytes());
    let (seen, outcome) = open("x.zip", &bytes, andon_containers::Limits::default());
    assert_eq!(seen.files, ["a=<5000>", "b=2"]);
    assert_eq!((seen.kinds(), outcome.problems), (vec!["Corrupt a".to_owned()], 50));
}

#[test]
fn memory_for_nested_zips_is_bounded() {
    let big: Vec<u8> = (0..200_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let inner = zip_with(zip::CompressionMethod::Stored, &[("big", &big)]);
    let tar = tar_of(&[("in.zip", &inner), ("after", b"fine")]);
    let (seen, _) = open("x.tar", &tar, limits(|limits| limits.held_bytes = 100_000));
    assert_eq!((seen.files, seen.problems.len()), (vec!["after=fine".to_owned()], 1));
    let (seen, _) = open("x.tar", &tar, andon_containers::Limits::default());
    assert_eq!(seen.files, ["in.zip!big=<800000>", "after=fine"]);
}

#[test]
fn stated_sizes_are_not_believed() {
    for size in [u64::MAX >> 1, 1 << 62, 1 << 40] {
        let mut header = tar::Header::new_gnu();
        header.set_path("huge").unwrap();
        header.set_size(size);
        header.set_cksum();
        let bytes = [header.as_bytes().as_slice(), b"some"].concat();
        let (seen, _) = open("x.tar", &bytes, andon_containers::Limits::default());
        assert_eq!(seen.kinds(), ["TooLarge huge", "Corrupt"]);
    }
    let mut bytes = zip_of(&[("a", b"one"), ("b", b"2")]);
    let central = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    bytes[central + 20..central + 28].fill(0xfe);
    let (seen, _) = open("x.zip", &bytes, andon_containers::Limits::default());
    assert_eq!((seen.files, seen.problems.len()), (vec!["b=2".to_owned()], 1));
}

#[test]
fn names_that_never_end_are_refused() {
    let bytes = [raw_header(b"long", b'L', 2 << 20), vec![b'x'; 2 << 20]].concat();
    let (seen, _) = open("x.tar", &bytes, andon_containers::Limits::default());
    assert_eq!(seen.kinds(), ["Corrupt"]);
}

#[test]
fn the_number_of_problems_told_is_bounded() {
    let bytes = raw_header(b"../x", b'0', 0).repeat(500);
    let (seen, outcome) = open("x.tar", &bytes, limits(|limits| limits.problems = 10));
    assert_eq!((seen.problems.len(), outcome.problems), (10, 500));
}

#[test]
fn every_changed_byte_is_survived() {
    let zip = zip_of(&[("a", b"one"), ("in.tgz", &gzip(&tar_of(&[("b", b"two")]))), ("c", &[b'x'; 300])]);
    let tar = tar_of(&[("in.zip", &zip), ("d.zst", &zstd_of(b"four"))]);
    for bytes in [zip, tar, zstd_of(&[b'z'; 600])] {
        for at in 0..bytes.len() {
            for change in [1, 0x80, 0xff] {
                let mut bytes = bytes.clone();
                bytes[at] ^= change;
                let (seen, outcome) = open("x.tar", &bytes, andon_containers::Limits::default());
                assert!(outcome.problems >= seen.problems.len() as u64);
            }
        }
    }
}
