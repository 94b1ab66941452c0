use std::collections::{BTreeMap, BTreeSet};

use andon_advisories::{Kind, Vulnerability};
use andon_model::{
    Confidence, Evidence, Finding, Fingerprint, Fingerprints, Fix, RuleRef, Severity, Stage, State, Subject,
    Suppression, SuppressionKind,
};
use andon_sbom::vex::{self, VexStatement};

use super::weight;
use crate::engine::NAME;
use crate::inventory::Part;

/// Longest title, in characters.
const TITLE: usize = 120;
/// Addresses to read that a finding carries.
const REFERENCES: usize = 5;

/// A finding of this engine with nothing but its identity: what is wrong (`kind` and `ids`) with which package.
pub(super) struct Draft<'a> {
    pub(super) rule: &'static str,
    pub(super) part: &'a Part,
    /// Each of them identifies the finding together with the package's name; the first is the one shown.
    pub(super) ids: Vec<String>,
    pub(super) severity: Severity,
    pub(super) confidence: Confidence,
    pub(super) title: String,
    pub(super) message: String,
}

impl Draft<'_> {
    /// The identity leaves the version out: an upgrade that does not mend it leaves it the same finding.
    pub(super) fn finding(self) -> Finding {
        let mut prints = self.ids.iter().map(|id| print(self.rule, id, self.part));
        let primary = prints.next().unwrap_or_else(|| print(self.rule, "", self.part));
        let alternates: BTreeSet<Fingerprint> = prints.collect();
        let component = &self.part.component;
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
            locations: component.locations.clone(),
            flow: Vec::new(),
            subject: Some(Subject::Component(component.purl.clone())),
            cwe: Vec::new(),
            controls: Vec::new(),
            advisory: None,
            fix: None,
            evidence: Vec::new(),
            context: String::new(),
            state: State::default(),
            suppression: None,
            tags: Vec::new(),
            properties: BTreeMap::new(),
        }
    }
}

/// The primary fingerprint of the finding that [`vulnerability`] makes.
pub(super) fn primary(part: &Part, found: &Vulnerability<'_>) -> Fingerprint {
    print(rule(found.kind), found.id, part)
}

fn print(rule: &str, id: &str, part: &Part) -> Fingerprint {
    let package = part.purl.clone().without_version().without_qualifiers().to_string();
    Fingerprint::new("dependency/1", &[rule.as_bytes(), id.as_bytes(), package.as_bytes()])
}

/// What an advisory says about a component.
pub(super) fn vulnerability(part: &Part, found: &Vulnerability<'_>, statements: &[VexStatement]) -> Finding {
    let component = &part.component;
    let label = format!("{} {}", component.name, component.version.as_deref().unwrap_or_default());
    let about = about(found);
    let fixed = found.fix.map(|fix| as_tagged(part, fix));
    let mut ids: Vec<String> = vec![found.id.to_owned()];
    ids.extend(found.ids.iter().filter(|id| **id != found.id).map(|id| (*id).to_owned()));
    let draft = Draft {
        rule: rule(found.kind),
        part,
        ids: ids.clone(),
        severity: weight::severity(found),
        confidence: Confidence::High,
        title: format!("{label}: {about} ({})", found.id),
        message: message(&label, found, &ids, fixed.as_deref()),
    };
    let mut finding = draft.finding();
    finding.advisory = Some(found.id.to_owned());
    finding.cwe = found.records.iter().flat_map(|record| record.cwe.iter().copied()).collect();
    finding.cwe.sort_unstable();
    finding.cwe.dedup();
    finding.fix =
        fixed.as_ref().map(|fix| Fix { description: format!("Update {} to {fix}.", component.name) });
    finding.evidence = evidence(found);
    finding.tags = tags(found);
    finding.properties = properties(found, &ids, fixed.as_deref());
    finding.suppression = silenced(part, &ids, statements);
    finding
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

fn message(label: &str, found: &Vulnerability<'_>, ids: &[String], fix: Option<&str>) -> String {
    let what = match found.kind {
        Kind::Vulnerability => "is affected by",
        Kind::Malicious => "is malicious:",
        Kind::Unmaintained => "is unmaintained:",
        Kind::Unsound => "is unsound:",
        Kind::Notice => "has a notice:",
    };
    let exploited = match &found.exploited {
        Some(known) if known.ransomware => "; it is exploited in the wild, also by ransomware",
        Some(_) => "; it is exploited in the wild",
        None => "",
    };
    let fix = match (found.kind, fix, found.fixes.is_empty()) {
        (Kind::Malicious, ..) => "remove it, and change every credential that it could read".to_owned(),
        (_, Some(fix), _) => format!("fixed in {fix}"),
        (_, None, false) => "the versions that fix it are older or affected otherwise".to_owned(),
        (_, None, true) => "there is no fixed version".to_owned(),
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

fn properties(found: &Vulnerability<'_>, ids: &[String], fixed: Option<&str>) -> BTreeMap<String, String> {
    let mut properties = BTreeMap::from([("ids".to_owned(), ids.join(" "))]);
    let mut add = |name: &str, value: Option<String>| {
        properties.extend(value.map(|value| (name.to_owned(), value)));
    };
    add("fixed", fixed.map(str::to_owned));
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
