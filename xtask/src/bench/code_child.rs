//! Our engine alone on a list of files, in a process of its own so that it is measured as other programs are.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use andon_sast::check::Ruleset;
use andon_sast::rule::Loader;
use andon_syntax::Language;
use anyhow::{Context, Result};
use clap::Args;

use super::measure::{Usage, measure, must_have_run};

/// Runs rules over files in one thread, or only parses the files, or only reads the rules.
#[derive(Args)]
pub(crate) struct ExamineCode {
    #[arg(long)]
    rules: Option<PathBuf>,
    #[arg(long)]
    files: Option<PathBuf>,
    #[arg(long)]
    found: Option<PathBuf>,
}

/// What a child is to do.
pub(super) struct Task(Vec<String>);

impl Task {
    pub(super) fn check(rules: &Path, files: &Path, found: &Path) -> Self {
        Self::new(&[("--rules", rules), ("--files", files), ("--found", found)])
    }

    pub(super) fn parse(files: &Path) -> Self {
        Self::new(&[("--files", files)])
    }

    pub(super) fn start(rules: &Path) -> Self {
        Self::new(&[("--rules", rules)])
    }

    fn new(options: &[(&str, &Path)]) -> Self {
        let words =
            options.iter().flat_map(|(name, path)| [(*name).to_owned(), path.to_string_lossy().into_owned()]);
        Self(words.collect())
    }

    pub(super) fn measured(self, folder: &Path) -> Result<Usage> {
        let program = std::env::current_exe()?.to_string_lossy().into_owned();
        let command: Vec<_> = [program, "examine-code".to_owned()].into_iter().chain(self.0).collect();
        let usage = measure(&command, &[], folder)?;
        must_have_run("our engine", usage, &[0])?;
        Ok(usage)
    }
}

impl ExamineCode {
    pub(crate) fn run(&self) -> Result<bool> {
        let rules = self.rules.as_deref().map(read).transpose()?;
        let list = self.files.as_deref().map(std::fs::read_to_string).transpose()?.unwrap_or_default();
        let mut found = String::new();
        for file in list.lines() {
            let Some(language) = Language::of_path(file) else { continue };
            let bytes = std::fs::read(file).with_context(|| format!("cannot read {file}"))?;
            let text = String::from_utf8_lossy(&bytes);
            match &rules {
                Some(rules) => check(rules, language, file, &text, &mut found)?,
                None => {
                    andon_syntax::grammar_only(language, &text);
                }
            }
        }
        if let Some(file) = &self.found {
            std::fs::write(file, found)?;
        }
        Ok(true)
    }
}

fn read(file: &Path) -> Result<Ruleset> {
    let text = std::fs::read_to_string(file)?;
    let mut loader = Loader::default();
    let loaded = loader.load(&file.to_string_lossy(), &text).map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(Ruleset::new(loader, vec![loaded]))
}

fn check(rules: &Ruleset, language: Language, file: &str, text: &str, found: &mut String) -> Result<()> {
    for hit in rules.check(language, text).found {
        let before = text.as_bytes().get(..hit.span.start).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let id = rules.rules.get(hit.rule).map_or("", |rule| rule.id.as_str());
        writeln!(found, "{id} {line} {file}")?;
    }
    Ok(())
}
