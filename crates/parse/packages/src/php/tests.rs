use crate::Format::{ComposerJson, ComposerLock};
use crate::support::check::check;

#[test]
fn lock_file() {
    check(
        ComposerLock,
        r#"{
    "content-hash": "x",
    "packages": [
        {
            "name": "Vendor/A", "version": "v1.2.0",
            "source": {"type": "git", "url": "https://host.example/a.git", "reference": "0123"},
            "dist": {"type": "zip", "url": "https://host.example/a.zip", "shasum": "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
            "require": {"php": ">=8", "ext-json": "*", "vendor/b": "^1", "psr/log-implementation": "1", "old/d": "*"},
            "license": ["MIT", "GPL-2.0-only"]
        },
        {"name": "vendor/b", "version": "1.0.0", "dist": {"type": "path", "url": "../b"}, "license": "proprietary"},
        {"name": "vendor/c", "version": "2.0.0", "provide": {"psr/log-implementation": "1.0"}, "require": {"vendor/a": "*"}},
        {"name": "vendor/d", "version": "dev-main", "replace": {"old/d": "self.version"},
         "source": {"type": "git", "url": "https://user:pass@host.example/d.git", "reference": "0123456789"}},
        {"version": "1.0.0"}
    ],
    "packages-dev": [
        {"name": "vendor/t", "version": "3.0.0", "require": {"vendor/b": "*"}}
    ],
    "platform": {"php": ">=8"}
}"#,
        "
        vendor/a@v1.2.0 4-10 licence MIT licence GPL-2.0-only sha1:da39a3e > vendor/b@1.0.0, vendor/c@2.0.0, vendor/d@dev-main
        vendor/b@1.0.0 11 local:../b licence proprietary
        vendor/c@2.0.0 12 > vendor/a@v1.2.0
        vendor/d@dev-main 13-14 git:https://host.example/d.git#0123456789
        vendor/t@3.0.0 18 direct dev > vendor/b@1.0.0
        ! 15: a package without a name; left out
        ",
    );
}

#[test]
fn manifest() {
    check(
        ComposerJson,
        r#"{
    "name": "vendor/app", "license": "MIT",
    "require": {
        "php": "^8.1", "ext-mbstring": "*", "composer-runtime-api": "^2",
        "vendor/a": "^1.0 || ^2.0",
        "vendor/b": "1.2.3",
        "vendor/c": "dev-main",
        "vendor/d": 7
    },
    "require-dev": {"vendor/t": "~1.2"},
    "repositories": [{"type": "path", "url": "./packages/*"}, {"type": "vcs", "url": "https://x"}]
}"#,
        "
        # pkg:composer/vendor/app MIT
        vendor/a 5 direct wants ^1.0 || ^2.0
        vendor/b@1.2.3 6 direct
        vendor/c 7 direct wants dev-main
        vendor/t 10 direct dev wants ~1.2
        + packages/*/composer.json
        ! 8: the version of `vendor/d` is not a text; it was left out
        ",
    );
    check(
        ComposerJson,
        r#"{"require": [], "require-dev": "x"}"#,
        "! 1: `require-dev` is not an object; it was left out, correct it",
    );
}

#[test]
fn broken_lock_files() {
    check(
        ComposerLock,
        r#"{"packages": {"a": 1}}"#,
        "! has no list of `packages`; run `composer update --lock` to write it anew",
    );
    check(
        ComposerLock,
        "{\"packages\": [{\"name\": \"a/b\", \"version\": \"1\"},\n{\"name\": \"a/c\"",
        "
        a/b@1 1 direct
        a/c 2 direct
        ! 2: the text ends before the document does; packages near here or after it may be missing, have the file written again by its package manager
        ",
    );
}
