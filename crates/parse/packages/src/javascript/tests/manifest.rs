use crate::Format::{NodeModule, PackageJson};
use crate::support::check::check;

#[test]
fn requirements() {
    check(
        PackageJson,
        r#"{
  "name": "@s/app", "version": "1.0.0", "license": "(MIT OR Apache-2.0)",
  "workspaces": {"packages": ["./packages/*/", "!packages/x"]},
  "dependencies": {
    "range": "^1.0.0",
    "pinned": "1.2.3",
    "equal": "=1.2.3-rc.1",
    "part": "1.2",
    "tag": "latest",
    "alias": "npm:@s/real@~2.0.0",
    "exact-alias": "npm:real@2.0.0",
    "bare": "npm:real",
    "git": "git+https://token@host.example/git.git#semver:^1",
    "hub": "owner/hub#0123456789",
    "hub2": "github:owner/hub2",
    "tar": "https://host.example/tar.tgz",
    "file": "file:../file",
    "work": "workspace:^",
    "catalog": "catalog:"
  },
  "devDependencies": {"d": "1 || 2"},
  "optionalDependencies": {"o": ">=1 <2"},
  "peerDependencies": {"p": "*", "q": ">=1"},
  "peerDependenciesMeta": {"q": {"optional": true}},
  "overrides": {"x": "1.0.0"}
}"#,
        "
        # pkg:npm/%40s/app@1.0.0 (MIT OR Apache-2.0)
        range 5 direct wants ^1.0.0
        pinned@1.2.3 6 direct
        equal@1.2.3-rc.1 7 direct
        part 8 direct wants 1.2
        tag 9 direct wants latest
        @s/real 10 direct wants npm:@s/real@~2.0.0
        real@2.0.0 11 direct
        real 12 direct wants npm:real
        git 13 direct git:https://host.example/git.git# wants git+https://host.example/git.git#semver:^1
        hub 14 direct git:https://github.com/owner/hub.git#0123456789 wants owner/hub#0123456789
        hub2 15 direct git:https://github.com/owner/hub2.git# wants github:owner/hub2
        tar 16 direct archive:https://host.example/tar.tgz wants https://host.example/tar.tgz
        file 17 direct local:../file wants file:../file
        work 18 direct local: wants workspace:^
        catalog 19 direct wants catalog:
        d 21 direct dev wants 1 || 2
        o 22 direct optional wants >=1 <2
        p 23 direct wants *
        + packages/*/package.json
        + !packages/x/package.json
        ",
    );
}

#[test]
fn wrong_types() {
    check(
        PackageJson,
        "{\"name\": 1, \"dependencies\": [\"a\"], \"devDependencies\": {\"a\": 1,\n\"b\": \"2\"}, \"workspaces\": 3}",
        "
        b 2 direct dev wants 2
        ! 1: `dependencies` is not an object; it was left out, correct it
        ! 1: the version of `a` is not a text; it was left out
        ",
    );
    check(PackageJson, "[]", "! 1: an object was expected here; check that this is the file you mean");
}

#[test]
fn installed() {
    let rows = [
        (r#"{"name": "a", "version": "1.0.0", "license": "MIT"}"#, "a@1.0.0 1 licence MIT"),
        (
            r#"{"name": "@s/a", "version": "1.0.0", "license": {"type": "BSD", "url": "x"}}"#,
            "@s/a@1.0.0 1 licence BSD",
        ),
        (
            r#"{"name": "a", "version": "1.0.0", "licenses": [{"type": "MIT"}, "ISC", 3]}"#,
            "a@1.0.0 1 licence MIT licence ISC",
        ),
        (r#"{"type": "module"}"#, ""),
        (r#"{"name": "a"}"#, ""),
    ];
    for (text, expected) in rows {
        check(NodeModule, text, expected);
    }
}
