use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use andon_config::Config;
use andon_sast::check::Ruleset;
use andon_sast::rule::{LoadError, Loader, Refused, join_shared};
use andon_sast::{Origin, Sast, own_pack_files};
use andon_scan::config_source::ConfigSource;
use andon_system::System;

use super::configuration::text_of;
use super::policies::files_below;
use super::read_text;
use crate::problem::Problem;

/// A larger rule file is refused, in bytes.
const LARGEST: u64 = 32 << 20;
/// Where a project's own rules stand, beside our pack.
const FOLDER: &str = ".andon/rules";
const OURS: &str = "andon";
/// The folder beside rules that holds the lists that they share.
const SHARED: &str = "shared";

/// Where rules for source code come from: files in Semgrep's format.
pub(crate) struct CodeRules<'a> {
    pub(crate) system: &'a dyn System,
    pub(crate) source: &'a dyn ConfigSource,
    pub(crate) config: &'a Config,
    /// Files and folders that the user named; nothing else is read then.
    pub(crate) named: &'a [PathBuf],
}

/// A file of rules.
pub(crate) struct CodeRuleFile {
    /// As messages call it.
    pub(crate) name: String,
    pub(crate) text: String,
    /// Whether it is part of our own pack.
    ours: bool,
}

impl CodeRules<'_> {
    /// The rules that run: those that the user named; else our own pack and what the project adds.
    ///
    /// # Errors
    /// When a file cannot be read. One that holds no rules is among those that cannot run.
    pub(crate) fn read(&self) -> anyhow::Result<Sast> {
        let files = if self.named.is_empty() {
            self.usual()?
        } else {
            read_code_rule_files(self.system, self.named)?
        };
        Ok(engine_of(&files, self.system))
    }

    fn usual(&self) -> anyhow::Result<Vec<CodeRuleFile>> {
        let own = own_pack_files().into_iter();
        let mut files: Vec<_> = own
            .map(|(name, text)| CodeRuleFile { name: name.to_owned(), text: text.into_owned(), ours: true })
            .collect();
        let mut texts = BTreeMap::new();
        for name in self.additional()? {
            let Some(text) = text_of(self.source, &name)? else {
                return Err(
                    Problem::new(format!("`scan.rules` names {name}, and there is no such file")).into()
                );
            };
            texts.insert(name, text);
        }
        files.extend(joined(&texts));
        Ok(files)
    }

    /// The files that the project adds, each once.
    fn additional(&self) -> anyhow::Result<Vec<String>> {
        let mut names = Vec::new();
        for place in std::iter::once(FOLDER).chain(self.config.scan.rules.iter().map(String::as_str)) {
            let place = place.trim_start_matches("./").trim_end_matches('/');
            if is_code_rule_file(place) {
                names.push(place.to_owned());
            } else {
                names.extend(self.source.list(place)?.into_iter().filter(|name| is_rules_not_test(name)));
            }
        }
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        Ok(names)
    }
}

/// Whether a name is that of a file with rules for source code.
pub(crate) fn is_code_rule_file(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

fn is_rules_not_test(name: &str) -> bool {
    is_code_rule_file(name) && ![".test.", ".fixed."].iter().any(|part| name.contains(part))
}

/// The files at and below paths that the user named, without those that are tests of rules.
///
/// # Errors
/// When one cannot be read.
pub(crate) fn read_code_rule_files(
    system: &dyn System,
    named: &[PathBuf],
) -> anyhow::Result<Vec<CodeRuleFile>> {
    let mut texts = BTreeMap::new();
    for path in named {
        let mut found = yaml_below(system, path)?;
        let folders: BTreeSet<_> =
            found.iter().filter_map(|file| file.parent()).map(Path::to_owned).collect();
        for shared in folders.iter().map(|folder| folder.join(SHARED)) {
            if system.metadata(&shared).is_ok() {
                found.extend(yaml_below(system, &shared)?);
            }
        }
        for file in found {
            let name = file.display().to_string();
            if is_rules_not_test(&name) && !texts.contains_key(&name) {
                texts.insert(name, read_text(system, &file, LARGEST)?);
            }
        }
    }
    Ok(joined(&texts))
}

fn yaml_below(system: &dyn System, path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = files_below(system, path, "yaml")?;
    found.extend(files_below(system, path, "yml")?);
    Ok(found)
}

/// The files with the lists that they share put in. One of which that cannot be done stays as it is, so that its rules are
/// refused by name.
fn joined(texts: &BTreeMap<String, String>) -> Vec<CodeRuleFile> {
    let pairs: Vec<_> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let file = |(name, text): (&str, Result<Cow<'_, str>, _>)| {
        let text = text.map_or_else(|_| texts.get(name).cloned().unwrap_or_default(), Cow::into_owned);
        CodeRuleFile { name: name.to_owned(), text, ours: false }
    };
    join_shared(&pairs).into_iter().map(file).collect()
}

/// An engine with the rules of some files.
pub(crate) fn engine_of(files: &[CodeRuleFile], system: &dyn System) -> Sast {
    let mut loader = Loader::default();
    let (mut loaded, mut origins) = (Vec::new(), Vec::new());
    for file in files {
        let mut rules = loader.load(&file.name, &file.text).unwrap_or_else(unreadable);
        let origin = origin(file);
        origins.extend(rules.rules.iter().map(|rule| (rule.id.clone(), origin.clone())));
        rules.refused.iter_mut().for_each(|refused| refused.file.clone_from(&file.name));
        loaded.push(rules);
    }
    let mut ruleset = Ruleset::new(loader, loaded);
    ruleset.today = system.now().as_second() as f64;
    let texts: Vec<_> = files.iter().map(|file| file.text.as_str()).collect();
    Sast::new(ruleset, origins, &texts)
}

fn origin(file: &CodeRuleFile) -> Origin {
    if file.ours {
        return Origin { pack: OURS.to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
    }
    Origin { pack: file.name.clone(), version: String::new() }
}

/// A file without readable rules, as one rule that cannot run.
fn unreadable(error: LoadError) -> andon_sast::rule::Loaded {
    let refused =
        Refused { id: None, file: error.file, line: error.line, reason: error.reason, is_unsupported: false };
    andon_sast::rule::Loaded { rules: Vec::new(), refused: vec![refused] }
}
