//! How gitleaks configurations behave: what gitleaks' own tests check of text, said again with other strings. One
//! difference runs through all of it: where gitleaks points at the match, we point at the secret.

mod allowlists;
mod decoding;
mod ignored;
mod places;
mod required;
mod rules;

use andon_model::{CommitRef, Content, Engine, Finding, Occurrence, Origin, Snapshot, SuppressionKind, Unit};
use andon_secrets::config::{self, IgnoreFile, RuleSet};
use andon_secrets::{ProjectKey, Secrets, Settings};

/// A text at a place.
struct Scan<'a> {
    config: &'a str,
    path: &'a str,
    commit: Option<&'a str>,
    depth: u32,
    ignore: &'a str,
}

impl Default for Scan<'_> {
    fn default() -> Self {
        Scan { config: "", path: "src/app.txt", commit: None, depth: 5, ignore: "" }
    }
}

impl Scan<'_> {
    fn findings(&self, text: &[u8]) -> Vec<Finding> {
        let engine = self.engine();
        let origin = match self.commit {
            None => Origin::Tree,
            Some(id) => {
                let commit = CommitRef { id: id.to_owned(), ..CommitRef::default() };
                Origin::Commit { commit, at_head: true }
            }
        };
        let facts =
            [engine.examine(&Content::text(text)).facts, engine.examine_path(self.path).unwrap_or_default()];
        let occurrences =
            || vec![Occurrence { path: self.path.to_owned(), nested: false, origin: origin.clone() }];
        let kept = facts.into_iter().filter(|facts| !facts.is_empty());
        let units: Vec<Unit> = kept.map(|facts| Unit { facts, occurrences: occurrences() }).collect();
        engine.combine(&units, &Nothing).findings
    }

    fn engine(&self) -> Secrets {
        let rules = config::load(self.config, "gitleaks.toml", &RuleSet::default, &NoFiles)
            .expect("the file is right");
        assert!(rules.rejected.is_empty(), "{:?}", rules.rejected);
        let (ignore, _) = IgnoreFile::parse(self.ignore);
        Secrets::new(Settings { rules, key: ProjectKey::new("p"), ignore, decode_depth: self.depth, now: 0 })
    }

    /// `rule secret` for each place of each finding, sorted; what is suppressed ends in `(inline)` or `(ignored)`.
    fn seen(&self, text: &[u8]) -> Vec<String> {
        self.told(text, |finding, place| {
            let Some(region) = place.region else {
                return format!("{} file {}", finding.rule.id, place.path);
            };
            let secret = &text[region.start_byte as usize..region.end_byte as usize];
            format!("{} {}", finding.rule.id, String::from_utf8_lossy(secret))
        })
    }

    fn told(&self, text: &[u8], tell: impl Fn(&Finding, &andon_model::Location) -> String) -> Vec<String> {
        let mut told = Vec::new();
        for finding in self.findings(text) {
            let end = match finding.suppression.as_ref().map(|suppression| suppression.kind) {
                None => "",
                Some(SuppressionKind::Inline) => " (inline)",
                Some(_) => " (ignored)",
            };
            told.extend(finding.locations.iter().map(|place| format!("{}{end}", tell(&finding, place))));
        }
        told.sort();
        told
    }

    #[track_caller]
    fn check(&self, why: &str, text: &str, expected: &[&str]) {
        assert_eq!(
            self.seen(text.as_bytes()),
            expected,
            "{why}: {text:?} at {} with {}",
            self.path,
            self.config
        );
    }
}

struct Nothing;

impl Snapshot for Nothing {
    fn read(&self, _path: &str) -> Option<Vec<u8>> {
        None
    }
}

struct NoFiles;

impl config::Source for NoFiles {
    fn read(&self, path: &str) -> Result<String, String> {
        Err(format!("there is no {path}"))
    }
}
