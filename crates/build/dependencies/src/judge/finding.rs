use std::collections::{BTreeMap, BTreeSet};

use andon_advisories::{Kind, Vulnerability};
use andon_model::{
    Confidence, Evidence, Finding, Fingerprint, Fingerprints, Location, RuleRef, Severity, Stage, State,
    Subject, Suppression, SuppressionKind,
};
use andon_sbom::vex::{self, VexStatement};

use super::unite::{Affected, Common};
use super::{remedy, weight};
use crate::engine::NAME;
use crate::inventory::Part;

/// Longest title, in characters.
const TITLE: usize = 120;
/// Addresses to read that a finding carries.
const REFERENCES: usize = 5;
/// More versions of one package are not named in one line.
const VERSIONS: usize = 5;
/// More components of one finding are not listed in its properties.
const COMPONENTS: usize = 100;
/// More places of one finding are not listed.
const PLACES: usize = 100;

/// A finding of this engine with nothing but its identity: what is wrong (`rule` and `ids`) with which package.
pub(super) struct Draft<'a> {
    pub(super) rule: &'static str,
    /// The versions of the package that it is about, the one that speaks for all last.
    pub(super) parts: Vec<&'a Part>,
    /// Each of them identifies the finding together with the package's name; the first is the one shown.
    pub(super) ids: Vec<String>,
    pub(super) severity: Severity,
    pub(super) confidence: Confidence,
    pub(super) title: String,
    pub(super) message: String,
}

impl Draft<'_> {
    /// The identity leaves the version out: an upgrade that does not mend it leaves it the same finding. Therefore all
    /// versions that are there at once are one finding too.
    pub(super) fn finding(self) -> Finding {
        let purls: Vec<&str> = self.parts.iter().map(|part| part.component.purl.as_str()).collect();
        let name = self.parts.last().map(|part| name(part)).unwrap_or_default();
        let mut prints = self.ids.iter().map(|id| print(self.rule, id, &name));
        let primary = prints.next().unwrap_or_else(|| print(self.rule, "", &name));
        let alternates: BTreeSet<Fingerprint> = prints.collect();
        let mut properties = BTreeMap::new();
        if purls.len() > 1 {
            let named = purls.get(..COMPONENTS).unwrap_or(&purls);
            properties.insert("components".to_owned(), named.join(" "));
        }
        Finding {
            fingerprints: Fingerprints { primary, alternates },
            rule: RuleRef {
                id: self.rule.to_owned(),
                pack: "andon".to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            stage: Stage::Build,
            engine: NAME.to_owned(),
            severity: self.severity,
            confidence: self.confidence,
            title: cut(&self.title),
            message: self.message,
            locations: places(&self.parts),
            flow: Vec::new(),
            subject: purls.last().map(|purl| Subject::Component((*purl).to_owned())),
            cwe: Vec::new(),
            controls: Vec::new(),
            advisory: None,
            fix: None,
            evidence: Vec::new(),
            context: String::new(),
            state: State::default(),
            suppression: None,
            tags: Vec::new(),
            properties,
        }
    }
}

/// A finding, and the versions that it is about.
pub(super) struct Told<'f, 'a> {
    pub(super) finding: Finding,
    /// Lowest version first.
    pub(super) affected: Vec<Affected<'f, 'a>>,
}

/// What a package is called in a fingerprint: its package URL without version and qualifiers.
pub(super) fn name(part: &Part) -> String {
    part.purl.clone().without_version().without_qualifiers().to_string()
}

/// Versions for people: `3.10.1, 4.17.15`.
pub(super) fn versions<'a>(parts: impl IntoIterator<Item = &'a Part>) -> String {
    let mut versions: Vec<&str> =
        parts.into_iter().filter_map(|part| part.component.version.as_deref()).collect();
    versions.dedup();
    let more = versions.len().saturating_sub(VERSIONS);
    let named = versions.get(..VERSIONS).unwrap_or(&versions).join(", ");
    if more > 0 { format!("{named} and {more} more") } else { named }
}

fn print(rule: &str, id: &str, name: &str) -> Fingerprint {
    Fingerprint::new("dependency/1", &[rule.as_bytes(), id.as_bytes(), name.as_bytes()])
}

