use crate::support::*;

#[test]
fn long_names_of_both_kinds() {
    let long = format!("{}/file", "folder-with-a-name/".repeat(12));
    let seen = format!("{}=1", long.replace("//", "/"));
    check("x.tar", &tar_of(&[(&long, b"1")]), &[&seen], &[]);
    let record = format!("path={long}\n");
    let record = format!("{} {record}", record.len() + 4);
    let pax = [
        raw_header(b"pax", b'x', record.len() as u64),
        padded(record.as_bytes()),
        raw_header(b"short", b'0', 1),
        padded(b"1"),
    ];
    check("x.tar", &pax.concat(), &[&seen], &[]);
}

#[test]
fn prefixes_of_posix_headers() {
    let mut header = tar::Header::new_ustar();
    header.set_path("a-folder/".repeat(12) + "name").unwrap();
    header.set_size(0);
    header.set_cksum();
    check("x.tar", header.as_bytes(), &[&format!("{}name=", "a-folder/".repeat(12))], &[]);
}

#[test]
fn links_folders_and_devices_have_no_content() {
    let mut link = tar::Header::new_gnu();
    link.set_size(0);
    let mut builder = tar::Builder::new(Vec::new());
    link.set_entry_type(tar::EntryType::Symlink);
    builder.append_link(&mut link.clone(), "s", "../../etc/passwd").unwrap();
    link.set_entry_type(tar::EntryType::Link);
    builder.append_link(&mut link.clone(), "h", "s").unwrap();
    link.set_entry_type(tar::EntryType::Directory);
    builder.append_data(&mut link.clone(), "d/", std::io::empty()).unwrap();
    link.set_entry_type(tar::EntryType::Char);
    builder.append_data(&mut link, "c", std::io::empty()).unwrap();
    let seen = ["s->../../etc/passwd:SymbolicLink", "h->s:HardLink", "d:Directory", "c:Special"];
    check("x.tar", &builder.into_inner().unwrap(), &seen, &[]);
}

#[test]
fn a_link_that_states_a_size_has_no_content_all_the_same() {
    let bytes = [raw_header(b"l", b'2', 512), raw_header(b"f", b'0', 1), padded(b"1")].concat();
    check("x.tar", &bytes, &["l:SymbolicLink", "f=1"], &[]);
}

#[test]
fn a_slash_hides_no_content() {
    for flag in [0, b'0'] {
        let bytes = [raw_header(b"d/", flag, 0), raw_header(b"f/", flag, 1), padded(b"1")].concat();
        check("x.tar", &bytes, &["d:Directory", "f=1"], &[]);
    }
}

#[test]
fn names_are_made_harmless() {
    let entry = |name: &[u8]| [raw_header(name, b'0', 1), padded(b"1")].concat();
    let bytes =
        [entry(b"/etc/a"), entry(b"./b"), entry(b"../c"), entry(b"x/../../d"), entry(b"\xe9"), entry(b"\\w")];
    let problems = ["Name ../c", "Name x/../../d"];
    check("x.tar", &bytes.concat(), &["etc/a=1", "b=1", "%E9=1", "\\w=1"], &problems);
}

#[test]
fn repeated_names_are_all_given() {
    check("x.tar", &tar_of(&[("a", b"1"), ("a", b"2")]), &["a=1", "a=2"], &[]);
}

#[test]
fn global_headers_and_labels_are_passed_over() {
    let record = b"52 comment=0123456789012345678901234567890123456789\n";
    let bytes = [
        raw_header(b"pax_global_header", b'g', record.len() as u64),
        padded(record),
        raw_header(b"label", b'V', 0),
        raw_header(b"f", b'0', 1),
        padded(b"1"),
    ];
    check("x.tar", &bytes.concat(), &["f=1"], &[]);
}

#[test]
fn sparse_files_are_a_problem_of_their_own() {
    let mut sparse = raw_header(b"s", b'S', 512);
    sparse[482] = 1;
    let sum: u32 = sparse
        .iter()
        .enumerate()
        .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) })
        .sum();
    sparse[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut more = vec![0; 512];
    more[504] = 1;
    let bytes =
        [sparse, more, vec![0; 512], vec![b'x'; 512], raw_header(b"f", b'0', 1), padded(b"1")].concat();
    check("x.tar", &bytes, &["f=1"], &["Unsupported s"]);
    let record = b"22 GNU.sparse.major=1\n";
    let bytes = [
        raw_header(b"pax", b'x', record.len() as u64),
        padded(record),
        raw_header(b"s", b'0', 512),
        vec![b'x'; 512],
        raw_header(b"f", b'0', 1),
        padded(b"1"),
    ];
    check("x.tar", &bytes.concat(), &["f=1"], &["Unsupported s"]);
}

#[test]
fn damage_ends_a_tar_with_a_problem() {
    let whole = tar_of(&[("a", b"one"), ("b", b"two")]);
    check("x.tar", &whole[..512 + 2], &["a=on"], &["Corrupt a", "Corrupt"]);
    check("x.tar", &whole[..1024 + 100], &["a=one"], &["Corrupt"]);
    check("x.tar", &whole[..1024], &["a=one"], &[]);
    let mut wrong = whole.clone();
    wrong[1024] ^= 1;
    check("x.tar", &wrong, &["a=one"], &["Corrupt"]);
    let mut packed = gzip(&whole);
    packed.truncate(packed.len() / 2);
    let (seen, _) = open("x.tar.gz", &packed, andon_containers::Limits::default());
    assert!(seen.kinds().contains(&"Corrupt".to_owned()), "{:?}", seen.problems);
}

#[test]
fn every_truncation_is_survived() {
    let whole = gzip(&tar_of(&[("a", b"one"), ("b.zip", &zip_of(&[("c", b"three")])), ("d", b"four")]));
    for length in 0..whole.len() {
        let (seen, outcome) = open("x.tgz", &whole[..length], andon_containers::Limits::default());
        assert!(outcome.archives == 0 || !seen.problems.is_empty(), "cut at {length}");
    }
}
