//! Which advisories affect a component.

use andon_model::Severity;
use andon_versions::Scheme;

use crate::ecosystem::{self, Agreement};
use crate::evaluate::{self, Verdict};
use crate::index::{Candidate, Entry, Index, IndexError, Mark, Package, Record, Texts};
use crate::order::{self, Subject, Unordered};
use crate::osv::RangeKind;

/// A component, as the advisories name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question<'a> {
    /// OSV's name of the ecosystem, with the release of a distribution: `npm`, `Debian:12`.
    pub ecosystem: &'a str,
    /// The package's name there.
    pub name: &'a str,
    /// Its exact version.
    pub version: &'a str,
}

/// What the advisories say about a component.
#[derive(Clone, Debug, Default)]
pub struct Matches<'i> {
    /// The records that affect it, in the order of the index. See [`crate::group`] for one entry a vulnerability.
    pub vulnerabilities: Vec<Match<'i>>,
    /// The records that may affect it, and why nobody can tell.
    pub undetermined: Vec<Undetermined<'i>>,
    /// Whether any record is about this package, in whatever version.
    pub known_package: bool,
    /// Whether the data covers its ecosystem and release at all. Where it does not, finding nothing means nothing.
    pub ecosystem_covered: bool,
}

/// A record that affects a component. What it says is read when it is asked for.
#[derive(Clone, Debug)]
pub struct Match<'i> {
    /// The record's number in its index.
    pub number: u32,
    index: &'i Index<'i>,
    question: Question<'i>,
    package: Package<'i>,
}

/// A record that may affect a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undetermined<'a> {
    /// The record's id.
    pub id: &'a str,
    /// Why nobody can tell.
    pub reason: Reason,
}

/// Why nobody can tell whether a record affects a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The component's version is none by its ecosystem's rules.
    Version,
    /// The record's versions are none by its ecosystem's rules.
    Advisory,
    /// The order of the ecosystem's versions is not known.
    Order,
    /// The record names commits only.
    Commits,
    /// The record holds for one release of the distribution, and the component's is not known.
    Release,
}

impl Reason {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Version => "the component's version cannot be read",
            Self::Advisory => "the advisory's versions cannot be read",
            Self::Order => "the order of this ecosystem's versions is not known",
            Self::Commits => "the advisory names commits only",
            Self::Release => "the distribution's release is not known",
        }
    }
}

impl Index<'_> {
    /// Which records affect a component.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn matches<'i>(&'i self, question: &Question<'i>) -> Result<Matches<'i>, IndexError> {
        let (base, asked) = ecosystem::split(question.ecosystem);
        let subject = Subject::new(Scheme::of_ecosystem(question.ecosystem), question.version);
        let mut matches =
            Matches { ecosystem_covered: self.metadata().covers(question.ecosystem), ..Matches::default() };
        for candidate in self.lookup(base, question.name) {
            let Candidate { record: number, package } = candidate?;
            matches.known_package = true;
            match judge(&subject, base, asked, &package) {
                Judgement::Clear => {}
                Judgement::Affected => {
                    let question = *question;
                    matches.vulnerabilities.push(Match { number, index: self, question, package });
                }
                Judgement::Undetermined(reason) => {
                    matches.undetermined.push(Undetermined { id: self.id(number)?, reason });
                }
            }
        }
        Ok(matches)
    }
}

impl<'i> Match<'i> {
    /// The record's id.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn id(&self) -> Result<&'i str, IndexError> {
        self.index.id(self.number)
    }

    /// The record.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn record(&self) -> Result<Record<'i>, IndexError> {
        self.index.record(self.number)
    }

    /// The record's details and web pages.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn texts(&self) -> Result<Texts<'i>, IndexError> {
        self.index.texts(self.number)
    }

    /// Every id of the same vulnerability, sorted.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn ids(&self) -> Result<Vec<&'i str>, IndexError> {
        self.ids_with(&self.record()?)
    }

    /// As [`Match::ids`], by who has read the record already.
    pub(crate) fn ids_with(&self, record: &Record<'i>) -> Result<Vec<&'i str>, IndexError> {
        self.index.all_ids(self.number, record)
    }

    /// The ecosystem without its suffix.
    pub fn base(&self) -> &'i str {
        self.package.base
    }

    /// The order of the package's versions, where it is known.
    pub(crate) fn scheme(&self) -> Option<Scheme> {
        Scheme::of_ecosystem(self.question.ecosystem)
    }

    /// What is said of this package alone: methods and vectors, and the database's own word.
    pub fn ratings(&self) -> (Vec<(&'i str, &'i str)>, Option<Severity>) {
        let (mut vectors, mut word) = (Vec::new(), None);
        for entry in self.entries() {
            let (more, own) = entry.ratings();
            vectors.extend(more);
            word = word.max(own);
        }
        (vectors, word)
    }

    /// Every fixed version, of other branches too, lowest first where they can be ordered.
    pub fn fixes(&self) -> Vec<&'i str> {
        let ranges = self.entries().flat_map(|entry| entry.ranges.iter());
        let ordered = ranges.filter(|span| span.order != RangeKind::Git);
        let fixed = |mark| if let Mark::Fixed(version) = mark { Some(version) } else { None };
        let mut fixes: Vec<&str> = ordered.flat_map(|span| span.events()).filter_map(fixed).collect();
        order::sort(self.scheme(), &mut fixes);
        fixes
    }

    /// The lowest of its [`Match::fixes`] above the version there is that this record does not affect.
    pub fn fix(&self, fixes: &[&'i str]) -> Option<&'i str> {
        let scheme = self.scheme();
        let present = Subject::new(scheme, self.question.version);
        let version = present.version(RangeKind::Ecosystem).ok()?;
        let mends = |fix: &&&str| {
            let fixed = Subject::new(scheme, fix);
            let above = fixed.version(RangeKind::Ecosystem).is_ok_and(|fixed| fixed > version);
            above && self.entries().all(|entry| evaluate::entry(&fixed, &entry) == Verdict::Clear)
        };
        fixes.iter().find(mends).copied()
    }

    /// The entries that hold for the component's release.
    fn entries(&self) -> impl Iterator<Item = Entry<'i>> {
        let (base, asked) = ecosystem::split(self.question.ecosystem);
        let agrees =
            move |entry: &Entry<'i>| ecosystem::agreement(base, entry.suffix, asked) == Agreement::Same;
        self.package.entries().filter(agrees)
    }
}

enum Judgement {
    Affected,
    Clear,
    Undetermined(Reason),
}

/// The worst of what the entries say: affected by one is affected, and what cannot be told is not clear.
fn judge(subject: &Subject<'_>, base: &str, asked: &str, package: &Package<'_>) -> Judgement {
    let mut open = None;
    for entry in package.entries() {
        let agreement = ecosystem::agreement(base, entry.suffix, asked);
        if agreement == Agreement::Different {
            continue;
        }
        let reason = match evaluate::entry(subject, &entry) {
            Verdict::Clear => continue,
            Verdict::Affected if agreement == Agreement::Same => return Judgement::Affected,
            Verdict::Affected => Reason::Release,
            Verdict::Commits => Reason::Commits,
            Verdict::Undetermined(Unordered::Version) => Reason::Version,
            Verdict::Undetermined(Unordered::Advisory) => Reason::Advisory,
            Verdict::Undetermined(Unordered::Order) => Reason::Order,
        };
        open = open.or(Some(reason));
    }
    open.map_or(Judgement::Clear, Judgement::Undetermined)
}
