//! Requirements files that only developers install, which nothing but their names says.

use andon_model::Scope;
use andon_packages::Format;

use super::file::File;
use super::includes::Includes;

/// Words in names of files, and names of folders.
const WORDS: &[&str] = &[
    "bench",
    "benchmarks",
    "ci",
    "dev",
    "devel",
    "develop",
    "development",
    "doc",
    "docs",
    "documentation",
    "lint",
    "linters",
    "linting",
    "mypy",
    "test",
    "testing",
    "tests",
    "typing",
];

/// Narrows what such files ask for. What another file includes for itself is needed as that is.
pub(super) fn narrow(files: &mut [File], includes: &Includes) {
    for file in files.iter_mut().filter(|file| file.listing.format == Format::Requirements) {
        if is_for_development(&file.path) && includes.by(&file.path).all(is_for_development) {
            for package in &mut file.listing.packages {
                package.scope = package.scope.min(Scope::Development);
            }
        }
    }
}

fn is_for_development(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = folder.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_ascii_lowercase();
    let mut words = stem.split(|letter: char| !letter.is_ascii_alphanumeric());
    WORDS.contains(&folder.as_str()) || words.any(|word| WORDS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_developers_give() {
        let check = |path, expected| assert_eq!(is_for_development(path), expected, "{path}");
        check("requirements-dev.txt", true);
        check("dev-requirements.txt", true);
        check("requirements_test.in", true);
        check("requirements/test.txt", true);
        check("docs/requirements.txt", true);
        check("requirements/docs-user.txt", true);
        check("requirements.txt", false);
        check("requirements/main.txt", false);
        check("devices/requirements.txt", false);
        check("tests/service/requirements.txt", false);
    }
}
