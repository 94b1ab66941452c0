use std::path::{Path, PathBuf};

use andon_config::Config;
use andon_scan::config_source::ConfigSource;
use andon_secrets::config::{self, RuleSet, Source};
use andon_secrets::{own_pack, own_pack_files};
use andon_system::System;

use super::code_rules::{is_code_rule_file, read_code_rule_files};
use super::configuration::text_of;
use super::policies::files_below;
use super::read_text;
use crate::problem::Problem;

/// A larger rule file is refused, in bytes.
const LARGEST: u64 = 16 << 20;
const GITLEAKS: &str = ".gitleaks.toml";
/// Where a project's own rules stand, beside whichever pack runs.
const FOLDER: &str = ".andon/rules";

/// Where rules for secrets come from.
pub(crate) struct Rules<'a> {
    pub(crate) system: &'a dyn System,
    pub(crate) source: &'a dyn ConfigSource,
    pub(crate) config: &'a Config,
    /// Files and folders that the user named; nothing else is read then.
    pub(crate) named: &'a [PathBuf],
}

impl Rules<'_> {
    /// The rules that run: those that the user named; else `.gitleaks.toml` of the project, or our own pack; and what
    /// the project adds.
    ///
    /// # Errors
    /// When a file cannot be read or used.
    pub(crate) fn read(&self) -> anyhow::Result<RuleSet> {
        if !self.named.is_empty() {
            let mut files = read_rule_files(self.system, self.named)?.into_iter();
            let mut set = files.next().map(|file| file.rules).unwrap_or_default();
            files.for_each(|file| set.append(file.rules));
            return Ok(set);
        }
        let inside = Inside(self.source);
        let mut set = match text_of(self.source, GITLEAKS)? {
            Some(text) => config::load(&text, GITLEAKS, &own_pack, &inside)?,
            None => own_pack(),
        };
        for name in self.additional()? {
            let Some(text) = text_of(self.source, &name)? else {
                return Err(
                    Problem::new(format!("`scan.rules` names {name}, and there is no such file")).into()
                );
            };
            let missing = || missing_of_own_pack(&set);
            let more = config::load(&text, &name, &missing, &inside)?;
            set.append(more);
        }
        Ok(set)
    }

    /// The files that the project adds, each once.
    fn additional(&self) -> anyhow::Result<Vec<String>> {
        let toml = |name: &String| name.ends_with(".toml");
        let mut names: Vec<String> = self.source.list(FOLDER)?.into_iter().filter(toml).collect();
        for place in &self.config.scan.rules {
            let place = place.trim_start_matches("./").trim_end_matches('/');
            let listed = self.source.list(place)?;
            if is_code_rule_file(place) || listed.iter().any(|name| is_code_rule_file(name) && !toml(name)) {
                names.extend(listed.into_iter().filter(toml));
                continue;
            }
            let files: Vec<String> = listed.into_iter().filter(toml).collect();
            let files = if files.is_empty() { vec![place.to_owned()] } else { files };
            names.extend(files);
        }
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        Ok(names)
    }
}

/// What `useDefault` means beside a pack that runs already: the rules of ours that do not.
fn missing_of_own_pack(set: &RuleSet) -> RuleSet {
    let mut pack = own_pack();
    pack.rules.retain(|rule| !set.rules.iter().any(|known| known.id == rule.id));
    if pack.rules.is_empty() { RuleSet::default() } else { pack }
}

/// The rules of one file.
pub(crate) struct RuleFile {
    pub(crate) name: String,
    pub(crate) rules: RuleSet,
}

/// Reads the rules of files, and of the `.toml` files below folders.
///
/// # Errors
/// When one cannot be read or used, or a folder has none.
pub(crate) fn read_rule_files(system: &dyn System, named: &[PathBuf]) -> anyhow::Result<Vec<RuleFile>> {
    let mut files = Vec::new();
    for path in named {
        let found: Vec<_> = files_below(system, path, "toml")?
            .into_iter()
            .filter(|file| !is_code_rule_file(&file.display().to_string()))
            .collect();
        if found.is_empty() && !read_code_rule_files(system, std::slice::from_ref(path))?.is_empty() {
            continue;
        }
        if found.is_empty() {
            return Err(Problem::new(format!("no file with rules in {}", path.display()))
                .hint("name a .toml file in the format of gitleaks, a .yaml file in that of Semgrep, or a folder with such files")
                .into());
        }
        for file in found {
            let text = read_text(system, &file, LARGEST)?;
            let name = file.display().to_string();
            // The checks of our own pack belong to its files, wherever they stand.
            let ours = own_pack_files().iter().any(|(_, known)| *known == text);
            let rules = if ours {
                config::load_pack(&text, &name, env!("CARGO_PKG_VERSION"))?
            } else {
                config::load(&text, &name, &own_pack, &OnDisk { system, file: &file })?
            };
            files.push(RuleFile { name, rules });
        }
    }
    Ok(files)
}

/// Files that a configuration in a project extends: only such as are in it too.
struct Inside<'a>(&'a dyn ConfigSource);

impl Source for Inside<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        let path = path.trim_start_matches("./");
        let text = text_of(self.0, path).map_err(|error| format!("{error:#}"))?;
        text.ok_or_else(|| "there is no such file in the project, from whose top the path counts".to_owned())
    }
}

/// Files that a configuration named by the user extends: from the working folder, as gitleaks does, or beside it.
struct OnDisk<'a> {
    system: &'a dyn System,
    file: &'a Path,
}

impl Source for OnDisk<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        let beside = self.file.with_file_name(path);
        let found = [Path::new(path), &beside].into_iter().find(|path| self.system.metadata(path).is_ok());
        read_text(self.system, found.unwrap_or(&beside), LARGEST).map_err(|error| format!("{error:#}"))
    }
}
