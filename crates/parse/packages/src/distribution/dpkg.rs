use andon_model::Upstream;
use andon_purl::Purl;

use super::{
    control::{blocks, decoded, fields, is_word},
    providers::Providers,
};
use crate::{Format, Listing, Package, Problem, support::position::Lines};

/// Reads dpkg's `status` database: the packages whose files are there. Those that are held are; those of which only
/// configuration files are left, or that are half installed, are not.
///
/// The package URLs have no namespace and no `distro`, since the database does not say which distribution it is: who
/// joins it with an `os-release` adds both. The source package is always given; it is what advisories name.
/// Dependencies are edges to what satisfies them here: of alternatives the first that is installed, of several
/// providers the first. Follows `deb-control(5)` and `dpkg(1)`, "Package states".
pub(crate) fn dpkg_status(bytes: &[u8]) -> Listing {
    read(Format::DpkgStatus, bytes)
}

/// Reads a file of `status.d`, as images without a package manager have one for each package: a control file without
/// a state. As [`dpkg_status`], but what it depends on is in other files, so there are no edges.
pub(crate) fn dpkg_status_file(bytes: &[u8]) -> Listing {
    read(Format::DpkgStatusFile, bytes)
}

fn read(format: Format, bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(format);
    let text = decoded(bytes, &mut listing);
    let lines = Lines::new(&text);
    let mut entries = Vec::new();
    let mut unread = 0_usize;
    let mut first = None;
    for (bytes, block) in blocks(&text) {
        let entry = Entry::read(block);
        if entry.is_complete() {
            if entry.is_installed() {
                listing.packages.push(entry.package(lines.region(bytes)));
                entries.push(entry);
            }
        } else if entry.is_installed() {
            unread += 1;
            first = first.or(Some(bytes));
        }
    }
    if unread > 0 {
        let detail = format!(
            "entries without a package, a version or an architecture are not listed ({unread}): repair the database"
        );
        listing.problems.push(Problem { detail, region: first.map(|bytes| lines.region(bytes)) });
    }
    connect(&mut listing.packages, &entries);
    listing
}

/// What one paragraph says, borrowed from it.
#[derive(Default)]
struct Entry<'a> {
    name: &'a str,
    version: &'a str,
    architecture: &'a str,
    status: Option<&'a str>,
    source: &'a str,
    provides: &'a str,
    depends: &'a str,
    pre_depends: &'a str,
}

impl<'a> Entry<'a> {
    fn read(paragraph: &'a str) -> Self {
        let mut entry = Self::default();
        for (name, value) in fields(paragraph) {
            match name.len() {
                6 if name.eq_ignore_ascii_case("Status") => entry.status = Some(value),
                6 if name.eq_ignore_ascii_case("Source") => entry.source = value,
                7 if name.eq_ignore_ascii_case("Package") => entry.name = value,
                7 if name.eq_ignore_ascii_case("Version") => entry.version = value,
                7 if name.eq_ignore_ascii_case("Depends") => entry.depends = value,
                8 if name.eq_ignore_ascii_case("Provides") => entry.provides = value,
                11 if name.eq_ignore_ascii_case("Pre-Depends") => entry.pre_depends = value,
                12 if name.eq_ignore_ascii_case("Architecture") => entry.architecture = value,
                _ => {}
            }
        }
        entry
    }

    fn is_complete(&self) -> bool {
        is_word(self.name) && is_word(self.version) && is_word(self.architecture)
    }

    /// Its files are unpacked, whether or not it is set up. Without a state, as in `status.d`, it is there.
    fn is_installed(&self) -> bool {
        let state = self.status.map(|status| status.split_whitespace().nth(2).unwrap_or_default());
        let unpacked = ["installed", "triggers-pending", "triggers-awaited", "half-configured", "unpacked"];
        state.is_none_or(|state| unpacked.contains(&state))
    }

    fn package(&self, region: andon_model::Region) -> Package {
        let purl = Purl::new("deb", self.name).with_version(self.version);
        let mut package = Package::new(purl.with_qualifier("arch", self.architecture));
        package.region = Some(region);
        package.upstream = Some(self.upstream());
        package
    }

    /// `Source: name` or `Source: name (version)`; what is not said is as the binary package has it.
    fn upstream(&self) -> Upstream {
        let (name, version) = self.source.split_once('(').unwrap_or((self.source, ""));
        let version = version.trim().trim_end_matches(')').trim();
        let or = |text: &str, default: &str| if text.is_empty() { default } else { text }.to_owned();
        Upstream { name: or(name.trim(), self.name), version: or(version, self.version) }
    }
}

