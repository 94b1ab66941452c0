use std::collections::HashMap;

use andon_model::RejectedRule;

use super::extend::extend;
use super::read::{File, rejected, structure};
use super::rule::{Draft, Origin};
use super::{ConfigError, Rule, RuleSet, Source, read};

/// How many files may be extended one after the other, as in gitleaks; what the last one extends is not read.
const DEPTH_LIMIT: usize = 2;

/// Reads a gitleaks configuration and what it extends.
///
/// `name` is the file's name for messages, `default` gives our own pack, which takes the place of gitleaks' default
/// configuration for `useDefault`. A rule that cannot run is rejected and the others are kept; `minVersion` and unknown
/// keys do not matter.
///
/// # Errors
/// When the text is no TOML, when a part that concerns all rules is wrong, or when a file that it extends cannot be read.
pub fn load(
    text: &str,
    name: &str,
    default: &dyn Fn() -> RuleSet,
    source: &dyn Source,
) -> Result<RuleSet, ConfigError> {
    let version: String = blake3::hash(text.as_bytes()).to_hex().chars().take(12).collect();
    let origin = Origin { pack: name, version: &version, ours: false };
    Loader { default, source, default_used: false, texts: blake3::Hasher::new() }.top(text, &origin)
}

/// Reads a file of our own pack, whose rules are marked as ours. `version` is the pack's. It extends nothing.
///
/// # Errors
/// As [`load`].
pub fn load_pack(text: &str, name: &str, version: &str) -> Result<RuleSet, ConfigError> {
    let origin = Origin { pack: name, version, ours: true };
    let texts = blake3::Hasher::new();
    Loader { default: &RuleSet::default, source: &NoFiles, default_used: false, texts }.top(text, &origin)
}

/// Reads the files of our own pack as one set. What is wrong with a whole file is told among the rejected rules.
pub fn load_packs(texts: &[&str], name: &str, version: &str) -> RuleSet {
    let mut pack = RuleSet::default();
    for text in texts {
        match load_pack(text, name, version) {
            Ok(set) => pack.append(set),
            Err(error) => pack.rejected.push(RejectedRule {
                id: "(all rules of a file)".to_owned(),
                pack: name.to_owned(),
                reason: error.to_string(),
            }),
        }
    }
    pack.packs = vec![name.to_owned()];
    pack
}

struct Loader<'a> {
    default: &'a dyn Fn() -> RuleSet,
    source: &'a dyn Source,
    default_used: bool,
    /// Over all that was read.
    texts: blake3::Hasher,
}

/// Rules of which some may still lack what they extend.
pub(super) struct Loaded {
    pub(super) drafts: Vec<Draft>,
    pub(super) set: RuleSet,
}

