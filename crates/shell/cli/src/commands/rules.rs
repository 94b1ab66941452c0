use std::path::{Path, PathBuf};

use andon_model::{Engine, RuleDescription};
use andon_secrets::Secrets;
use andon_secrets::config::Rule;
use andon_system::System;

use crate::arguments::{Look, RulesFrom, TextOrJson};
use crate::engines::{self, Context};
use crate::problem::Problem;
use crate::project::{CodeRules, Configuration, Project};
use crate::{exit, terminal};

/// The rules that would run in the working folder.
pub(crate) struct Here {
    pub(crate) secrets: Secrets,
    /// Rules of the other engines; where the user named files, those of these files.
    built_in: Vec<RuleDescription>,
}

impl Here {
    /// Reads the project's rules, or those at the paths.
    ///
    /// # Errors
    /// When they cannot be read or used.
    pub(crate) fn open(system: &dyn System, paths: &[PathBuf]) -> anyhow::Result<Self> {
        let project = Project::open(system, Path::new("."))?;
        let source = project.source(system, None)?;
        let config = Configuration::read(system, source.as_ref(), None)?.config;
        let decode_depth = config.scan.decode_depth;
        let context = Context {
            system,
            project: &project,
            source: source.as_ref(),
            config: &config,
            rules: paths,
            listed: engines::Listed::default(),
            decode_depth,
        };
        let (secrets, warnings) = engines::secrets(&context)?;
        warnings.iter().for_each(|warning| terminal::note(warning));
        let mut built_in = if paths.is_empty() { engines::built_in_rules(system) } else { Vec::new() };
        let code = CodeRules { system, source: source.as_ref(), config: &config, named: paths };
        built_in.extend(code.read()?.rules());
        Ok(Self { secrets, built_in })
    }

    /// What each rule finds, by engine.
    fn described(&self) -> Vec<RuleDescription> {
        let mut described = self.secrets.rules();
        described.extend(self.built_in.iter().cloned());
        described
    }

    /// What the rule of a name finds, an earlier name included.
    ///
    /// # Errors
    /// When there is none; suggests the nearest.
    pub(crate) fn describe(&self, name: &str) -> anyhow::Result<RuleDescription> {
        let built_in = self.built_in.iter().find(|described| described.rule.id == name);
        if let Some(described) = built_in {
            return Ok(described.clone());
        }
        let rule = self.find(name)?;
        let described = self.secrets.rules().into_iter().find(|described| described.rule.id == rule.id);
        described.ok_or_else(|| Problem::internal(format!("nothing describes the rule `{name}`")).into())
    }

    /// How the rule of a name is defined, an earlier name included.
    ///
    /// # Errors
    /// When there is none; suggests the nearest.
    pub(crate) fn find(&self, name: &str) -> anyhow::Result<&Rule> {
        let rules = &self.secrets.rule_set().rules;
        let found = rules.iter().find(|rule| rule.id == name);
        let found =
            found.or_else(|| rules.iter().find(|rule| rule.meta.formerly.iter().any(|old| old == name)));
        found.ok_or_else(|| {
            let ids = rules.iter().map(|rule| rule.id.as_str());
            let ids = ids.chain(self.built_in.iter().map(|described| described.rule.id.as_str()));
            let hint = match nearest(name, ids) {
                Some(id) => format!("did you mean `{id}`?"),
                None => "`andon rules list` names them all".to_owned(),
            };
            Problem::new(format!("there is no rule `{name}`")).hint(hint).into()
        })
    }
}

/// Prints a table of the rules, or their descriptions as JSON.
pub(crate) fn list(
    system: &dyn System,
    from: &RulesFrom,
    format: TextOrJson,
    look: Look,
) -> anyhow::Result<u8> {
    let here = Here::open(system, &from.paths)?;
    let described = here.described();
    look.color.apply();
    let text = match format {
        TextOrJson::Json => format!("{}\n", serde_json::to_string_pretty(&described)?),
        TextOrJson::Text => {
            andon_report::rules_table(&described, &terminal::text_options(look.color, false, false))
        }
    };
    terminal::write_data(text.as_bytes())?;
    for rule in &here.secrets.rule_set().rejected {
        terminal::note(&format!("rule `{}` of {} cannot run: {}", rule.id, rule.pack, rule.reason));
    }
    Ok(exit::GO_ON)
}

/// Prints how a rule is defined.
pub(crate) fn show(system: &dyn System, name: &str, from: &RulesFrom) -> anyhow::Result<u8> {
    let here = Here::open(system, &from.paths)?;
    if here.built_in.iter().any(|described| described.rule.id == name) {
        return Err(Problem::new(format!("`{name}` is no pattern that could be shown"))
            .hint(format!("`andon explain {name}` says what it finds"))
            .into());
    }
    let rule = here.find(name)?;
    let lines: Vec<String> =
        definition(rule).iter().map(|(name, value)| format!("{name:>14}  {value}\n")).collect();
    terminal::write_text(&lines.concat())?;
    Ok(exit::GO_ON)
}

fn definition(rule: &Rule) -> Vec<(&'static str, String)> {
    let mut lines = vec![("rule", rule.id.clone()), ("pack", format!("{} {}", rule.pack, rule.pack_version))];
    let mut add = |name, value: String| {
        if !value.is_empty() {
            lines.push((name, value));
        }
    };
    add("finds", rule.description.clone());
    add("severity", rule.meta.severity.to_string());
    add("confidence", rule.meta.confidence.to_string());
    add("regex", rule.regex.as_ref().map(|pattern| pattern.source().to_owned()).unwrap_or_default());
    add("path", rule.path.as_ref().map(|pattern| pattern.source().to_owned()).unwrap_or_default());
    add(
        "secret group",
        Some(rule.secret_group).filter(|group| *group > 0).map(|group| group.to_string()).unwrap_or_default(),
    );
    add(
        "entropy",
        Some(rule.entropy)
            .filter(|bits| *bits > 0.0)
            .map(|bits| format!("more than {bits}"))
            .unwrap_or_default(),
    );
    add("keywords", rule.keywords.join(", "));
    add("validated as", rule.meta.validate.clone().unwrap_or_default());
    add("required", rule.required.iter().map(|other| other.id.as_str()).collect::<Vec<_>>().join(", "));
    add(
        "allowlists",
        Some(rule.allowlists.len())
            .filter(|count| *count > 0)
            .map(|count| count.to_string())
            .unwrap_or_default(),
    );
    add("tags", rule.tags.join(", "));
    add("formerly", rule.meta.formerly.join(", "));
    lines
}

/// The word that is most like `name`, if one is like it at all.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const LIKE: f64 = 0.7;
    let name: String = name.to_ascii_lowercase().chars().take(100).collect();
    known
        .map(|word| (strsim::jaro_winkler(&name, word), word))
        .filter(|(likeness, _)| *likeness >= LIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, word)| word)
}
