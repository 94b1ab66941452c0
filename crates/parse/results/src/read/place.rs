use andon_model::{CommitRef, LayerRef, Location, Region};

use super::convert::{clip, line};
use super::log::{ArtifactLocation, Place, Run, SarifRegion};
use crate::uri;

/// Bytes of a path that are kept.
const PATH: usize = 4_096;
/// Lines of a snippet, and characters of each, as `andon_model::Location` wants them.
const SNIPPET_LINES: usize = 5;
const SNIPPET_LINE: usize = 400;
/// Steps from one base identifier to the next (SARIF 3.14.14); more is a circle.
const BASES: usize = 8;
/// Bases and invocations that are looked at to find the root.
const MOST_BASES: usize = 100;

/// A location of a result; `None` if it names no file.
pub(super) fn location(run: &Run, place: &Place, show_text: bool) -> Option<Location> {
    let physical = &place.physical_location;
    let path = path(run, &physical.artifact_location)?;
    let (path, nested) = split_archive(&path);
    let region = physical.region.as_ref();
    let context = physical.context_region.as_ref();
    let found = region.and_then(converted);
    let shown = show_text && found.is_some();
    let (commit, layer) = (commit(place), layer(place));
    let ours = commit.is_some() || layer.is_some();
    Some(Location {
        path,
        nested,
        layer,
        at_head: place.properties.get("andon").filter(|_| ours).and_then(|bag| bag.get("atHead")?.as_bool()),
        commit,
        region: found,
        snippet: if shown { snippet(region, context) } else { None },
    })
}

/// The path of an artifact, relative to the root of what was scanned where that can be told.
pub(super) fn path(run: &Run, artifact: &ArtifactLocation) -> Option<String> {
    let listed = || {
        let index = usize::try_from(artifact.index?).ok()?;
        run.artifacts.get(index).map(|artifact| &artifact.location)
    };
    let artifact = match &artifact.uri {
        Some(uri) if !uri.is_empty() => artifact,
        _ => listed()?,
    };
    let uri = artifact.uri.as_deref().map(str::trim).filter(|uri| !uri.is_empty())?;
    let path = match absolute(&resolved(run, uri, artifact.uri_base_id.as_deref())) {
        Absolute::Path(path) => below_root(run, &path).unwrap_or_else(|| match absolute(uri) {
            // A base that says nothing about the root, such as `file:///`, adds nothing to a relative path.
            Absolute::No(relative) => relative,
            Absolute::Path(path) | Absolute::Elsewhere(path) => path,
        }),
        Absolute::Elsewhere(path) | Absolute::No(path) => path,
    };
    let path = clip(&path, PATH);
    (!path.is_empty()).then_some(path)
}

enum Absolute {
    /// In the file system.
    Path(String),
    /// An address of another kind.
    Elsewhere(String),
    /// A relative path.
    No(String),
}

fn absolute(uri: &str) -> Absolute {
    match uri::scheme(uri) {
        Some((scheme, rest)) if scheme == "file" => Absolute::Path(file_path(rest)),
        Some(_) => Absolute::Elsewhere(uri.to_owned()),
        None if uri.starts_with('/') => Absolute::Path(uri::normalise(&uri::decode(uri))),
        None => Absolute::No(uri::normalise(&uri::decode(uri))),
    }
}

/// Puts relative bases before `uri`, up to the first absolute one, which only matters if it lies below the root.
fn resolved(run: &Run, uri: &str, base: Option<&str>) -> String {
    let mut uri = uri.to_owned();
    let mut base = base;
    for _ in 0..BASES {
        if uri::scheme(&uri).is_some() || uri.starts_with('/') {
            break;
        }
        let Some(location) = base.and_then(|base| run.original_uri_base_ids.get(base)) else { break };
        let prefix = location.uri.as_deref().unwrap_or_default();
        if !prefix.is_empty() {
            let separator = if prefix.ends_with('/') { "" } else { "/" };
            uri = format!("{prefix}{separator}{uri}");
        }
        base = location.uri_base_id.as_deref();
        if uri.len() > PATH * 4 {
            break;
        }
    }
    uri
}

/// `//host/path` or `/path` of a file URI, without host and percent-encoding; `C:/x` keeps its drive.
fn file_path(rest: &str) -> String {
    let path = match rest.strip_prefix("//") {
        Some(after) => after.find('/').and_then(|slash| after.get(slash..)).unwrap_or_default(),
        None => rest,
    };
    let path = uri::normalise(&uri::decode(path));
    match path.strip_prefix('/') {
        Some(drive) if drive.get(1..2) == Some(":") => drive.to_owned(),
        _ => path,
    }
}

