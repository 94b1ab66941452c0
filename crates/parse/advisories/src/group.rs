//! One vulnerability for however many records speak of it.

use std::collections::{BTreeMap, BTreeSet};

use andon_model::Severity;

use crate::ecosystem;
use crate::index::{Exploited, Index, IndexError, Probability, Record};
use crate::matching::Match;
use crate::order;
use crate::osv::{Kind, passed_on};
use crate::rating::Rating;

/// A vulnerability of one component, whatever its many ids.
#[derive(Clone, Debug)]
pub struct Vulnerability<'a> {
    /// The id to call it by: the lowest CVE, otherwise the lowest GHSA, otherwise the lowest of its records. An advisory
    /// that passes several vulnerabilities on is called by its own id.
    pub id: &'a str,
    /// Every id, sorted: aliases, and for an advisory that passes vulnerabilities on, theirs.
    pub ids: Vec<&'a str>,
    /// The records that speak of it: a distribution's first, then by id.
    pub records: Vec<Record<'a>>,
    /// Where the records came from, in the same order.
    pub matches: Vec<Match<'a>>,
    /// What kind; the worst of the records'.
    pub kind: Kind,
    /// How bad; a distribution's word on its own package goes before others.
    pub rating: Rating<'a>,
    /// When it is known to be exploited: what CISA's catalogue says.
    pub exploited: Option<Exploited>,
    /// How probable its exploitation is; the highest of its CVEs.
    pub probability: Option<Probability>,
    /// The lowest version that none of its records affects; for a distribution's package the distribution's.
    pub fix: Option<&'a str>,
    /// Every fixed version that its records name, of other branches too, lowest first.
    pub fixes: Vec<&'a str>,
}

impl<'a> Vulnerability<'a> {
    /// How bad, in words.
    pub fn severity(&self) -> Severity {
        self.rating.severity
    }

    /// One line: the first summary that a record has; empty when none has.
    pub fn summary(&self) -> &'a str {
        self.records.iter().map(|record| record.summary).find(|text| !text.is_empty()).unwrap_or_default()
    }
}

/// Groups what affects one component: records that share an id or an alias are one vulnerability, and a record that
/// passes a single vulnerability on is about that one. An advisory that passes several on is one entry with all their
/// ids and never makes one of two; those of its vulnerabilities that have a record of their own are left to that, which
/// then takes the advisory's fix and severity. `index` knows what is exploited; the matches may come from others too.
///
/// # Errors
/// When an index is damaged.
pub fn group<'a>(index: &Index<'_>, matches: &[Match<'a>]) -> Result<Vec<Vulnerability<'a>>, IndexError> {
    let parts: Vec<Part<'a, '_>> = matches.iter().map(Part::of).collect::<Result<_, _>>()?;
    let (bundles, single): (Vec<&Part<'_, '_>>, Vec<&Part<'_, '_>>) =
        parts.iter().partition(|part| part.passes_on.len() > 1);
    let mut sets = unite(single);
    for bundle in bundles {
        let mut left: BTreeSet<&'a str> = bundle.passes_on.iter().copied().collect();
        for set in sets.iter_mut().filter(|set| !set.bundle) {
            let before = left.len();
            left.retain(|id| !set.ids.contains(id));
            if left.len() < before {
                set.ids.insert(bundle.record.id);
                set.parts.push(bundle);
            }
        }
        if !left.is_empty() {
            left.extend(&bundle.ids);
            sets.push(Set { ids: left, parts: vec![bundle], bundle: true });
        }
    }
    let mut found: Vec<Vulnerability<'a>> = sets.into_iter().map(|set| set.vulnerability(index)).collect();
    found.sort_by(|one, other| one.id.cmp(other.id).then_with(|| one.ids.cmp(&other.ids)));
    Ok(found)
}

/// A match and the ids that say what it is about.
struct Part<'a, 'm> {
    found: &'m Match<'a>,
    record: Record<'a>,
    ids: BTreeSet<&'a str>,
    /// The vulnerabilities that it passes on, beside those it is an alias of.
    passes_on: Vec<&'a str>,
    distribution: bool,
}

impl<'a, 'm> Part<'a, 'm> {
    fn of(found: &'m Match<'a>) -> Result<Self, IndexError> {
        let record = found.record()?;
        let mut ids: BTreeSet<&'a str> = found.ids_with(&record)?.into_iter().collect();
        let named = ids.iter().any(|id| id.starts_with("CVE-"));
        let mut passes_on: Vec<&'a str> = if named {
            Vec::new()
        } else {
            passed_on(found.base(), &record.upstream, &record.related).collect()
        };
        passes_on.sort_unstable();
        passes_on.dedup();
        if let [only] = *passes_on {
            ids.insert(only);
            passes_on.clear();
        }
        Ok(Self { found, record, ids, passes_on, distribution: ecosystem::is_distribution(found.base()) })
    }
}

