mod auditable;

use crate::Format::{CargoLock, CargoToml};
use crate::support::shown::{check, survives};

const INDEX: &str = "registry+https://example.org/rust-lang/crates.io-index";

#[test]
fn members_are_local_and_what_they_need_is_direct() {
    let lock = format!(
        r#"version = 4

[[package]]
name = "app"
version = "0.1.0"
dependencies = [
 "libc 0.2.1",
 "log",
 "tool",
]

[[package]]
name = "libc"
version = "0.1.9"
source = "{INDEX}"
checksum = "ab"

[[package]]
name = "libc"
version = "0.2.1"
source = "{INDEX}"
checksum = "cd"
dependencies = ["log", "libc 0.1.9 ({INDEX})"]

[[package]]
name = "log"
version = "0.4.0"
source = "git+https://user:word@example.org/log.git?branch=main#0123456789abcdef0123456789abcdef01234567"

[[package]]
name = "private"
version = "1.0.0"
source = "sparse+https://example.org/index/"

[[package]]
name = "tool"
version = "0.1.0"
dependencies = ["private"]
"#
    );
    check(
        CargoLock,
        &lock,
        &[
            "cargo/app@0.1.0 local  L3-10 -> 2 3 5",
            "cargo/libc@0.1.9 transitive sha256:ab L12-16",
            "cargo/libc@0.2.1 direct sha256:cd L18-23 -> 1 3",
            "cargo/log@0.4.0 direct git https://example.org/log.git#0123456789abcdef0123456789abcdef01234567 L25-28",
            "cargo/private@1.0.0?repository_url=https:%2F%2Fexample.org%2Findex direct L30-33",
            "cargo/tool@0.1.0 local  L35-38 -> 4",
        ],
    );
    survives(CargoLock, &lock);
}

#[test]
fn version_1_keeps_checksums_at_the_end() {
    let lock = format!(
        "[root]\nname = \"app\"\nversion = \"1.0.0\"\ndependencies = [\"a 1.0.0 ({INDEX})\"]\n\n[[package]]\n\
         name = \"a\"\nversion = \"1.0.0\"\nsource = \"{INDEX}\"\n\n[metadata]\n\
         \"checksum a 1.0.0 ({INDEX})\" = \"ef\"\n"
    );
    check(CargoLock, &lock, &["cargo/app@1.0.0 local  -> 1", "cargo/a@1.0.0 direct sha256:ef L6-9"]);
}

#[test]
fn a_member_beside_a_package_of_the_same_name_and_version() {
    let lock = format!(
        "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"{INDEX}\"\n[[package]]\nname = \"a\"\n\
         version = \"1.0.0\"\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\ndependencies = [\"a 1.0.0\"]\n\
         [[package]]\nname = \"c\"\nversion = \"1.0.0\"\ndependencies = [\"a 1.0.0 ({INDEX})\"]\n"
    );
    check(
        CargoLock,
        &lock,
        &[
            "cargo/a@1.0.0 direct L1-4",
            "cargo/a@1.0.0 local  L5-7",
            "cargo/b@1.0.0 local  L8-11 -> 1",
            "cargo/c@1.0.0 local  L12-15 -> 0",
        ],
    );
}

#[test]
fn broken_lock_files_give_what_parses() {
    let ours = "<".repeat(7);
    let divide = "=".repeat(7);
    let theirs = ">".repeat(7);
    let lock = format!(
        "[[package]]\nname = \"a\"\n{ours} HEAD\nversion = \"1.0.0\"\n{divide}\nversion = \"2.0.0\"\n{theirs} topic\n\n\
         [[package]]\nname = \"b\"\nversion = \"1.0.0\"\ndependencies = [\"a\", \"gone\", 5]\n\n\
         [[package]]\nname = 5\nversion = \"1.0.0\"\n\n[[package]]\nname = \"c\"\nversion = \"1.0."
    );
    check(
        CargoLock,
        &lock,
        &[
            "cargo/a@1.0.0 local  L1-4",
            "cargo/b@1.0.0 local  L9-12 -> 0",
            "problem L3: the file has unresolved merge conflicts; both sides were read where they parse: resolve them",
            "problem L6: not valid TOML here: duplicate key; what stands beside it was read",
            "problem L9: a dependency of b is not a text and was left out",
            "problem L14: a package without a name or a version was left out; run `cargo update --workspace`",
            "problem L20: not valid TOML here: invalid basic string, expected `\"`; what stands beside it was read",
            "problem L18: a package without a name or a version was left out; run `cargo update --workspace`",
            "problem: 1 dependencies name packages that the file does not list; run `cargo update --workspace`",
        ],
    );
}

#[test]
fn hostile_lock_files_are_read_in_linear_time() {
    let deep = format!("a = {}\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n", "[".repeat(200));
    check(
        CargoLock,
        &deep,
        &[
            "cargo/a@1.0.0 local  L2-4",
            "problem L1: not valid TOML here: cannot recurse further; max recursion depth met; what stands beside it \
             was read",
        ],
    );
    let many =
        "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\"a 9.9.9\"]\n".repeat(20_000);
    let listing = crate::parse(CargoLock, many.as_bytes());
    assert_eq!(listing.packages.len(), 20_000);
    assert_eq!(listing.packages[19_999].region.unwrap().start_line, 4 * 19_999 + 1);
}

#[test]
fn a_manifest() {
    let manifest = r#"[package]
name = "app"
version.workspace = true
license.workspace = true
workspace = "../.."

[dependencies]
serde = "1.0"
exact = "=1.2.3"
partial = "=1.2"
renamed = { package = "real-name", version = "0.3", optional = true }
near = { path = "../near" }
far = { git = "https://example.org/far", rev = "0123456789012345678901234567890123456789" }
shared = { workspace = true, optional = true }
elsewhere.workspace = true

[dev-dependencies]
shared.workspace = true

[build-dependencies.cc]
version = "1"

[target.'cfg(windows)'.dependencies]
winapi = "0.3"

[workspace]
members = ["crates/*", "./tool/"]

[workspace.package]
license = "MIT OR Apache-2.0"
version = "2.0.0"

[workspace.dependencies]
shared = { package = "shared-name", version = "4" }

[patch.crates-io]
serde = { path = "vendor/serde" }
"#;
    check(
        CargoToml,
        manifest,
        &[
            "cargo/shared-name (4) L34-34",
            "cargo/serde (1.0) direct L8-8",
            "cargo/exact@1.2.3 direct L9-9",
            "cargo/partial (=1.2) direct L10-10",
            "cargo/real-name (0.3) optional direct L11-11",
            "cargo/near direct local ../near L12-12",
            "cargo/far direct git https://example.org/far#0123456789012345678901234567890123456789 L13-13",
            "cargo/shared-name (4) optional direct L14-14",
            "cargo/elsewhere direct L15-15",
            "cargo/cc (1) dev direct L20-21",
            "cargo/shared-name (4) dev direct L18-18",
            "cargo/winapi (0.3) direct L24-24",
            "project pkg:cargo/app@2.0.0 MIT OR Apache-2.0",
            "include ../../Cargo.toml",
            "include ../near/Cargo.toml",
            "include crates/*/Cargo.toml",
            "include tool/Cargo.toml",
            "change pkg:cargo/shared => cargo/shared-name (4) L34-34",
            "change pkg:cargo/serde => cargo/serde direct local vendor/serde L37-37",
        ],
    );
    survives(CargoToml, manifest);
}
