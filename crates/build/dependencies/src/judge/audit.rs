use andon_advisories::{IndexError, Question, Vulnerability, group};
use andon_packages::{Format, Source};
use andon_purl::{Purl, osv_package};
use andon_versions::Scheme;

use super::data::Data;
use crate::inventory::Part;

/// What the advisories say about a component.
pub(super) enum Audit<'a> {
    Done(Audited<'a>),
    Left(Left),
    Damaged(IndexError),
}

#[derive(Debug)]
pub(super) struct Audited<'a> {
    /// What it was asked under.
    pub(super) identity: &'a Identity,
    pub(super) vulnerabilities: Vec<Vulnerability<'a>>,
    /// Identifiers of advisories of which nobody can tell, and why.
    pub(super) undetermined: Vec<(&'a str, &'static str)>,
}

/// A component as advisories name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// OSV's ecosystem, with the release of a distribution.
    pub(super) ecosystem: String,
    pub(super) name: String,
    pub(super) version: String,
}

/// Why a component was compared with no advisories.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Left {
    /// There are none.
    NoData,
    /// They do not cover its ecosystem.
    NotCovered(String),
    /// Its kind of package is in no ecosystem of advisories.
    Unknown,
    /// It is no package of the ecosystem's registry: a commit, an archive of its own, another registry.
    NotFromRegistry,
    /// A commit pins it, and nothing says which version that is.
    Commit,
    /// Nothing pins its version; the inventory says so.
    Unpinned,
    /// Nothing to compare: the project itself, a distribution.
    Exempt,
}

impl Data<'_> {
    pub(super) fn audit<'i>(&'i self, identity: &'i Result<Identity, Left>) -> Audit<'i> {
        let identity = match identity {
            Ok(identity) => identity,
            Err(left) => return Audit::Left(left.clone()),
        };
        let Some(index) = self.main.as_ref().or(self.own.as_ref()) else {
            return Audit::Left(Left::NoData);
        };
        let question = identity.question();
        let found = match self.matches(&question) {
            Ok(found) => found,
            Err(error) => return Audit::Damaged(error),
        };
        if self.main.is_none() && found.vulnerabilities.is_empty() {
            return Audit::Left(Left::NoData);
        }
        if !found.ecosystem_covered && found.vulnerabilities.is_empty() {
            return Audit::Left(Left::NotCovered(identity.ecosystem.clone()));
        }
        let vulnerabilities = match group(index, &found.vulnerabilities) {
            Ok(vulnerabilities) => vulnerabilities,
            Err(error) => return Audit::Damaged(error),
        };
        let undetermined = found.undetermined.iter().map(|each| (each.id, each.reason.as_str())).collect();
        Audit::Done(Audited { identity, vulnerabilities, undetermined })
    }
}

impl Identity {
    pub(super) fn question(&self) -> Question<'_> {
        Question { ecosystem: &self.ecosystem, name: &self.name, version: &self.version }
    }

    pub(super) fn scheme(&self) -> Option<Scheme> {
        Scheme::of_ecosystem(&self.ecosystem)
    }
}

/// Under which name advisories know a component, or why none do.
pub(super) fn identity(part: &Part) -> Result<Identity, Left> {
    if part.formats.contains(&Format::OsRelease) {
        return Err(Left::Exempt);
    }
    match &part.source {
        Source::Registry => {}
        Source::Local(_) => return Err(Left::Exempt),
        Source::Git { .. } | Source::Archive(_) => return Err(Left::NotFromRegistry),
    }
    if part.purl.qualifier("repository_url").is_some() {
        return Err(Left::NotFromRegistry);
    }
    let Some(version) = part.purl.version() else { return Err(Left::Unpinned) };
    let version = if is_commit(version) { tag(part).ok_or(Left::Commit)? } else { version };
    // Distributions write advisories about their source packages.
    let (purl, version) = match &part.component.upstream {
        Some(upstream) => (source_package(&part.purl, &upstream.name), upstream.version.as_str()),
        None => (part.purl.clone(), version),
    };
    let (ecosystem, name) = osv_package(&purl, None).ok_or(Left::Unknown)?;
    Ok(Identity { ecosystem, name, version: version.to_owned() })
}

/// Actions are pinned by commits, and advisories speak of versions.
fn is_commit(version: &str) -> bool {
    version.len() == 40 && version.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The version that a comment beside the commit names.
fn tag(part: &Part) -> Option<&str> {
    let text = part.component.requirement.as_deref()?;
    let version = text.trim().trim_start_matches('v');
    version.starts_with(|first: char| first.is_ascii_digit()).then_some(version)
}

fn source_package(purl: &Purl, name: &str) -> Purl {
    let source = Purl::new(purl.kind(), name).with_namespace(purl.namespace().unwrap_or_default());
    match purl.qualifier("distro") {
        Some(distro) => source.with_qualifier("distro", distro),
        None => source,
    }
}
