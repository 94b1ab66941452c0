use andon_documents::{Node, NodeKind};
use andon_purl::Purl;

use crate::Source;
use crate::support::origin;

/// The package URL of an npm package: `name` or `@scope/name`, with a version unless it is empty.
pub(super) fn purl(name: &str, version: &str) -> Purl {
    let (scope, name) = match name.split_once('/') {
        Some((scope, rest)) if scope.starts_with('@') => (scope, rest),
        _ => ("", name),
    };
    Purl::new("npm", name).with_namespace(scope).with_version(version)
}

/// Splits `name@rest`, where the name may begin with a scope's `@`.
pub(super) fn split_at_sign(text: &str) -> Option<(&str, &str)> {
    let at = text.char_indices().skip(1).find(|(_, c)| *c == '@')?.0;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The name and the range behind `npm:name@range`.
pub(super) fn alias(range: &str) -> Option<(&str, &str)> {
    split_at_sign(range.strip_prefix("npm:")?)
}

/// Where a package comes from, told by what a manifest or a lock file writes in place of a version or as its address;
/// `None` for versions, ranges and tags, and for addresses, which a registry may have as well.
pub(super) fn source(text: &str) -> Option<Source> {
    if let Some(archive) = hosted_archive(text) {
        return Some(archive);
    }
    for prefix in ["file:", "link:", "portal:", "workspace:"] {
        if let Some(path) = text.strip_prefix(prefix) {
            return Some(Source::Local(path.split("::").next().unwrap_or_default().to_owned()));
        }
    }
    let (address, _) = text.split_once('#').unwrap_or((text, ""));
    let is_git = ["git+", "git:", "git@", "ssh:"].iter().any(|prefix| text.starts_with(prefix))
        || (address.ends_with(".git") && address.contains('/'));
    if is_git {
        return Some(origin::git(text));
    }
    shorthand(text)
}

/// As [`source`], for a requirement, in which an address can only be an archive's.
pub(super) fn source_of_requirement(text: &str) -> Option<Source> {
    if let Some(range) = text.strip_prefix("workspace:") {
        let path = if range.contains('/') { range } else { "" };
        return Some(Source::Local(path.to_owned()));
    }
    source(text).or_else(|| {
        let is_address = text.starts_with("http://") || text.starts_with("https://");
        is_address.then(|| Source::Archive(origin::without_credentials(text)))
    })
}

/// `https://codeload.github.com/OWNER/NAME/tar.gz/COMMIT`, which is a commit of that repository.
fn hosted_archive(text: &str) -> Option<Source> {
    let path = text.strip_prefix("https://codeload.github.com/")?;
    let mut parts = path.split('/');
    let (owner, name, _) = (parts.next()?, parts.next()?, parts.next()?);
    let commit = parts.next()?.split(['#', '?']).next()?;
    Some(origin::git(&format!("https://github.com/{owner}/{name}.git#{commit}")))
}

/// `owner/name` and `host:owner/name`.
fn shorthand(text: &str) -> Option<Source> {
    let (path, reference) = text.split_once('#').unwrap_or((text, ""));
    let (host, path) = match path.split_once(':') {
        Some(("github", path)) => ("github.com", path),
        Some(("gitlab", path)) => ("gitlab.com", path),
        Some(("bitbucket", path)) => ("bitbucket.org", path),
        Some(("gist", path)) => ("gist.github.com", path),
        Some(_) => return None,
        None => ("github.com", path),
    };
    let valid = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let (owner, name) = path.split_once('/').unwrap_or(("", path));
    let is_pair = !owner.starts_with('@') && owner.chars().all(valid) && name.chars().all(valid);
    let complete =
        !name.is_empty() && (!owner.is_empty() && !owner.starts_with('.') || host.starts_with("gist"));
    let name = name.strip_suffix(".git").unwrap_or(name);
    (is_pair && complete).then(|| origin::git(&format!("https://{host}/{owner}/{name}.git#{reference}")))
}

/// The one version that a requirement admits: `1.2.3` or `=1.2.3` (node-semver).
pub(super) fn exact(requirement: &str) -> Option<&str> {
    let version = requirement.trim().trim_start_matches('=').trim_start();
    let version = version.strip_prefix('v').unwrap_or(version);
    let core = version.split(['-', '+']).next().unwrap_or_default();
    let mut parts = core.split('.');
    let numeric = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let three = (0..3).all(|_| parts.next().is_some_and(numeric)) && parts.next().is_none();
    let plain = version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+".contains(&byte));
    (three && plain).then_some(version)
}

/// The licences of a manifest, in the current form and the two old ones: an SPDX expression, an object with a `type`, a
/// list of either.
pub(super) fn licenses(manifest: Node<'_>) -> Vec<String> {
    let one = |node: Node<'_>| match node.kind() {
        NodeKind::Map => {
            node.get("type").or_else(|| node.get("name")).and_then(Node::text).map(str::to_owned)
        }
        _ => node.text().map(str::to_owned),
    };
    let mut found = Vec::new();
    for key in ["license", "licenses"] {
        if let Some(node) = manifest.get(key) {
            found.extend(one(node));
            found.extend(node.items().filter_map(one));
        }
    }
    found.retain(|license| !license.trim().is_empty());
    found
}
