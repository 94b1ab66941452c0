use super::pep508::is_plain;
use super::pypi;
use crate::support::origin::without_credentials;
use crate::support::reach::is_commit;
use crate::{Package, Source};

const ARCHIVES: &[&str] = &[".whl", ".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tar.xz", ".tar"];

/// Whether a line of a requirements file is an address or a path and not a name.
pub(crate) fn is_reference(text: &str) -> bool {
    let first = text.split([' ', ';']).next().unwrap_or_default();
    let before_at = text.split(" @").next().unwrap_or_default();
    first.starts_with(['.', '/', '~', '\\'])
        || before_at.contains("://")
        || first.starts_with("file:")
        || first.as_bytes().get(1..3).is_some_and(|drive| drive == b":\\" || drive == b":/")
        || ARCHIVES.iter().any(|end| first.split('#').next().is_some_and(|path| path.ends_with(end)))
        || first.split('[').next().is_some_and(|path| path.contains('/'))
}

/// The package at an address or path, by the name that its fragment (`#egg=name`), its file or its repository has;
/// `None` where nothing names one, as a folder does not.
pub(crate) fn reference(text: &str) -> Option<Package> {
    let text = text.split(" ;").next().unwrap_or_default().trim();
    let (address, fragment) = text.split_once('#').unwrap_or((text, ""));
    let source = source_of(text);
    let egg = fragment.split('&').find_map(|part| part.strip_prefix("egg="));
    let egg = egg.map(|egg| egg.split('[').next().unwrap_or(egg)).filter(|egg| !egg.is_empty());
    let file =
        address.split('?').next().unwrap_or_default().trim_end_matches('/').rsplit(['/', '\\']).next()?;
    let (name, version) = match (archive(file), &source) {
        (Some((name, version)), _) => (name, version),
        (None, Source::Git { .. }) => (file.split('@').next()?.trim_end_matches(".git"), None),
        (None, _) => (egg?, None),
    };
    let mut package = Package::new(pypi(egg.unwrap_or(name)));
    if let Some(version) = version {
        package.purl = package.purl.with_version(version);
    }
    package.source = source;
    Some(package)
}

/// Where an address or path points.
pub(crate) fn source_of(text: &str) -> Source {
    let address = text.trim().split(['#', ' ']).next().unwrap_or_default();
    let control = ["git+", "hg+", "svn+", "bzr+"].iter().find_map(|kind| address.strip_prefix(kind));
    if let Some(url) = control.or_else(|| address.starts_with("git://").then_some(address)) {
        // The revision stands behind the last `@` of the path, not of the host.
        let path = url.find("://").and_then(|at| Some(at + 3 + url.get(at + 3..)?.find('/')?)).unwrap_or(0);
        let (url, revision) = match url.rfind('@').filter(|at| *at > path) {
            Some(at) => (url.get(..at).unwrap_or(url), url.get(at + 1..)),
            None => (url, None),
        };
        let commit = revision.filter(|revision| is_commit(revision)).map(str::to_owned);
        return Source::Git { url: without_credentials(url), commit };
    }
    if let Some(path) = address.strip_prefix("file:") {
        return Source::Local(path.strip_prefix("//").unwrap_or(path).to_owned());
    }
    if address.contains("://") {
        return Source::Archive(without_credentials(address));
    }
    Source::Local(address.to_owned())
}

/// Name and version in the name of a wheel (`name-1.2-py3-none-any.whl`) or of another archive (`name-1.2.tar.gz`).
fn archive(file: &str) -> Option<(&str, Option<&str>)> {
    let stem = ARCHIVES.iter().find_map(|end| file.strip_suffix(end))?;
    if file.ends_with(".whl") {
        let mut parts = stem.splitn(3, '-');
        let name = parts.next()?;
        return Some((name, parts.next().filter(|version| is_plain(version))));
    }
    match stem.rsplit_once('-') {
        Some((name, version)) if is_plain(version) => Some((name, Some(version))),
        // An archive of a commit or a branch is named after that, not after the package.
        _ => None,
    }
}
