use std::path::{Path, PathBuf};

use andon_model::{Coverage, GapKind, SkipReason};
use andon_system::OsSystem;

use crate::intake::support::{Listing, Locked, Repo};
use crate::intake::{TreeOptions, find_worktree, open_repository, repository_folders, staged};

fn with(change: impl FnOnce(&mut TreeOptions)) -> TreeOptions {
    let mut options = TreeOptions::default();
    change(&mut options);
    options
}

/// Tracked, ignored, both, and neither.
fn mixed() -> Repo {
    let repo = Repo::new();
    repo.write(".gitignore", "*.log\n/build/\n!keep.log\n").write("src/.gitignore", "local\n!debug.log\n");
    repo.write("src/a.rs", "a").write("build/tracked.c", "c").write("forced.log", "f");
    repo.git(&["add", "-A"]).git(&["add", "-f", "build/tracked.c", "forced.log"]).commit();
    repo.write("build/out.o", "o").write("new.txt", "n").write("x.log", "x").write("keep.log", "k");
    repo.write("src/local/y", "y").write("src/debug.log", "d").write("src/deep/z.log", "z");
    repo.write(".git/info/exclude", "private\n").write("private", "p");
    repo
}

#[test]
fn a_working_tree_follows_git() {
    let repo = mixed();
    let tracked = ["+.gitignore", "+src/.gitignore", "+src/a.rs", "+build/tracked.c", "+forced.log"];
    let untracked = ["new.txt", "keep.log", "src/debug.log"];
    let ignored = ["build/out.o", "x.log", "src/local/y", "src/deep/z.log", "private"];
    let listing = repo.list(".", &TreeOptions::default());
    listing.has(&[&tracked[..], &untracked].concat()).gaps(&[]);
    assert_eq!(listing.coverage.skipped.len(), 1);
    assert_eq!(
        (listing.coverage.skipped[0].reason, listing.coverage.skipped[0].files),
        (SkipReason::Ignored, 5)
    );
    repo.list(".", &with(|options| options.untracked = false)).has(&tracked).left_out(&[]).gaps(&[]);
    let all = [&tracked[..], &untracked, &ignored].concat();
    repo.list(".", &with(|options| options.ignored = true)).has(&all).left_out(&[]).gaps(&[]);
    let plain: Vec<_> = all.iter().map(|path| path.trim_start_matches('+')).collect();
    repo.list(".", &with(|options| options.follow_git = false)).has(&plain).left_out(&[]).gaps(&[]);
}

#[test]
fn a_part_of_a_working_tree_has_the_rules_of_the_whole() {
    let repo = mixed();
    repo.list("src", &TreeOptions::default())
        .has(&["+.gitignore", "+a.rs", "debug.log"])
        .left_out(&[(SkipReason::Ignored, &["deep/z.log", "local"])]);
    // Named by the user, so listed although it is ignored.
    repo.list("build", &TreeOptions::default()).has(&["tracked.c", "out.o"]);
    repo.list("src/local", &TreeOptions::default()).has(&["y"]);
}

#[test]
fn exclusion_applies_to_tracked_files_too() {
    let exclude = vec!["build".to_owned(), "src/a.rs".to_owned()];
    let listing = mixed().list(".", &with(|options| options.exclude = exclude));
    listing.has(&["+.gitignore", "+src/.gitignore", "+forced.log", "new.txt", "keep.log", "src/debug.log"]);
}

#[test]
fn what_is_deleted_or_sparse_is_not_there() {
    let repo = mixed();
    repo.remove("src/a.rs").git(&["update-index", "--skip-worktree", "forced.log"]).remove("forced.log");
    repo.remove("build").write("build", "now a file");
    let options = with(|options| options.untracked = false);
    repo.list(".", &options).has(&["+.gitignore", "+src/.gitignore"]).gaps(&[]);
}

