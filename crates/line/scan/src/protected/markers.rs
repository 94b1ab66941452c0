use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use gix::diff::blob::{Algorithm, Diff, InternedInput};

/// What silences a rule of ours or of another tool, in whatever case it is written.
const MARKERS: &[&str] = &[
    "andon:ignore",
    "gitleaks:allow",
    "betterleaks:allow",
    "trufflehog:ignore",
    "kingfisher:ignore",
    "nosemgrep",
    "nosec",
    "nosonar",
    "nolint:gosec",
    "checkov:skip",
    "trivy:ignore",
    "tfsec:ignore",
    "kics-scan ignore",
    "kics-scan disable",
    "hadolint ignore",
    "snyk:ignore",
    "zizmor: ignore",
    "devskim: ignore",
    "devskim:ignore",
    "pragma: allowlist",
    "pragma:allowlist",
    "ggignore",
    "codeql[",
    "lgtm[",
];

/// Longer texts (bytes, both sides together) are compared by counting lines.
const LARGEST_DIFF: usize = 8 << 20;
/// Of one file, so many places are listed.
const MOST_PLACES: usize = 200;

// An automaton over constant words is always built; without it nothing would be found, which a test would notice.
static FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(MARKERS).ok());

/// Whether a text has any marker, in a line of whatever age.
pub(super) fn has_any(text: &[u8]) -> bool {
    marker_in(text).is_some()
}

/// Lines (1-based) of `new` that `old` does not have and that silence a rule, with what does it.
pub(super) fn new_markers(old: &[u8], new: &[u8]) -> Vec<(u32, &'static str)> {
    let lines: Vec<&[u8]> = lines(new).collect();
    let marked = lines.iter().enumerate().filter_map(|(number, line)| Some((number, marker_in(line)?)));
    let added = added_lines(old, new, &lines);
    marked
        .filter(|(number, _)| added.get(*number).copied().unwrap_or(true))
        .filter_map(|(number, marker)| Some((u32::try_from(number).ok()?.checked_add(1)?, marker)))
        .take(MOST_PLACES)
        .collect()
}

/// For each line whether it is new.
fn added_lines(old: &[u8], new: &[u8], new_lines: &[&[u8]]) -> Vec<bool> {
    if old.len().saturating_add(new.len()) > LARGEST_DIFF {
        return uncounted_lines(old, new_lines);
    }
    let mut input = InternedInput::default();
    input.update_before(lines(old));
    input.update_after(new_lines.iter().copied());
    let diff = Diff::compute(Algorithm::Histogram, &input);
    (0u32..).zip(new_lines).map(|(number, _)| diff.is_added(number)).collect()
}

/// As [`added_lines`], but a moved line counts as old.
fn uncounted_lines(old: &[u8], new_lines: &[&[u8]]) -> Vec<bool> {
    let mut left: HashMap<&[u8], u32> = HashMap::new();
    for line in lines(old).filter(|line| has_any(line)) {
        *left.entry(line).or_default() += 1;
    }
    let mut is_new = Vec::with_capacity(new_lines.len());
    for line in new_lines {
        let known = left.get_mut(line).filter(|count| **count > 0);
        is_new.push(known.is_none());
        if let Some(count) = known {
            *count -= 1;
        }
    }
    is_new
}

/// Lines without the white space around them, so that line endings and indentation make no line new.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii)
}

/// The first marker that stands as a word of its own.
fn marker_in(line: &[u8]) -> Option<&'static str> {
    let is_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    FINDER.as_ref()?.find_iter(line).find_map(|found| {
        let before = found.start().checked_sub(1).and_then(|position| line.get(position));
        let after = line.get(found.end());
        let marker = MARKERS.get(found.pattern().as_usize()).copied()?;
        let joined =
            is_word(before) || (is_word(after) && marker.ends_with(|last: char| last.is_alphanumeric()));
        (!joined).then_some(marker)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: &str, new: &str, expected: &[(u32, &str)]) {
        assert_eq!(new_markers(old.as_bytes(), new.as_bytes()), expected, "{old:?} -> {new:?}");
    }

    #[test]
    fn only_new_lines_with_a_whole_marker_count() {
        check("", "a\nb # nosemgrep\n", &[(2, "nosemgrep")]);
        check("a # nosemgrep\n", "x\na # nosemgrep\n", &[]);
        check("a # NOSEC\r\n", "  a # NOSEC\n", &[]);
        check("a # nosec\n", "b # nosec\n", &[(1, "nosec")]);
        check("", "nosecret\nnosecurity\nxnosec\n", &[]);
        check(
            "",
            "#nosec G101\n// NOSONAR\nk = 1 # gitleaks:allow",
            &[(1, "nosec"), (2, "nosonar"), (3, "gitleaks:allow")],
        );
        check("", "#checkov:skip=CKV_1: why\n//codeql[js/x]", &[(1, "checkov:skip"), (2, "codeql[")]);
        check(
            "safe()\n# nosemgrep\nother()\n",
            "safe()\nother()\n# nosemgrep\nunsafe()\n",
            &[(3, "nosemgrep")],
        );
    }

    #[test]
    fn long_texts_are_compared_by_counting() {
        let lines = "a # nosec\n".to_owned() + &"x".repeat(LARGEST_DIFF);
        check(&lines, &format!("{lines}\nb # nosec\na # nosec"), &[(3, "nosec"), (4, "nosec")]);
    }
}