fn places(parts: &[&Part]) -> Vec<Location> {
    let each = parts.iter().flat_map(|part| &part.component.locations);
    let mut places: Vec<Location> = each.cloned().collect();
    if parts.len() > 1 {
        places.sort_by_cached_key(|place| (place.full_path(), place.region));
        places.dedup();
        places.truncate(PLACES);
    }
    places
}

/// What the advisories say about a package, and the versions that it holds for. Those of which a statement says that it
/// does not matter there are left out, unless that is all of them.
pub(super) fn vulnerability<'f, 'a>(
    common: &Common<'f, 'a>,
    statements: &[VexStatement],
) -> Option<Told<'f, 'a>> {
    let id = common.id();
    let mut ids: BTreeSet<&str> =
        common.affected.iter().flat_map(|each| each.found.ids.iter().copied()).collect();
    ids.remove(id);
    let ids: Vec<String> = std::iter::once(id).chain(ids).map(str::to_owned).collect();
    let silent: Vec<Option<Suppression>> =
        common.affected.iter().map(|each| silenced(each.part, &ids, statements)).collect();
    let heard = silent.iter().any(Option::is_none);
    let affected: Vec<Affected<'f, 'a>> = (common.affected.iter().zip(&silent))
        .filter(|(_, silent)| silent.is_none() || !heard)
        .map(|(affected, _)| *affected)
        .collect();
    let last = affected.last()?;
    let found = affected.iter().map(|each| each.found).find(|found| found.id == id).unwrap_or(last.found);
    let name = &last.part.component.name;
    let label = format!("{name} {}", versions([last.part]));
    let others = affected.split_last().map(|(_, others)| versions(others.iter().map(|each| each.part)));
    let also = others.filter(|others| !others.is_empty()).map(|others| format!(", also in {others}"));
    let also = also.unwrap_or_default();
    let every = format!("{name} {}", versions(affected.iter().map(|each| each.part)));
    let draft = Draft {
        rule: rule(found.kind),
        parts: affected.iter().map(|each| each.part).collect(),
        severity: affected.iter().map(|each| weight::severity(each.found)).max()?,
        confidence: Confidence::High,
        title: format!("{label}: {}{also} ({id})", about(found)),
        message: message(&every, &affected, &ids),
        ids: ids.clone(),
    };
    let mut finding = draft.finding();
    finding.advisory = Some(id.to_owned());
    finding.cwe = (affected.iter().flat_map(|each| &each.found.records))
        .flat_map(|record| record.cwe.iter().copied())
        .collect();
    finding.cwe.sort_unstable();
    finding.cwe.dedup();
    finding.fix = remedy::fix(&affected);
    finding.evidence = evidence(found);
    finding.tags = tags(found);
    finding.properties.extend(properties(found, &ids, remedy::versions(&affected)));
    let (said, silent): (Vec<_>, Vec<_>) =
        common.affected.iter().zip(silent).partition(|(_, silent)| silent.is_none());
    match said.is_empty() {
        true => finding.suppression = silent.into_iter().next_back().and_then(|(_, silent)| silent),
        false => finding.evidence.extend(silent.into_iter().filter_map(|(each, silent)| {
            let value = format!("{} {}", each.part.component.purl, silent?.reason);
            Some(Evidence { kind: "vex".to_owned(), value })
        })),
    }
    Some(Told { finding, affected })
}

/// What it is, in a line: the summary that a record has, otherwise the beginning of its details.
fn about<'a>(found: &Vulnerability<'a>) -> &'a str {
    let summary = found.summary().trim();
    if !summary.is_empty() {
        return summary;
    }
    let details = found.matches.iter().filter_map(|each| Some(each.texts().ok()?.details));
    let mut lines = details.flat_map(str::lines).map(|line| line.trim_start_matches('#').trim());
    lines.find(|line| !line.is_empty()).unwrap_or("known vulnerability")
}

pub(super) fn rule(kind: Kind) -> &'static str {
    match kind {
        Kind::Vulnerability => "vulnerable-dependency",
        Kind::Malicious => "malicious-dependency",
        Kind::Unmaintained => "unmaintained-dependency",
        Kind::Unsound => "unsound-dependency",
        Kind::Notice => "dependency-notice",
    }
}

