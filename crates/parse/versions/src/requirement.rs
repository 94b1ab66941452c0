//! Requirements of manifests: `^1.2`, `>=1,<2`, `~> 3.0`.

mod composer;
mod gem;
mod partial;
mod pypi;
mod semver;

use std::cmp::Ordering;

use crate::{Scheme, Version};

/// Whether a version is one that a manifest's requirement allows, in the syntax of the package manager of an
/// ecosystem of OSV: npm, crates.io, PyPI (PEP 440's specifiers, and Poetry's `^` and `~`), RubyGems, Packagist.
///
/// Pre-releases are allowed only by requirements that name one. `None` if the ecosystem is another, or the version or
/// the requirement cannot be read: a tag, an address, a branch.
pub fn satisfies(ecosystem: &str, version: &str, requirement: &str) -> Option<bool> {
    let (version, requirement) = (version.trim(), requirement.trim());
    match ecosystem {
        "npm" => semver::satisfies(version, requirement, semver::Dialect::Npm),
        "crates.io" => semver::satisfies(version, requirement, semver::Dialect::Cargo),
        "PyPI" => pypi::satisfies(version, requirement),
        "RubyGems" => gem::satisfies(version, requirement),
        "Packagist" => composer::satisfies(version, requirement),
        _ => None,
    }
}

/// How a version is to compare with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}

/// One comparison.
struct Comparator {
    operator: Operator,
    version: Version,
}

impl Comparator {
    fn new(scheme: Scheme, operator: Operator, version: &str) -> Option<Self> {
        Some(Self { operator, version: Version::parse(scheme, version).ok()? })
    }

    fn allows(&self, version: &Version) -> bool {
        let order = version.compare(&self.version);
        match self.operator {
            Operator::Less => order == Ordering::Less,
            Operator::LessOrEqual => order != Ordering::Greater,
            Operator::Equal => order == Ordering::Equal,
            Operator::NotEqual => order != Ordering::Equal,
            Operator::GreaterOrEqual => order != Ordering::Less,
            Operator::Greater => order == Ordering::Greater,
        }
    }
}

/// Splits off the operator that a comparison begins with; blanks between do not count.
fn split_operator(text: &str) -> (&str, &str) {
    let (operator, rest) =
        crate::key::split_while(text, |byte| matches!(byte, b'<' | b'>' | b'=' | b'~' | b'^' | b'!'));
    (operator, rest.trim_start())
}

/// The words of a conjunction; an operator that stands alone goes with the version that follows it, and a hyphen
/// between two versions is the range from one to the other (`>=` and `<=`).
fn split_conjunction(text: &str) -> Vec<(&str, &str)> {
    let mut words =
        text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).peekable();
    let mut comparisons = Vec::new();
    while let Some(word) = words.next() {
        let (operator, mut version) = split_operator(word);
        if version.is_empty() {
            version = words.next().unwrap_or_default();
        }
        if operator.is_empty() && words.next_if_eq(&"-").is_some() {
            comparisons.push((">=", version));
            comparisons.push(("<=", words.next().unwrap_or_default()));
        } else {
            comparisons.push((operator, version));
        }
    }
    comparisons
}
