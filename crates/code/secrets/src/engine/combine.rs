//! One secret seen in many places is one finding.

use std::collections::BTreeMap;

use andon_model::{
    Evidence, Finding, Fingerprints, Fix, Location, Occurrence, Origin, Outcome, Stage, State, Suppression,
    SuppressionKind, Unit,
};

use super::weigh::weigh;
use super::{NAME, describe};
use crate::config::{Allowlist, IgnoreFile, Rule, RuleSet};
use crate::facts::{self, Hit, Pending, Validation};
use crate::identity;
use crate::noise;

/// Places that a finding lists; the number of all of them is in its properties.
const MAX_LOCATIONS: usize = 100;

/// Turns facts and their occurrences into findings.
pub(super) fn combine(set: &RuleSet, ignore: &IgnoreFile, now: i64, units: &[Unit]) -> Outcome {
    let mut groups: BTreeMap<(u32, [u8; 32], String), Group> = BTreeMap::new();
    for unit in units {
        let hits = facts::decode(&unit.facts).unwrap_or_default();
        for hit in &hits {
            let Some(rule) = set.rules.get(hit.rule as usize) else { continue };
            for occurrence in unit.occurrences.iter().filter(|place| speaks(set, &hits, hit, place)) {
                let path = if rule.regex.is_none() { occurrence.path.clone() } else { String::new() };
                groups.entry((hit.rule, hit.secret, path)).or_default().add(rule, ignore, hit, occurrence);
            }
        }
    }
    let findings = groups
        .into_iter()
        .filter_map(|((rule, ..), group)| group.finding(set.rules.get(rule as usize)?, now));
    Outcome { findings: findings.collect(), ..Outcome::default() }
}

/// Whether a hit counts at a place and no better one does.
fn speaks(set: &RuleSet, hits: &[Hit], hit: &Hit, place: &Occurrence) -> bool {
    let counts =
        |hit: &Hit| set.rules.get(hit.rule as usize).is_some_and(|rule| applies(set, rule, hit, place));
    counts(hit) && !hit.rivals.iter().filter_map(|rival| hits.get(*rival as usize)).any(counts)
}

/// Whether a hit counts at a place, as far as that depends on path and commit.
fn applies(set: &RuleSet, rule: &Rule, hit: &Hit, place: &Occurrence) -> bool {
    let path_fits = rule.path.as_ref().is_none_or(|pattern| pattern.is_match(place.path.as_bytes()));
    let companion_counts = |companion: &Rule| {
        companion.path.as_ref().is_none_or(|pattern| pattern.is_match(place.path.as_bytes()))
            && !companion.allowlists.iter().any(|list| allowed_anyway(list, place))
    };
    let companions_fit =
        hit.companions.iter().filter_map(|index| set.rules.get(*index as usize)).all(companion_counts);
    let noisy = rule.ours && rule.is_generic() && noise::is_noise_path(&place.path);
    let allowed = |list: &Allowlist| allowed_anyway(list, place);
    let depends = |pending: &Pending| match pending {
        Pending::Global(index) => set.allowlists.get(*index as usize),
        Pending::Rule(index) => rule.allowlists.get(*index as usize),
        Pending::Required(other, index) => {
            set.rules.get(*other as usize).and_then(|other| other.allowlists.get(*index as usize))
        }
    };
    let waiting = hit.pending.iter().filter_map(depends).any(|list| place_allowed(list, place));
    path_fits
        && companions_fit
        && !noisy
        && !waiting
        && !set.allowlists.iter().chain(&rule.allowlists).any(allowed)
}

/// Allowlists that look at path and commit only.
fn allowed_anyway(list: &Allowlist, place: &Occurrence) -> bool {
    if list.all {
        !list.has_regexes() && !list.has_stopwords() && place_allowed(list, place)
    } else {
        list.path_allowed(&place.path) || commit(place).is_some_and(|commit| list.commit_allowed(commit))
    }
}

