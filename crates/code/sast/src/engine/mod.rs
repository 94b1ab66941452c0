//! The engine: rules on single files in, findings over all their occurrences out.

mod classes;
mod combine;
mod describe;
mod examine;
mod facts;
mod ignore;
mod paths;

use andon_model::{
    Content, Engine, EngineInfo, Examined, Interest, Outcome, RejectedRule, RuleDescription, Snapshot, Stage,
    Unit, View,
};
use andon_syntax::Language;
use rustc_hash::FxHashMap;

use crate::check::Ruleset;
use classes::Classes;
use paths::PathFilter;

/// The engine's name, as in `--engine sast`.
pub const NAME: &str = "sast";

/// Where a rule came from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// `andon` for our own pack, otherwise the file.
    pub pack: String,
    /// The pack's version, or a digest of the file.
    pub version: String,
}

/// Finds what rules describe in source code.
pub struct Sast {
    rules: Ruleset,
    /// Where each rule came from, by its name.
    origins: FxHashMap<String, Origin>,
    filters: Vec<PathFilter>,
    classes: Classes,
    digest: [u8; 32],
}

impl Sast {
    /// An engine with rules. `origins` tells by their names where they came from; `texts` is all that they were read
    /// from, which cached results depend on.
    pub fn new(rules: Ruleset, origins: impl IntoIterator<Item = (String, Origin)>, texts: &[&str]) -> Self {
        let filters = rules.rules.iter().map(|rule| PathFilter::new(&rule.paths)).collect();
        let classes = Classes::new(&rules.rules);
        let digest = describe::digest(texts);
        Self { rules, origins: origins.into_iter().collect(), filters, classes, digest }
    }

    /// The rules that run.
    pub fn ruleset(&self) -> &Ruleset {
        &self.rules
    }

    fn origin(&self, rule: usize) -> Origin {
        let id = self.rules.rules.get(rule).map(|rule| &rule.id);
        id.and_then(|id| self.origins.get(id)).cloned().unwrap_or_default()
    }
}

impl Engine for Sast {
    fn info(&self) -> EngineInfo {
        let rejected = |refused: &crate::rule::Refused| RejectedRule {
            id: refused.id.clone().unwrap_or_else(|| format!("line {}", refused.line)),
            pack: refused.file.clone(),
            reason: refused.reason.clone(),
        };
        let mut packs: Vec<_> = self.origins.values().map(|origin| origin.pack.clone()).collect();
        packs.sort_unstable();
        packs.dedup();
        EngineInfo {
            name: NAME,
            stage: Stage::Code,
            digest: self.digest,
            rules_loaded: self.rules.rules.len() as u64,
            rules_rejected: self.rules.refused.iter().map(rejected).collect(),
            packs,
            view: View::Tree,
        }
    }

    fn interest(&self, path: &str) -> Interest {
        match self.classes.form(Language::of_path(path), path) {
            0 => Interest::None,
            form => Interest::As(form),
        }
    }

    fn examine(&self, content: &Content<'_>) -> Examined {
        examine::examine(&self.rules, &self.classes, content)
    }

    fn combine(&self, units: &[Unit], snapshot: &dyn Snapshot) -> Outcome {
        combine::combine(self, units, snapshot)
    }

    fn rules(&self) -> Vec<RuleDescription> {
        let described = |(index, rule)| describe::describe(rule, &self.origin(index));
        self.rules.rules.iter().enumerate().map(described).collect()
    }
}
