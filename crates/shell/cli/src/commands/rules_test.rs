use std::collections::BTreeMap;
use std::path::PathBuf;

use andon_secrets::config::{Example, Rule, RuleSet};
use andon_secrets::{Secrets, examples, own_pack_files};
use andon_system::System;

use super::rules::Here;
use super::rules_test_code;
use crate::engines::secrets_with;
use crate::project::read_rule_files;
use crate::{exit, terminal};

/// Each example is tried with this many different secrets in it.
const SEEDS: [&str; 3] = ["one", "two", "three"];

/// Tries every rule on its examples; 1 when one fails.
pub(crate) fn run(system: &dyn System, paths: &[PathBuf]) -> anyhow::Result<u8> {
    let (secrets, files) = if paths.is_empty() {
        (Here::open(system, &[])?.secrets, BTreeMap::new())
    } else {
        let mut set = RuleSet::default();
        let mut places = BTreeMap::new();
        for file in read_rule_files(system, paths)? {
            for rule in &file.rules.rules {
                places.entry(rule.id.clone()).or_insert_with(|| file.name.clone());
            }
            set.append(file.rules);
        }
        (secrets_with(set, system), places)
    };
    let mut tally = Tally::default();
    let code = rules_test_code::test(system, paths)?;
    tally.tested += code.tested;
    tally.texts += code.lines;
    tally.untested.extend(code.untested);
    tally.failures.extend(code.failures);
    for rule in &secrets.rule_set().rules {
        let file = files.get(&rule.id).cloned().unwrap_or_else(|| own_file(rule));
        tally.add(&secrets, rule, &file);
    }
    for rejected in &secrets.rule_set().rejected {
        tally
            .failures
            .push(format!("{}: {}: it cannot run: {}", rejected.pack, rejected.id, rejected.reason));
    }
    terminal::write_text(&tally.text())?;
    Ok(if tally.failures.is_empty() { exit::GO_ON } else { exit::STOPPED })
}

/// The file of our own pack that a rule is in; for other rules the pack is the file.
fn own_file(rule: &Rule) -> String {
    let entry = format!("id = \"{}\"", rule.id);
    let found = own_pack_files().iter().find(|(_, text)| rule.ours && text.contains(&entry));
    found.map_or_else(|| rule.pack.clone(), |(name, _)| format!("{}/{name}", rule.pack))
}

#[derive(Default)]
struct Tally {
    tested: usize,
    texts: usize,
    untested: Vec<String>,
    failures: Vec<String>,
}

impl Tally {
    fn add(&mut self, secrets: &Secrets, rule: &Rule, file: &str) {
        // A rule that only supports others reports nothing.
        if rule.meta.examples.is_empty() && rule.meta.counter_examples.is_empty() || rule.skip_report {
            self.untested.push(format!("{file}: {}", rule.id));
            return;
        }
        self.tested += 1;
        for (examples, wanted) in [(&rule.meta.examples, true), (&rule.meta.counter_examples, false)] {
            for (number, example) in examples.iter().enumerate() {
                self.texts += 1;
                if let Err(reason) = check(secrets, rule, example, wanted) {
                    let kind = if wanted { "example" } else { "counter-example" };
                    self.failures.push(format!("{file}: {}: {kind} {}: {reason}", rule.id, number + 1));
                }
            }
        }
    }

    fn text(&self) -> String {
        let mut out = String::new();
        self.failures.iter().for_each(|failure| out.push_str(&format!("FAIL      {failure}\n")));
        self.untested
            .iter()
            .for_each(|rule| out.push_str(&format!("untested  {rule}: it has no examples\n")));
        out.push_str(&format!(
            "{} rules tested on {} texts, {} failures, {} rules untested\n",
            self.tested,
            self.texts,
            self.failures.len(),
            self.untested.len()
        ));
        out
    }
}

fn check(secrets: &Secrets, rule: &Rule, example: &Example, wanted: bool) -> Result<(), String> {
    /// A file that is neither a test nor documentation, of no language in particular.
    const PLACE: &str = "src/settings.txt";
    let path = example.path.as_deref().unwrap_or(PLACE);
    for seed in SEEDS {
        let text = examples::expand(&example.text, seed)?;
        let fired = secrets.fires(path, text.as_bytes());
        let does = fired.contains(&rule.id);
        if wanted && !does {
            let others = if fired.is_empty() { "nothing does".to_owned() } else { fired.join(", ") };
            return Err(format!("the rule does not fire ({others}) on: {}", start(&example.text)));
        }
        if !wanted && does {
            return Err(format!("the rule fires on: {}", start(&example.text)));
        }
    }
    Ok(())
}

/// The example as written, with generators in place of secrets.
fn start(text: &str) -> String {
    const MOST: usize = 120;
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST).collect();
    if text.chars().count() > MOST { format!("{line}…") } else { line }
}