/// Cuts the root off an absolute path: the base that tools name for it, else the shortest base that fits, else the
/// folder in which the tool ran.
fn below_root(run: &Run, path: &str) -> Option<String> {
    let root = |location: &ArtifactLocation| match absolute(location.uri.as_deref()?) {
        Absolute::Path(root) => Some(root.trim_end_matches('/').to_owned()),
        Absolute::Elsewhere(_) | Absolute::No(_) => None,
    };
    let strip = |root: &String| {
        let rest = path.strip_prefix(root.as_str())?.strip_prefix('/')?;
        (!rest.is_empty()).then(|| rest.to_owned())
    };
    let is_root = |name: &str| {
        ["SRCROOT", "SOURCEROOT", "ROOTPATH", "PROJECTROOT", "REPOROOT"]
            .contains(&name.trim_matches('%').replace('_', "").to_ascii_uppercase().as_str())
    };
    let bases = || run.original_uri_base_ids.iter().take(MOST_BASES);
    let named = bases().filter(|(name, _)| is_root(name)).filter_map(|(_, base)| root(base));
    let mut others: Vec<String> = bases().filter_map(|(_, base)| root(base)).collect();
    others.sort_by_key(String::len);
    let worked =
        run.invocations.iter().take(MOST_BASES).filter_map(|invocation| root(&invocation.working_directory));
    // A tool that names the file system's root as its base says nothing about ours.
    let mut candidates = named.chain(others).chain(worked).filter(|root| !root.is_empty());
    candidates.find_map(|root| strip(&root))
}

fn split_archive(path: &str) -> (String, Vec<String>) {
    let mut parts = path.split("!/").map(str::to_owned);
    let first = parts.next().unwrap_or_default();
    (first, parts.filter(|part| !part.is_empty()).collect())
}

/// Only what we wrote ourselves says which commit brought a place.
fn commit(place: &Place) -> Option<CommitRef> {
    let bag = place.properties.get("andon")?;
    let text = |key: &str| bag.get(key).and_then(|value| value.as_str()).map(|text| line(text, 200));
    Some(CommitRef {
        id: text("commit")?,
        author: text("author").unwrap_or_default(),
        date: text("date").unwrap_or_default(),
        ..CommitRef::default()
    })
}

/// Likewise which layer of an image holds it.
fn layer(place: &Place) -> Option<LayerRef> {
    serde_json::from_value(place.properties.get("andon")?.get("layer")?.clone()).ok()
}

/// Missing numbers take the defaults of SARIF 3.30; an end that lies before the start is moved to the start.
fn converted(region: &SarifRegion) -> Option<Region> {
    let small = |number: Option<u64>| number.map(|number| u32::try_from(number).unwrap_or(u32::MAX));
    let start_line = small(region.start_line).filter(|line| *line > 0)?;
    let start_column = small(region.start_column).unwrap_or(1).max(1);
    let end_line = small(region.end_line).unwrap_or(start_line).max(start_line);
    let least = if end_line == start_line { start_column } else { 1 };
    let end_column = small(region.end_column).unwrap_or(least).max(least);
    let start_byte = region.byte_offset.unwrap_or(0);
    let end_byte = start_byte.saturating_add(region.byte_length.unwrap_or(0));
    Some(Region { start_byte, end_byte, start_line, start_column, end_line, end_column })
}

/// The whole lines of the region. A snippet of the region itself may begin in the middle of a line; only the context
/// surely holds whole lines.
fn snippet(region: Option<&SarifRegion>, context: Option<&SarifRegion>) -> Option<String> {
    let region = region?;
    let text = |region: &SarifRegion| region.snippet.text.clone().filter(|text| !text.trim().is_empty());
    let first = region.start_line.unwrap_or(1);
    let around = context.and_then(|context| {
        let skip = usize::try_from(first.checked_sub(context.start_line?)?).ok()?;
        let count = region.end_line.unwrap_or(first).saturating_sub(first).saturating_add(1);
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let text = text(context)?;
        let lines: Vec<&str> = text.lines().skip(skip).take(count).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    });
    around.or_else(|| text(region)).map(|text| bounded(&text))
}

fn bounded(text: &str) -> String {
    let lines: Vec<String> = text.lines().take(SNIPPET_LINES).map(|line| clip(line, SNIPPET_LINE)).collect();
    lines.join("\n")
}
