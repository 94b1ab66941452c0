use serde::{Deserialize, Serialize};

use crate::{Format, Listing, support::text};

/// Bytes of one value that are kept.
const LENGTH: usize = 1024;

/// What the main section of an archive's manifest says of the archive. These fields are filled in by hand as often as
/// by a build, so none is certain on its own; [`join_archive`](crate::join_archive) weighs them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFacts {
    /// `Implementation-Title`.
    pub implementation_title: Option<String>,
    /// `Implementation-Version`.
    pub implementation_version: Option<String>,
    /// `Implementation-Vendor`.
    pub implementation_vendor: Option<String>,
    /// `Implementation-Vendor-Id`: often the group id.
    pub implementation_vendor_id: Option<String>,
    /// `Specification-Title`.
    pub specification_title: Option<String>,
    /// `Specification-Version`.
    pub specification_version: Option<String>,
    /// `Bundle-SymbolicName`, without its directives.
    pub bundle_symbolic_name: Option<String>,
    /// `Bundle-Version`.
    pub bundle_version: Option<String>,
    /// `Automatic-Module-Name`.
    pub automatic_module_name: Option<String>,
    /// `Group-Id`, as Jenkins' plugins have it.
    pub group_id: Option<String>,
    /// `Short-Name` or `Extension-Name`, as Jenkins' plugins have it.
    pub short_name: Option<String>,
    /// `Plugin-Version`, as Jenkins' plugins have it.
    pub plugin_version: Option<String>,
    /// The identifiers of `Bundle-License`: SPDX identifiers, addresses or names.
    pub licenses: Vec<String>,
}

/// Reads the main section of a `META-INF/MANIFEST.MF` (the JAR file specification, "Name-Value pairs and Sections"):
/// lines end with CR, LF or both, and one that starts with a space continues the line before. It lists no package:
/// what the archive is takes its name and its `pom.properties` besides.
pub(crate) fn jar_manifest(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::JarManifest);
    let (text, _) = text::decode(bytes);
    let mut facts = ManifestFacts::default();
    let mut malformed = 0_usize;
    let mut name = String::new();
    let mut value = String::new();
    let unix = text.replace("\r\n", "\n");
    for line in unix.split(['\n', '\r']) {
        if let Some(rest) = line.strip_prefix(' ') {
            push_some(&mut value, rest);
            continue;
        }
        facts.set(&name, value.trim());
        name.clear();
        value.clear();
        if line.is_empty() {
            break;
        }
        match line.split_once(':') {
            Some((key, rest)) => {
                push_some(&mut name, key);
                push_some(&mut value, rest);
            }
            None => malformed += 1,
        }
    }
    facts.set(&name, value.trim());
    if malformed > 0 {
        listing.problem(format!(
            "lines that are not `name: value` are not read ({malformed}): build the archive again"
        ));
    }
    listing.manifest = Some(Box::new(facts));
    listing
}

impl ManifestFacts {
    /// Takes a field that is known. Names do not differ by case; `%name` stands for a text that another file has.
    fn set(&mut self, name: &str, value: &str) {
        if value.is_empty() || value.starts_with('%') || value.contains("${") {
            return;
        }
        let slot = match name.to_ascii_lowercase().as_str() {
            "implementation-title" => &mut self.implementation_title,
            "implementation-version" => &mut self.implementation_version,
            "implementation-vendor" => &mut self.implementation_vendor,
            "implementation-vendor-id" => &mut self.implementation_vendor_id,
            "specification-title" => &mut self.specification_title,
            "specification-version" => &mut self.specification_version,
            "bundle-symbolicname" => &mut self.bundle_symbolic_name,
            "bundle-version" => &mut self.bundle_version,
            "automatic-module-name" => &mut self.automatic_module_name,
            "group-id" => &mut self.group_id,
            "short-name" | "extension-name" => &mut self.short_name,
            "plugin-version" => &mut self.plugin_version,
            "bundle-license" => {
                self.licenses = licenses(value);
                return;
            }
            _ => return,
        };
        let value =
            if name.eq_ignore_ascii_case("Bundle-SymbolicName") { before_directives(value) } else { value };
        *slot = Some(value.to_owned());
    }
}

/// `Bundle-License: Apache-2.0;link="…", MIT`. A value that quotes or describes is kept as far as its identifier.
fn licenses(value: &str) -> Vec<String> {
    let mut entries = vec![String::new()];
    let mut quoted = false;
    for character in value.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => entries.push(String::new()),
            other => entries.last_mut().into_iter().for_each(|entry| entry.push(other)),
        }
    }
    let identifiers = entries.iter().map(|entry| before_directives(entry));
    identifiers.filter(|entry| !entry.is_empty() && *entry != "<<EXTERNAL>>").map(str::to_owned).collect()
}

fn before_directives(value: &str) -> &str {
    value.split(';').next().unwrap_or_default().trim()
}

fn push_some(value: &mut String, text: &str) {
    let room = LENGTH.saturating_sub(value.len());
    let end = (0..=room.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    value.push_str(text.get(..end).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(text: &str) -> ManifestFacts {
        *jar_manifest(text.as_bytes()).manifest.unwrap()
    }

    #[test]
    fn fields() {
        let read = facts(
            "Manifest-Version: 1.0\r\nImplementation-Title: spring-\r\n core\r\nimplementation-version: 5.3.1\r\n\
             Bundle-SymbolicName: org.a.b;singleton:=true\r\nBundle-Name: %name\r\nBundle-Version: ${v}\r\n\
             Bundle-License: Apache-2.0;link=\"https://a.example/x,y\", \"MIT\"\r\n\r\n\
             Name: org/other/\r\nImplementation-Title: other\r\n",
        );
        assert_eq!(read.implementation_title.as_deref(), Some("spring-core"));
        assert_eq!(read.implementation_version.as_deref(), Some("5.3.1"));
        assert_eq!(read.bundle_symbolic_name.as_deref(), Some("org.a.b"));
        assert_eq!(read.bundle_version, None);
        assert_eq!(read.licenses, ["Apache-2.0", "MIT"]);
    }

    #[test]
    fn line_ends_and_broken_files() {
        let read = facts("Implementation-Title: a\rImplementation-Version: 1");
        assert_eq!(read.implementation_title.as_deref(), Some("a"));
        assert_eq!(read.implementation_version.as_deref(), Some("1"));
        assert_eq!(facts(""), ManifestFacts::default());
        assert_eq!(facts(" x\n y\n"), ManifestFacts::default());
        let listing = jar_manifest(b"garbage\n\xFF\xFE: x\nImplementation-Title: a\n");
        assert_eq!(listing.problems.len(), 1);
        let long = format!("Implementation-Title: {}\n {}", "é".repeat(2000), "x".repeat(2000));
        let title = facts(&long).implementation_title.unwrap();
        assert!(title.len() <= LENGTH && title.starts_with('é'));
    }
}