fn message(label: &str, affected: &[Affected<'_, '_>], ids: &[String]) -> String {
    let kind = affected.iter().map(|each| each.found.kind).max().unwrap_or_default();
    let what = match kind {
        Kind::Vulnerability => "is affected by",
        Kind::Malicious => "is malicious:",
        Kind::Unmaintained => "is unmaintained:",
        Kind::Unsound => "is unsound:",
        Kind::Notice => "has a notice:",
    };
    let mut known = affected.iter().filter_map(|each| each.found.exploited.as_ref());
    let exploited = match known.clone().next() {
        Some(_) if known.any(|known| known.ransomware) => "; it is exploited in the wild, also by ransomware",
        Some(_) => "; it is exploited in the wild",
        None => "",
    };
    let fix = match kind {
        Kind::Malicious => "remove it, and change every credential that it could read".to_owned(),
        _ => remedy::sentence(affected),
    };
    format!("{label} {what} {}{exploited}; {fix}", ids.join(", "))
}

fn evidence(found: &Vulnerability<'_>) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    let mut add = |kind: &str, value: String| evidence.push(Evidence { kind: kind.to_owned(), value });
    match (found.rating.score, found.rating.vectors.first()) {
        (Some(score), Some(vector)) => add("cvss", format!("{score:.1} {vector}")),
        _ if found.rating.unscored => add("cvss", "nobody has rated it".to_owned()),
        _ => {}
    }
    if let Some(known) = &found.exploited {
        add("exploited", format!("in CISA's catalogue since {}, due {}", known.added, known.due));
    }
    if let Some(score) = &found.probability {
        let (probability, percentile) = (score.probability * 100.0, score.percentile * 100.0);
        add("epss", format!("{probability:.1} % within 30 days, more than {percentile:.0} % of all"));
    }
    let texts = found.matches.iter().filter_map(|each| each.texts().ok());
    let addresses = texts.flat_map(|texts| texts.references.into_iter().map(|(_, url)| url));
    let mut seen = BTreeSet::new();
    for url in addresses.filter(|url| seen.insert(*url)).take(REFERENCES) {
        add("reference", url.to_owned());
    }
    evidence
}

fn tags(found: &Vulnerability<'_>) -> Vec<String> {
    let mut tags = Vec::new();
    tags.extend(found.exploited.is_some().then(|| "exploited".to_owned()));
    tags.extend((found.kind != Kind::Vulnerability).then(|| found.kind.as_str().to_owned()));
    tags.extend(found.rating.unscored.then(|| "unscored".to_owned()));
    tags
}

/// A version as the component's own is written: Go's have a `v` that advisories leave out.
pub(super) fn as_tagged(part: &Part, version: &str) -> String {
    let tagged = part.purl.version().is_some_and(|own| own.starts_with('v'));
    if tagged && !version.starts_with('v') { format!("v{version}") } else { version.to_owned() }
}

fn properties(found: &Vulnerability<'_>, ids: &[String], fixed: Option<String>) -> BTreeMap<String, String> {
    let mut properties = BTreeMap::from([("ids".to_owned(), ids.join(" "))]);
    let mut add = |name: &str, value: Option<String>| {
        properties.extend(value.map(|value| (name.to_owned(), value)));
    };
    add("fixed", fixed);
    add("score", found.rating.score.map(|score| format!("{score:.1}")));
    add("epss", found.probability.map(|score| format!("{:.5}", score.probability)));
    add("exploited", found.exploited.map(|known| known.added.to_string()));
    properties
}

fn silenced(part: &Part, ids: &[String], statements: &[VexStatement]) -> Option<Suppression> {
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let statement = vex::latest(statements, &ids, &part.purl, &[])?;
    let why = statement.impact.as_deref().or(statement.justification.as_deref()).unwrap_or("no reason given");
    statement.status.suppresses().then(|| Suppression {
        kind: SuppressionKind::Vex,
        reason: format!("{}: {why}", statement.status.label()),
        owner: Some(statement.author.clone()).filter(|author| !author.is_empty()),
        expires: None,
        requester: None,
        approver: None,
    })
}

fn cut(title: &str) -> String {
    let line = title.lines().next().unwrap_or_default();
    if line.chars().count() <= TITLE {
        return line.to_owned();
    }
    let mut short: String = line.chars().take(TITLE - 1).collect();
    short.push('…');
    short
}
