//! What tools write about a component beyond the formats' own members: Andon itself, Trivy, Syft, and those of the
//! CycloneDX project. The names are those of their published property taxonomies.

use andon_model::{Location, Region, Relation, Scope, Upstream};
use andon_purl::Purl;

use crate::document::Distribution;

/// The prefix of our own properties.
pub(crate) const OWN: &str = "andon:";

/// The hints of one component.
#[derive(Debug, Default)]
pub(crate) struct Hints {
    pub(crate) scope: Option<Scope>,
    pub(crate) relation: Option<Relation>,
    pub(crate) requirement: Option<String>,
    pub(crate) paths: Vec<String>,
    pub(crate) checksums: Vec<String>,
    /// A file that lists components, which Trivy makes a component of its own.
    pub(crate) grouping: bool,
    pub(crate) distribution: Distribution,
    upstream: Upstream,
    release: String,
    epoch: String,
}

impl Hints {
    /// Takes a property in.
    pub(crate) fn take(&mut self, name: &str, value: &str) {
        let owned = || value.to_owned();
        match name {
            "andon:scope" => self.scope = scope(value),
            "andon:relation" => self.relation = relation(value),
            "andon:requirement" => self.requirement = Some(owned()),
            "andon:checksum" => self.checksums.push(owned()),
            "andon:upstream" => self.upstream = split_upstream(value, ""),
            "andon:location" | "aquasecurity:trivy:FilePath" | "cdx:npm:package:path" | "SrcFile" => {
                self.path(value);
            }
            "aquasecurity:trivy:SrcName" | "syft:metadata:source" | "syft:metadata:originPackage" => {
                self.upstream.name = owned();
            }
            "aquasecurity:trivy:SrcVersion" | "syft:metadata:sourceVersion" => {
                self.upstream.version = owned()
            }
            "aquasecurity:trivy:SrcRelease" => self.release = owned(),
            "aquasecurity:trivy:SrcEpoch" => self.epoch = owned(),
            "aquasecurity:trivy:Class" | "aquasecurity:trivy:Type" => self.grouping = true,
            "syft:distro:id" => self.distribution.id = value.to_ascii_lowercase(),
            "syft:distro:versionID" => self.distribution.version = owned(),
            "cdx:npm:package:development" if value == "true" => self.scope = Some(Scope::Development),
            _ if name.starts_with("syft:location:") && name.ends_with(":path") => self.path(value),
            _ => {}
        }
    }

    fn path(&mut self, value: &str) {
        if !value.is_empty() && !self.paths.iter().any(|path| path == value) {
            self.paths.push(value.to_owned());
        }
    }

    /// The source package, with the version of the component where no other is told.
    pub(crate) fn upstream(&self, purl: &Purl, version: Option<&str>) -> Option<Upstream> {
        let version = version.unwrap_or_default();
        if self.upstream.name.is_empty() {
            return purl.qualifier("upstream").map(|text| split_upstream(text, version));
        }
        let told = &self.upstream.version;
        let mut full = if told.is_empty() { version.to_owned() } else { told.clone() };
        if !told.is_empty() && !self.release.is_empty() {
            full = format!("{full}-{}", self.release);
        }
        if !told.is_empty() && !self.epoch.is_empty() && self.epoch != "0" {
            full = format!("{}:{full}", self.epoch);
        }
        Some(Upstream { name: self.upstream.name.clone(), version: full })
    }
}

/// `name@version`, `name-version-release.src.rpm` or a name alone, which has the version of what is built from it.
fn split_upstream(text: &str, version: &str) -> Upstream {
    let (name, version) = match (text.rsplit_once('@'), text.strip_suffix(".src.rpm")) {
        (Some((name, version)), _) => (name, version),
        (None, Some(stem)) => {
            let release = stem.rfind('-');
            let split = release.and_then(|end| stem.get(..end)).and_then(|stem| stem.rfind('-'));
            match split.and_then(|at| stem.split_at_checked(at)) {
                Some((name, version)) => (name, version.trim_start_matches('-')),
                None => (stem, version),
            }
        }
        (None, None) => (text, version),
    };
    Upstream { name: name.to_owned(), version: version.to_owned() }
}

/// The distribution that the text of a package URL names.
pub(crate) fn distribution_of(text: &str) -> Option<Distribution> {
    let purl = text.contains("distro=").then(|| Purl::parse(text).ok())?;
    distribution(&purl?)
}