fn connect(packages: &mut [Package], entries: &[Entry<'_>]) {
    let mut providers = Providers::default();
    for (index, entry) in (0_u32..).zip(entries) {
        providers.add(entry.name, index);
        let provided = entry.provides.split(',').map(|item| name_of(item).0).filter(|name| !name.is_empty());
        provided.for_each(|name| providers.provide(name, index));
    }
    for ((index, entry), package) in (0_u32..).zip(entries).zip(packages) {
        let clauses = entry.pre_depends.split(',').chain(entry.depends.split(','));
        let mut needed: Vec<u32> =
            clauses.filter_map(|clause| satisfier(clause, entry.architecture, entries, &providers)).collect();
        needed.sort_unstable();
        needed.dedup();
        needed.retain(|&other| other != index);
        package.dependencies = needed;
    }
}

/// The installed package that one clause of a dependency is about: `a (>= 1) | b:any`.
fn satisfier(
    clause: &str,
    architecture: &str,
    entries: &[Entry<'_>],
    providers: &Providers<'_>,
) -> Option<u32> {
    clause.split('|').find_map(|alternative| {
        let (name, qualifier) = name_of(alternative);
        let wanted = if matches!(qualifier, "" | "any" | "native") { architecture } else { qualifier };
        let fits = |package: &&u32| {
            let of = entries.get(**package as usize).map(|entry| entry.architecture);
            of == Some(wanted) || of == Some("all")
        };
        let choose = |candidates: &[u32]| candidates.iter().find(fits).or(candidates.first()).copied();
        choose(providers.real(name)).or_else(|| choose(providers.virtual_(name)))
    })
}

/// Name and architecture of `name:arch (>= 1.0)`.
fn name_of(item: &str) -> (&str, &str) {
    let item = item.trim_start();
    let end = item.find(|c: char| c.is_whitespace() || c == '(' || c == '[').unwrap_or(item.len());
    let item = item.get(..end).unwrap_or_default();
    item.split_once(':').unwrap_or((item, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(format: Format, text: &[u8], expected: &[&str]) {
        let listing = read(format, text);
        let found: Vec<String> = listing
            .packages
            .iter()
            .map(|package| {
                let purl = &package.purl;
                let source = package.upstream.clone().unwrap_or_default();
                let region = package.region.unwrap_or_default();
                format!(
                    "{}-{} {} {} {} < {} {} {:?}",
                    region.start_line,
                    region.end_line,
                    purl.name(),
                    purl.version().unwrap_or("-"),
                    purl.qualifier("arch").unwrap_or("-"),
                    source.name,
                    source.version,
                    package.dependencies
                )
            })
            .chain(listing.problems.iter().map(|problem| problem.detail.clone()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn status() {
        check(
            Format::DpkgStatus,
            b"Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nMulti-Arch: same\nSource: glibc\n\
              Version: 2.36-9\nDepends: libgcc-s1\n\n\
              Package: perl-base\nStatus: hold ok installed\nArchitecture: amd64\nSource: perl (5.36.0-7)\nVersion: 5.36.0-7+b1\n\
              Provides: libfile-path-perl (= 2.18),\n libsocket-perl\nPre-Depends: libc6:amd64 (>= 2.35), dpkg (>= 1)\n\n\
              Package: old\nStatus: deinstall ok config-files\nArchitecture: all\nVersion: 1\n\n\
              Package: app\nStatus: install ok half-configured\nArchitecture: all\nVersion: 1:2\n\
              Depends: none | libsocket-perl, app, perl-base:any, missing\nDescription: x\n Package: no\n",
            &[
                "1-7 libc6 2.36-9 amd64 < glibc 2.36-9 []",
                "9-16 perl-base 5.36.0-7+b1 amd64 < perl 5.36.0-7 [0]",
                "23-29 app 1:2 all < app 1:2 [1]",
            ],
        );
    }

    #[test]
    fn architectures_are_told_apart() {
        check(
            Format::DpkgStatus,
            b"Package: a\nArchitecture: i386\nVersion: 1\n\nPackage: a\nArchitecture: amd64\nVersion: 1\n\n\
              Package: b\nArchitecture: amd64\nVersion: 1\nDepends: a\n\n\
              Package: c\nArchitecture: amd64\nVersion: 1\nDepends: a:i386\n",
            &[
                "1-3 a 1 i386 < a 1 []",
                "5-7 a 1 amd64 < a 1 []",
                "9-12 b 1 amd64 < b 1 [1]",
                "14-17 c 1 amd64 < c 1 [0]",
            ],
        );
    }

    #[test]
    fn broken_files() {
        let garbage =
            "entries without a package, a version or an architecture are not listed (1): repair the database";
        check(Format::DpkgStatus, b"", &[]);
        check(Format::DpkgStatus, b"\x00\x01\n\n\n", &[garbage]);
        check(
            Format::DpkgStatusFile,
            b"Package: a\xFF\nVersion: 1\nArchitecture: all\n",
            &[
                "1-3 a\u{FFFD} 1 all < a\u{FFFD} 1 []",
                "it has bytes that are not UTF-8, replaced by U+FFFD: the names there may not be right",
            ],
        );
        check(Format::DpkgStatusFile, b"Package: a\nVersion: 1\nArchitec", &[garbage]);
        check(Format::DpkgStatusFile, b"Package: a b\nVersion: 1\nArchitecture: all", &[garbage]);
    }
}
