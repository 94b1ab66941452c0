//! Files in which generic rules find nothing but noise, and files whose secrets are often made up.

/// Files that programs write: locked dependencies and their digests.
const LOCK_FILES: [&str; 32] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "bun.lockb",
    "deno.lock",
    "cargo.lock",
    "go.sum",
    "go.work.sum",
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "pipfile.lock",
    "pixi.lock",
    "conda-lock.yml",
    "composer.lock",
    "gemfile.lock",
    "flake.lock",
    "mix.lock",
    "pubspec.lock",
    "podfile.lock",
    "cartfile.resolved",
    "package.resolved",
    "packages.lock.json",
    "project.assets.json",
    "gradle.lockfile",
    "verification-metadata.xml",
    ".terraform.lock.hcl",
    "module.bazel.lock",
    "chart.lock",
    "paket.lock",
];

/// What is generated, translated, drawn or recorded.
const ENDINGS: [&str; 56] = [
    ".min.js",
    ".min.css",
    ".min.mjs",
    ".bundle.js",
    ".chunk.js",
    ".map",
    ".snap",
    ".svg",
    ".po",
    ".pot",
    ".mo",
    ".xliff",
    ".xlf",
    ".resx",
    ".arb",
    ".strings",
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".webp",
    ".avif",
    ".bmp",
    ".ico",
    ".tif",
    ".tiff",
    ".psd",
    ".woff",
    ".woff2",
    ".ttf",
    ".otf",
    ".eot",
    ".mp3",
    ".mp4",
    ".ogg",
    ".wav",
    ".flac",
    ".webm",
    ".mov",
    ".avi",
    ".pdf",
    ".zip",
    ".gz",
    ".tgz",
    ".jar",
    ".class",
    ".pyc",
    ".wasm",
    ".so",
    ".dll",
    ".exe",
    ".pb.go",
    "_pb2.py",
    ".designer.cs",
    ".pbxproj",
    ".storyboard",
];

/// Folders of other people's code.
const VENDORED: [&str; 14] = [
    "node_modules",
    "bower_components",
    "vendor",
    "vendored",
    "third_party",
    "third-party",
    "thirdparty",
    "site-packages",
    "dist-packages",
    ".yarn",
    "pods",
    "carthage",
    ".terraform",
    "jspm_packages",
];

/// Folders whose secrets are often made up.
const TEST_FOLDERS: [&str; 32] = [
    "test",
    "tests",
    "testing",
    "testdata",
    "test_data",
    "test-data",
    "__tests__",
    "__mocks__",
    "__fixtures__",
    "spec",
    "specs",
    "fixture",
    "fixtures",
    "mock",
    "mocks",
    "stubs",
    "e2e",
    "integration-tests",
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "demos",
    "tutorial",
    "tutorials",
    "doc",
    "docs",
    "documentation",
    "cypress",
    "benches",
    "testfixtures",
];

/// Whether a file is one where generic rules, which know no format, report noise.
pub(crate) fn is_noise_path(path: &str) -> bool {
    let lower = path.replace('\\', "/").to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or_default();
    LOCK_FILES.contains(&name)
        || ENDINGS.iter().any(|ending| name.ends_with(ending))
        || folders(&lower).any(|folder| VENDORED.contains(&folder))
}

/// Whether a file belongs to tests, examples or documentation, so that what it holds is less likely a real secret.
pub(crate) fn is_test_path(path: &str) -> bool {
    let unix = path.replace('\\', "/");
    let lower = unix.to_ascii_lowercase();
    folders(&lower).any(|folder| TEST_FOLDERS.contains(&folder) || is_test_word(last_word(folder)))
        || folders(&unix).any(|folder| ["Test", "Tests"].iter().any(|end| folder.ends_with(end)))
        || is_test_file(unix.rsplit('/').next().unwrap_or_default())
}

/// `api-tests`, `unit_test`, `Shop.Tests`
fn last_word(folder: &str) -> &str {
    folder.rsplit(['-', '_', '.']).next().unwrap_or_default()
}

fn is_test_word(word: &str) -> bool {
    const WORDS: [&str; 17] = [
        "test",
        "tests",
        "unittest",
        "unittests",
        "autotest",
        "autotests",
        "testdata",
        "spec",
        "specs",
        "fixture",
        "fixtures",
        "mock",
        "mocks",
        "example",
        "examples",
        "sample",
        "samples",
    ];
    WORDS.contains(&word)
}

/// `user_test.go`, `test_user.py`, `user.spec.ts`, `UserTest.java`, `README.md`, `.env.example`
fn is_test_file(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    let word = |part: &str| {
        ["test", "tests", "spec", "mock", "example", "sample", "template", "dist", "fixture"].contains(&part)
    };
    let words = || lower.split(['.', '_', '-']);
    let last = words().next_back().unwrap_or_default();
    words().any(|part| word(part) && (part != "dist" || last == "dist"))
        || ["Test", "Tests", "TestCase", "Spec", "IT"]
            .iter()
            .any(|end| stem.ends_with(end) && stem.len() > end.len())
        || [".md", ".mdx", ".rst", ".adoc"].iter().any(|end| lower.ends_with(end))
        || (lower.starts_with("conftest.") || lower.starts_with("readme"))
}

fn folders(path: &str) -> impl Iterator<Item = &str> {
    let end = path.rfind('/').unwrap_or(0);
    path.get(..end).unwrap_or_default().split('/')
}
