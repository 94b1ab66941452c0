use andon_model::{Relation, Scope};
use andon_purl::Purl;

use crate::support::reach::is_commit;
use crate::{Package, Source};

/// What a `uses:` names.
pub(crate) enum Reference {
    /// An action, a reusable workflow or an image.
    Package(Box<Package>),
    /// Something of the same repository.
    Local,
    /// It cannot be read.
    Unknown,
}

/// Reads the value of a `uses:` and the comment behind it. A branch or a moving tag (`v4`) is a requirement; only
/// a full version (`v4.1.2`) or a commit pins. Beside a commit, the comment says which version it is meant to be.
pub(crate) fn reference(uses: &str, comment: Option<&str>) -> Reference {
    if uses.starts_with("./") || uses.starts_with("../") {
        return Reference::Local;
    }
    let purl = match uses.strip_prefix("docker://") {
        Some(image) => return docker(image),
        None => uses.split_once('@').and_then(|(path, _)| repository(path)),
    };
    let reference = uses.split_once('@').map(|(_, reference)| reference.trim()).unwrap_or_default();
    let Some(purl) = purl.filter(|_| !reference.is_empty() && !uses.contains("${{")) else {
        return Reference::Unknown;
    };
    let mut package = needed(purl);
    if is_commit(reference) {
        package.purl = package.purl.with_version(reference);
        package.requirement = comment.and_then(version_in).map(str::to_owned);
    } else {
        set_tag(&mut package, reference);
    }
    Reference::Package(Box::new(package))
}

fn repository(path: &str) -> Option<Purl> {
    let mut parts = path.trim().split('/');
    let (owner, name) = (parts.next()?, parts.next()?);
    (!owner.is_empty() && !name.is_empty()).then(|| Purl::new("githubactions", name).with_namespace(owner))
}

/// `host/name:tag@digest`, where the host is told by its dot, its port or being `localhost`.
fn docker(image: &str) -> Reference {
    let (image, digest) =
        image.split_once('@').map_or((image, None), |(image, digest)| (image, Some(digest)));
    let name_at = image.rfind('/').map_or(0, |slash| slash + 1);
    let tag_at = image.get(name_at..).and_then(|name| name.find(':')).map(|colon| name_at + colon);
    let (path, tag) = match tag_at {
        Some(colon) => (image.get(..colon).unwrap_or_default(), image.get(colon + 1..)),
        None => (image, None),
    };
    let (host, path) = match path.split_once('/') {
        Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => (Some(host), rest),
        _ => (None, path),
    };
    let (namespace, name) = path.rsplit_once('/').unwrap_or(("", path));
    if name.is_empty() || image.contains("${{") {
        return Reference::Unknown;
    }
    let mut purl = Purl::new("docker", name).with_namespace(namespace);
    if let Some(host) = host {
        purl = purl.with_qualifier("repository_url", host);
    }
    let mut package = needed(purl);
    match (digest, tag) {
        (Some(digest), tag) => {
            package.purl = package.purl.with_version(digest);
            package.requirement = tag.map(str::to_owned);
        }
        (None, Some(tag)) => set_tag(&mut package, tag),
        (None, None) => {}
    }
    Reference::Package(Box::new(package))
}

/// Workflows build and test; they are not part of what runs.
fn needed(purl: Purl) -> Package {
    let mut package = Package::new(purl);
    package.scope = Scope::Development;
    package.relation = Relation::Direct;
    package.source = Source::Registry;
    package
}

fn set_tag(package: &mut Package, tag: &str) {
    if is_full_version(tag) {
        package.purl = package.purl.clone().with_version(tag);
    } else {
        package.requirement = Some(tag.to_owned());
    }
}

fn is_full_version(tag: &str) -> bool {
    let core = tag.strip_prefix('v').unwrap_or(tag).split(['-', '+']).next().unwrap_or_default();
    let mut parts = core.split('.');
    let numbers = parts.by_ref().take(3).filter(|part| is_number(part)).count();
    numbers == 3 && parts.all(is_number)
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// The version in a comment, as people and the tools that pin actions write it: `v4.1.2`, `tag=v4.1.2`, `pin@v4`.
fn version_in(comment: &str) -> Option<&str> {
    let first = comment.split_whitespace().next()?;
    let version = first.rsplit(['=', '@', ':']).next()?;
    let digits = version.strip_prefix('v').unwrap_or(version);
    digits.starts_with(|first: char| first.is_ascii_digit()).then_some(version)
}
