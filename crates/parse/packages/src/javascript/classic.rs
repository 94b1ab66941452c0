use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use andon_model::{Relation, Scope};

use super::registry;
use crate::Package;
use crate::support::integrity;
use crate::support::needs::Graph;
use crate::support::sheet::Sheet;

/// Reads Yarn 1's notation: entries at the margin, their properties two blanks in, their dependencies four. It does not
/// say what the project itself asks for; what no other package needs must be direct.
pub(super) fn read(sheet: &mut Sheet<'_>, text: &str) {
    let mut entries = Vec::new();
    let mut state = State::default();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        let span = offset..offset + content.len();
        offset += line.len();
        if content.is_empty() || content.trim_start().starts_with('#') {
            continue;
        }
        if !state.line(content, span.clone(), &mut entries) {
            state.unread.get_or_insert(span);
        }
    }
    if let Some(span) = state.unread {
        sheet.problem_at(
            span,
            "this line, and perhaps others, is not what Yarn writes; packages may be missing, run `yarn install`",
        );
    }
    finish(sheet, &entries);
}

/// One entry: the patterns that it answers, and what it resolved them to.
struct Entry<'t> {
    patterns: Vec<Cow<'t, str>>,
    span: Range<usize>,
    version: Option<Cow<'t, str>>,
    resolved: Option<Cow<'t, str>>,
    integrity: Option<Cow<'t, str>>,
    needs: Vec<Need<'t>>,
}

struct Need<'t> {
    name: Cow<'t, str>,
    range: Cow<'t, str>,
    scope: Scope,
}

#[derive(Default)]
struct State {
    section: Section,
    /// The first line that could not be read.
    unread: Option<Range<usize>>,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Section {
    #[default]
    Properties,
    Dependencies,
    Optional,
    Other,
}

impl State {
    /// Reads a line; whether it could.
    fn line<'t>(&mut self, line: &'t str, span: Range<usize>, entries: &mut Vec<Entry<'t>>) -> bool {
        let content = line.trim_start();
        let indent = line.len() - content.len();
        if indent == 0 {
            self.section = Section::Properties;
            let Some(patterns) = content.strip_suffix(':').map(patterns).filter(|list| !list.is_empty())
            else {
                return false;
            };
            let (version, resolved, integrity) = (None, None, None);
            entries.push(Entry { patterns, span, version, resolved, integrity, needs: Vec::new() });
            return true;
        }
        let Some(entry) = entries.last_mut() else { return false };
        entry.span.end = span.end;
        if indent <= 2 {
            self.section = match content {
                "dependencies:" => Section::Dependencies,
                "optionalDependencies:" => Section::Optional,
                _ if content.ends_with(':') => Section::Other,
                _ => return self.property(content, entry),
            };
            return true;
        }
        self.need(content, entry)
    }

    fn property<'t>(&mut self, content: &'t str, entry: &mut Entry<'t>) -> bool {
        self.section = Section::Properties;
        let Some((key, value)) = pair(content) else { return false };
        match &*key {
            "version" => entry.version = Some(value),
            "resolved" => entry.resolved = Some(value),
            "integrity" => entry.integrity = Some(value),
            _ => {}
        }
        true
    }

    fn need<'t>(&self, content: &'t str, entry: &mut Entry<'t>) -> bool {
        let scope = match self.section {
            Section::Dependencies => Scope::Runtime,
            Section::Optional => Scope::Optional,
            Section::Other => return true,
            Section::Properties => return false,
        };
        let need = pair(content).map(|(name, range)| Need { name, range, scope });
        let read = need.is_some();
        entry.needs.extend(need);
        read
    }
}

/// The patterns of an entry's first line, apart by commas.
fn patterns(text: &str) -> Vec<Cow<'_, str>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((pattern, after)) = word(rest, b",") {
        found.push(pattern);
        rest = after.trim_start_matches([',', ' ']);
    }
    found
}

