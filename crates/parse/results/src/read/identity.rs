use std::collections::{BTreeMap, BTreeSet, HashMap};

use andon_model::{Fingerprint, Fingerprints};
use serde_json::Value;

use super::log::SarifResult;

/// What identifies a result: never a line number.
pub(super) struct Content<'a> {
    pub(super) tool: &'a str,
    pub(super) rule: &'a str,
    pub(super) path: &'a str,
    /// Quoted source text, or the message.
    pub(super) text: &'a str,
}

/// Our own fingerprint of a result that another tool reported; equal ones get an ordinal later.
pub(super) fn primary(content: &Content<'_>) -> Fingerprint {
    let text = without_positions(content.text);
    let parts = [content.tool, content.rule, content.path, text.as_str()];
    Fingerprint::new("sarif/1", &parts.map(str::as_bytes))
}

/// What we wrote ourselves.
pub(super) fn own(result: &SarifResult) -> Option<Fingerprints> {
    let text = |value: &Value| value.as_str().filter(|text| text.len() <= 300).map(str::to_owned);
    let primary = Fingerprint(text(result.partial_fingerprints.get("andonFingerprint/v1")?)?);
    let others = result.partial_fingerprints.iter().filter(|(key, _)| key.starts_with("andonAlternate/"));
    Some(Fingerprints {
        primary,
        alternates: others.filter_map(|(_, value)| text(value).map(Fingerprint)).collect(),
    })
}

/// The fingerprints that the tool itself gave, hashed with its name and the rule. Facts that tools keep there although
/// they identify no result (the commit, its author) and placeholders are left out.
pub(super) fn alternates(tool: &str, rule: &str, result: &SarifResult) -> BTreeSet<Fingerprint> {
    const MOST: usize = 10;
    let tool_name: String =
        tool.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(40).collect();
    let all = result.fingerprints.iter().chain(&result.partial_fingerprints);
    all.filter(|(key, _)| !describes_commit(key))
        .filter_map(|(key, value)| Some((key, value.as_str().filter(|value| identifies(value))?)))
        .take(MOST)
        .map(|(key, value)| {
            let parts = [rule.as_bytes(), key.as_bytes(), value.as_bytes()];
            Fingerprint::new(&format!("sarif-{tool_name}/1"), &parts)
        })
        .collect()
}

fn describes_commit(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["commit", "author", "email", "date", "time", "message", "branch", "line", "column"]
        .iter()
        .any(|word| key.contains(word) && !key.contains("hash"))
}

fn identifies(value: &str) -> bool {
    (8..=1_024).contains(&value.len()) && !value.contains(char::is_whitespace)
}

/// Tells equal primaries apart by their order and, unless these are `ours`, drops alternates that several of them share:
/// they would make different findings one.
pub(super) fn settle(all: &mut [&mut Fingerprints], ours: bool) {
    let mut uses: HashMap<Fingerprint, usize> = HashMap::new();
    for alternate in all.iter().flat_map(|fingerprints| &fingerprints.alternates) {
        *uses.entry(alternate.clone()).or_default() += 1;
    }
    let mut seen: BTreeMap<Fingerprint, u32> = BTreeMap::new();
    for fingerprints in all {
        fingerprints
            .alternates
            .retain(|alternate| ours || uses.get(alternate).is_none_or(|count| *count == 1));
        let ordinal = seen.entry(fingerprints.primary.clone()).or_default();
        fingerprints.primary = fingerprints.primary.with_ordinal(*ordinal);
        *ordinal = ordinal.saturating_add(1);
    }
}

/// One space between words, and `#` for numbers that say a position (`line 12`, `file.c:3:4`), so that moved code
/// keeps its identity.
fn without_positions(text: &str) -> String {
    const WORDS: [&str; 9] = ["line", "lines", "column", "columns", "col", "row", "offset", "position", "l"];
    let mut out: Vec<String> = Vec::new();
    let mut after_position = false;
    for word in text.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
        let numeric = bare.starts_with(|c: char| c.is_ascii_digit());
        out.push(if after_position && numeric { "#".to_owned() } else { without_suffix(word) });
        let joins = after_position && (numeric || ["to", "and"].contains(&bare.as_str()));
        after_position = WORDS.contains(&bare.as_str()) || joins;
    }
    out.join(" ")
}

/// `file.c:3:4` becomes `file.c:#`.
fn without_suffix(word: &str) -> String {
    let end = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    let number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '-');
    match end.split_once(':') {
        Some((file, rest)) if !file.is_empty() && rest.split(':').all(number) => format!("{file}:#"),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_in_messages_do_not_count() {
        let check = |text: &str, expected: &str| assert_eq!(without_positions(text), expected);
        check("unsafe call on line 12, column 3", "unsafe call on line # column #");
        check("see src/a.c:3:4 and lines 3 to 9", "see src/a.c:# and lines # to #");
        check("CVE-2024-1 in lib 1.2.3", "CVE-2024-1 in lib 1.2.3");
        check("time 12:30", "time 12:#");
    }

    #[test]
    fn equal_fingerprints_get_ordinals_and_shared_alternates_go() {
        let make = |alternate: &str| Fingerprints {
            primary: Fingerprint::new("sarif/1", &[b"same"]),
            alternates: [Fingerprint(alternate.to_owned())].into(),
        };
        let (mut a, mut b, mut c) = (make("x"), make("x"), make("y"));
        settle(&mut [&mut a, &mut b, &mut c], false);
        assert!(b.primary.0.ends_with("#1") && c.primary.0.ends_with("#2") && !a.primary.0.contains('#'));
        assert_eq!((a.alternates.len(), b.alternates.len(), c.alternates.len()), (0, 0, 1));
    }
}
