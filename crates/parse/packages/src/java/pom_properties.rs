use andon_model::Region;

use super::coordinates;
use crate::{
    Format, Listing, Package, Project,
    support::{position::Lines, text},
};

/// Characters of an id or a version.
const LENGTH: usize = 256;

/// Reads the `pom.properties` that Maven's archiver puts into an archive: the coordinates of one artifact.
pub(crate) fn pom_properties(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::PomProperties);
    let (text, _) = text::decode(bytes);
    let mut values = [None; 3];
    let mut span: Option<(usize, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim();
        let Some((name, value)) = line.split_once(['=', ':']).filter(|_| !line.starts_with(['#', '!']))
        else {
            continue;
        };
        let slot = ["groupId", "artifactId", "version"].iter().position(|known| *known == name.trim());
        if let Some(slot) = slot.and_then(|slot| values.get_mut(slot)) {
            *slot = Some(value.trim());
            span = Some((span.map_or(start, |(first, _)| first), start + line.len()));
        }
    }
    let [group, artifact, version] = values.map(|value| value.filter(|value| value.len() <= LENGTH));
    let ids = group
        .zip(artifact)
        .filter(|(group, artifact)| coordinates::is_id(group) && coordinates::is_id(artifact));
    let Some((group, artifact)) = ids else {
        listing
            .problem("it names no group and artifact id: the archive is told by its manifest and its name");
        return listing;
    };
    let mut purl = coordinates::maven(group, artifact);
    match version.filter(|version| !version.is_empty() && !version.contains("${")) {
        Some(version) => purl = purl.with_version(version),
        None => {
            listing.problem("it names no version: the archive's version is told by its manifest and its name")
        }
    }
    let region: Option<Region> = span.map(|(first, last)| Lines::new(&text).region(first..last));
    listing.project = Some(Project { purl: Some(purl.clone()), licenses: Vec::new() });
    listing.packages.push(Package { region, ..Package::new(purl) });
    listing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files() {
        let rows = [
            ("#Created\nversion=1.2\r\ngroupId=org.a\nartifactId=b\n", "org.a b 1.2 2-4", 0),
            ("groupId = org.a\nartifactId: b\nversion=1.2", "org.a b 1.2 1-3", 0),
            ("groupId=org.a\nartifactId=b\nversion=${project.version}", "org.a b - 1-3", 1),
            ("groupId=org.a\nartifactId=b\n", "org.a b - 1-2", 1),
            ("groupId=org a\nartifactId=b\nversion=1", "", 1),
            ("", "", 1),
            ("\u{0}\u{1}", "", 1),
        ];
        for (text, expected, problems) in rows {
            let listing = pom_properties(text.as_bytes());
            let package = listing.packages.first().map(|package| {
                let (purl, region) = (&package.purl, package.region.unwrap_or_default());
                let (group, version) = (purl.namespace().unwrap_or("-"), purl.version().unwrap_or("-"));
                format!("{group} {} {version} {}-{}", purl.name(), region.start_line, region.end_line)
            });
            assert_eq!(package.unwrap_or_default(), expected, "{text}");
            assert_eq!(listing.problems.len(), problems, "{text}");
        }
    }
}
