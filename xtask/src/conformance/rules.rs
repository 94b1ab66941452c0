//! Rules for source code on their tests: the rule files of a folder in Semgrep's format, each with the test files beside
//! it. The rules are no part of this repository.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use andon_sast::check::Ruleset;
use andon_sast::rule::{Loader, Mode, RuleLanguage};
use andon_sast::testing::{TestFile, judge, test_file};
use andon_syntax::Language;
use anyhow::{Context, Result, ensure};
use clap::Args;

/// Run rules on the test files beside them and compare the lines exactly.
#[derive(Args)]
pub(crate) struct Rules {
    /// A folder of rule files with their tests, such as one of semgrep/semgrep-rules.
    #[arg(long, value_name = "DIR")]
    rules: PathBuf,
    /// Only rules of this language, as rules spell it.
    #[arg(long)]
    language: Option<String>,
    /// Fail if fewer rules pass.
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    least: usize,
}

/// How the rules did.
#[derive(Default)]
struct Outcome {
    passed: usize,
    failed: Vec<String>,
    refused: Vec<String>,
    untested: usize,
}

impl Rules {
    pub(super) fn run(&self) -> Result<bool> {
        let files = files_below(&self.rules)?;
        let mut outcome = Outcome::default();
        for file in files.iter().filter(|file| is_rule_file(file)) {
            self.one_file(file, &files, &mut outcome)?;
        }
        outcome.refused.iter().for_each(|line| println!("refused: {line}"));
        outcome.failed.iter().for_each(|line| println!("failed: {line}"));
        let Outcome { passed, failed, refused, untested } = &outcome;
        let (failed, refused) = (failed.len(), refused.len());
        println!("{passed} rules pass, {failed} fail, {refused} are refused, {untested} have no tests");
        Ok(*passed >= self.least)
    }

    fn one_file(&self, file: &Path, files: &[PathBuf], outcome: &mut Outcome) -> Result<()> {
        let name = self.name(file);
        let Ok(text) = std::fs::read_to_string(file) else { return Ok(()) };
        let mut loader = Loader::default();
        let Ok(loaded) = loader.load(&name, &text) else {
            outcome.refused.push(format!("{name}: it is no rule file"));
            return Ok(());
        };
        let ruleset = Ruleset::new(loader, vec![loaded]);
        for refused in &ruleset.refused {
            let id = refused.id.as_deref().unwrap_or("without name");
            outcome.refused.push(format!("{name} {id}: {}", refused.reason));
        }
        let mut verdicts = BTreeMap::new();
        let folder = file.parent().context("a file in no folder")?;
        for test in files.iter().filter(|test| test.starts_with(folder)) {
            if test_file(&name, &self.name(test)) == Some(TestFile::Code) {
                one_test(&ruleset, test, &mut verdicts);
            }
        }
        for rule in ruleset.rules.iter().filter(|rule| self.wants(&rule.languages)) {
            let mode = if matches!(rule.mode, Mode::Taint(_)) { "taint" } else { "search" };
            match verdicts.remove(&rule.id) {
                None | Some((0, _)) => outcome.untested += 1,
                Some((_, wrong)) if wrong.is_empty() => outcome.passed += 1,
                Some((_, wrong)) => outcome.failed.push(format!("{name} {} ({mode}):{wrong}", rule.id)),
            }
        }
        Ok(())
    }

    fn wants(&self, languages: &[RuleLanguage]) -> bool {
        self.language.as_deref().is_none_or(|wanted| languages.iter().any(|named| named.name() == wanted))
    }

    /// A file's path below the folder, with `/`.
    fn name(&self, file: &Path) -> String {
        file.strip_prefix(&self.rules).unwrap_or(file).to_string_lossy().replace('\\', "/")
    }
}

/// Adds what each rule did in one test: how many lines speak of it, and which lines are wrong.
fn one_test(ruleset: &Ruleset, test: &Path, verdicts: &mut BTreeMap<String, (usize, String)>) {
    let Ok(text) = std::fs::read_to_string(test) else { return };
    let mut checked = ruleset.check_text(&text, |_| true);
    if let Some(language) = Language::of_path(&test.to_string_lossy()) {
        let code = ruleset.check(language, &text);
        checked.found.extend(code.found);
        checked.gave_up.extend(code.gave_up);
    }
    let line = |at: usize| {
        let before = text.as_bytes().get(..at).unwrap_or_default();
        before.iter().filter(|byte| **byte == b'\n').count() as u32 + 1
    };
    let id = |rule: usize| ruleset.rules.get(rule).map_or("", |rule| rule.id.as_str());
    let found: Vec<_> = checked.found.iter().map(|hit| (id(hit.rule), line(hit.span.start))).collect();
    let shown = test.file_name().unwrap_or_default().to_string_lossy();
    for (rule, verdict) in judge(&text, found) {
        let (lines, wrong) = verdicts.entry(rule.to_owned()).or_default();
        *lines += verdict.annotated;
        if !verdict.passes() {
            *wrong += &format!(" {shown} missed {:?} extra {:?}", verdict.missed, verdict.unexpected);
        }
    }
    for rule in checked.gave_up {
        let (_, wrong) = verdicts.entry(id(rule).to_owned()).or_default();
        *wrong += &format!(" {shown} given up");
    }
}

/// Whether a file holds rules and no test of one.
pub(crate) fn is_rule_file(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let is_yaml = name.ends_with(".yaml") || name.ends_with(".yml");
    is_yaml && !name.contains(".test.") && !name.contains(".fixed.")
}

/// Every file of a folder, in the order of the paths.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in ignore::WalkBuilder::new(folder).standard_filters(false).sort_by_file_path(Ord::cmp).build()
    {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            files.push(entry.into_path());
        }
    }
    ensure!(!files.is_empty(), "{} holds no file", folder.display());
    Ok(files)
}