#[cfg(unix)]
#[test]
fn links_never_lead_out() {
    let outside = Repo::plain();
    outside.write("secret", "s");
    let repo = Repo::new();
    repo.write("dir/secret", "old").write("file", "f").commit();
    let target = outside.at(".").display().to_string();
    repo.link("inside", "file").link("loop", ".").commit();
    repo.remove("dir").link("dir", &target);
    for untracked in [true, false] {
        let listing = repo.list(".", &with(|options| options.untracked = untracked));
        listing.has(&["+file"]).gaps(&[]);
        assert!(listing.coverage.skipped.iter().all(|skip| skip.reason == SkipReason::SymbolicLink));
    }
}

#[cfg(unix)]
#[test]
fn names_need_not_be_text() {
    use std::os::unix::ffi::OsStrExt;
    let name = |bytes: &'static [u8]| Path::new(std::ffi::OsStr::from_bytes(bytes));
    let repo = Repo::new();
    repo.write(name(b"\xFFdir/\xE9.txt"), "1").write("tab\tnew\nline", "2").commit();
    repo.write(name(b"\xFFdir/\xE8.log"), "3").write(".gitignore", "*.log\n");
    repo.list(".", &TreeOptions::default())
        .has(&["+%FFdir/%E9.txt", "+tab\tnew\nline", ".gitignore"])
        .left_out(&[(SkipReason::Ignored, &["%FFdir/%E8.log"])]);
}

#[test]
fn other_repositories_inside_are_submodules() {
    let other = Repo::new();
    other.write("o", "o").commit();
    let repo = Repo::new();
    repo.write("a", "a");
    let url = other.at(".").display().to_string();
    repo.git(&["submodule", "--quiet", "add", &url, "sub"]).commit();
    repo.git(&["clone", "-q", &url, "nested/clone"])
        .write("bogus/.git", "gitdir: nowhere")
        .write("bogus/b", "b");
    let expected: (SkipReason, &[&str]) = (SkipReason::Submodule, &["nested/clone", "sub"]);
    repo.list(".", &TreeOptions::default()).has(&["+.gitmodules", "+a", "bogus/b"]).left_out(&[expected]);
    let options = with(|options| options.untracked = false);
    repo.list(".", &options).has(&["+.gitmodules", "+a"]).left_out(&[(SkipReason::Submodule, &["sub"])]);
}

#[test]
fn a_plain_folder_may_hold_repositories() {
    let outer = Repo::plain();
    outer.write("x.log", "x").write("repo/.gitignore", "*.log").write("repo/y.log", "y").write("repo/z", "z");
    outer.git(&["init", "-q", "repo"]);
    outer
        .list(".", &TreeOptions::default())
        .has(&["x.log", "repo/.gitignore", "repo/z"])
        .left_out(&[(SkipReason::Ignored, &["repo/y.log"])]);
}

#[test]
fn linked_working_trees_and_empty_repositories_are_fine() {
    let repo = Repo::new();
    repo.list(".", &TreeOptions::default()).has(&[]).gaps(&[]);
    repo.write("main/a", "a").git(&["add", "-A"]).commit();
    repo.git(&["worktree", "add", "-q", "linked"]);
    repo.write("linked/b", "b");
    repo.list("linked", &TreeOptions::default()).has(&["+main/a", "b"]).gaps(&[]);
    repo.list(".", &TreeOptions::default())
        .has(&["+main/a"])
        .left_out(&[(SkipReason::Submodule, &["linked"])]);
    let (top, linked) = find_worktree(&OsSystem, &repo.at("linked/main")).unwrap();
    assert_eq!(top, repo.at("linked"));
    let folders: Vec<PathBuf> = repository_folders(&linked);
    assert_eq!(folders, [repo.at(".git"), repo.at(".git/worktrees/linked")]);
}

#[test]
fn alternates_are_named_for_the_sandbox() {
    let first = Repo::new();
    first.write("a", "a").commit();
    let second = Repo::plain();
    second.git(&["clone", "-q", "-s", &first.at(".").display().to_string(), "."]);
    let folders = repository_folders(&open_repository(&second.at(".")).unwrap());
    assert!(folders.contains(&first.at(".git/objects")), "{folders:?}");
}

