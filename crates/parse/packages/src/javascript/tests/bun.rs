use crate::Format::BunLock;
use crate::support::check::check;

#[test]
fn text_lock_file() {
    check(
        BunLock,
        r#"{
  "lockfileVersion": 1,
  // what each manifest asks for
  "workspaces": {
    "": {
      "name": "app",
      "dependencies": { "@s/a": "^1.0.0", "alias": "npm:real@4", "w": "workspace:*", },
      "devDependencies": { "d": "1" },
      "optionalDependencies": { "o": "1" },
    },
    "packages/w": { "name": "w", "version": "0.1.0", "dependencies": { "b": "3" }, "devDependencies": { "o": "1" } },
  },
  "packages": {
    "@s/a": ["@s/a@1.0.0", "", { "dependencies": { "b": "2", "@s/c": "1" }, "peerDependencies": { "p": "*" }, "optionalPeers": ["p"] }, "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="],
    "@s/c": ["@s/c@1.0.0", "", { "dependencies": { "b": "1" } }, "x"],
    "alias": ["real@4.0.0", "", {}, "x"],
    "b": ["b@1.0.0", "", {}, "x"],
    "d": ["d@1.0.0", "", {}, "x"],
    "git": ["git@git+https://host.example/git.git#0123456789", {}, "0123456789"],
    "hub": ["hub@github:owner/hub#0123456", {}, "owner-hub-0123456"],
    "o": ["o@1.0.0", "", { "os": "darwin" }, "x"],
    "p": ["p@1.0.0", "", {}, "x"],
    "tar": ["tar@https://host.example/tar.tgz", {}],
    "w": ["w@workspace:packages/w"],
    "@s/a/@s/c": ["@s/c@1.5.0", "", { "dependencies": { "b": "2" } }, "x"],
    "@s/a/b": ["b@2.0.0", "", {}, "x"],
    "w/b": ["b@3.0.0", "", {}, "x"],
    "wrong": {},
  },
}
"#,
        "
        # pkg:npm/app
        @s/a@1.0.0 14 direct sha1:da39a3e > p@1.0.0, @s/c@1.5.0, b@2.0.0
        @s/c@1.0.0 15 > b@1.0.0
        real@4.0.0 16 direct
        b@1.0.0 17
        d@1.0.0 18 direct dev
        git 19 git:https://host.example/git.git#0123456789
        hub 20 git:https://github.com/owner/hub.git#0123456
        o@1.0.0 21 direct optional
        p@1.0.0 22 transitive optional
        tar 23 archive:https://host.example/tar.tgz
        w@0.1.0 24 direct local:packages/w > o@1.0.0, b@3.0.0
        @s/c@1.5.0 25 transitive > b@2.0.0
        b@2.0.0 26 transitive
        b@3.0.0 27 direct
        + packages/w/package.json
        ! 28: a package that is not written as Bun does; left out
        ",
    );
}

#[test]
fn unknown_version() {
    check(BunLock, "{}", "! has the lockfileVersion none, which is not known; packages may be missing");
}
