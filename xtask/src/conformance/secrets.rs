//! The configurations of gitleaks and betterleaks.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use andon_model::{Content, Engine, Occurrence, Snapshot, Unit};
use andon_secrets::config::{IgnoreFile, Rule, RuleSet, Source, load};
use andon_secrets::{ProjectKey, Settings};
use anyhow::{Context, Result};
use clap::Args;
use rayon::prelude::*;

use super::{corpus, naive};

/// Load the configurations of gitleaks and betterleaks and compare what their rules find.
#[derive(Args)]
pub(crate) struct Secrets {
    /// The folder with `gitleaks.toml` and `betterleaks.toml`.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Real files to compare over, such as a clone of some repository. Without it only loading is checked.
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
}

/// File, rules that run, rules that are refused.
const EXPECTED: &[(&str, usize, usize)] = &[("gitleaks.toml", 222, 0), ("betterleaks.toml", 104, 308)];

impl Secrets {
    pub(super) fn run(&self) -> Result<bool> {
        let texts = self.corpus.as_deref().map(corpus::read).transpose()?.unwrap_or_default();
        let mut right = true;
        for (name, runs, refused) in EXPECTED {
            let set = read(&self.data.join(name), name)?;
            right &= counts(name, &set, *runs, *refused);
            right &= compiles(name, &set);
            if !texts.is_empty() {
                right &= compare(name, &set, &texts);
            }
        }
        Ok(right)
    }
}

fn read(file: &Path, name: &str) -> Result<RuleSet> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(load(&text, name, &andon_secrets::own_pack, &NoFiles)?)
}

fn counts(name: &str, set: &RuleSet, runs: usize, refused: usize) -> bool {
    let right = (set.rules.len(), set.rejected.len()) == (runs, refused);
    let verdict = if right { "as expected" } else { "NOT as expected" };
    println!("{name}: {} rules run, {} are refused: {verdict}", set.rules.len(), set.rejected.len());
    if !right {
        set.rejected.iter().for_each(|rule| println!("  {}: {}", rule.id, rule.reason));
    }
    right
}

/// An expression that could not be compiled when first used would never match; its own source tells them apart.
fn compiles(name: &str, set: &RuleSet) -> bool {
    let patterns = || set.rules.iter().flat_map(|rule| rule.regex.iter().chain(&rule.path));
    let groups = |pattern: &andon_secrets::config::Pattern| {
        pattern.regex().captures_len() == pattern.group_count() + 1
    };
    let wrong: Vec<&str> =
        patterns().filter(|pattern| !groups(pattern)).map(|pattern| pattern.source()).collect();
    println!("{name}: {} expressions compile, {} do not", patterns().count() - wrong.len(), wrong.len());
    wrong.iter().for_each(|source| println!("  {source}"));
    wrong.is_empty()
}

/// Runs every rule alone, so that no other speaks for it, over every text.
fn compare(name: &str, set: &RuleSet, texts: &[corpus::Text]) -> bool {
    let alone: Vec<&Rule> =
        set.rules.iter().filter(|rule| rule.required.is_empty() && rule.regex.is_some()).collect();
    let outcomes: Vec<Outcome> = alone.par_iter().map(|rule| outcome(set, rule, texts)).collect();
    let found: usize = outcomes.iter().map(|outcome| outcome.found).sum();
    let differences: Vec<&String> = outcomes.iter().flat_map(|outcome| &outcome.differences).collect();
    println!(
        "{name}: {} rules over {} texts: {found} secrets, {} differences to the naive reference",
        alone.len(),
        texts.len(),
        differences.len()
    );
    differences.iter().take(50).for_each(|difference| println!("  {difference}"));
    differences.is_empty()
}

#[derive(Default)]
struct Outcome {
    found: usize,
    differences: Vec<String>,
}

fn outcome(set: &RuleSet, rule: &Rule, texts: &[corpus::Text]) -> Outcome {
    let single = RuleSet { rules: vec![rule.clone()], rejected: Vec::new(), ..set.clone() };
    let engine = andon_secrets::Secrets::new(Settings {
        rules: single,
        key: ProjectKey::new("conformance"),
        ignore: IgnoreFile::default(),
        decode_depth: 0,
        now: 0,
    });
    let mut outcome = Outcome::default();
    for text in texts {
        let expected = naive::secrets(set, rule, &text.path, &text.bytes);
        let (found, total) = places(&engine, text);
        outcome.found += expected.len();
        // A finding lists the first of its places only; then their number has to do.
        if total > found.len() && total == expected.len() {
            continue;
        }
        let missing: Vec<_> = expected.difference(&found).collect();
        let additional: Vec<_> = found.difference(&expected).collect();
        if !missing.is_empty() || !additional.is_empty() {
            let (id, path) = (&rule.id, &text.path);
            outcome
                .differences
                .push(format!("{id}, {path}: missing at bytes {missing:?}, additional {additional:?}"));
        }
    }
    outcome
}

/// Where the engine sees secrets in a text, in bytes, as far as findings list places; and how many places there are.
fn places(engine: &andon_secrets::Secrets, text: &corpus::Text) -> (BTreeSet<(u64, u64)>, usize) {
    let facts = engine.examine(&Content::text(&text.bytes)).facts;
    if facts.is_empty() {
        return (BTreeSet::new(), 0);
    }
    let occurrences = vec![Occurrence::in_tree(text.path.clone())];
    let outcome = engine.combine(&[Unit { facts, occurrences }], &NoSnapshot);
    let shown: Vec<_> = outcome.findings.iter().filter(|finding| finding.suppression.is_none()).collect();
    let count =
        |finding: &&andon_model::Finding| finding.properties.get("occurrences")?.parse::<usize>().ok();
    let total = shown.iter().filter_map(count).sum();
    let regions = shown.iter().flat_map(|finding| &finding.locations).filter_map(|location| location.region);
    (regions.map(|region| (region.start_byte, region.end_byte)).collect(), total)
}

struct NoFiles;

impl Source for NoFiles {
    fn read(&self, path: &str) -> Result<String, String> {
        Err(format!("{path} is not read by the conformance check"))
    }
}

struct NoSnapshot;

impl Snapshot for NoSnapshot {
    fn read(&self, _path: &str) -> Option<Vec<u8>> {
        None
    }
}
