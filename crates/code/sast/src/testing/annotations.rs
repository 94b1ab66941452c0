/// What a comment says of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation<'t> {
    /// The line that it is about, from 1: the one after the comment.
    pub line: u32,
    /// What must happen there.
    pub expectation: Expectation,
    /// The rules that it names, each once.
    pub rules: Vec<&'t str>,
}

/// What must happen at a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// `ruleid:`: the rule finds it.
    Found,
    /// `ok:`: it does not.
    NotFound,
    /// `todoruleid:`: it should be found and is not.
    MissedSoFar,
    /// `todook:`: it should not be found and is.
    FoundSoFar,
}

/// How comments start, and what ends them on the same line.
const COMMENTS: [(&str, &str); 4] = [("#", ""), ("//", ""), ("<!--", "-->"), ("(*", "*)")];
const WORDS: [(&str, Expectation); 4] = [
    ("todoruleid", Expectation::MissedSoFar),
    ("ruleid", Expectation::Found),
    ("ok", Expectation::NotFound),
    ("todook", Expectation::FoundSoFar),
];
/// What names of rules are behind that only hold for analyses over several functions or files; without those, the names
/// count as if this was not there.
const DEEP: [&str; 4] = ["deepok", "prook", "deepruleid", "proruleid"];

/// Every comment of a test file that says what must be found.
///
/// As in Semgrep's `--test`, it may stand after code, there is at most one space before the word, and what the first colon
/// of the line is followed by are the names.
pub fn annotations(text: &str) -> Vec<Annotation<'_>> {
    let lines = text.split('\n').zip(2..);
    lines.flat_map(|(line, about)| of_line(line, about)).collect()
}

fn of_line(line: &str, about: u32) -> Vec<Annotation<'_>> {
    let expectations: Vec<_> =
        WORDS.iter().filter(|(word, _)| has_word(line, word)).map(|(_, expectation)| *expectation).collect();
    if expectations.is_empty() {
        return Vec::new();
    }
    let Some(rules) = names(line).filter(|rules| !rules.is_empty()) else {
        return Vec::new();
    };
    expectations
        .into_iter()
        .map(|expectation| Annotation { line: about, expectation, rules: rules.clone() })
        .collect()
}

/// Whether a comment starts with a word somewhere in a line.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).unwrap_or_default();
        let before = before.strip_suffix(' ').unwrap_or(before);
        COMMENTS.iter().any(|(open, _)| before.ends_with(open))
    })
}

fn names(line: &str) -> Option<Vec<&str>> {
    let (_, names) = line.split_once(':')?;
    let mut names = names.trim();
    if DEEP.iter().any(|deep| names.starts_with(deep)) {
        let mut parts = names.split(':');
        names = parts.nth(1)?;
        if parts.next().is_some() {
            return None;
        }
    }
    let mut list = Vec::new();
    for name in names.trim().split(',') {
        let mut name = name.trim();
        for (_, close) in COMMENTS.iter().filter(|(_, close)| !close.is_empty()) {
            name = name.split(close).next().unwrap_or_default().trim();
        }
        if !name.is_empty() && !list.contains(&name) {
            list.push(name);
        }
    }
    Some(list)
}