/// All conditions of the list that concern the place.
fn place_allowed(list: &Allowlist, place: &Occurrence) -> bool {
    (!list.has_paths() || list.path_allowed(&place.path))
        && (!list.has_commits() || commit(place).is_some_and(|commit| list.commit_allowed(commit)))
}

fn commit(place: &Occurrence) -> Option<&str> {
    match &place.origin {
        Origin::Tree | Origin::Layer { .. } => None,
        Origin::Commit { commit, .. } => Some(&commit.id),
    }
}

#[derive(Default)]
struct Group {
    sightings: Vec<Sighting>,
}

struct Sighting {
    location: Location,
    hit: Hit,
    silenced: Option<SuppressionKind>,
}

impl Group {
    fn add(&mut self, rule: &Rule, ignore: &IgnoreFile, hit: &Hit, place: &Occurrence) {
        let by_file = ignore.matches(commit(place), &place.path, &rule.id, hit.match_line as usize);
        let silenced = match (hit.allowed_inline, by_file) {
            (true, _) => Some(SuppressionKind::Inline),
            (false, true) => Some(SuppressionKind::IgnoreFile),
            (false, false) => None,
        };
        self.sightings.push(Sighting { location: location(rule, hit, place), hit: hit.clone(), silenced });
    }

    fn finding(mut self, rule: &Rule, now: i64) -> Option<Finding> {
        if self.sightings.iter().any(|sighting| sighting.silenced.is_none()) {
            self.sightings.retain(|sighting| sighting.silenced.is_none());
        }
        let suppression = self.sightings.first()?.silenced.map(suppression);
        let introduced = self.introduced();
        self.sightings.sort_by_cached_key(|sighting| order(&sighting.location));
        let total = self.sightings.len();
        let fingerprints = self.fingerprints(rule);
        let first = self.sightings.first()?;
        let (severity, confidence) = weigh(rule, &first.hit.validation, &first.location.full_path(), now);
        let mut properties = BTreeMap::from([("occurrences".to_owned(), total.to_string())]);
        properties.extend(introduced.map(|commit| ("introduced".to_owned(), commit)));
        Some(Finding {
            fingerprints,
            rule: describe::reference(rule),
            stage: Stage::Code,
            engine: NAME.to_owned(),
            severity,
            confidence,
            title: title(rule),
            message: message(rule, first),
            flow: Vec::new(),
            subject: None,
            cwe: rule.meta.cwe.clone(),
            controls: Vec::new(),
            advisory: None,
            fix: Some(rule.meta.remediation.trim())
                .filter(|text| !text.is_empty())
                .map(|text| Fix { description: text.to_owned() }),
            evidence: evidence(rule, &first.hit, now),
            context: first.hit.context.clone(),
            state: State::New,
            suppression,
            tags: tags(rule, &first.hit),
            properties,
            locations: self
                .sightings
                .into_iter()
                .take(MAX_LOCATIONS)
                .map(|sighting| sighting.location)
                .collect(),
        })
    }

    /// The oldest commit; occurrences of a unit come oldest first.
    fn introduced(&self) -> Option<String> {
        let commits = self.sightings.iter().filter_map(|sighting| sighting.location.commit.as_ref());
        commits
            .min_by(|a, b| (time(&a.date), &a.id).cmp(&(time(&b.date), &b.id)))
            .map(|commit| commit.id.clone())
    }

