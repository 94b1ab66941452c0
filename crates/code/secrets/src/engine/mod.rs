//! The engine: facts of single texts in, findings over all their occurrences out.

mod combine;
mod describe;
mod weigh;

use std::sync::{Mutex, PoisonError};

use andon_model::{
    Base, Content, Diagnostic, Engine, EngineInfo, Examined, GapKind, Interest, Memory, Occurrence, Outcome,
    RuleDescription, Snapshot, Stage, Unit, View,
};

use crate::config::{IgnoreFile, RuleSet};
use crate::detect::{self, Detector};
use crate::facts;
use crate::identity::{Hasher, ProjectKey};
use crate::matcher::{Matcher, Scratch};

/// The engine's name, as in `--engine secrets`.
pub const NAME: &str = "secrets";

/// What an engine is made of.
pub struct Settings {
    /// The rules; see [`crate::config::load`] and [`crate::own_pack`].
    pub rules: RuleSet,
    /// Keys the identities of secrets.
    pub key: ProjectKey,
    /// The content of `.gitleaksignore`, parsed.
    pub ignore: IgnoreFile,
    /// How many times an encoded value may be decoded; 0 switches decoding off. gitleaks' default is 5.
    pub decode_depth: u32,
    /// The time for which expiry is judged, in Unix seconds.
    pub now: i64,
}

/// Finds credentials.
pub struct Secrets {
    set: RuleSet,
    matcher: Matcher,
    hasher: Hasher,
    ignore: IgnoreFile,
    decode_depth: u32,
    now: i64,
    digest: [u8; 32],
    scratches: Mutex<Vec<Scratch>>,
}

impl Secrets {
    /// Prepares the rules. Expressions are compiled when a text first needs them.
    pub fn new(settings: Settings) -> Self {
        let Settings { rules, key, ignore, decode_depth, now } = settings;
        let digest = describe::digest(&rules, &key, decode_depth);
        Self {
            matcher: Matcher::new(&rules.rules),
            hasher: Hasher::new(key),
            set: rules,
            ignore,
            decode_depth,
            now,
            digest,
            scratches: Mutex::new(Vec::new()),
        }
    }

    /// The identifiers of the rules that fire on a text at a path, for `andon rules test`.
    pub fn fires(&self, path: &str, text: &[u8]) -> Vec<String> {
        let occurrence = || Occurrence::in_tree(path);
        let facts = [self.examine(&Content::text(text)).facts, self.examine_path(path).unwrap_or_default()];
        let units: Vec<Unit> = facts
            .into_iter()
            .filter(|facts| !facts.is_empty())
            .map(|facts| Unit { facts, occurrences: vec![occurrence()] })
            .collect();
        let outcome = self.combine(&units, &NoSnapshot);
        outcome.findings.into_iter().map(|finding| finding.rule.id).collect()
    }

    /// The rules as loaded.
    pub fn rule_set(&self) -> &RuleSet {
        &self.set
    }

    fn with_scratch<T>(&self, work: impl FnOnce(&mut Scratch) -> T) -> T {
        let pooled = self.scratches.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut scratch = pooled.unwrap_or_else(|| self.matcher.scratch());
        let result = work(&mut scratch);
        self.scratches.lock().unwrap_or_else(PoisonError::into_inner).push(scratch);
        result
    }
}

impl Engine for Secrets {
    fn info(&self) -> EngineInfo {
        EngineInfo {
            name: NAME,
            stage: Stage::Code,
            digest: self.digest,
            rules_loaded: self.set.rules.len() as u64,
            rules_rejected: self.set.rejected.clone(),
            packs: self.set.packs.clone(),
            view: View::Contents,
        }
    }

    fn interest(&self, path: &str) -> Interest {
        let configuration = matches!(path, ".gitleaks.toml" | ".gitleaksignore");
        let allowed = self.set.allowlists.iter().any(|list| !list.all && list.path_allowed(path));
        if configuration || allowed { Interest::Allowed } else { Interest::Content }
    }

    fn examine(&self, content: &Content<'_>) -> Examined {
        self.examine_delta(content, None, false).0
    }

    fn examine_delta(
        &self,
        content: &Content<'_>,
        base: Option<Base<'_>>,
        keep: bool,
    ) -> (Examined, Option<Memory>) {
        let detector = Detector {
            set: &self.set,
            matcher: &self.matcher,
            hasher: &self.hasher,
            decode_depth: self.decode_depth,
        };
        let known = base.and_then(|base| Some((base.memory.downcast_ref::<detect::Memory>()?, base.pieces)));
        let detected = self.with_scratch(|scratch| detector.detect(content.bytes, known, scratch));
        let truncated = detected.truncated.then(|| Diagnostic {
            kind: GapKind::Limit,
            detail: "more matches or encoded values than are looked at; the rest was left".to_owned(),
        });
        let examined =
            Examined { facts: facts::encode(&detected.hits), diagnostics: truncated.into_iter().collect() };
        (examined, keep.then(|| Box::new(detected.memory) as Memory))
    }

    fn examine_path(&self, path: &str) -> Option<Vec<u8>> {
        let names = |rule: &crate::config::Rule| {
            rule.regex.is_none()
                && rule.path.as_ref().is_some_and(|pattern| pattern.is_match(path.as_bytes()))
        };
        let rules = self.set.rules.iter().enumerate().filter(|(_, rule)| names(rule));
        let hits: Vec<_> = rules.map(|(index, _)| facts::Hit::of_path(index as u32)).collect();
        Some(facts::encode(&hits)).filter(|facts| !facts.is_empty())
    }

    fn combine(&self, units: &[Unit], _snapshot: &dyn Snapshot) -> Outcome {
        combine::combine(&self.set, &self.ignore, self.now, units)
    }

    fn rules(&self) -> Vec<RuleDescription> {
        self.set.rules.iter().map(describe::describe).collect()
    }
}

struct NoSnapshot;

impl Snapshot for NoSnapshot {
    fn read(&self, _path: &str) -> Option<Vec<u8>> {
        None
    }
}
