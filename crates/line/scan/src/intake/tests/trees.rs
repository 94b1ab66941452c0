use andon_model::{GapKind, SkipReason};
use andon_system::{FileKind, MemorySystem};

use crate::intake::support::Listing;
use crate::intake::{IntakeError, TreeOptions, read_stdin};

#[track_caller]
fn check(system: &MemorySystem, root: &str, options: &TreeOptions) -> Listing {
    Listing::of(system, root.as_ref(), options).unwrap()
}

#[test]
fn a_plain_folder_is_listed_whole() {
    let system = MemorySystem::new()
        .file("/p/b/x.txt", "1")
        .file("/p/a", "12")
        .file("/p/.gitignore", "a\n")
        .file("/p/.git/config", "no repository")
        .file("/p/B.txt", "")
        .link("/p/outside", "/etc/passwd")
        .link("/p/loop", ".")
        .special("/p/pipe")
        .folder("/p/empty");
    let listing = check(&system, "/p", &TreeOptions::default());
    listing
        .has(&[".gitignore", "B.txt", "a", "b/x.txt"])
        .left_out(&[(SkipReason::SymbolicLink, &["loop", "outside"]), (SkipReason::SpecialFile, &["pipe"])])
        .gaps(&[]);
    let paths: Vec<_> = listing.files.iter().map(|file| (file.path.as_str(), file.size)).collect();
    assert_eq!(paths, [(".gitignore", 2), ("B.txt", 0), ("a", 2), ("b/x.txt", 1)]);
}

#[test]
fn what_cannot_be_read_is_a_gap() {
    let system =
        MemorySystem::new().denied("/p/locked", FileKind::Folder).file("/p/open.txt", "a".repeat(20));
    let options = TreeOptions { max_file_size: 10, ..TreeOptions::default() };
    let listing = check(&system, "/p", &options);
    listing.has(&["open.txt"]).left_out(&[]).gaps(&[(GapKind::Unreadable, "locked")]);
}

#[test]
fn excluded_paths_are_counted() {
    let system = MemorySystem::new()
        .file("/p/a.min.js", "")
        .file("/p/vendor/a.js", "")
        .file("/p/src/vendor/a.js", "")
        .file("/p/src/a.js", "");
    let exclude = vec!["/vendor/".to_owned(), "*.min.js".to_owned()];
    let listing = check(&system, "/p", &TreeOptions { exclude, ..TreeOptions::default() });
    listing.has(&["src/a.js", "src/vendor/a.js"]).left_out(&[(SkipReason::Allowed, &["a.min.js", "vendor"])]);
    let options = TreeOptions { exclude: vec!["a{b".to_owned()], ..TreeOptions::default() };
    let error = Listing::of(&system, "/p".as_ref(), &options).unwrap_err();
    assert!(matches!(&error, IntakeError::Pattern { pattern, .. } if pattern == "a{b"), "{error}");
}

#[test]
fn a_target_may_be_a_file_or_a_link() {
    let system = MemorySystem::new().file("/p/a b%", "x").link("/to-file", "p/a b%").link("/to-folder", "p");
    for root in ["/p/a b%", "/to-file", "/to-folder"] {
        check(&system, root, &TreeOptions::default()).has(&["a b%"]);
    }
}

#[test]
fn a_target_that_is_none_is_an_error() {
    let system = MemorySystem::new()
        .special("/pipe")
        .denied("/locked", FileKind::Folder)
        .file("/bare/HEAD", "")
        .folder("/bare/objects")
        .folder("/bare/refs");
    for (root, expected) in [
        ("/none", "it is not there"),
        ("/pipe", "neither a file nor a folder"),
        ("/locked", "permission denied"),
        ("/bare", "without a working tree"),
    ] {
        let error = Listing::of(&system, root.as_ref(), &TreeOptions::default()).unwrap_err().to_string();
        assert!(error.contains(expected) && error.contains(root), "{error}");
    }
}

#[test]
fn standard_input_is_capped() {
    assert_eq!(read_stdin(&mut b"abc".as_slice(), 3).unwrap().bytes, b"abc");
    let error = read_stdin(&mut std::io::repeat(0), 3).unwrap_err().to_string();
    assert!(error.contains("standard input") && error.contains("limit of 3"), "{error}");
}
