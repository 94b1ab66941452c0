use andon_model::Upstream;
use andon_purl::Purl;

use super::{
    control::{blocks, decoded, is_word},
    providers::Providers,
};
use crate::{Format, Listing, Package, Problem, support::position::Lines};

/// Reads the database of what apk has installed: a block of `letter:value` lines for each package (Alpine's wiki,
/// "Apk spec", "Installed Database V2").
///
/// The package URLs have no namespace and no `distro`: who joins it with an `os-release` adds both. `o:` names the
/// source package, which has the same version. Edges lead to the first package of the name, or the first that provides
/// it. The checksum is left out: it is that of a part of the archive.
pub(crate) fn apk_installed(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::ApkInstalled);
    let text = decoded(bytes, &mut listing);
    let lines = Lines::new(&text);
    let mut entries = Vec::new();
    let mut unread = 0_usize;
    let mut first = None;
    for (bytes, block) in blocks(&text) {
        let entry = Entry::read(block);
        if entry.is_complete() {
            listing.packages.push(entry.package(lines.region(bytes)));
            entries.push(entry);
        } else {
            unread += 1;
            first = first.or(Some(bytes));
        }
    }
    if unread > 0 {
        let detail = format!(
            "entries without a name (P:) or a version (V:) are not listed ({unread}): repair the database"
        );
        listing.problems.push(Problem { detail, region: first.map(|bytes| lines.region(bytes)) });
    }
    connect(&mut listing.packages, &entries);
    listing
}

#[derive(Default)]
struct Entry<'a> {
    name: &'a str,
    version: &'a str,
    architecture: &'a str,
    license: &'a str,
    origin: &'a str,
    depends: &'a str,
    provides: &'a str,
}

impl<'a> Entry<'a> {
    fn read(block: &'a str) -> Self {
        let mut entry = Self::default();
        for line in block.lines() {
            let Some((letter, value)) = line.split_once(':') else { continue };
            let field = match letter {
                "P" => &mut entry.name,
                "V" => &mut entry.version,
                "A" => &mut entry.architecture,
                "L" => &mut entry.license,
                "o" => &mut entry.origin,
                "D" => &mut entry.depends,
                "p" => &mut entry.provides,
                _ => continue,
            };
            *field = value.trim();
        }
        entry
    }

    fn is_complete(&self) -> bool {
        is_word(self.name) && is_word(self.version)
    }

    fn package(&self, region: andon_model::Region) -> Package {
        let mut purl = Purl::new("apk", self.name).with_version(self.version);
        if !self.architecture.is_empty() {
            purl = purl.with_qualifier("arch", self.architecture);
        }
        let mut package = Package::new(purl);
        package.region = Some(region);
        package.licenses.extend((!self.license.is_empty()).then(|| self.license.to_owned()));
        let origin = if self.origin.is_empty() { self.name } else { self.origin };
        package.upstream = Some(Upstream { name: origin.to_owned(), version: self.version.to_owned() });
        package
    }
}

fn connect(packages: &mut [Package], entries: &[Entry<'_>]) {
    let mut providers = Providers::default();
    for (index, entry) in (0_u32..).zip(entries) {
        providers.add(entry.name, index);
        entry.provides.split_whitespace().for_each(|item| providers.provide(name_of(item), index));
    }
    for ((index, entry), package) in (0_u32..).zip(entries).zip(packages) {
        // `!name` is a conflict.
        let wanted = entry.depends.split_whitespace().filter(|item| !item.starts_with('!')).map(name_of);
        let found = wanted.filter_map(|name| {
            providers.real(name).first().or_else(|| providers.virtual_(name).first()).copied()
        });
        let mut needed: Vec<u32> = found.filter(|&other| other != index).collect();
        needed.sort_unstable();
        needed.dedup();
        package.dependencies = needed;
    }
}

/// The name in `so:libc.so.1=1.2`, `name>=1`, `name~1`, `name@tag`.
fn name_of(item: &str) -> &str {
    item.split(['=', '<', '>', '~', '@']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &[u8], expected: &[&str]) {
        let listing = apk_installed(text);
        let found: Vec<String> = listing
            .packages
            .iter()
            .map(|package| {
                let (purl, region) = (&package.purl, package.region.unwrap_or_default());
                format!(
                    "{}-{} {} {} {} < {} {:?} {:?}",
                    region.start_line,
                    region.end_line,
                    purl.name(),
                    purl.version().unwrap_or("-"),
                    purl.qualifier("arch").unwrap_or("-"),
                    package.upstream.clone().unwrap_or_default().name,
                    package.licenses,
                    package.dependencies
                )
            })
            .chain(listing.problems.iter().map(|problem| problem.detail.clone()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn entries() {
        check(
            b"C:Q1abc=\nP:musl\nV:1.2.3-r4\nA:x86_64\nL:MIT\no:musl\np:so:libc.musl-x86_64.so.1=1\nF:lib\nR:x.so\nZ:Q1x=\n\n\
              P:zlib\nV:1.2.13-r0\nA:x86_64\nL:Zlib\np:so:libz.so.1=1.2.13\nD:so:libc.musl-x86_64.so.1\n\n\
              P:ssl_client\nV:1.36.1-r2\nA:x86_64\nL:GPL-2.0-only AND MIT\no:busybox\nD:zlib>=1.2 musl~1 !old so:libz.so.1 missing\n\n",
            &[
                "1-10 musl 1.2.3-r4 x86_64 < musl [\"MIT\"] []",
                "12-17 zlib 1.2.13-r0 x86_64 < zlib [\"Zlib\"] [0]",
                "19-24 ssl_client 1.36.1-r2 x86_64 < busybox [\"GPL-2.0-only AND MIT\"] [0, 1]",
            ],
        );
    }

    #[test]
    fn broken_files() {
        let problem = "entries without a name (P:) or a version (V:) are not listed (1): repair the database";
        check(b"", &[]);
        check(b"P:a\nV:1\n\nP:b\n", &["1-2 a 1 - < a [] []", problem]);
        check(b"\x00garbage", &[problem]);
    }
}
