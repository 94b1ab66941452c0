//! Which manifests a lock file pins, and how it is told that one is not.

use crate::target::{Target, settings};

/// Gaps that speak of versions, and components without one.
fn open(target: &Target) -> (Vec<String>, Vec<String>) {
    let mut gaps = target.gaps(settings());
    gaps.retain(|gap| gap.starts_with("Unpinned"));
    let purls = target.components().into_iter().filter_map(|line| line.split(' ').next().map(str::to_owned));
    (gaps, purls.filter(|purl| !purl.contains('@')).collect())
}

#[test]
fn a_lock_file_pins_below_it_only_what_it_knows() {
    const ASKS: &str = r#"{"name": "m", "dependencies": {"a": "^1.0.0"}}"#;
    const GLOBS: &str = r#"{"workspaces": ["packages/*", "!packages/x"]}"#;
    const NPM: &str = r#"{"lockfileVersion": 3, "packages": {"": {"workspaces": ["packages/*"]},
      "node_modules/m": {"resolved": "packages/m", "link": true},
      "packages/m": {"dependencies": {"a": "^1.0.0"}}, "node_modules/a": {"version": "1.0.0"}}}"#;
    const OLD: &str = r#"{"lockfileVersion": 1, "dependencies": {"a": {"version": "1.0.0"}}}"#;
    const CLASSIC: &str = "# yarn lockfile v1\n\na@^1.0.0:\n  version \"1.0.0\"\n";
    const BERRY: &str = "__metadata:\n  version: 8\n\n\"m@workspace:packages/m\":\n  version: 0.0.0-use.local\n  \
        resolution: \"m@workspace:packages/m\"\n  dependencies:\n    a: \"npm:^1.0.0\"\n\n\"a@npm:^1.0.0\":\n  version: 1.0.0\n  \
        resolution: \"a@npm:1.0.0\"\n";
    const PNPM: &str = "lockfileVersion: '9.0'\nimporters:\n  .: {}\n  packages/m:\n    dependencies:\n      a:\n        \
        specifier: ^1.0.0\n        version: 1.0.0\npackages:\n  a@1.0.0:\n    resolution: {integrity: sha512-x}\n";
    const BUN: &str = r#"{"lockfileVersion": 1, "workspaces": {"": {}, "packages/m": {"name": "m",
      "dependencies": {"a": "^1.0.0"}}}, "packages": {"a": ["a@1.0.0", "", {}, ""], "m": ["m@workspace:packages/m"]}}"#;
    let check = |lock: &str, text: &str, globs: &str, place: &str, pinned: bool| {
        let manifest = format!("{place}/package.json");
        let target = Target::default().file(lock, text).file("package.json", globs).file(&manifest, ASKS);
        let (gaps, purls) = open(&target);
        assert_eq!(
            (gaps.is_empty(), purls.is_empty()),
            (pinned, pinned),
            "{lock} {place}: {gaps:?} {purls:?}"
        );
        if !pinned {
            assert!(
                gaps[0]
                    .starts_with(&format!("Unpinned {manifest}: a names no exact version, and no lock file"))
            );
        }
    };
    for (lock, text) in
        [("package-lock.json", NPM), ("yarn.lock", BERRY), ("pnpm-lock.yaml", PNPM), ("bun.lock", BUN)]
    {
        check(lock, text, "{}", "packages/m", true);
        check(lock, text, "{}", "examples/m", false);
    }
    for (lock, text) in [("package-lock.json", OLD), ("yarn.lock", CLASSIC)] {
        check(lock, text, GLOBS, "packages/m", true);
        check(lock, text, GLOBS, "packages/x", false);
        check(lock, text, "{}", "packages/m", false);
    }
}

