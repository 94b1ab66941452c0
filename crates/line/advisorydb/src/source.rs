use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use andon_network::{Client, Download, Downloaded, NetworkError, Problem, Request, Validators};
use andon_system::{FileKind, OsSystem, ReadError, ReadProblem, System, WriteError, files};
use thiserror::Error;

use crate::sources;

/// Addresses of data on the web.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    /// The folder of the dumps, without a slash at the end.
    pub(crate) base: String,
    pub(crate) exploited: String,
    pub(crate) probabilities: String,
}

/// Where data come from. Both are laid out as OSV's bucket is.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Folder(PathBuf),
    Web(Addresses),
}

/// A file of a source.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Item<'a> {
    /// `<ecosystem>/all.zip`.
    Dump(&'a str),
    /// `<ecosystem>/modified_id.csv`.
    Changes(&'a str),
    /// `<ecosystem>/<id>.json`.
    Record(&'a str, &'a str),
    /// `ecosystems.txt`.
    Ecosystems,
    /// The known exploited vulnerabilities.
    Exploited,
    /// The exploit prediction scores.
    Probabilities,
}

/// Why a file of a source is not to be had.
#[derive(Debug, Error)]
pub(crate) enum FetchError {
    #[error(transparent)]
    Network(#[from] NetworkError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl FetchError {
    /// Whether the source simply has no such file.
    pub(crate) fn is_missing(&self) -> bool {
        match self {
            Self::Network(error) => matches!(error.problem, Problem::NotFound(_)),
            Self::Read(error) => matches!(error.problem, ReadProblem::NotFound),
            Self::Write(_) => false,
        }
    }

    /// Whether nothing else can be had from the source either.
    pub(crate) fn is_unreachable(&self) -> bool {
        matches!(self, Self::Network(error) if error.problem.is_unreachable())
    }
}

impl Source {
    /// A folder, an address, or the public data.
    pub(crate) fn of(from: Option<&str>) -> Self {
        let Some(from) = from else { return Self::Web(sources::public()) };
        if !from.starts_with("http://") && !from.starts_with("https://") {
            return Self::Folder(PathBuf::from(from));
        }
        let base = from.trim_end_matches('/');
        let file = |name: &str| format!("{base}/{name}");
        Self::Web(Addresses {
            exploited: file("known_exploited_vulnerabilities.json"),
            probabilities: file("epss_scores-current.csv.gz"),
            base: base.to_owned(),
        })
    }

    /// What tells this source from others, without credentials.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Folder(folder) => {
                OsSystem.canonical(folder).unwrap_or(folder.clone()).display().to_string()
            }
            Self::Web(addresses) => andon_network::shown(&addresses.base),
        }
    }

    /// Whether it is one of our own choosing, which has what we know it to have.
    pub(crate) fn is_web(&self) -> bool {
        matches!(self, Self::Web(_))
    }

    /// The ecosystems of a folder, sorted; those with a dump.
    pub(crate) fn list(folder: &Path) -> Result<Vec<String>, ReadError> {
        let entries = OsSystem.list(folder)?.into_iter().filter(|entry| entry.kind == FileKind::Folder);
        let names = entries.filter_map(|entry| entry.name.into_string().ok());
        let mut names: Vec<String> =
            names.filter(|name| OsSystem.metadata(&folder.join(name).join("all.zip")).is_ok()).collect();
        names.sort();
        Ok(names)
    }

    /// Brings a file to `to`; `None` when it is as `known`.
    pub(crate) fn fetch(
        &self,
        client: Option<&Client>,
        item: Item<'_>,
        known: Option<&Validators>,
        to: &Path,
        limit: u64,
        progress: &dyn Fn(u64, Option<u64>),
    ) -> Result<Option<Validators>, FetchError> {
        let Some((addresses, client)) = self.web(client) else {
            return copy(&self.path(item), known, to, limit);
        };
        let url = address(addresses, item);
        let request = Request { known, ..Request::new(&url) };
        let download = Download { request, to, limit, size: None, sha256: None, progress: Some(progress) };
        Ok(match client.download(&download)? {
            Downloaded::Unchanged => None,
            Downloaded::Fetched(fetched) => Some(fetched.validators),
        })
    }

    /// The address of a file, when the source is on the web.
    pub(crate) fn url(&self, item: Item<'_>) -> Option<String> {
        if let Self::Web(addresses) = self { Some(address(addresses, item)) } else { None }
    }

    fn web<'a>(&'a self, client: Option<&'a Client>) -> Option<(&'a Addresses, &'a Client)> {
        if let Self::Web(addresses) = self { Some((addresses, client?)) } else { None }
    }

    fn path(&self, item: Item<'_>) -> PathBuf {
        let folder = if let Self::Folder(folder) = self { folder.as_path() } else { Path::new("") };
        match item {
            Item::Dump(ecosystem) => folder.join(ecosystem).join("all.zip"),
            Item::Changes(ecosystem) => folder.join(ecosystem).join("modified_id.csv"),
            Item::Record(ecosystem, id) => folder.join(ecosystem).join(format!("{id}.json")),
            Item::Ecosystems => folder.join("ecosystems.txt"),
            Item::Exploited => folder.join("known_exploited_vulnerabilities.json"),
            Item::Probabilities => folder.join("epss_scores-current.csv.gz"),
        }
    }
}

