//! The one list of engines: help, validation and dispatch are made from it.

mod dependencies;

use std::path::PathBuf;

use andon_config::Config;
use andon_model::{Component, Engine, Gap, RuleDescription};
use andon_scan::config_source::ConfigSource;
use andon_secrets::config::{IgnoreFile, RuleSet};
use andon_secrets::{Secrets, Settings};
use andon_system::System;

use crate::problem::Problem;
use crate::project::{CodeRules, Project, Rules, project_key};

/// An engine that can run.
pub(crate) struct Registered {
    /// As in `--engine NAME`.
    pub(crate) name: &'static str,
    /// What it looks for.
    pub(crate) about: &'static str,
    build: fn(&Context<'_>) -> anyhow::Result<Built>,
}

/// Every engine.
pub(crate) const ALL: &[Registered] = &[
    Registered {
        name: andon_secrets::NAME,
        about: "credentials in text",
        build: |context| {
            let (engine, warnings) = secrets(context)?;
            Ok(Built { engine: Box::new(engine), warnings })
        },
    },
    Registered {
        name: andon_sast::NAME,
        about: "weaknesses in source code, by rules in Semgrep's format",
        build: |context| {
            let Context { system, source, config, rules: named, .. } = *context;
            let engine = CodeRules { system, source, config, named }.read()?;
            Ok(Built { engine: Box::new(engine), warnings: Vec::new() })
        },
    },
    Registered {
        name: andon_dependencies::NAME,
        about: "components, and what is known against them",
        build: |context| {
            let (engine, warnings) = dependencies::build(context)?;
            Ok(Built { engine: Box::new(engine), warnings })
        },
    },
];

/// What `--engine` says about itself.
pub(crate) fn help() -> String {
    let engines: Vec<String> =
        ALL.iter().map(|engine| format!("{}: {}", engine.name, engine.about)).collect();
    format!("Only this engine; may be repeated ({})", engines.join("; "))
}

/// What engines are made from.
pub(crate) struct Context<'a> {
    pub(crate) system: &'a dyn System,
    pub(crate) project: &'a Project,
    pub(crate) source: &'a dyn ConfigSource,
    pub(crate) config: &'a Config,
    /// Rules that the user named; they replace all others.
    pub(crate) rules: &'a [PathBuf],
    /// The components that the target lists itself, when it is an SBOM.
    pub(crate) listed: Listed,
    /// How often an encoding inside an encoding is undone.
    pub(crate) decode_depth: u32,
}

/// What a target says itself about what it is made of.
#[derive(Clone, Default)]
pub(crate) struct Listed {
    pub(crate) components: Vec<Component>,
    /// What of it cannot be understood or judged.
    pub(crate) gaps: Vec<Gap>,
}

/// An engine, and what to tell the user about its configuration.
pub(crate) struct Built {
    pub(crate) engine: Box<dyn Engine>,
    pub(crate) warnings: Vec<String>,
}

/// Makes the engines named, or all of them.
///
/// # Errors
/// When there is no such engine, or its configuration cannot be used.
pub(crate) fn build(names: &[String], context: &Context<'_>) -> anyhow::Result<Vec<Built>> {
    if let Some(name) = names.iter().find(|name| !ALL.iter().any(|known| known.name == **name)) {
        let known: Vec<&str> = ALL.iter().map(|engine| engine.name).collect();
        return Err(Problem::new(format!("there is no engine `{name}`"))
            .hint(format!("correct `scan.engines` in andon.yaml; known are: {}", known.join(", ")))
            .into());
    }
    let wanted = |engine: &&Registered| names.is_empty() || names.iter().any(|name| name == engine.name);
    let mut built = Vec::new();
    for engine in ALL.iter().filter(wanted) {
        let engine = (engine.build)(context)?;
        let info = engine.engine.info();
        // Rules that the user named are all that runs; an engine that they are not for has nothing to do.
        if context.rules.is_empty() || info.rules_loaded > 0 || !info.rules_rejected.is_empty() {
            built.push(engine);
        }
    }
    Ok(built)
}

/// The engine for secrets with the rules that run here, and warnings about them.
///
/// # Errors
/// When rules or ignore file cannot be read or used.
pub(crate) fn secrets(context: &Context<'_>) -> anyhow::Result<(Secrets, Vec<String>)> {
    let Context { system, source, config, rules: named, .. } = *context;
    let mut rules = Rules { system, source, config, named }.read()?;
    let mut warnings = std::mem::take(&mut rules.warnings);
    let ignore = source.read(".gitleaksignore")?.unwrap_or_default();
    let (ignore, more) = IgnoreFile::parse(&String::from_utf8_lossy(&ignore));
    warnings.extend(more);
    let key = project_key(system, context.project, config);
    let (decode_depth, now) = (context.decode_depth, system.now().as_second());
    Ok((Secrets::new(Settings { rules, key, ignore, decode_depth, now }), warnings))
}

/// The rules of the engines that are not made of rule files.
pub(crate) fn built_in_rules(system: &dyn System) -> Vec<RuleDescription> {
    dependencies::without_data(system).rules()
}

/// The engine for secrets with nothing but these rules, to try them.
pub(crate) fn secrets_with(rules: RuleSet, system: &dyn System) -> Secrets {
    let key = andon_secrets::ProjectKey::new("");
    let decode_depth = Config::built_in().scan.decode_depth;
    Secrets::new(Settings {
        rules,
        key,
        ignore: IgnoreFile::default(),
        decode_depth,
        now: system.now().as_second(),
    })
}