#[test]
fn a_bare_repository_has_no_tree() {
    let repo = Repo::plain();
    repo.git(&["init", "-q", "--bare", "."]);
    let error = Listing::of(&OsSystem, &repo.at("."), &TreeOptions::default()).unwrap_err();
    assert!(error.to_string().contains("--history"), "{error}");
}

#[test]
fn a_damaged_index_is_a_gap_and_hides_nothing() {
    let repo = mixed();
    repo.write(".git/index", "DIRC and then nonsense");
    repo.list(".", &TreeOptions::default()).gaps(&[(GapKind::Corrupt, ".git/index")]).has(&[
        ".gitignore",
        "src/.gitignore",
        "src/a.rs",
        "new.txt",
        "keep.log",
        "src/debug.log",
    ]);
}

#[test]
fn an_index_that_leads_outside_is_not_followed() {
    let repo = Repo::new();
    repo.write("sub/aaaaaaaaaaaaaaaa", "a").git(&["add", "-A"]);
    let path = repo.at(".git/index");
    let mut bytes = andon_system::System::read_capped(&OsSystem, &path, 10_000).unwrap().bytes;
    let position = bytes.windows(7).position(|window| window == b"sub/aaa").unwrap();
    bytes[position..position + 20].copy_from_slice(b"../../../etc/hosts//");
    let end = bytes.len() - 20;
    bytes[end..].fill(0);
    repo.write(".git/index", bytes);
    let listing = repo.list(".", &with(|options| options.untracked = false));
    listing.has(&[]);
    assert_eq!(listing.coverage.gaps.len(), 1, "{:?}", listing.coverage);
    assert_eq!(listing.coverage.gaps[0].kind, GapKind::Corrupt);
}

#[test]
fn a_conflict_is_one_file() {
    let repo = Repo::new();
    repo.write("a", "base").commit().git(&["checkout", "-q", "-b", "other"]).write("a", "theirs").commit();
    repo.git(&["checkout", "-q", "main"]).write("a", "ours").commit();
    assert!(!repo.try_git(".", &["merge", "-q", "other"]).0, "the merge should conflict");
    repo.list(".", &TreeOptions::default()).has(&["+a"]).gaps(&[]);
}

#[test]
fn a_locked_folder_is_one_gap_and_its_neighbours_are_listed() {
    let repo = mixed();
    let locked = Locked(repo.at("src"));
    let others = ["+.gitignore", "+build/tracked.c", "+forced.log", "new.txt", "keep.log"];
    let listing = Listing::of(&locked, &repo.at("."), &TreeOptions::default()).unwrap();
    listing.has(&others).gaps(&[(GapKind::Unreadable, "src")]);
    // Without a walk nothing is known of folders, so each tracked file is named.
    let options = with(|options| options.untracked = false);
    let listing = Listing::of(&locked, &repo.at("."), &options).unwrap();
    listing
        .has(&others[..3])
        .gaps(&[(GapKind::Unreadable, "src/.gitignore"), (GapKind::Unreadable, "src/a.rs")]);
}

#[test]
fn deep_and_overlong_paths_of_an_index_are_harmless() {
    let repo = Repo::new();
    repo.write("blob", "b").git(&["add", "blob"]);
    let (_, id) = repo.try_git(".", &["hash-object", "blob"]);
    for path in [format!("{}z", "a/".repeat(1_500)), "n".repeat(300)] {
        repo.git(&["update-index", "--add", "--cacheinfo", &format!("100644,{},{path}", id.trim())]);
    }
    let listing = repo.list(".", &TreeOptions::default());
    listing.has(&["+blob"]).gaps(&[(GapKind::Unreadable, &"n".repeat(300))]);
    let repository = open_repository(&repo.at(".")).unwrap();
    assert_eq!(staged(&repository, &mut Coverage::default()).unwrap().len(), 3);
}
