use andon_model::Scope;

use super::pypi;
use super::reference::source_of;
use crate::Package;

/// A requirement as PEP 508 writes it: `name[extras] >= 1.2 ; marker` or `name @ address ; marker`.
pub(crate) struct Requirement<'a> {
    pub(crate) name: &'a str,
    /// The version specifiers as they are written; empty when any version will do.
    pub(crate) specifier: &'a str,
    pub(crate) address: Option<&'a str>,
    pub(crate) marker: &'a str,
}

/// Reads a requirement; `None` for what is none.
pub(crate) fn requirement(text: &str) -> Option<Requirement<'_>> {
    let text = text.trim();
    let end = text.find(|c: char| !is_name(c)).unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || name.ends_with(['-', '.', '_']) {
        return None;
    }
    rest = rest.trim_start();
    if let Some(extras) = rest.strip_prefix('[') {
        rest = extras.split_once(']')?.1.trim_start();
    }
    if let Some(address) = rest.strip_prefix('@') {
        let (address, marker) = address.split_once(" ;").unwrap_or((address, ""));
        return Some(Requirement {
            name,
            specifier: "",
            address: Some(address.trim()),
            marker: marker.trim(),
        });
    }
    let (specifier, marker) = rest.split_once(';').unwrap_or((rest, ""));
    let specifier = specifier.trim();
    let specifier =
        specifier.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(specifier).trim();
    let valid = specifier.is_empty() || specifier.starts_with(['=', '<', '>', '!', '~']);
    valid.then_some(Requirement { name, specifier, address: None, marker: marker.trim() })
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// The version of specifiers that admit only one: `==1.2.3` or `===1.2.3`, without a wildcard.
pub(crate) fn exact(specifier: &str) -> Option<&str> {
    specifier.split(',').find_map(|clause| {
        let version = clause.trim().strip_prefix("==")?.trim_start_matches('=').trim();
        is_plain(version).then_some(version)
    })
}

/// Whether a text is a version and not a range, a wildcard or a variable.
pub(crate) fn is_plain(version: &str) -> bool {
    let digits = version.strip_prefix('v').unwrap_or(version);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_+!".contains(&byte))
}

impl Requirement<'_> {
    /// The package that is asked for.
    pub(crate) fn package(&self) -> Package {
        let mut package = Package::new(pypi(self.name));
        if let Some(version) = exact(self.specifier) {
            package.purl = package.purl.with_version(version);
        } else if !self.specifier.is_empty() {
            package.requirement = Some(self.specifier.to_owned());
        }
        if let Some(address) = self.address {
            package.source = source_of(address);
        }
        if has_extra(self.marker) {
            package.scope = Scope::Optional;
        }
        package
    }
}

/// Whether a marker asks for an extra (`extra == "test"`).
pub(crate) fn has_extra(marker: &str) -> bool {
    marker.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == "extra")
}