/// Records of one vulnerability.
struct Set<'a, 'm> {
    ids: BTreeSet<&'a str>,
    parts: Vec<&'m Part<'a, 'm>>,
    /// Whether it is an advisory with several vulnerabilities.
    bundle: bool,
}

/// Unites what shares an id, in time that grows with the number of ids.
fn unite<'a, 'm>(parts: Vec<&'m Part<'a, 'm>>) -> Vec<Set<'a, 'm>> {
    let mut sets: Vec<Option<Set<'a, 'm>>> = Vec::new();
    let mut owner: BTreeMap<&'a str, usize> = BTreeMap::new();
    for part in parts {
        let mut set = Set { ids: part.ids.clone(), parts: vec![part], bundle: false };
        let known: BTreeSet<usize> = part.ids.iter().filter_map(|id| owner.get(id).copied()).collect();
        for other in known.iter().filter_map(|at| sets.get_mut(*at).and_then(Option::take)) {
            set.ids.extend(other.ids);
            set.parts.splice(0..0, other.parts);
        }
        owner.extend(set.ids.iter().map(|id| (*id, sets.len())));
        sets.push(Some(set));
    }
    sets.into_iter().flatten().collect()
}

impl<'a> Set<'a, '_> {
    fn vulnerability(mut self, index: &Index<'_>) -> Vulnerability<'a> {
        self.parts.sort_by_key(|part| (!part.distribution, part.record.id));
        let id = self.name();
        let cves = || self.ids.iter().filter(|id| id.starts_with("CVE-"));
        let probability = cves().filter_map(|id| index.probability(id));
        let (fix, fixes) = self.fixes();
        Vulnerability {
            id,
            kind: self.kind(),
            rating: self.rating(),
            exploited: cves().filter_map(|id| index.exploited(id)).min_by_key(|each| each.added),
            probability: probability.max_by(|one, other| one.probability.total_cmp(&other.probability)),
            fix,
            fixes,
            records: self.parts.iter().map(|part| part.record.clone()).collect(),
            matches: self.parts.iter().map(|part| part.found.clone()).collect(),
            ids: self.ids.into_iter().collect(),
        }
    }

    fn name(&self) -> &'a str {
        let lowest = |prefix: &str| {
            let ids = self.ids.iter().copied().filter(|id| id.starts_with(prefix));
            ids.min_by(|one, other| natural(one).cmp(&natural(other)))
        };
        let own = || self.parts.iter().map(|part| part.record.id).min();
        let shared = if self.bundle { None } else { lowest("CVE-").or_else(|| lowest("GHSA-")) };
        shared.or_else(own).unwrap_or_default()
    }

    fn kind(&self) -> Kind {
        self.parts.iter().map(|part| part.record.kind).max().unwrap_or_default()
    }

    /// The parts whose word counts: a distribution's where there are some. They come first.
    fn decisive(&self) -> &[&Part<'a, '_>] {
        let end = self.parts.iter().position(|part| !part.distribution).filter(|end| *end > 0);
        self.parts.get(..end.unwrap_or(self.parts.len())).unwrap_or_default()
    }

    fn rating(&self) -> Rating<'a> {
        let rate = |parts: &[&Part<'a, '_>]| {
            let (mut vectors, mut words) = (Vec::new(), Vec::new());
            for part in parts {
                let (own, word) = part.found.ratings();
                vectors.extend(own);
                vectors.extend_from_slice(&part.record.severity);
                words.extend(word);
                words.extend(part.record.rating);
            }
            Rating::of(self.kind(), vectors, words)
        };
        let rating = rate(self.decisive());
        if rating.unscored { rate(&self.parts) } else { rating }
    }

    /// A version without this vulnerability is one that satisfies every record that counts.
    fn fixes(&self) -> (Option<&'a str>, Vec<&'a str>) {
        let (mut lowest, mut all) = (Vec::new(), Vec::new());
        for part in self.decisive() {
            let fixes = part.found.fixes();
            lowest.extend(part.found.fix(&fixes));
            all.extend(fixes);
        }
        let scheme = self.parts.first().and_then(|part| part.found.scheme());
        order::sort(scheme, &mut lowest);
        order::sort(scheme, &mut all);
        (lowest.last().copied(), all)
    }
}

/// `CVE-2021-9` is before `CVE-2021-10`.
fn natural(id: &str) -> (usize, &str) {
    (id.len(), id)
}
