use andon_advisories::{Index, IndexError, Matches, Question};
use andon_model::{AdvisoryData, Gap, GapKind};
use jiff::Timestamp;

use crate::settings::Settings;

/// The advisories of a scan.
pub(crate) struct Data<'a> {
    /// The machine's index, if there is one that can be read.
    pub(super) main: Option<Index<'a>>,
    /// The project's own.
    pub(super) own: Option<Index<'a>>,
    now: Timestamp,
    /// When the machine's index was last found up to date, if somebody says so.
    updated: Option<&'a str>,
}

/// What gaps of the whole engine are called by.
const SUBJECT: &str = "advisories";

impl<'a> Data<'a> {
    /// Opens what the settings give, and says what is wrong with it.
    pub(super) fn open(settings: &'a Settings) -> (Self, Vec<Gap>) {
        let mut gaps = Vec::new();
        let mut gap = |detail: String| {
            gaps.push(Gap { kind: GapKind::NotAudited, subject: SUBJECT.to_owned(), detail });
        };
        let mut opened = |source: &'a Option<crate::AdvisorySource>, what: &str| {
            let bytes: &'a [u8] = (**source.as_ref()?).as_ref();
            match Index::open(bytes) {
                Ok(index) => Some(index),
                Err(error) => {
                    gap(format!("{what} cannot be used: {error}"));
                    None
                }
            }
        };
        let main = opened(&settings.advisories, "the advisory database");
        let own = opened(&settings.own_advisories, "the project's own advisories");
        let updated = settings.advisories_updated.as_deref();
        let data = Self { main, own, now: settings.now, updated };
        if let (Some(most), Some(described)) = (settings.advisory_days, data.describe())
            && described.age_seconds > u64::from(most) * 86_400
        {
            gap(format!(
                "the advisories are {} days old and the policy allows {most}; run `andon db update`",
                described.age_seconds / 86_400
            ));
        }
        if let Some(problem) = &settings.advisories_problem {
            gap(problem.clone());
        }
        (data, gaps)
    }

    /// Whether there are advisories of the machine at all.
    pub(super) fn any(&self) -> bool {
        self.main.is_some()
    }

    /// What all advisories say.
    pub(super) fn matches<'i>(&'i self, question: &Question<'i>) -> Result<Matches<'i>, IndexError> {
        let mut found = Matches::default();
        for index in self.main.iter().chain(&self.own) {
            let more = index.matches(question)?;
            found.vulnerabilities.extend(more.vulnerabilities);
            found.undetermined.extend(more.undetermined);
            found.known_package |= more.known_package;
            found.ecosystem_covered |= more.ecosystem_covered;
        }
        Ok(found)
    }

    pub(super) fn describe(&self) -> Option<AdvisoryData> {
        let index = self.main.as_ref()?;
        let metadata = index.metadata();
        let fetched = metadata.ecosystems.iter().map(|ecosystem| ecosystem.fetched.as_str());
        // As old as its oldest part.
        let oldest = fetched.filter(|time| !time.is_empty()).min().unwrap_or(index.built());
        let updated = self.updated.unwrap_or(oldest).to_owned();
        let age = updated.parse::<Timestamp>().map_or(0, |then| self.now.duration_since(then).as_secs());
        Some(AdvisoryData {
            advisories: metadata.advisories,
            updated,
            age_seconds: u64::try_from(age).unwrap_or(0),
            ecosystems: metadata.ecosystems.iter().map(|ecosystem| ecosystem.name.clone()).collect(),
            digest: index.digest(),
        })
    }
}
