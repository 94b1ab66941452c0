//! NuGet and .NET.

mod deps;
mod lock;

use std::collections::HashMap;

use andon_purl::Purl;

pub(crate) use deps::deps_json;
pub(crate) use lock::nuget_lock;

use crate::support::sheet::Sheet;
use crate::{Package, Source};

/// Packages by name, whatever its case, and version: what several frameworks list is one package.
#[derive(Default)]
struct Packages {
    by_identity: HashMap<(String, String), u32>,
}

impl Packages {
    /// The position of a package; it is added when it is new.
    fn position(
        &mut self,
        sheet: &mut Sheet<'_>,
        name: &str,
        version: &str,
        span: std::ops::Range<usize>,
    ) -> Option<u32> {
        let identity = (name.to_lowercase(), version.to_lowercase());
        if let Some(known) = self.by_identity.get(&identity) {
            return Some(*known);
        }
        let mut package = Package::new(Purl::new("nuget", name).with_version(version));
        package.region = Some(sheet.region(span));
        let position = sheet.push(package)?;
        self.by_identity.insert(identity, position);
        Some(position)
    }
}

/// Notes that a package is a project of the same repository.
fn make_local(sheet: &mut Sheet<'_>, position: u32, name: &str) {
    if let Some(package) = sheet.package(position) {
        package.source = Source::Local(name.to_owned());
    }
}

#[cfg(test)]
mod tests;
