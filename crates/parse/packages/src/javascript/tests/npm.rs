use crate::Format::PackageLock;
use crate::support::check::check;

#[test]
fn version_3_with_everything() {
    check(
        PackageLock,
        r#"{
  "name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": true,
  "packages": {
    "": {
      "name": "app", "version": "1.0.0", "license": "MIT", "workspaces": ["packages/*"],
      "dependencies": {"a": "^1.0.0", "alias": "npm:real@^4.0.0", "tar": "https://host.example/tar.tgz?token=x"},
      "devDependencies": {"d": "1"}, "optionalDependencies": {"o": "1"}
    },
    "node_modules/a": {
      "version": "1.2.0", "resolved": "https://registry.example/a/-/a-1.2.0.tgz",
      "integrity": "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "license": "ISC",
      "dependencies": {"b": "1", "@s/c": "2"}, "peerDependencies": {"d": "*"}
    },
    "node_modules/a/node_modules/b": {"version": "1.0.0", "inBundle": true, "dependencies": {"@s/c": "1", "absent": "1"}},
    "node_modules/b": {"version": "2.0.0"},
    "node_modules/@s/c": {"version": "2.0.0", "dependencies": {"b": "2"}},
    "node_modules/alias": {"name": "real", "version": "4.0.0"},
    "node_modules/d": {"version": "1.0.0", "dev": true},
    "node_modules/o": {"version": "1.0.0", "optional": true},
    "node_modules/p": {"version": "1.0.0", "devOptional": true},
    "node_modules/git": {"version": "3.0.0", "resolved": "git+ssh://git@github.com/x/git.git#0123456789abcdef0123456789abcdef01234567"},
    "node_modules/load": {"version": "3.0.0", "resolved": "https://codeload.github.com/x/load/tar.gz/0123456789abcdef0123456789abcdef01234567"},
    "node_modules/tar": {"version": "5.0.0", "resolved": "https://host.example/tar.tgz"},
    "node_modules/w": {"resolved": "packages/w", "link": true},
    "packages/w": {"version": "0.1.0", "dependencies": {"b": "3", "a": "1"}, "devDependencies": {"d": "1"}},
    "packages/w/node_modules/b": {"version": "3.0.0", "peerDependencies": {"w": "*"}}
  },
  "dependencies": {"ignored": {"version": "1.0.0"}}
}"#,
        "
        # pkg:npm/app@1.0.0 MIT
        a@1.2.0 9-13 direct licence ISC sha1:da39a3e > b@1.0.0, @s/c@2.0.0, d@1.0.0
        b@1.0.0 14 transitive > @s/c@2.0.0
        b@2.0.0 15 transitive
        @s/c@2.0.0 16 transitive > b@2.0.0
        real@4.0.0 17 direct
        d@1.0.0 18 direct dev
        o@1.0.0 19 direct optional
        p@1.0.0 20 transitive optional
        git@3.0.0 21 transitive git:ssh://git@github.com/x/git.git#0123456789abcdef0123456789abcdef01234567
        load@3.0.0 22 transitive git:https://github.com/x/load.git#0123456789abcdef0123456789abcdef01234567
        tar@5.0.0 23 direct archive:https://host.example/tar.tgz
        w@0.1.0 25 direct local:packages/w > a@1.2.0, d@1.0.0, b@3.0.0
        b@3.0.0 26 direct > w@0.1.0
        ",
    );
}

#[test]
fn version_1_nests() {
    check(
        PackageLock,
        r#"{
  "name": "app", "version": "1.0.0", "lockfileVersion": 1, "requires": true,
  "dependencies": {
    "a": {
      "version": "1.0.0", "integrity": "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
      "requires": {"b": "^2.0.0", "c": "1"},
      "dependencies": {"b": {"version": "2.0.0", "dev": true, "bundled": true, "requires": {"c": "1"}}}
    },
    "b": {"version": "1.0.0", "dev": true},
    "c": {"version": "1.0.0", "optional": true, "requires": {"b": "1"}},
    "alias": {"version": "npm:@s/real@3.0.0"},
    "git": {"version": "git+https://user:pass@host.example/git.git#0123456789abcdef", "from": "git+https://x"},
    "tar": {"version": "https://host.example/tar.tgz"},
    "local": {"version": "file:../local"},
    "wrong": "1.0.0"
  }
}"#,
        "
        # pkg:npm/app@1.0.0
        a@1.0.0 4-8 direct sha1:da39a3e > b@2.0.0, c@1.0.0
        b@2.0.0 7 transitive dev > c@1.0.0
        b@1.0.0 9 dev
        c@1.0.0 10 optional > b@1.0.0
        @s/real@3.0.0 11 direct
        git 12 direct git:https://host.example/git.git#0123456789abcdef
        tar 13 direct archive:https://host.example/tar.tgz
        local 14 direct local:../local
        ! 15: a package is not an object; left out
        ",
    );
}

#[test]
fn what_is_missing_is_said() {
    check(
        PackageLock,
        r#"{"lockfileVersion": 4, "packages": {"node_modules/a": {"version": "1.0.0"}}}"#,
        "a@1.0.0 1
         ! has the lockfileVersion 4, which is not known; read as version 3, packages may be missing",
    );
    check(
        PackageLock,
        r#"{"lockfileVersion": 3}"#,
        "! has no `packages`; run `npm install --package-lock-only` to write it anew",
    );
    check(
        PackageLock,
        "{\"packages\": {\"\": {},\n\"node_modules/a\": {\"version\": 7},\n\"node_modules/b\": [],\n\"node_modules/c\": {\"version\": \"1.0.0\", \"dep",
        "a 2 transitive
         c@1.0.0 4 transitive
         ! 4: a string without an end; packages near here or after it may be missing, have the file written again by its package manager
         ! 4: expected `:` after a key; packages near here or after it may be missing, have the file written again by its package manager
         ! 4: the text ends before the document does; packages near here or after it may be missing, have the file written again by its package manager
         ! 3: a package is not an object, or its path is too long; left out",
    );
}

#[test]
fn both_sides_of_a_conflict_are_listed() {
    let text = [
        "{\"lockfileVersion\": 3, \"packages\": {",
        concat!("<<<<", "<<< HEAD"),
        "\"node_modules/a\": {\"version\": \"1.0.0\"},",
        concat!("====", "==="),
        "\"node_modules/a\": {\"version\": \"2.0.0\"},",
        concat!(">>>>", ">>> other"),
        "\"node_modules/b\": {\"version\": \"1.0.0\"}}}",
    ];
    check(
        PackageLock,
        &text.join("\n"),
        "a@1.0.0 3
         a@2.0.0 5
         b@1.0.0 7
         ! 2: an unresolved merge conflict; the packages of both sides are listed, resolve it",
    );
}
