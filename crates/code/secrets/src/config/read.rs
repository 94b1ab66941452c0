use andon_model::RejectedRule;
use toml::de::DeTable;

use super::rule::{Draft, Origin};
use super::table::{Lines, Table};
use super::warnings::Warnings;
use super::{Allowlist, ConfigError};

/// What one file says, before what it extends is added.
#[derive(Default)]
pub(super) struct File {
    pub(super) drafts: Vec<Draft>,
    pub(super) rejected: Vec<RejectedRule>,
    pub(super) allowlists: Vec<Allowlist>,
    pub(super) targeted: Vec<Targeted>,
    pub(super) extend: Extend,
    pub(super) warnings: Vec<String>,
}

/// A global allowlist for some rules only.
pub(super) struct Targeted {
    pub(super) rules: Vec<String>,
    pub(super) allowlist: Allowlist,
    pub(super) line: usize,
}

/// The table `[extend]`.
#[derive(Default)]
pub(super) struct Extend {
    pub(super) path: String,
    pub(super) use_default: bool,
    pub(super) disabled_rules: Vec<String>,
    pub(super) line: usize,
}

const KEYS: &[&str] = &[
    "title",
    "description",
    "extend",
    "rules",
    "allowlist",
    "allowlists",
    "minversion",
    "betterleaksminversion",
    "filter",
    "prefilter",
];

const EXTEND_KEYS: &[&str] = &["path", "url", "usedefault", "disabledrules"];

/// Reads the text of `origin`.
pub(super) fn read(text: &str, origin: &Origin<'_>) -> Result<File, ConfigError> {
    let lines = Lines::of(text);
    let root = DeTable::parse(text).map_err(|e| ConfigError::Syntax {
        file: origin.pack.to_owned(),
        line: e.span().map_or(1, |span| lines.line(span.start)),
        message: e.message().to_owned(),
    })?;
    let root = Table::root(root.get_ref(), &lines);
    let mut warnings = Warnings::default();
    note_ignored(root, &mut warnings);
    let mut file = File { extend: extend(root, origin, &mut warnings)?, ..File::default() };
    rules(root, origin, &mut file, &mut warnings)?;
    allowlists(root, origin, &mut file, &mut warnings)?;
    file.warnings = warnings.finish(origin.pack);
    Ok(file)
}

/// An error about the file as a whole.
pub(super) fn structure(
    file: &str,
    line: usize,
    message: impl Into<String>,
    hint: &'static str,
) -> ConfigError {
    ConfigError::Structure { file: file.to_owned(), line, message: message.into(), hint }
}

fn note_ignored(root: Table<'_>, warnings: &mut Warnings) {
    for language in ["filter", "prefilter"] {
        if root.has(language) {
            let line = root.line_of(language);
            warnings.say(format!(
                "line {line}: the global `{language}`, an expression language of betterleaks, is ignored"
            ));
        }
    }
    for (key, line) in root.unknown(KEYS) {
        warnings.say_at(format!("the unknown key `{key}` is ignored"), || format!("line {line}"));
    }
}

fn extend(root: Table<'_>, origin: &Origin<'_>, warnings: &mut Warnings) -> Result<Extend, ConfigError> {
    let wrong =
        |message| structure(origin.pack, root.line_of("extend"), message, "see [extend] in gitleaks' README");
    let Some(table) = root.table("extend").map_err(wrong)? else { return Ok(Extend::default()) };
    for (key, line) in table.unknown(EXTEND_KEYS) {
        warnings.say_at(format!("the unknown key `{key}` of [extend] is ignored"), || format!("line {line}"));
    }
    if !table.string("url").map_err(wrong)?.is_empty() {
        warnings.say(format!(
            "line {}: `url` in [extend] is not followed, no rules are fetched from a network; use `path`",
            table.line_of("url")
        ));
    }
    Ok(Extend {
        path: table.string("path").map_err(wrong)?,
        use_default: table.boolean("useDefault").map_err(wrong)?,
        disabled_rules: table.strings("disabledRules").map_err(wrong)?,
        line: table.line(),
    })
}

fn rules(
    root: Table<'_>,
    origin: &Origin<'_>,
    file: &mut File,
    warnings: &mut Warnings,
) -> Result<(), ConfigError> {
    let wrong =
        |message| structure(origin.pack, root.line_of("rules"), message, "write each rule under [[rules]]");
    for table in root.tables("rules").map_err(wrong)? {
        match Draft::read(table, origin, warnings) {
            Ok(draft) => file.drafts.push(draft),
            Err(reason) => {
                let id = table.string("id").unwrap_or_default();
                file.rejected.push(rejected(&id, origin.pack, table.line(), &reason));
            }
        }
    }
    Ok(())
}

/// A rule that cannot run, with the line it stands on.
pub(super) fn rejected(id: &str, pack: &str, line: usize, reason: &str) -> RejectedRule {
    let id = if id.trim().is_empty() { format!("(rule without id, line {line})") } else { id.to_owned() };
    RejectedRule { id, pack: pack.to_owned(), reason: format!("line {line}: {reason}") }
}

fn allowlists(
    root: Table<'_>,
    origin: &Origin<'_>,
    file: &mut File,
    warnings: &mut Warnings,
) -> Result<(), ConfigError> {
    let wrong = |key: &str, message| {
        structure(origin.pack, root.line_of(key), message, "write each allowlist under [[allowlists]]")
    };
    let mut tables = root.tables("allowlists").map_err(|e| wrong("allowlists", e))?;
    // gitleaks does not see an [allowlist] with nothing in it.
    if let Some(old) = root.table("allowlist").map_err(|e| wrong("allowlist", e))?.filter(|t| !t.is_empty()) {
        if !tables.is_empty() {
            return Err(wrong("allowlist", "it has both [allowlist] and [[allowlists]]".to_owned()));
        }
        tables.push(old);
    }
    for table in tables {
        let wrong = |message| {
            structure(origin.pack, table.line(), format!("allowlist: {message}"), "correct or remove it")
        };
        let allowlist = Allowlist::read(table, warnings).map_err(wrong)?;
        let rules = table.strings("targetRules").map_err(wrong)?;
        if rules.is_empty() {
            file.allowlists.push(allowlist);
        } else {
            file.targeted.push(Targeted { rules, allowlist, line: table.line() });
        }
    }
    Ok(())
}