fn distribution(purl: &Purl) -> Option<Distribution> {
    let distro =
        purl.qualifier("distro").filter(|_| matches!(purl.kind(), "deb" | "rpm" | "apk" | "alpm"))?;
    let (id, version) = match distro.rsplit_once('-') {
        Some((id, version)) if version.starts_with(|c: char| c.is_ascii_digit()) => (id, version),
        _ => (distro, ""),
    };
    Some(Distribution { id: id.to_ascii_lowercase(), version: version.to_owned() })
}

/// The name of a scope in our own properties.
pub(crate) fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::Development => "development",
        Scope::Optional => "optional",
        Scope::Runtime => "runtime",
    }
}

fn scope(name: &str) -> Option<Scope> {
    [Scope::Development, Scope::Optional, Scope::Runtime].into_iter().find(|scope| scope_name(*scope) == name)
}

/// The name of a relation in our own properties.
pub(crate) fn relation_name(relation: Relation) -> &'static str {
    match relation {
        Relation::Unknown => "unknown",
        Relation::Transitive => "transitive",
        Relation::Direct => "direct",
    }
}

fn relation(name: &str) -> Option<Relation> {
    [Relation::Unknown, Relation::Transitive, Relation::Direct]
        .into_iter()
        .find(|relation| relation_name(*relation) == name)
}

/// Between the paths of nested archives, as Java writes them.
const NESTED: &str = "!/";

/// A location as one text: the paths of nested archives one after the other.
pub(crate) fn location_text(location: &Location) -> String {
    let mut text = location.path.clone();
    for path in &location.nested {
        text.push_str(NESTED);
        text.push_str(path);
    }
    text
}

/// The reverse of [`location_text`].
pub(crate) fn location(text: &str, line: Option<u32>) -> Location {
    let mut paths = text.split(NESTED).map(str::to_owned);
    let region = line.filter(|line| *line > 0).map(|line| Region {
        start_line: line,
        end_line: line,
        ..Region::default()
    });
    Location {
        path: paths.next().unwrap_or_default(),
        nested: paths.collect(),
        region,
        ..Location::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(purl: &str, properties: &[(&str, &str)], expected: &str) {
        let mut hints = Hints::default();
        properties.iter().for_each(|(name, value)| hints.take(name, value));
        let purl = Purl::parse(purl).expect("a package URL");
        let found = hints.upstream(&purl, purl.version());
        let shown = found.map(|found| format!("{} {}", found.name, found.version)).unwrap_or_default();
        assert_eq!(shown, expected, "{purl}");
    }

    #[test]
    fn source_packages_of_other_tools() {
        check("pkg:deb/debian/libssl3@3.0.9-1?upstream=openssl", &[], "openssl 3.0.9-1");
        check("pkg:deb/debian/libgcc@12.2?upstream=gcc-12%4012.2.0-14", &[], "gcc-12 12.2.0-14");
        check("pkg:rpm/rhel/curl@1?upstream=curl-7.61.1-34.el8.src.rpm", &[], "curl 7.61.1-34.el8");
        let trivy = [
            ("aquasecurity:trivy:SrcName", "acl"),
            ("aquasecurity:trivy:SrcVersion", "2.3.1"),
            ("aquasecurity:trivy:SrcRelease", "3"),
            ("aquasecurity:trivy:SrcEpoch", "1"),
        ];
        check("pkg:deb/debian/libacl1@2.3.1-3", &trivy, "acl 1:2.3.1-3");
        check("pkg:apk/alpine/libssl3@3.1", &[("syft:metadata:originPackage", "openssl")], "openssl 3.1");
        check("pkg:npm/a@1", &[], "");
    }

    #[test]
    fn distributions_are_split() {
        let of = |distro: &str| {
            distribution(&Purl::new("deb", "a").with_qualifier("distro", distro)).expect("one")
        };
        assert_eq!(of("debian-12.5"), Distribution { id: "debian".into(), version: "12.5".into() });
        assert_eq!(
            of("opensuse-leap-15.4"),
            Distribution { id: "opensuse-leap".into(), version: "15.4".into() }
        );
        assert_eq!(of("bookworm"), Distribution { id: "bookworm".into(), version: String::new() });
    }
}
