//! What files say about each other's packages.

use crate::target::{Target, settings};

fn purls(target: &Target) -> Vec<String> {
    let first = |line: String| line.split(' ').next().map(str::to_owned);
    target.components().into_iter().filter_map(first).collect()
}

#[test]
fn requirements_include_files_of_any_name() {
    let target = Target::default()
        .file("app/requirements.txt", "-r deps/base.txt\n-r absent.txt\nflask==1.0\n")
        .file("app/deps/base.txt", "-r ../more.in\nrequests==2.0\n")
        .file("app/more.in", "six==1.0\n")
        .file("app/notes.txt", "attrs==1.0\n")
        .file("app/deps/prose.txt", "This is no list of requirements.\n");
    assert_eq!(purls(&target), ["pkg:pypi/flask@1.0", "pkg:pypi/requests@2.0", "pkg:pypi/six@1.0"]);
    let gaps = target.gaps(settings());
    assert_eq!(gaps.len(), 2, "{gaps:?}");
    assert!(gaps[0].starts_with("NotAudited app/requirements.txt: `-r absent.txt` names a file"), "{gaps:?}");
}

#[test]
fn constraints_pin_and_ask_for_nothing() {
    let target = Target::default()
        .file("requirements.txt", "-c requirements/constraints.txt\n-r base.txt\nflask\n")
        .file("base.txt", "jinja2\n")
        .file("requirements/constraints.txt", "django==1.11\nflask==0.12\njinja2==2.9\n");
    assert_eq!(purls(&target), ["pkg:pypi/flask@0.12", "pkg:pypi/jinja2@2.9"]);
    assert!(!target.gaps(settings()).iter().any(|gap| gap.starts_with("Unpinned")));
}

#[test]
fn requirements_that_include_each_other_end() {
    let target = Target::default()
        .file("requirements.txt", "-r b.txt\n-c c.txt\na==1\n")
        .file("b.txt", "-r requirements.txt\n-r b.txt\nb==1\n")
        .file("c.txt", "-c c.txt\na==1\n");
    assert_eq!(purls(&target), ["pkg:pypi/a@1", "pkg:pypi/b@1"]);
}

#[test]
fn only_the_version_that_the_manifest_allows_is_direct() {
    let lock = "# yarn lockfile v1\n\na@^1.0.0:\n  version \"1.0.0\"\n  dependencies:\n    b \"^3.0.0\"\n\n\
        b@^3.0.0:\n  version \"3.10.0\"\n\nb@^4.0.0:\n  version \"4.1.0\"\n";
    let target = Target::default()
        .file("package.json", r#"{"dependencies": {"a": "^1.0.0", "b": "^4.0.0"}}"#)
        .file("yarn.lock", lock);
    assert_eq!(
        target.components(),
        [
            "pkg:npm/a@1.0.0 runtime direct yarn.lock:3 needs pkg:npm/b@3.10.0",
            "pkg:npm/b@3.10.0 runtime transitive yarn.lock:8",
            "pkg:npm/b@4.1.0 runtime direct yarn.lock:11",
        ]
    );
}

#[test]
fn checksums_of_go_count_where_the_module_does_not_list_all() {
    let sum = "example.org/a v1.0.0 h1:x=\nexample.org/b v1.2.0 h1:x=\nexample.org/b v1.10.0 h1:x=\n\
        example.org/b v1.10.0/go.mod h1:x=\nexample.org/c v1.0.0/go.mod h1:x=\n";
    let check = |release: &str, expected: &[&str]| {
        let module = format!("module example.org/app\n{release}\nrequire example.org/a v1.1.0\n");
        let target = Target::default().file("go.mod", &module).file("go.sum", sum);
        let mut found = purls(&target);
        found.retain(|purl| !purl.contains("stdlib"));
        assert_eq!(found, expected, "{release}");
    };
    check("go 1.22", &["pkg:golang/example.org/a@v1.1.0"]);
    check("go 1.16", &["pkg:golang/example.org/a@v1.1.0", "pkg:golang/example.org/b@v1.10.0"]);
    check("", &["pkg:golang/example.org/a@v1.1.0", "pkg:golang/example.org/b@v1.10.0"]);
}
