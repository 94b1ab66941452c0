//! Files and functions that do not fit on a few screens, against a list that may only shrink.

use std::collections::BTreeMap;

use super::files::File;

/// The list: `file PATH LINES` or `function PATH NAME LINES`, one a line.
pub(super) const ALLOWED: &str = "xtask/tidy-allow.txt";

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 60;

/// What is too long and not on the list, and what is on the list and need not be.
pub(super) fn check(files: &[File], allowed: &str) -> Vec<String> {
    let mut found = BTreeMap::new();
    for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
        let lines = file.text.lines().count();
        if lines > FILE_LINES {
            found.insert(format!("file {}", file.path), lines);
        }
        let long = functions(&file.text).into_iter().filter(|(_, lines)| *lines > FUNCTION_LINES);
        found.extend(long.map(|(name, lines)| (format!("function {} {name}", file.path), lines)));
    }
    let mut problems = Vec::new();
    let mut listed = BTreeMap::new();
    for line in allowed.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        match line.rsplit_once(' ').map(|(what, lines)| (what, lines.parse::<usize>())) {
            Some((what, Ok(lines))) => {
                listed.insert(what.to_owned(), lines);
            }
            _ => problems.push(format!(
                "{ALLOWED}: `{line}` is neither `file PATH LINES` nor `function PATH NAME LINES`"
            )),
        }
    }
    for (what, lines) in &found {
        match listed.get(what) {
            None => problems.push(format!("{what}: {lines} lines are too many; split it")),
            Some(listed) if listed < lines => {
                problems.push(format!("{what}: grew from {listed} to {lines} lines; split it"));
            }
            Some(listed) if listed > lines => {
                problems.push(format!("{ALLOWED}: {what} has shrunk to {lines} lines; lower its entry"));
            }
            Some(_) => {}
        }
    }
    let stale = listed.keys().filter(|what| !found.contains_key(*what));
    problems.extend(stale.map(|what| format!("{ALLOWED}: {what} fits by now; remove its entry")));
    problems
}

/// Names and lengths in lines of the functions of a text that rustfmt has formatted.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else { continue };
        let indent: String = line.chars().take_while(|character| *character == ' ').collect();
        let rest = lines.get(start..).unwrap_or_default();
        let Some(opening) = rest.iter().position(|line| line.ends_with(['{', ';', '}'])) else { continue };
        if rest.get(opening).is_some_and(|line| !line.ends_with('{')) {
            continue;
        }
        let closing = format!("{indent}}}");
        let length = rest.iter().skip(opening).position(|line| *line == closing);
        let code = |length| code_lines(rest.get(..=opening + length).unwrap_or_default());
        found.extend(length.map(|length| (name.to_owned(), code(length))));
    }
    found
}

/// How many lines are code: the inner lines of raw strings are data that a test carries.
fn code_lines(lines: &[&str]) -> usize {
    let mut ending: Option<String> = None;
    let mut count = 0;
    for line in lines {
        match &ending {
            Some(end) if line.contains(end.as_str()) => ending = None,
            Some(_) => {}
            None => {
                count += 1;
                ending = opened(line);
            }
        }
    }
    count
}

/// What ends the raw string that a line opens and does not close.
fn opened(line: &str) -> Option<String> {
    let hashes = ["##", "#", ""].into_iter().find(|hashes| line.contains(&format!("r{hashes}\"")))?;
    let (_, rest) = line.rsplit_once(&format!("r{hashes}\""))?;
    let end = format!("\"{hashes}");
    (!rest.contains(&end)).then_some(end)
}

fn function_name(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let words = ["pub", "const", "async", "extern", "\"C\""];
    let known = |word: &str| words.contains(&word) || word.starts_with("pub(");
    let is_modifier = before.split_whitespace().all(|word| known(word) || matches!(word, "in" | "super)"));
    let name = after.split(|character: char| !character.is_alphanumeric() && character != '_').next()?;
    (is_modifier && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(lines: usize) -> File {
        let body = "    let _ = 0;\n".repeat(lines.saturating_sub(2));
        File { path: "a.rs".to_owned(), text: format!("pub(crate) fn long() {{\n{body}}}\n") }
    }

    fn check(lines: usize, allowed: &str, expected: &[&str]) {
        let problems = super::check(&[source(lines)], allowed);
        assert_eq!(problems.len(), expected.len(), "{problems:?}");
        for (problem, expected) in problems.iter().zip(expected) {
            assert!(problem.contains(expected), "{problem}");
        }
    }

    #[test]
    fn what_is_too_long_is_named() {
        check(60, "", &[]);
        check(61, "", &["function a.rs long: 61 lines are too many"]);
        check(501, "", &["file a.rs: 501", "function a.rs long: 501"]);
    }

    #[test]
    fn the_list_may_only_shrink() {
        check(70, "# why\nfunction a.rs long 70\n", &[]);
        check(71, "function a.rs long 70", &["grew from 70 to 71"]);
        check(69, "function a.rs long 70", &["shrunk to 69"]);
        check(10, "function a.rs long 70", &["fits by now"]);
        check(10, "something", &["is neither"]);
    }

    #[test]
    fn texts_in_tests_are_no_code() {
        let text = "fn one() {\n    let text = r#\"\n1\n2\n3\n\"#;\n    check(text);\n}\n";
        assert_eq!(functions(text), [("one".to_owned(), 4)]);
    }

    #[test]
    fn functions_are_found() {
        let text = "trait A {\n    fn one(&self);\n    fn two(\n        &self,\n    ) -> u8 {\n        1\n    }\n}\nfn three() {}\n";
        assert_eq!(functions(text), [("two".to_owned(), 5)]);
    }
}
