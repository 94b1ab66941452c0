use andon_model::{Coverage, SkipReason};

use crate::intake::support::Repo;
use crate::intake::{BlobProblem, StagedEntry, open_repository, read_blob, staged};

fn run(repo: &Repo) -> (Vec<StagedEntry>, Coverage) {
    let mut coverage = Coverage::default();
    let entries = staged(&open_repository(&repo.at(".")).unwrap(), &mut coverage).unwrap();
    (entries, coverage)
}

/// Checks what is staged: path, new content, old content, path before a rename.
#[track_caller]
fn check(repo: &Repo, expected: &[(&str, &str, Option<&str>, Option<&str>)]) -> Coverage {
    let (entries, coverage) = run(repo);
    let repository = open_repository(&repo.at(".")).unwrap();
    let read = |id| String::from_utf8(read_blob(&repository, id, 1_000_000).unwrap()).unwrap();
    let found: Vec<_> = entries
        .iter()
        .map(|entry| {
            (entry.path.clone(), read(entry.new_blob), entry.old_blob.map(read), entry.renamed_from.clone())
        })
        .collect();
    let owned = |text: &Option<&str>| text.map(str::to_owned);
    let expected: Vec<_> = expected
        .iter()
        .map(|(path, new, old, from)| ((*path).to_owned(), (*new).to_owned(), owned(old), owned(from)))
        .collect();
    assert_eq!(found, expected);
    coverage
}

#[test]
fn without_commits_everything_is_new() {
    let repo = Repo::new();
    check(&repo, &[]);
    repo.write("a/b", "1")
        .write("c", "2")
        .git(&["add", "-A"])
        .write("d", "not staged")
        .write("c", "nor this");
    check(&repo, &[("a/b", "1", None, None), ("c", "2", None, None)]);
}

fn committed() -> Repo {
    let repo = Repo::new();
    for folder in ["x", "x/y", "x-y", "z"] {
        for name in ["1", "2"] {
            repo.write(format!("{folder}/{name}"), format!("{folder} {name}\nsecond\nthird\nfourth\n"));
        }
    }
    repo.commit();
    repo
}

#[test]
fn only_differences_are_listed() {
    let repo = committed();
    check(&repo, &[]);
    repo.write("x/y/1", "new").write("x/new", "n").write("z/1", "not staged").git(&["add", "x"]);
    let old = "x/y 1\nsecond\nthird\nfourth\n";
    let expected = [("x/new", "n", None, None), ("x/y/1", "new", Some(old), None)];
    check(&repo, &expected);
    // Without the extension that speeds it up, the answer is the same.
    repo.git(&["read-tree", "HEAD"]).git(&["add", "x"]);
    check(&repo, &expected);
    repo.git(&["update-index", "--chmod=+x", "x-y/1"]).git(&["rm", "-q", "--cached", "x-y/2"]);
    check(&repo, &expected);
}

#[test]
fn renames_are_followed() {
    let repo = committed();
    repo.git(&["mv", "x/1", "x/moved"]).git(&["mv", "z", "w"]);
    repo.write("w/2", "z 2\nsecond\nthird\nfourth\nand more\n").git(&["add", "-A"]);
    check(
        &repo,
        &[
            ("w/1", "z 1\nsecond\nthird\nfourth\n", Some("z 1\nsecond\nthird\nfourth\n"), Some("z/1")),
            (
                "w/2",
                "z 2\nsecond\nthird\nfourth\nand more\n",
                Some("z 2\nsecond\nthird\nfourth\n"),
                Some("z/2"),
            ),
            ("x/moved", "x 1\nsecond\nthird\nfourth\n", Some("x 1\nsecond\nthird\nfourth\n"), Some("x/1")),
        ],
    );
}

#[test]
fn a_folder_may_become_a_file_and_back() {
    let repo = Repo::new();
    repo.write("a/b", "was in a folder\n").write("c", "was a file\n").commit();
    repo.remove("a").remove("c").write("a", "one\n").write("c/d", "two\n").git(&["add", "-A"]);
    check(&repo, &[("a", "one\n", None, None), ("c/d", "two\n", None, None)]);
}

#[cfg(unix)]
#[test]
fn links_submodules_and_announced_files_have_no_content() {
    let other = Repo::new();
    other.commit();
    let repo = committed();
    repo.link("link", "x/1").git(&["add", "link"]).write("later", "l").git(&["add", "-N", "later"]);
    repo.git(&["submodule", "--quiet", "add", &other.at(".").display().to_string(), "sub"]);
    repo.git(&["rm", "-q", "--cached", ".gitmodules"]);
    let coverage = check(&repo, &[]);
    let reasons: Vec<_> = coverage.skipped.iter().map(|skip| (skip.reason, skip.files)).collect();
    assert_eq!(reasons, [(SkipReason::SymbolicLink, 1), (SkipReason::Submodule, 1)]);
}

#[test]
fn a_conflict_shows_what_is_not_ours() {
    let repo = Repo::new();
    repo.write("a", "base").commit().git(&["checkout", "-q", "-b", "other"]).write("a", "theirs").commit();
    repo.git(&["checkout", "-q", "main"]).write("a", "ours").commit();
    assert!(!repo.try_git(".", &["merge", "-q", "other"]).0, "the merge should conflict");
    check(&repo, &[("a", "theirs", Some("ours"), None)]);
}

#[test]
fn blobs_are_capped_and_failures_named() {
    let repo = committed();
    repo.write("big", "b".repeat(100)).git(&["add", "big"]);
    let (entries, _) = run(&repo);
    let repository = open_repository(&repo.at(".")).unwrap();
    let id = entries[0].new_blob;
    assert!(read_blob(&repository, id, 100).is_ok());
    let error = read_blob(&repository, id, 99).unwrap_err();
    assert!(matches!(error.problem, BlobProblem::TooLarge { size: 100, limit: 99 }), "{error}");
    let tree = repository.head_tree_id().unwrap().detach();
    assert!(matches!(read_blob(&repository, tree, 99).unwrap_err().problem, BlobProblem::WrongKind));
    let hex = id.to_string();
    let path = format!(".git/objects/{}/{}", &hex[..2], &hex[2..]);
    repo.remove(&path).write(&path, "damaged");
    let damaged = read_blob(&open_repository(&repo.at(".")).unwrap(), id, 999).unwrap_err();
    assert!(matches!(damaged.problem, BlobProblem::Corrupt(_)), "{damaged}");
    repo.remove(&path);
    let missing = read_blob(&open_repository(&repo.at(".")).unwrap(), id, 999).unwrap_err();
    assert!(matches!(missing.problem, BlobProblem::Missing), "{missing}");
    assert_eq!(missing.gap("big").kind, andon_model::GapKind::MissingObject);
}

#[test]
fn a_missing_tree_hides_nothing() {
    let repo = committed();
    repo.write("x/1", "changed").git(&["add", "x/1"]);
    let (_, tree) = repo.try_git(".", &["rev-parse", "HEAD:x"]);
    repo.remove(&format!(".git/objects/{}/{}", &tree[..2], tree[2..].trim()));
    let (entries, _) = run(&repo);
    let paths: Vec<_> = entries.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(paths, ["x/1", "x/2", "x/y/1", "x/y/2"]);
}
