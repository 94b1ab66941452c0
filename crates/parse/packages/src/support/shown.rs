use andon_model::{Relation, Scope};

use crate::{Format, Listing, Package, Source, parse};

/// Reads a text and compares what was read, a line each, as [`lines`] shows it.
pub(crate) fn check(format: Format, text: &str, expected: &[&str]) {
    let listing = parse(format, text.as_bytes());
    assert_eq!(lines(&listing), expected, "{format:?}:\n{text}");
}

/// Reads a text cut off, and with a byte replaced, in some hundred places, which must not panic.
pub(crate) fn survives(format: Format, text: &str) {
    let bytes = text.as_bytes();
    for end in (0..bytes.len()).step_by(bytes.len() / 150 + 1) {
        parse(format, &bytes[..end]);
        let mut broken = bytes.to_vec();
        broken[end] = b"\"[{\n\xFF"[end % 5];
        parse(format, &broken);
    }
}

/// The packages (`purl (requirement) scope relation source [licences] digests lines -> dependencies`), then what else
/// the listing holds.
pub(crate) fn lines(listing: &Listing) -> Vec<String> {
    let mut lines: Vec<String> = listing.packages.iter().map(package).collect();
    if let Some(project) = &listing.project {
        let purl = project.purl.as_ref().map(ToString::to_string).unwrap_or_default();
        lines.push(format!("project {purl} {}", project.licenses.join(" | ")).trim_end().to_owned());
    }
    lines.extend(listing.includes.iter().map(|file| format!("include {file}")));
    lines.extend(listing.constraints.iter().map(|file| format!("constraint {file}")));
    lines.extend(listing.changes.iter().map(|change| {
        format!("change {} => {}", change.of, change.by.as_ref().map_or("nothing".to_owned(), package))
    }));
    lines.extend(listing.problems.iter().map(|problem| {
        let line = problem.region.map_or(String::new(), |region| format!(" L{}", region.start_line));
        format!("problem{line}: {}", problem.detail)
    }));
    lines
}

fn package(package: &Package) -> String {
    let mut words = vec![package.purl.to_string().trim_start_matches("pkg:").to_owned()];
    words.extend(package.requirement.as_ref().map(|requirement| format!("({requirement})")));
    match package.scope {
        Scope::Development => words.push("dev".to_owned()),
        Scope::Optional => words.push("optional".to_owned()),
        Scope::Runtime => {}
    }
    match package.relation {
        Relation::Direct => words.push("direct".to_owned()),
        Relation::Transitive => words.push("transitive".to_owned()),
        Relation::Unknown => {}
    }
    match &package.source {
        Source::Registry => {}
        Source::Git { url, commit } => {
            words.push(format!("git {url}#{}", commit.as_deref().unwrap_or_default()));
        }
        Source::Archive(url) => words.push(format!("archive {url}")),
        Source::Local(path) => words.push(format!("local {path}")),
    }
    if !package.licenses.is_empty() {
        words.push(format!("[{}]", package.licenses.join(" | ")));
    }
    words.extend(package.checksums.iter().cloned());
    if let Some(region) = package.region {
        words.push(format!("L{}-{}", region.start_line, region.end_line));
    }
    if !package.dependencies.is_empty() {
        let positions: Vec<_> = package.dependencies.iter().map(ToString::to_string).collect();
        words.push(format!("-> {}", positions.join(" ")));
    }
    words.join(" ")
}
