use super::meta::{Meta, MetaPatch};
use super::table::Table;
use super::warnings::Warnings;
use super::{Allowlist, Pattern, Required, Rule};

/// A rule as one file gives it. In a file that extends another it may hold nothing but what it changes.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) rule: Rule,
    /// What the file says in `[rules.andon]`, already part of the rule.
    pub(super) patch: MetaPatch,
    /// 1-based, in its file.
    pub(super) line: usize,
}

/// Where rules come from.
pub(super) struct Origin<'a> {
    pub(super) pack: &'a str,
    pub(super) version: &'a str,
    pub(super) ours: bool,
}

const KEYS: &[&str] = &[
    "id",
    "description",
    "path",
    "regex",
    "secretgroup",
    "entropy",
    "keywords",
    "tags",
    "allowlist",
    "allowlists",
    "required",
    "skipreport",
    "andon",
    "validate",
];

impl Draft {
    /// Reads one of `[[rules]]`.
    pub(super) fn read(
        table: Table<'_>,
        origin: &Origin<'_>,
        warnings: &mut Warnings,
    ) -> Result<Self, String> {
        for language in ["filter", "prefilter"] {
            if table.has(language) {
                return Err(format!("it uses `{language}`, an expression language of betterleaks"));
            }
        }
        let id = table.string("id")?;
        note_ignored(table, &id, warnings);
        let patch = match table.table("andon")? {
            Some(andon) => MetaPatch::read(andon, &id, warnings)?,
            None => MetaPatch::default(),
        };
        let mut meta = Meta::of(&id);
        patch.clone().apply(&mut meta);
        let keywords = table.strings("keywords")?;
        let rule = Rule {
            description: table.string("description")?,
            regex: pattern(table, "regex")?,
            path: pattern(table, "path")?,
            secret_group: usize::try_from(table.number::<i64>("secretGroup", "a whole number")?.unwrap_or(0))
                .unwrap_or(0),
            entropy: table.number("entropy", "a number")?.unwrap_or(0.0),
            keywords: keywords.iter().filter(|k| !k.is_empty()).map(|k| k.to_lowercase()).collect(),
            tags: table.strings("tags")?,
            allowlists: allowlists(table, warnings)?,
            required: table.tables("required")?.into_iter().map(required).collect::<Result<_, _>>()?,
            skip_report: table.boolean("skipReport")?,
            pack: origin.pack.to_owned(),
            pack_version: origin.version.to_owned(),
            ours: origin.ours,
            meta,
            id,
        };
        Ok(Self { rule, patch, line: table.line() })
    }
}

impl Rule {
    /// Why it cannot run, if it cannot; asked when all that it extends is in it.
    pub(super) fn fault(&self) -> Option<String> {
        if self.id.trim().is_empty() {
            return Some("it has no `id`".to_owned());
        }
        let Some(regex) = &self.regex else {
            let nothing =
                "it has neither `regex` nor `path`, nor does a rule of this name that it could change";
            return self.path.is_none().then(|| nothing.to_owned());
        };
        let (group, groups) = (self.secret_group, regex.group_count());
        (group > groups).then(|| format!("`secretGroup` is {group}, but `regex` has only {groups} groups"))
    }

    /// Whether it has, or had, the identifier.
    pub(super) fn is_called(&self, id: &str) -> bool {
        self.id == id || self.meta.formerly.iter().any(|former| former == id)
    }
}

fn note_ignored(table: Table<'_>, id: &str, warnings: &mut Warnings) {
    let place = |line: usize| format!("rule `{id}`, line {line}");
    if table.has("validate") {
        let line = table.line_of("validate");
        warnings.say_at("`validate`, by which betterleaks asks the service, is ignored".to_owned(), || {
            place(line)
        });
    }
    for (key, line) in table.unknown(KEYS) {
        warnings.say_at(format!("the unknown key `{key}` of a rule is ignored"), || place(line));
    }
}

fn pattern(table: Table<'_>, key: &str) -> Result<Option<Pattern>, String> {
    let source = table.string(key)?;
    if source.is_empty() {
        return Ok(None);
    }
    let line = table.line_of(key);
    Pattern::new(&source).map(Some).map_err(|e| format!("its `{key}` (line {line}) cannot be run: {e}"))
}

fn allowlists(table: Table<'_>, warnings: &mut Warnings) -> Result<Vec<Allowlist>, String> {
    let mut tables = table.tables("allowlists")?;
    if let Some(old) = table.table("allowlist")? {
        if !tables.is_empty() {
            return Err(
                "it has both [rules.allowlist] and [[rules.allowlists]]; keep the second form".to_owned()
            );
        }
        tables.push(old);
    }
    let read = |table: Table<'_>| {
        Allowlist::read(table, warnings).map_err(|e| format!("its allowlist on line {}: {e}", table.line()))
    };
    tables.into_iter().map(read).collect()
}

fn required(table: Table<'_>) -> Result<Required, String> {
    let id = table.string("id")?;
    if id.is_empty() {
        return Err(format!("[[rules.required]] on line {} has no `id`", table.line()));
    }
    let distance = "a whole number that is not negative";
    Ok(Required {
        id,
        within_lines: table.number("withinLines", distance)?,
        within_columns: table.number("withinColumns", distance)?,
    })
}
