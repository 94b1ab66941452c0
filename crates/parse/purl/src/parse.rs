//! The standard's parsing procedure, from right to left.

use crate::{Purl, PurlError, join_segments, kinds, percent, some};

/// How much is put right instead of refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Tolerant,
    Strict,
}

pub(crate) fn tolerant(text: &str) -> Result<Purl, PurlError> {
    parse(text, Mode::Tolerant)
}

pub(crate) fn strict(text: &str) -> Result<Purl, PurlError> {
    let purl = parse(text, Mode::Strict)?;
    kinds::check(&purl)?;
    Ok(purl)
}

/// Whether a text is a type, in either case.
pub(crate) fn check_kind(kind: &str) -> Result<(), PurlError> {
    let valid = kind.starts_with(|c: char| c.is_ascii_alphabetic()) && kind.chars().all(kinds::in_kind);
    if valid { Ok(()) } else { Err(PurlError::Kind(shortened(kind))) }
}

fn parse(text: &str, mode: Mode) -> Result<Purl, PurlError> {
    let (rest, subpath) = split_last(text, '#');
    let (rest, qualifiers) = split_last(rest, '?');
    let path = rest
        .split_once(':')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("pkg"))
        .map(|(_, path)| path.trim_start_matches('/'))
        .ok_or(PurlError::Scheme)?;
    let (kind, path) = path.split_once('/').unwrap_or((path, ""));
    check_kind(kind)?;
    let (path, version) = split_version(path);
    if mode == Mode::Strict && path.ends_with('/') {
        return Err(PurlError::NoName);
    }
    let path = path.trim_end_matches('/');
    let (namespace, name) = path.rsplit_once('/').unwrap_or(("", path));
    let name = percent::decode(name, "name")?;
    if name.trim_matches('/').is_empty() {
        return Err(PurlError::NoName);
    }
    let mut purl = Purl {
        kind: kind.to_ascii_lowercase(),
        namespace: some(decode_segments(namespace, "namespace")?),
        name: name.into_owned(),
        version: some(percent::decode(version, "version")?.into_owned()),
        qualifiers: std::collections::BTreeMap::new(),
        subpath: None,
    };
    read_qualifiers(&mut purl, qualifiers, mode)?;
    Ok(purl.settled().with_subpath(&decode_segments(subpath, "subpath")?))
}

fn split_last(text: &str, separator: char) -> (&str, &str) {
    text.rsplit_once(separator).unwrap_or((text, ""))
}

/// The version stands after the last `@`, unless that one opens the scope of an npm package (`@scope/name`).
fn split_version(path: &str) -> (&str, &str) {
    match path.rsplit_once('@') {
        Some(("", right)) if right.contains('/') => (path, ""),
        Some(split) => split,
        None => (path, ""),
    }
}

fn decode_segments(text: &str, what: &'static str) -> Result<String, PurlError> {
    let mut segments = Vec::new();
    for segment in text.split('/').filter(|segment| !segment.is_empty()) {
        let segment = percent::decode(segment, what)?;
        if segment.contains('/') {
            return Err(PurlError::Slash(what));
        }
        segments.push(segment);
    }
    Ok(join_segments(segments.iter().map(AsRef::as_ref)))
}

fn read_qualifiers(purl: &mut Purl, text: &str, mode: Mode) -> Result<(), PurlError> {
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (written, value) = pair.split_once('=').unwrap_or((pair, ""));
        let key = written.to_ascii_lowercase();
        if !kinds::is_key(&key) || (mode == Mode::Strict && key != written) {
            return Err(PurlError::QualifierKey(shortened(written)));
        }
        let value = percent::decode(value, "qualifier")?;
        if value.is_empty() {
            continue;
        }
        if purl.qualifiers.insert(key, value.into_owned()).is_some() {
            return Err(PurlError::QualifierTwice(shortened(written)));
        }
    }
    Ok(())
}

/// What an error repeats of its input.
fn shortened(text: &str) -> String {
    text.chars().take(64).collect()
}
