use serde::{Deserialize, Serialize};

use super::table::Table;
use super::warnings::Warnings;
use super::{PatternSet, Stopwords};

/// What is not reported. Never empty when read from a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Allowlist {
    /// One line, for people.
    pub description: String,
    /// All kinds of checks that it has must hold, rather than one of them (`condition = "AND"`).
    pub all: bool,
    /// Commit hashes, in lower case.
    pub commits: Vec<String>,
    /// Patterns over the path.
    pub paths: PatternSet,
    /// Patterns over what `target` names.
    pub regexes: PatternSet,
    /// What `regexes` look at.
    pub target: RegexTarget,
    /// Words over the secret.
    pub stopwords: Stopwords,
}

/// What the regular expressions of an allowlist look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RegexTarget {
    /// The secret.
    #[default]
    Secret,
    /// All that the rule's expression matched.
    Match,
    /// The line, or the lines, of the match.
    Line,
}

impl Allowlist {
    /// Whether it names commits.
    pub fn has_commits(&self) -> bool {
        !self.commits.is_empty()
    }

    /// Whether it has patterns over the path.
    pub fn has_paths(&self) -> bool {
        !self.paths.is_empty()
    }

    /// Whether it has patterns over what [`Allowlist::target`] names.
    pub fn has_regexes(&self) -> bool {
        !self.regexes.is_empty()
    }

    /// Whether it has stopwords.
    pub fn has_stopwords(&self) -> bool {
        !self.stopwords.words().is_empty()
    }

    /// Whether it names the commit; a full hash, in any case.
    pub fn commit_allowed(&self, commit: &str) -> bool {
        !commit.is_empty() && self.commits.iter().any(|allowed| allowed.eq_ignore_ascii_case(commit))
    }

    /// Whether one of its patterns matches the path.
    pub fn path_allowed(&self, path: &str) -> bool {
        !path.is_empty() && self.paths.is_match(path.as_bytes())
    }

    /// Whether one of its patterns matches `text`, which is what [`Allowlist::target`] names.
    pub fn regex_allowed(&self, text: &[u8]) -> bool {
        !text.is_empty() && self.regexes.is_match(text)
    }

    /// Whether one of its words is in `secret`.
    pub fn contains_stopword(&self, secret: &[u8]) -> bool {
        self.stopwords.is_in(secret)
    }

    /// Reads `[[allowlists]]` of a rule or of the file.
    pub(super) fn read(table: Table<'_>, warnings: &mut Warnings) -> Result<Self, String> {
        for (key, line) in table.unknown(KEYS) {
            warnings.say_at(format!("the unknown key `{key}` of an allowlist is ignored"), || {
                format!("line {line}")
            });
        }
        let condition = table.string("condition")?;
        let all = match condition.to_uppercase().as_str() {
            "AND" | "&&" => true,
            "" | "OR" | "||" => false,
            _ => return Err(format!("`condition` is `{condition}`; it can be `and` or `or`")),
        };
        let target = table.string("regexTarget")?;
        let target = match target.as_str() {
            "" | "secret" => RegexTarget::Secret,
            "match" => RegexTarget::Match,
            "line" => RegexTarget::Line,
            _ => return Err(format!("`regexTarget` is `{target}`; it can be `secret`, `match` or `line`")),
        };
        let mut commits: Vec<String> =
            table.strings("commits")?.iter().map(|commit| commit.to_lowercase().trim().to_owned()).collect();
        commits.sort_unstable();
        commits.dedup();
        let allowlist = Self {
            description: table.string("description")?,
            all,
            commits,
            paths: patterns(table, "paths")?,
            regexes: patterns(table, "regexes")?,
            target,
            stopwords: Stopwords::new(&table.strings("stopwords")?),
        };
        if allowlist.has_commits()
            || allowlist.has_paths()
            || allowlist.has_regexes()
            || allowlist.has_stopwords()
        {
            return Ok(allowlist);
        }
        Err("it must contain at least one of: commits, paths, regexes, stopwords".to_owned())
    }
}

const KEYS: &[&str] =
    &["description", "condition", "commits", "paths", "regextarget", "regexes", "stopwords", "targetrules"];

fn patterns(table: Table<'_>, key: &str) -> Result<PatternSet, String> {
    let sources = table.strings(key)?;
    PatternSet::new(&sources).map_err(|(index, error)| {
        let source = sources.get(index).map_or("", String::as_str);
        format!("`{source}` in `{key}` (line {}) cannot be run: {error}", table.line_of(key))
    })
}
