use crate::Format::{PipfileLock, PoetryLock, Pylock, UvLock};
use crate::support::shown::{check, survives};

#[test]
fn poetry_tells_scope_by_groups_or_category() {
    let text = r#"[[package]]
name = "Flask"
version = "2.0"
groups = ["main", "dev"]
files = [
    {file = "a.whl", hash = "sha256:ab"},
]

[package.dependencies]
click = {version = ">=8", markers = "x"}
Zope_Interface = "*"

[[package]]
name = "click"
version = "8.1"
groups = ["dev"]

[[package]]
name = "zope.interface"
version = "5.0"
category = "dev"
optional = false

[[package]]
name = "near"
version = "1.0"
optional = true

[package.source]
type = "git"
url = "https://example.org/near.git"
reference = "main"
resolved_reference = "0123456789012345678901234567890123456789"

[metadata]
lock-version = "1.1"

[metadata.files]
click = [{file = "c.whl", hash = "sha256:cd"}]
"#;
    check(
        PoetryLock,
        text,
        &[
            "pypi/flask@2.0 sha256:ab L1-11 -> 1 2",
            "pypi/click@8.1 dev sha256:cd L13-16",
            "pypi/zope-interface@5.0 dev L18-22",
            "pypi/near@1.0 optional git https://example.org/near.git#0123456789012345678901234567890123456789 L24-33",
        ],
    );
    survives(PoetryLock, text);
}

#[test]
fn uv_tells_scope_by_what_the_members_ask_for() {
    let text = r#"version = 1

[manifest]
members = ["app", "lib"]

[[package]]
name = "app"
version = "0.1.0"
source = { editable = "." }
dependencies = [
    { name = "lib" },
    { name = "web", extra = ["fast"] },
]

[package.optional-dependencies]
more = [{ name = "opt" }]

[package.dev-dependencies]
dev = [{ name = "two", version = "2.0", source = { registry = "x" } }]

[[package]]
name = "deep"
version = "1.0"
source = { registry = "https://example.org/simple" }
sdist = { url = "https://example.org/deep.tar.gz", hash = "sha256:ab", size = 1 }
dependencies = [{ name = "web" }, { name = "two", version = "1.0", source = { registry = "x" } }]

[[package]]
name = "lib"
version = "0.1.0"
source = { editable = "lib" }

[package.dev-dependencies]
dev = [{ name = "opt" }]

[[package]]
name = "opt"
version = "1.0"
source = { git = "https://example.org/opt?rev=main#0123456789012345678901234567890123456789" }

[[package]]
name = "two"
version = "1.0"
source = { registry = "x" }

[[package]]
name = "two"
version = "2.0"
source = { url = "https://example.org/two.whl" }
wheels = [{ url = "https://example.org/two.whl", hash = "sha256:cd" }]

[[package]]
name = "web"
version = "3.0"
source = { registry = "x" }

[package.optional-dependencies]
fast = [{ name = "deep" }]
"#;
    check(
        UvLock,
        text,
        &[
            "pypi/app@0.1.0 local . L6-19 -> 2 3 5 6",
            "pypi/deep@1.0 transitive sha256:ab L21-26 -> 4 6",
            "pypi/lib@0.1.0 local lib L28-34 -> 3",
            "pypi/opt@1.0 optional direct git https://example.org/opt#0123456789012345678901234567890123456789 L36-39",
            "pypi/two@1.0 transitive L41-44",
            "pypi/two@2.0 dev direct archive https://example.org/two.whl sha256:cd L46-50",
            "pypi/web@3.0 direct L52-58 -> 1",
            "project pkg:pypi/app@0.1.0",
        ],
    );
    survives(UvLock, text);
}

#[test]
fn the_standard_lock_file() {
    let text = r#"lock-version = "1.0"

[[packages]]
name = "a"
version = "1.0"
dependencies = [{ name = "b", version = "2.0" }, { name = "C" }]

[[packages.wheels]]
url = "https://example.org/a.whl"
hashes = { sha256 = "ab" }

[[packages]]
name = "b"
version = "2.0"
marker = "'dev' in dependency_groups"
archive = { url = "https://example.org/b.zip", hashes = { sha512 = "cd" } }

[[packages]]
name = "c"
marker = "'x' in extras"
vcs = { type = "git", url = "https://example.org/c", commit-id = "0123" }

[[packages]]
name = "d"
directory = { path = "d" }
"#;
    check(
        Pylock,
        text,
        &[
            "pypi/a@1.0 sha256:ab L3-10 -> 1 2",
            "pypi/b@2.0 dev archive https://example.org/b.zip sha512:cd L12-16",
            "pypi/c optional git https://example.org/c#0123 L18-21",
            "pypi/d local d L23-25",
        ],
    );
    survives(Pylock, text);
}

const PIPENV: &str = r#"{
    "_meta": {"sources": [{"name": "x"}]},
    "default": {
        "requests": {
            "hashes": ["sha256:ab", "md5:odd"],
            "version": "==2.31.0"
        },
        "far": {"git": "https://u:p@example.org/far.git", "ref": "0123"}
    },
    "develop": {
        "near": {"path": "./near", "editable": true},
        "odd": 5
    }
}
"#;

#[test]
fn pipenv() {
    check(
        PipfileLock,
        PIPENV,
        &[
            "pypi/requests@2.31.0 sha256:ab L4-7",
            "pypi/far git https://example.org/far.git#0123 L8-8",
            "pypi/near dev local ./near L11-11",
            "problem L12: the entry of odd is not as Pipenv writes it and was left out; run `pipenv lock`",
        ],
    );
    survives(PipfileLock, PIPENV);
}

#[test]
fn a_cut_off_file_gives_what_stands_before() {
    let cut = &PIPENV[..PIPENV.find("\"ref\"").unwrap()];
    let listing = crate::parse(PipfileLock, cut.as_bytes());
    assert_eq!(listing.packages.len(), 1);
    assert_eq!(listing.problems.len(), 1);
    assert!(listing.problems[0].detail.starts_with("the JSON breaks off (EOF"), "{:?}", listing.problems);
}

#[test]
fn cycles_and_unknown_names_do_no_harm() {
    check(
        UvLock,
        "[[package]]\nname = \"a\"\nsource = { virtual = \".\" }\ndependencies = [{ name = \"b\" }]\n\
         [[package]]\nname = \"b\"\nversion = \"1\"\ndependencies = [{ name = \"b\" }, { name = \"a\" }, { name = \"x\" }, 5]\n\
         [[package]]\nversion = \"1\"\n",
        &[
            "pypi/a transitive local . L1-4 -> 1",
            "pypi/b@1 direct L5-8 -> 0 1",
            "project pkg:pypi/a",
            "problem L9: a package without a name was left out; run `uv lock`",
        ],
    );
}
