//! The same files with more and more rules.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use super::Target;
use super::measure::{measure, must_have_run};
use super::table::Table;
use super::tools::andon_scan;
use crate::process;

/// How many rules.
const COUNTS: &[usize] = &[50, 150, 550];

/// The same files with 50, 150 and 550 rules.
#[derive(Args)]
pub(crate) struct RulesScaling {
    #[command(flatten)]
    target: Target,
    /// Files in gitleaks' format whose rules follow ours until there are enough.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pad: Vec<PathBuf>,
    /// Scan the whole history and not the files.
    #[arg(long)]
    history: bool,
}

impl RulesScaling {
    pub(super) fn run(&self) -> Result<Table> {
        let (andon, path) = (self.target.binary.andon()?, self.target.path()?);
        let rules = self.rules()?;
        let folder = tempfile::tempdir()?;
        let mut table = Table::new(format!("{} with more and more rules, without cache", path.display()));
        for &count in COUNTS {
            let Some(chosen) = rules.get(..count) else {
                table.note(format!("only {} rules; name more files with --pad for {count}", rules.len()));
                break;
            };
            let file = folder.path().join(format!("{count}.toml"));
            std::fs::write(&file, chosen.concat())?;
            let file = file.to_string_lossy();
            let mut more = vec!["--rules", &*file, "--no-cache"];
            more.extend(self.history.then_some("--history"));
            let usage = measure(&andon_scan(&andon, &path, &more), &[], &path)?;
            must_have_run("andon", usage, &[0, 1, 3])?;
            table.add(format!("{count} rules"), usage);
        }
        Ok(table)
    }

    /// The texts of our rules in the order of their files, then of those to pad with; each identifier once.
    fn rules(&self) -> Result<Vec<String>> {
        let ours = process::root().join("rules/secrets");
        let mut files: Vec<PathBuf> = std::fs::read_dir(&ours)?.flatten().map(|entry| entry.path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
        files.sort();
        let mut rules: Vec<String> = Vec::new();
        let mut names = std::collections::HashSet::new();
        for file in files.iter().chain(&self.pad) {
            for rule in split(&read(file)?) {
                let name = rule.lines().find(|line| line.trim_start().starts_with("id")).unwrap_or_default();
                if !uses_filters(&rule) && names.insert(name.to_owned()) {
                    rules.push(rule);
                }
            }
        }
        if rules.is_empty() {
            bail!("{} holds no rules", ours.display());
        }
        Ok(rules)
    }
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

/// Rules with an expression language of their own, which are rejected when they are loaded, and those that need
/// another rule, which may not be among the chosen.
fn uses_filters(rule: &str) -> bool {
    let keys = ["filter", "prefilter", "[[rules.required]]"];
    rule.lines().any(|line| keys.iter().any(|key| line.trim_start().starts_with(key)))
}

/// The text of every `[[rules]]` of a configuration, with the tables that belong to it.
fn split(text: &str) -> Vec<String> {
    let mut rules: Vec<String> = Vec::new();
    let mut inside = false;
    let mut literal = false;
    for line in text.lines() {
        let header = !literal
            && line.starts_with('[')
            && !line.starts_with("[rules.")
            && !line.starts_with("[[rules.");
        if header {
            inside = line.trim_end() == "[[rules]]";
            rules.extend(inside.then(String::new));
        }
        literal ^= (line.matches("'''").count() + line.matches("\"\"\"").count()) % 2 == 1;
        if let Some(rule) = rules.last_mut().filter(|_| inside) {
            rule.push_str(line);
            rule.push('\n');
        }
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_cut_out_with_all_that_belongs_to_them() {
        let text = "title = 'x'\n[extend]\n[[rules]]\nid = 'a'\n[rules.andon]\nx = '''\n[[rules]]\n'''\n\
                    [[allowlists]]\npaths = ['y']\n[[rules]]\nid = 'b'\n[[rules.allowlists]]\n";
        let rules = split(text);
        assert_eq!(
            rules,
            [
                "[[rules]]\nid = 'a'\n[rules.andon]\nx = '''\n[[rules]]\n'''\n",
                "[[rules]]\nid = 'b'\n[[rules.allowlists]]\n"
            ]
        );
    }

    #[test]
    fn rules_that_cannot_stand_alone_are_left_out() {
        assert!(uses_filters("[[rules]]\nfilter = 'x'\n"));
        assert!(uses_filters("[[rules]]\n[[rules.required]]\n"));
        assert!(!uses_filters("[[rules]]\nregex = 'filter'\n"));
    }
}
