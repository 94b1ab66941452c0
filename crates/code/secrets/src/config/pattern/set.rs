use std::sync::{Arc, OnceLock};

use regex_automata::meta::Regex;
use regex_syntax::hir::Hir;
use serde::{Deserialize, Serialize};

use super::parse::Flags;
use super::{Pattern, PatternError, compile};

/// Patterns of which any may match, searched for together. Clones share what is compiled.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<Pattern>", into = "Vec<Pattern>")]
pub struct PatternSet {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    patterns: Vec<Pattern>,
    joined: OnceLock<Option<Regex>>,
}

/// The program of all patterns together may take this many bytes; past it they are tried one by one.
const JOINED_LIMIT: usize = 8 << 20;

impl PatternSet {
    /// Reads the patterns. gitleaks joins them by `|` into one expression, so a flag like `(?i)` that one sets outside
    /// of a group stays set for those behind it; so it does here.
    ///
    /// # Errors
    /// The index of the first pattern that cannot be run, and why.
    pub fn new(sources: &[String]) -> Result<Self, (usize, PatternError)> {
        let mut patterns = Vec::with_capacity(sources.len());
        let mut flags = Flags::default();
        for (index, source) in sources.iter().enumerate() {
            let (pattern, after) = Pattern::with_flags(source, flags).map_err(|e| (index, e))?;
            flags = after;
            patterns.push(pattern);
        }
        Ok(patterns.into())
    }

    /// The patterns, as written.
    pub fn patterns(&self) -> &[Pattern] {
        &self.shared.patterns
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.shared.patterns.is_empty()
    }

    /// Whether one of them matches anywhere in `haystack`.
    pub fn is_match(&self, haystack: &[u8]) -> bool {
        match self.shared.patterns.as_slice() {
            [] => false,
            [one] => one.is_match(haystack),
            many => match self.shared.joined.get_or_init(|| join(many)) {
                Some(joined) => joined.is_match(haystack),
                None => many.iter().any(|pattern| pattern.is_match(haystack)),
            },
        }
    }
}

impl From<Vec<Pattern>> for PatternSet {
    fn from(patterns: Vec<Pattern>) -> Self {
        Self { shared: Arc::new(Shared { patterns, joined: OnceLock::new() }) }
    }
}

impl From<PatternSet> for Vec<Pattern> {
    fn from(set: PatternSet) -> Self {
        set.patterns().to_vec()
    }
}

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        self.patterns == other.patterns
    }
}

fn join(patterns: &[Pattern]) -> Option<Regex> {
    let hirs: Vec<&Hir> = patterns.iter().map(Pattern::hir).collect();
    compile(&hirs, JOINED_LIMIT).ok()
}
