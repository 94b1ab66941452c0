#![expect(clippy::disallowed_methods, reason = "tests look at files")]

use super::{components, gaps, known, lock, shop};
use crate::world::{World, each};

#[test]
fn a_lock_file_in_the_middle_of_a_merge_gives_what_can_be_read() {
    let world = World::with_commit();
    let text = lock(&[("app", "2.0.0"), ("left", "1.0.0")]);
    let line = text.lines().find(|line| line.contains("\"2.0.0\"")).unwrap();
    let conflict = format!("<<<<<<< HEAD\n{line}\n=======\n{}\n>>>>>>> main", line.replace("2.0.0", "3.0.0"));
    world.advisories(&known()).write("package-lock.json", text.replacen(line, &conflict, 1)).commit();
    let (report, code) = world.report("");
    assert!(gaps(&report, "unparsable").concat().contains("conflict"), "{report:#}");
    assert_eq!((code, each(&report, "/advisory").len()), (1, 1), "{report:#}");
    assert!(components(&report).contains(&"pkg:npm/left@1.0.0".to_owned()), "{report:#}");
}

#[test]
fn a_manifest_without_a_lock_is_not_pinned() {
    let world = World::with_commit();
    world
        .advisories(&known())
        .write("package.json", r#"{"name": "shop", "dependencies": {"left": "^1.0.0"}}"#)
        .commit();
    let (report, code) = world.report("");
    assert_eq!((code, report["coverage"]["complete"].as_bool()), (0, Some(false)));
    assert!(gaps(&report, "unpinned").concat().contains("left"), "{report:#}");
    assert_eq!(components(&report), ["pkg:npm/left"]);
    world.write("package-lock.json", lock(&[("left", "1.0.0")])).commit();
    let (report, code) = world.report("");
    assert_eq!((code, gaps(&report, "unpinned")), (1, Vec::new()), "{report:#}");
}

/// Each is refused or read in part, and the file beside it is read as if it were alone.
#[test]
fn hostile_lock_files_end_quickly_and_alone() {
    let world = shop();
    world.advisories(&known());
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(200_000), close.repeat(200_000));
    let garbage: Vec<u8> = (0_u32..10 << 20).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let bomb = {
        let level = |n: u32| format!("l{n}: &l{n} [{}]\n", vec![format!("*l{}", n - 1); 10].join(", "));
        format!(
            "lockfileVersion: '9.0'\nl0: &l0 [x]\n{}packages: *l9\n",
            (1..10).map(level).collect::<String>()
        )
    };
    world.write("a/package-lock.json", format!("{{\"packages\": {}}}", deep("{\"a\":", "}")));
    world.write("b/package-lock.json", &garbage).write("b/yarn.lock", &garbage).write("b/go.mod", &garbage);
    world.write("c/pnpm-lock.yaml", bomb).write("d/Cargo.lock", format!("a = {}", deep("[", "]")));
    world.write("e/pom.xml", format!("<project>{}</project>", deep("<a>", "</a>")));
    world.write("f/poetry.lock", "").write("f/Pipfile.lock", "null").write("f/composer.lock", "\u{feff}[");
    world.write("g/package-lock.json", lock(&[("app", "1")]).split_at(200).0).commit();
    let (report, code) = world.report("--engine dependencies");
    assert_eq!((code, each(&report, "/advisory").len()), (1, 1), "{report:#}");
    let unparsable = gaps(&report, "unparsable").concat();
    for file in ["c/pnpm-lock.yaml", "d/Cargo.lock", "e/pom.xml", "g/package-lock.json"] {
        let said = unparsable.contains(file) || report["coverage"]["gaps"].to_string().contains(file);
        assert!(said, "{file}: {:#}", report["coverage"]);
    }
    assert!(!report["coverage"].to_string().contains("engine-failure"), "{:#}", report["coverage"]);
}

#[test]
fn a_damaged_database_is_as_good_as_none_and_says_so() {
    let world = shop();
    world.advisories(&known());
    let index = world.data().join("advisories/index");
    let bytes = std::fs::read(&index).unwrap();
    for damaged in [&bytes[..bytes.len() / 2], b"", &[0xff; 5000]] {
        std::fs::write(&index, damaged).unwrap();
        world.andon("db status").is(3, &["cannot be used"]);
        let (report, code) = world.report("");
        assert_eq!((code, report["coverage"]["complete"].as_bool()), (0, Some(false)));
        let said = gaps(&report, "not-audited").concat();
        assert!(said.contains("cannot be used") && said.contains("andon db update"), "{said}");
    }
    world.advisories(&known()).andon("scan").is(1, &["CVE-2024-1"]);
}