/// A key and its value.
fn pair(text: &str) -> Option<(Cow<'_, str>, Cow<'_, str>)> {
    let (key, rest) = word(text, b" ")?;
    let (value, _) = word(rest.trim_start(), b"")?;
    Some((key, value))
}

/// A word in quotes, or one that ends before one of these bytes; and what follows it.
fn word<'t>(text: &'t str, ends: &[u8]) -> Option<(Cow<'t, str>, &'t str)> {
    if text.is_empty() {
        return None;
    }
    if !text.starts_with('"') {
        let end = text.bytes().position(|byte| ends.contains(&byte)).unwrap_or(text.len());
        return Some((text.get(..end)?.into(), text.get(end..)?));
    }
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })? + 2;
    let (quoted, rest) = (text.get(..end)?, text.get(end..)?);
    let inner = quoted.get(1..end - 1)?;
    if inner.contains('\\') {
        return Some((serde_json::from_str::<String>(quoted).ok()?.into(), rest));
    }
    Some((inner.into(), rest))
}

fn finish(sheet: &mut Sheet<'_>, entries: &[Entry<'_>]) {
    let mut by_pattern = HashMap::new();
    let mut positions = Vec::with_capacity(entries.len());
    for entry in entries {
        let position = package(sheet, entry).and_then(|package| sheet.push(package));
        if let Some(position) = position {
            by_pattern.extend(entry.patterns.iter().map(|pattern| (&**pattern, position)));
        }
        positions.push(position);
    }
    let mut graph = Graph::default();
    let mut pattern = String::new();
    for (entry, from) in entries.iter().zip(&positions) {
        let Some(from) = *from else { continue };
        for need in &entry.needs {
            pattern.clear();
            pattern.extend([&*need.name, "@", &*need.range]);
            if let Some(to) = by_pattern.get(pattern.as_str()) {
                graph.add(from, *to, need.scope);
            }
        }
    }
    relate(sheet, &graph);
}

fn relate(sheet: &mut Sheet<'_>, graph: &Graph) {
    let packages = &mut sheet.listing.packages;
    graph.apply(packages);
    let needed = graph.needed(packages.len());
    let roots = needed.iter().zip(0..).filter(|(needed, _)| !**needed);
    let roots: Vec<_> = roots.map(|(_, position)| (position, Scope::Runtime)).collect();
    let scopes = graph.scopes(packages.len(), &roots);
    for ((package, needed), scope) in packages.iter_mut().zip(needed).zip(scopes) {
        package.scope = scope.unwrap_or_default();
        if !needed {
            package.relation = Relation::Direct;
        }
    }
}

fn package(sheet: &mut Sheet<'_>, entry: &Entry<'_>) -> Option<Package> {
    let (name, range) =
        entry.patterns.iter().find_map(|pattern| registry::split_at_sign(pattern)).or_else(|| {
            sheet.problem_at(entry.span.clone(), "an entry that names no package; left out");
            None
        })?;
    let version = entry.version.as_deref().unwrap_or_default();
    if version.is_empty() {
        sheet.problem_at(entry.span.clone(), "an entry without a version; run `yarn install` to mend it");
    }
    let name = registry::alias(range).map_or(name, |(name, _)| name);
    let mut package = Package::new(registry::purl(name, version));
    let resolved = entry.resolved.as_deref().unwrap_or_default();
    let source = registry::source(resolved).or_else(|| registry::source_of_requirement(range));
    package.source = source.unwrap_or_default();
    package.region = Some(sheet.region(entry.span.clone()));
    package.checksums = entry.integrity.as_deref().map(integrity::checksums).unwrap_or_default();
    if let Some((_, digest)) = resolved.rsplit_once('#')
        && !package.checksums.iter().any(|checksum| checksum.starts_with("sha1:"))
        && package.source == crate::Source::Registry
    {
        package.checksums.extend(integrity::hex_checksum("sha1", digest));
    }
    Some(package)
}
