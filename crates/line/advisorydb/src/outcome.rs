use andon_advisories::Built;

/// What an update brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Updated {
    /// Where the data came from, without credentials.
    pub source: String,
    /// Each ecosystem that was asked for, and those that were kept from earlier and cannot be read any more.
    pub ecosystems: Vec<Ecosystem>,
    /// The known exploited vulnerabilities.
    pub exploited: Feed,
    /// The exploit prediction scores.
    pub probabilities: Feed,
    /// The new index; `None` when the one that is there says the same.
    pub built: Option<Built>,
}

/// What an update did to one ecosystem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ecosystem {
    /// As OSV names it.
    pub name: String,
    /// How it was brought up to date.
    pub how: How,
    /// Records that cannot be used, all of them counted.
    pub broken: u64,
    /// Records of which a part could not be understood, so that they may match less than they should.
    pub partial: u64,
    /// The first of both, by name and with the reason.
    pub examples: Vec<String>,
    /// Why it is not up to date, or not there at all.
    pub problem: Option<String>,
}

/// What an update did to a list about vulnerabilities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// How it was brought up to date.
    pub how: How,
    /// Why it is not up to date, or not there at all.
    pub problem: Option<String>,
    /// That is only because the mirror that was named does not have it.
    pub excused: bool,
}

/// How data were brought up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Nothing changed.
    Unchanged,
    /// The whole was fetched.
    Whole,
    /// So many records were fetched one by one.
    Changes(u64),
    /// The data from before are still used.
    Kept,
    /// There are none.
    Missing,
}

impl Updated {
    /// Whether all that was asked for is there and up to date. Records that cannot be used, and lists that a mirror does
    /// not have, are told but do not count.
    pub fn complete(&self) -> bool {
        let fine = |feed: &Feed| feed.problem.is_none() || feed.excused;
        self.ecosystems.iter().all(|each| each.problem.is_none())
            && fine(&self.exploited)
            && fine(&self.probabilities)
    }

    /// Whatever did not go as it should, a line each.
    pub fn problems(&self) -> Vec<String> {
        let ecosystems = self
            .ecosystems
            .iter()
            .filter_map(|each| Some(format!("{}: {}", each.name, each.problem.as_ref()?)));
        let feeds = [("KEV", &self.exploited), ("EPSS", &self.probabilities)];
        let feeds =
            feeds.iter().filter_map(|(name, feed)| Some(format!("{name}: {}", feed.problem.as_ref()?)));
        ecosystems.chain(feeds).collect()
    }
}

impl Ecosystem {
    pub(crate) fn new(name: &str, how: How) -> Self {
        Self { name: name.to_owned(), how, broken: 0, partial: 0, examples: Vec::new(), problem: None }
    }

    /// Counts a record that cannot be used.
    pub(crate) fn broken(&mut self, name: &str, reason: &str) {
        self.broken = self.broken.saturating_add(1);
        self.example(name, reason);
    }

    /// Counts a record of which a part is left out.
    pub(crate) fn partial(&mut self, name: &str, reason: &str) {
        self.partial = self.partial.saturating_add(1);
        self.example(name, reason);
    }

    fn example(&mut self, name: &str, reason: &str) {
        const EXAMPLES: usize = 10;
        if self.examples.len() < EXAMPLES {
            let name: String = name.chars().filter(|letter| !letter.is_control()).take(120).collect();
            self.examples.push(format!("{name}: {reason}"));
        }
    }
}