    fn fingerprints(&self, rule: &Rule) -> Fingerprints {
        let ids = std::iter::once(&rule.id).chain(&rule.meta.formerly);
        let of = |id: &String, sighting: &Sighting| {
            let hit = &sighting.hit;
            if rule.regex.is_none() {
                identity::path_fingerprint(id, &sighting.location.full_path())
            } else if hit.strong {
                identity::strong_fingerprint(id, &hit.secret)
            } else {
                identity::weak_fingerprint(id, &hit.masked_line, &hit.secret)
            }
        };
        let seen = || self.sightings.iter().take(MAX_LOCATIONS);
        let mut all = ids.clone().flat_map(|id| seen().map(move |sighting| of(id, sighting)));
        let Some(primary) = all.next() else {
            return Fingerprints::only(identity::path_fingerprint(&rule.id, ""));
        };
        let mut fingerprints = Fingerprints::only(primary);
        fingerprints.alternates.extend(all);
        let weak = || seen().filter(|sighting| rule.regex.is_some() && !sighting.hit.strong);
        let in_file = |id: &String, sighting: &Sighting| {
            identity::weak_file_fingerprint(id, &sighting.location.full_path(), &sighting.hit.secret)
        };
        fingerprints.alternates.extend(ids.flat_map(|id| weak().map(move |sighting| in_file(id, sighting))));
        fingerprints.alternates.remove(&fingerprints.primary.clone());
        fingerprints
    }
}

/// Present places first, then by path and position, then by age.
fn order(location: &Location) -> impl Ord + use<> {
    let commit = location.commit.as_ref();
    (
        location.at_head == Some(false),
        location.full_path(),
        location.region,
        commit.map(|commit| time(&commit.date)),
        commit.map(|commit| commit.id.clone()),
    )
}

fn time(date: &str) -> i64 {
    date.parse::<jiff::Timestamp>().map_or(i64::MAX, jiff::Timestamp::as_second)
}

fn location(rule: &Rule, hit: &Hit, place: &Occurrence) -> Location {
    let content = rule.regex.is_some();
    Location {
        region: content.then_some(hit.region),
        snippet: content.then(|| hit.snippet.clone()),
        ..place.location()
    }
}

fn title(rule: &Rule) -> String {
    let line = rule.description.lines().next().unwrap_or_default().trim();
    if line.is_empty() { rule.id.clone() } else { line.to_owned() }
}

fn message(rule: &Rule, sighting: &Sighting) -> String {
    let title = title(rule);
    let title = title.trim_end_matches('.');
    if rule.regex.is_none() {
        return format!("{title}: the file's name says that it holds a credential");
    }
    let hit = &sighting.hit;
    let kind = hit.tags.iter().filter_map(|tag| tag.strip_prefix("decoded:")).collect::<Vec<_>>().join(", ");
    let decoded = if kind.is_empty() { String::new() } else { format!(", decoded from {kind}") };
    format!("{title}: {}{decoded}", hit.redacted)
}

fn evidence(rule: &Rule, hit: &Hit, now: i64) -> Vec<Evidence> {
    if rule.regex.is_none() {
        return Vec::new();
    }
    let fact = |kind: &str, value: String| Evidence { kind: kind.to_owned(), value };
    let mut evidence = vec![
        fact("redacted", hit.redacted.clone()),
        fact("entropy", format!("{:.2} bits per character", hit.entropy)),
    ];
    match &hit.validation {
        Validation::None => {}
        Validation::Valid(note) => evidence.push(fact("validation", note.clone())),
        Validation::Expires(at, note) => {
            evidence.push(fact("validation", note.clone()));
            let word = if *at <= now { "expired" } else { "expires" };
            let date =
                jiff::Timestamp::from_second(*at).map_or_else(|_| at.to_string(), |time| time.to_string());
            evidence.push(fact("expires", format!("{word} {date}")));
        }
    }
    evidence
}

fn tags(rule: &Rule, hit: &Hit) -> Vec<String> {
    let mut tags = rule.tags.clone();
    tags.extend(hit.tags.iter().cloned());
    tags
}

fn suppression(kind: SuppressionKind) -> Suppression {
    let reason = match kind {
        SuppressionKind::Inline => "a `gitleaks:allow` comment on the line",
        _ => "an entry of .gitleaksignore",
    };
    Suppression::new(kind, reason)
}