#[test]
fn workspaces_of_uv_and_cargo_know_their_members() {
    let uv = "version = 1\n[manifest]\nmembers = [\"m\"]\n[[package]]\nname = \"m\"\nversion = \"0.1\"\n\
        source = { editable = \"packages/m\" }\ndependencies = [{ name = \"a\" }]\n[[package]]\nname = \"a\"\n\
        version = \"1.0\"\nsource = { registry = \"https://registry.example/simple\" }\n";
    let project = "[project]\nname = \"m\"\nversion = \"0.1\"\ndependencies = [\"a>=1\"]\n";
    let cargo = "version = 4\n[[package]]\nname = \"m\"\nversion = \"0.1.0\"\ndependencies = [\"a\"]\n[[package]]\n\
        name = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
    let package =
        |name| format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\n[dependencies]\na = \"1\"\n");
    let check = |lock: &str, text: &str, manifest: &str, asks: &str, pinned: bool| {
        let (gaps, purls) = open(&Target::default().file(lock, text).file(manifest, asks));
        assert_eq!((gaps.is_empty(), purls.is_empty()), (pinned, pinned), "{manifest}: {gaps:?} {purls:?}");
    };
    check("uv.lock", uv, "packages/m/pyproject.toml", project, true);
    check("uv.lock", uv, "examples/pyproject.toml", project, false);
    check("uv.lock", uv, "examples/requirements.txt", "a>=1\n", false);
    check("requirements.txt", "a==1.0\n", "requirements.in", "a\n", true);
    check("requirements.txt", "a==1.0\n", "examples/requirements.in", "a\n", false);
    check("Cargo.lock", cargo, "crates/m/Cargo.toml", &package("m"), true);
    check("Cargo.lock", cargo, "fixtures/x/Cargo.toml", &package("x"), false);
}

#[test]
fn what_only_developers_need_is_not_dropped() {
    let lock = r#"{"lockfileVersion": 3, "packages": {"": {}, "node_modules/a": {"version": "1.0.0"}}}"#;
    let manifest = r#"{"dependencies": {"a": "1"}, "devDependencies": {"b": "1", "c": "2"},
      "peerDependencies": {"p": "1"}, "peerDependenciesMeta": {"p": {"optional": true}}}"#;
    let (gaps, purls) =
        open(&Target::default().file("package-lock.json", lock).file("package.json", manifest));
    assert_eq!(purls, ["pkg:npm/b", "pkg:npm/c"]);
    assert!(gaps[0].contains("2 requirements for development are not in the lock file (b, c)"), "{gaps:?}");
}

#[test]
fn requirements_for_development_are_told_by_name() {
    let target = Target::default()
        .file("requirements.txt", "-r requirements/docs.txt\na==1\n")
        .file("requirements-dev.txt", "-r requirements.txt\nb==1\n")
        .file("requirements/docs.txt", "c==1\n")
        .file("requirements/test.txt", "a==1\nd==1\n");
    let scopes: Vec<String> = target
        .components()
        .iter()
        .map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        scopes,
        [
            "pkg:pypi/a@1 runtime",
            "pkg:pypi/b@1 development",
            "pkg:pypi/c@1 runtime",
            "pkg:pypi/d@1 development"
        ]
    );
}

#[test]
fn many_manifests_share_a_gap() {
    let add = |target: Target, number| {
        target.file(&format!("examples/{number}/requirements.txt"), "flask>=1\nsix>1\n")
    };
    let (gaps, purls) = open(&(0..3).fold(Target::default(), add));
    assert_eq!((gaps.len(), purls.len()), (3, 2));
    let (gaps, _) = open(&(0..7).fold(Target::default(), add));
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    let expected = "Unpinned examples: 7 manifests have 14 requirements without an exact version that no lock file knows \
        (0/requirements.txt, ";
    assert!(gaps[0].starts_with(expected) && gaps[0].contains(" and 2 more); pin them"), "{gaps:?}");
}

#[test]
fn actions_that_move_are_one_gap() {
    let workflow = |steps: &[&str]| {
        let steps: String = steps.iter().map(|step| format!("      - uses: {step}\n")).collect();
        format!("on: push\njobs:\n  x:\n    steps:\n{steps}")
    };
    let target = Target::default()
        .file(".github/workflows/a.yml", &workflow(&["a/b@v4", "a/c@main", "a/d@v1.2.3"]))
        .file(".github/workflows/b.yml", &workflow(&["a/b@v4", "docker://alpine:3.19"]));
    let (gaps, _) = open(&target);
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    let expected = "Unpinned .github/workflows: 3 actions are named by a branch or a tag that moves, \
        so that nobody can tell what runs (a/b@v4, a/c@main, alpine:3.19); pin each by a full version";
    assert!(gaps[0].starts_with(expected), "{gaps:?}");
}

#[test]
fn what_builds_a_project_is_no_gap() {
    let text = "[build-system]\nrequires = [\"hatchling\", \"wheel==0.43\"]\n[project]\nname = \"x\"\n";
    let target = Target::default().file("pyproject.toml", text);
    assert_eq!(open(&target), (Vec::new(), Vec::new()));
    assert_eq!(target.components(), ["pkg:pypi/wheel@0.43 development direct pyproject.toml:2"]);
}
