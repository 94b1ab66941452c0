use crate::Format::YarnLock;
use crate::support::check::check;

#[test]
fn classic() {
    check(
        YarnLock,
        r##"# yarn lockfile v1


"@s/a@^1.0.0", "@s/a@^1.1.0":
  version "1.1.0"
  resolved "https://registry.example/@s/a/-/a-1.1.0.tgz#da39a3ee5e6b4b0d3255bfef95601890afd80709"
  dependencies:
    b "^2.0.0"
    "c" ">= 1 < 3"
  optionalDependencies:
    o "1"

alias@npm:real@^3.0.0:
  version "3.0.0"
  integrity sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=

b@^2.0.0:
  version "2.0.0"
  dependencies:
    "@s/a" "^1.0.0"

"c@>= 1 < 3":
  version "2.5.0"

"git@git+https://host.example/git.git#main":
  version "1.0.0"
  resolved "git+https://host.example/git.git#0123456789abcdef0123456789abcdef01234567"

o@1:
  version "1.0.0"

short@owner/short:
  version "1.0.0"
  resolved "https://codeload.github.com/owner/short/tar.gz/0123456789abcdef0123456789abcdef01234567"

"tar@https://host.example/tar.tgz":
  version "1.0.0"
  resolved "https://host.example/tar.tgz#da39a3ee5e6b4b0d3255bfef95601890afd80709"

top@1:
  version "1.0.0"
  dependencies:
    o "1"
"##,
        "
        @s/a@1.1.0 4-11 sha1:da39a3e > b@2.0.0, c@2.5.0, o@1.0.0
        real@3.0.0 13-15 direct sha1:da39a3e
        b@2.0.0 17-20 > @s/a@1.1.0
        c@2.5.0 22-23
        git@1.0.0 25-27 direct git:https://host.example/git.git#0123456789abcdef0123456789abcdef01234567
        o@1.0.0 29-30
        short@1.0.0 32-34 direct git:https://github.com/owner/short.git#0123456789abcdef0123456789abcdef01234567
        tar@1.0.0 36-38 direct archive:https://host.example/tar.tgz
        top@1.0.0 40-43 direct > o@1.0.0
        ",
    );
}

#[test]
fn classic_optional_and_broken() {
    check(
        YarnLock,
        "a@1:\n  version \"1.0.0\"\n  optionalDependencies:\n    b \"1\"\n\nb@1:\n  version \"1.0.0\"\n\nnonsense\n  also\nc@1:\n  resolved \"x\n",
        "
        a@1.0.0 1-4 direct > b@1.0.0
        b@1.0.0 6-10 optional
        c 11-12 direct
        ! 9: this line, and perhaps others, is not what Yarn writes; packages may be missing, run `yarn install`
        ! 11: an entry without a version; run `yarn install` to mend it
        ",
    );
}

#[test]
fn berry() {
    check(
        YarnLock,
        r#"# This file is generated
__metadata:
  version: 8
  cacheKey: 10c0

"@s/a@npm:^1.0.0, @s/a@npm:^1.1.0":
  version: 1.1.0
  resolution: "@s/a@npm:1.1.0"
  dependencies:
    b: "npm:^2.0.0"
    typescript: "npm:^5.0.0"
  dependenciesMeta:
    b:
      optional: true
  checksum: 10c0/00
  languageName: node
  linkType: hard

"alias@npm:real@^3.0.0":
  version: 3.0.0
  resolution: "real@npm:3.0.0"

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  dependencies:
    "@s/a": "npm:^1.0.0"
    alias: "npm:real@^3.0.0"
    git: "https://github.com/x/git.git#main"
    old: ^1.0.0
    tar: "https://host.example/tar.tgz"
    w: "workspace:*"
  languageName: unknown
  linkType: soft

"b@npm:^2.0.0":
  version: 2.0.0
  resolution: "b@npm:2.0.0"
  conditions: os=darwin

"git@https://github.com/x/git.git#main":
  version: 1.0.0
  resolution: "git@https://github.com/x/git.git#commit=0123456789abcdef0123456789abcdef01234567"

"old@npm:^1.0.0":
  version: 1.0.0
  resolution: "old@npm:1.0.0::__archiveUrl=https%3A%2F%2Fregistry.example"

"portal@portal:../portal::locator=app%40workspace%3A.":
  version: 0.0.0-use.local
  resolution: "portal@portal:../portal::locator=app%40workspace%3A."
  linkType: soft

"tar@https://host.example/tar.tgz":
  version: 4.0.0
  resolution: "tar@https://host.example/tar.tgz"

"typescript@npm:^5.0.0":
  version: 5.1.0
  resolution: "typescript@npm:5.1.0"

"typescript@patch:typescript@npm%3A^5.0.0#optional!builtin<compat/typescript>":
  version: 5.1.0
  resolution: "typescript@patch:typescript@npm%3A5.1.0#optional!builtin<compat/typescript>::version=5.1.0&hash=00"

"w@workspace:*, w@workspace:packages/w":
  version: 0.0.0-use.local
  resolution: "w@workspace:packages/w"
  dependencies:
    old: "npm:^1.0.0"
  linkType: soft
"#,
        "
        # pkg:npm/app
        @s/a@1.1.0 6-17 direct > b@2.0.0, typescript@5.1.0
        real@3.0.0 19-21 direct
        b@2.0.0 36-39 transitive optional
        git@1.0.0 41-43 direct git:https://github.com/x/git.git#0123456789abcdef0123456789abcdef01234567
        old@1.0.0 45-47 direct
        portal 49-52 local:../portal
        tar@4.0.0 54-56 direct archive:https://host.example/tar.tgz
        typescript@5.1.0 58-60 transitive
        w 66-71 direct local:packages/w > old@1.0.0
        ! 49: an entry without a version; run `yarn install` to mend it
        ",
    );
}

#[test]
fn berry_cut_off() {
    check(
        YarnLock,
        "__metadata:\n  version: 6\n\n\"a@npm:1\":\n  version: 1.0.0\n  resolution: \"a@npm:1.0.0\"\n\n\"b@npm:1\":\n  version: 1.0.0\n  resolution: \"b@np",
        "
        a@1.0.0 4-6
        b@1.0.0 8-9
        ! 10: while scanning a quoted scalar, found unexpected end of stream; packages near here or after it may be missing, have the file written again by its package manager
        ",
    );
}
