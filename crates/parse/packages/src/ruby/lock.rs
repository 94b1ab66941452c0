use std::collections::{HashMap, HashSet};
use std::ops::Range;

use andon_model::{Relation, Scope};
use andon_purl::Purl;

use crate::support::needs::Graph;
use crate::support::sheet::{Sheet, read_text};
use crate::support::{integrity, origin};
use crate::{Format, Listing, Package, Source};

/// `Gemfile.lock`. A gem that is locked for several platforms is listed once. What `DEPENDENCIES` names is direct;
/// groups are not in the file, so everything counts as needed at run time.
pub(crate) fn gemfile_lock(bytes: &[u8]) -> Listing {
    read_text(Format::GemfileLock, bytes, |sheet, text| {
        let mut reader = Reader::default();
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let content = line.trim_end();
            let span = offset..offset + content.len();
            offset += line.len();
            if !content.is_empty() && !reader.line(sheet, content, span.clone()) {
                reader.unread.get_or_insert(span);
            }
        }
        reader.finish(sheet);
    })
}

#[derive(Default)]
struct Reader<'t> {
    section: Section,
    /// The properties of the section: where its gems come from.
    remote: &'t str,
    revision: &'t str,
    /// Gems of a name, in the order of the file, by version.
    by_gem: HashMap<(&'t str, &'t str), u32>,
    by_name: HashMap<&'t str, u32>,
    /// The gem whose dependencies are being read.
    current: Option<u32>,
    needs: Vec<(u32, &'t str)>,
    direct: Vec<&'t str>,
    seen_direct: bool,
    unread: Option<Range<usize>>,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Section {
    #[default]
    Other,
    Gem,
    Git,
    Path,
    Plugin,
    Dependencies,
    Checksums,
}

impl<'t> Reader<'t> {
    /// Reads a line; whether it could.
    fn line(&mut self, sheet: &mut Sheet<'_>, line: &'t str, span: Range<usize>) -> bool {
        let content = line.trim_start();
        let indent = line.len() - content.len();
        match (self.section, indent) {
            (_, 0) => return self.header(content),
            (Section::Dependencies, _) => {
                self.direct.push(gem(content).0.trim_end_matches('!'));
            }
            (Section::Checksums, _) => self.checksum(sheet, content),
            (Section::Other, _) => {}
            (_, 1..=3) => self.property(content),
            (_, 4..=5) => return self.spec(sheet, content, span),
            _ => {
                let Some(current) = self.current else { return false };
                self.needs.push((current, gem(content).0.trim_end_matches('!')));
                if let Some(region) = sheet.package(current).and_then(|package| package.region) {
                    let whole = usize::try_from(region.start_byte).unwrap_or_default()..span.end;
                    let region = sheet.region(whole);
                    sheet.package(current).into_iter().for_each(|package| package.region = Some(region));
                }
            }
        }
        true
    }

    fn header(&mut self, content: &str) -> bool {
        self.section = match content {
            "GEM" => Section::Gem,
            "GIT" => Section::Git,
            "PATH" => Section::Path,
            "PLUGIN SOURCE" => Section::Plugin,
            "DEPENDENCIES" => Section::Dependencies,
            "CHECKSUMS" => Section::Checksums,
            _ => Section::Other,
        };
        self.seen_direct |= self.section == Section::Dependencies;
        (self.remote, self.revision, self.current) = ("", "", None);
        content.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b' ')
    }

    fn property(&mut self, content: &'t str) {
        match content.split_once(':') {
            // A section of gems may name several remotes; gems of a git repository or a path have one.
            Some(("remote", value)) => self.remote = value.trim(),
            Some(("revision", value)) => self.revision = value.trim(),
            _ => {}
        }
    }

    fn spec(&mut self, sheet: &mut Sheet<'_>, content: &'t str, span: Range<usize>) -> bool {
        let (name, version) = gem(content);
        let version = without_platform(version);
        self.current = None;
        if name.is_empty() || version.is_empty() {
            return false;
        }
        self.current = self.by_gem.get(&(name, version)).copied().or_else(|| {
            let mut package = Package::new(Purl::new("gem", name).with_version(version));
            package.region = Some(sheet.region(span));
            package.source = self.source();
            sheet.push(package)
        });
        if let Some(current) = self.current {
            self.by_gem.insert((name, version), current);
            self.by_name.insert(name, current);
        }
        true
    }

    fn source(&self) -> Source {
        match self.section {
            Section::Git => Source::Git {
                url: origin::without_credentials(self.remote),
                commit: (!self.revision.is_empty()).then(|| self.revision.to_owned()),
            },
            Section::Path => Source::Local(self.remote.to_owned()),
            Section::Plugin => Source::Archive(origin::without_credentials(self.remote)),
            _ => Source::Registry,
        }
    }

    /// `name (version) sha256=HEX`, for each platform.
    fn checksum(&mut self, sheet: &mut Sheet<'_>, content: &str) {
        let (name, version) = gem(content);
        let digests = content.rsplit_once(") ").map(|(_, digests)| digests).unwrap_or_default();
        let position = self.by_gem.get(&(name, without_platform(version)));
        let Some(package) = position.and_then(|position| sheet.package(*position)) else { return };
        let parts = digests.split(',').filter_map(|part| part.trim().split_once('='));
        package
            .checksums
            .extend(parts.filter_map(|(algorithm, hex)| integrity::hex_checksum(algorithm, hex)));
    }

    fn finish(self, sheet: &mut Sheet<'_>) {
        if let Some(span) = self.unread {
            sheet.problem_at(
                span,
                "this line, and perhaps others, is not what Bundler writes; gems may be missing, run `bundle lock`",
            );
        }
        if !self.seen_direct {
            sheet.problem("has no DEPENDENCIES, so that direct and transitive gems cannot be told apart; run `bundle lock`");
        }
        let mut graph = Graph::default();
        for (from, name) in self.needs {
            if let Some(to) = self.by_name.get(name) {
                graph.add(from, *to, Scope::Runtime);
            }
        }
        graph.apply(&mut sheet.listing.packages);
        let direct: HashSet<&str> = self.direct.into_iter().collect();
        for package in sheet.listing.packages.iter_mut().filter(|_| self.seen_direct) {
            let named = direct.contains(package.purl.name());
            package.relation = if named { Relation::Direct } else { Relation::Transitive };
        }
    }
}

/// `name (what)`; `what` is empty where there is none.
fn gem(content: &str) -> (&str, &str) {
    let (name, rest) = content.split_once(' ').unwrap_or((content, ""));
    let what = rest.trim_start().strip_prefix('(').and_then(|rest| rest.split(')').next());
    (name, what.unwrap_or_default())
}

/// A version ends at the first hyphen; what follows is the platform (`1.15.0-x86_64-linux`).
fn without_platform(version: &str) -> &str {
    version.split('-').next().unwrap_or(version)
}