impl Loader<'_> {
    fn top(&mut self, text: &str, origin: &Origin<'_>) -> Result<RuleSet, ConfigError> {
        self.texts.update(text.as_bytes());
        let mut file = read::read(text, origin)?;
        let targeted = std::mem::take(&mut file.targeted);
        let mut loaded = self.extended(file, origin, 0)?;
        for target in targeted {
            for id in &target.rules {
                self.target(&mut loaded, id, &target, origin)?;
            }
        }
        loaded.set.digest = *self.texts.finalize().as_bytes();
        Ok(finish(loaded))
    }

    /// Adds what `file` extends.
    fn extended(&mut self, file: File, origin: &Origin<'_>, depth: usize) -> Result<Loaded, ConfigError> {
        let mut warnings = file.warnings;
        let drafts = last_of_each(file.drafts, origin.pack, &mut warnings);
        let own = RuleSet {
            allowlists: file.allowlists,
            rejected: file.rejected,
            packs: vec![origin.pack.to_owned()],
            warnings,
            rules: Vec::new(),
            digest: [0; 32],
        };
        let mut loaded = Loaded { drafts, set: own };
        if depth == DEPTH_LIMIT {
            return Ok(loaded);
        }
        let (path, line) = (file.extend.path.as_str(), file.extend.line);
        if !path.is_empty() && file.extend.use_default {
            let message = "[extend] has both `path` and `useDefault`";
            return Err(structure(
                origin.pack,
                line,
                message,
                "keep one; the file at `path` may use the other",
            ));
        }
        if file.extend.use_default {
            self.default_used = true;
            let base = (self.default)();
            self.texts.update(&base.digest);
            extend(&mut loaded, from_set(base), &file.extend.disabled_rules, origin.pack);
        } else if !path.is_empty() {
            let base = self.at_path(path, origin, depth + 1)?;
            extend(&mut loaded, base, &file.extend.disabled_rules, origin.pack);
        }
        Ok(loaded)
    }

    fn at_path(&mut self, path: &str, parent: &Origin<'_>, depth: usize) -> Result<Loaded, ConfigError> {
        let text = self.source.read(path).map_err(|message| ConfigError::Extended {
            file: parent.pack.to_owned(),
            path: path.to_owned(),
            message,
        })?;
        let version: String = blake3::hash(text.as_bytes()).to_hex().chars().take(12).collect();
        let origin = Origin { pack: path, version: &version, ours: parent.ours };
        self.texts.update(text.as_bytes());
        let mut file = read::read(&text, &origin)?;
        for target in std::mem::take(&mut file.targeted) {
            file.warnings.push(format!(
                "{path}: line {}: an allowlist with `targetRules` in an extended file has no effect, as in gitleaks",
                target.line
            ));
        }
        self.extended(file, &origin, depth)
    }

    /// Gives the rule `id` the allowlist.
    fn target(
        &self,
        loaded: &mut Loaded,
        id: &str,
        target: &read::Targeted,
        origin: &Origin<'_>,
    ) -> Result<(), ConfigError> {
        let exact = loaded.drafts.iter().position(|draft| draft.rule.id == id);
        let found = exact.or_else(|| loaded.drafts.iter().position(|draft| draft.rule.is_called(id)));
        if let Some(draft) = found.and_then(|index| loaded.drafts.get_mut(index)) {
            draft.rule.allowlists.push(target.allowlist.clone());
            return Ok(());
        }
        let message = format!("`targetRules` names `{id}`, and there is no such rule");
        // Our pack need not have each rule of gitleaks' default configuration, which the file was written for.
        if self.default_used || loaded.set.rejected.iter().any(|rule| rule.id == id) {
            loaded.set.warnings.push(format!("{}: line {}: {message}", origin.pack, target.line));
            return Ok(());
        }
        Err(structure(origin.pack, target.line, message, "correct or remove the name"))
    }
}

/// Nothing to extend.
struct NoFiles;

impl Source for NoFiles {
    fn read(&self, _path: &str) -> Result<String, String> {
        Err("a rule pack cannot extend other files".to_owned())
    }
}

/// A set that is complete, as something to extend.
fn from_set(mut set: RuleSet) -> Loaded {
    let rules = std::mem::take(&mut set.rules);
    let drafts = rules.into_iter().map(|rule| Draft { rule, patch: Default::default(), line: 1 }).collect();
    Loaded { drafts, set }
}

/// Of rules with the same name the last one counts, as in gitleaks.
fn last_of_each(drafts: Vec<Draft>, pack: &str, warnings: &mut Vec<String>) -> Vec<Draft> {
    let mut kept: Vec<Draft> = Vec::with_capacity(drafts.len());
    let mut places: HashMap<String, usize> = HashMap::new();
    for draft in drafts {
        let id = draft.rule.id.clone();
        let earlier = places.get(&id).filter(|_| !id.is_empty()).and_then(|&place| kept.get_mut(place));
        if let Some(earlier) = earlier {
            warnings.push(format!("{pack}: line {}: a second rule `{id}` replaces the first", draft.line));
            *earlier = draft;
        } else {
            places.insert(id, kept.len());
            kept.push(draft);
        }
    }
    kept
}

/// Rejects the rules that cannot run, then those that require one that is not there.
fn finish(loaded: Loaded) -> RuleSet {
    let Loaded { mut drafts, mut set } = loaded;
    loop {
        let ids: std::collections::HashSet<String> =
            drafts.iter().map(|draft| draft.rule.id.clone()).collect();
        let fault = |rule: &Rule| {
            let missing = rule.required.iter().find(|required| !ids.contains(&required.id));
            let missing =
                missing.map(|r| format!("it requires `{}`, and there is no such rule that runs", r.id));
            rule.fault().or(missing)
        };
        let before = drafts.len();
        drafts.retain(|draft| match fault(&draft.rule) {
            Some(reason) => {
                set.rejected.push(rejected(&draft.rule.id, &draft.rule.pack, draft.line, &reason));
                false
            }
            None => true,
        });
        if drafts.len() == before {
            break;
        }
    }
    set.rules = drafts.into_iter().map(|draft| draft.rule).collect();
    set
}