fn address(addresses: &Addresses, item: Item<'_>) -> String {
    let base = &addresses.base;
    match item {
        Item::Dump(ecosystem) => format!("{base}/{}/all.zip", encode(ecosystem)),
        Item::Changes(ecosystem) => format!("{base}/{}/modified_id.csv", encode(ecosystem)),
        Item::Record(ecosystem, id) => format!("{base}/{}/{}.json", encode(ecosystem), encode(id)),
        Item::Ecosystems => format!("{base}/ecosystems.txt"),
        Item::Exploited => addresses.exploited.clone(),
        Item::Probabilities => addresses.probabilities.clone(),
    }
}

/// One segment of a path, of an address or of a file: what is not plain is written `%XX` (RFC 3986, section 2.1).
pub(crate) fn encode(segment: &str) -> String {
    let mut text = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// Copies a file of a folder, beside its place first. Size and modification time stand for its validator.
fn copy(
    from: &Path,
    known: Option<&Validators>,
    to: &Path,
    limit: u64,
) -> Result<Option<Validators>, FetchError> {
    let found = OsSystem.metadata(&OsSystem.canonical(from)?)?;
    if found.size > limit {
        let problem = ReadProblem::TooLarge { size: found.size, limit };
        return Err(ReadError { path: from.to_owned(), problem }.into());
    }
    let etag = found.stamp.map(|stamp| format!("\"{}-{}-{}\"", stamp.size, stamp.modified, stamp.inode));
    let validators = Validators { etag, last_modified: None };
    if validators.etag.is_some() && known == Some(&validators) {
        return Ok(None);
    }
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let mut input = files::open_read(from)?.take(limit);
    let mut output = files::open_append(&part)?;
    let failed = |error| WriteError::of(&part, error);
    output.clear().map_err(failed)?;
    std::io::copy(&mut input, &mut output).and_then(|_| output.flush()).map_err(failed)?;
    files::rename(&part, to)?;
    Ok(Some(validators))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_follow_the_layout_of_the_bucket() {
        let check = |item, expected: &str| {
            let mirror = Source::of(Some("https://user:word@mirror.example/osv/"));
            assert_eq!(mirror.url(item).unwrap(), format!("https://user:word@mirror.example/osv/{expected}"));
            assert_eq!(mirror.name(), "https://mirror.example/osv");
        };
        check(Item::Dump("Rocky Linux"), "Rocky%20Linux/all.zip");
        check(Item::Changes("crates.io"), "crates.io/modified_id.csv");
        check(Item::Record("Debian", "DLA-1:2"), "Debian/DLA-1%3A2.json");
        check(Item::Exploited, "known_exploited_vulnerabilities.json");
        assert!(Source::of(None).url(Item::Probabilities).unwrap().ends_with("/epss_scores-current.csv.gz"));
        assert!(Source::of(Some("some/folder")).url(Item::Ecosystems).is_none());
    }
}
