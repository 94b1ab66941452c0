use std::collections::HashSet;

/// A `.gitleaksignore`: fingerprints of findings to leave out, one a line, `FILE:RULE:LINE` or `COMMIT:FILE:RULE:LINE`.
#[derive(Clone, Debug, Default)]
pub struct IgnoreFile {
    fingerprints: HashSet<String>,
}

impl IgnoreFile {
    /// Reads the file's text. Returns warnings about lines that are no fingerprints, each with its 1-based number.
    pub fn parse(text: &str) -> (Self, Vec<String>) {
        let mut file = Self::default();
        let mut warnings = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut parts: Vec<String> = line.split(':').map(str::to_owned).collect();
            let path = match parts.len() {
                3 => parts.get_mut(0),
                4 => parts.get_mut(1),
                _ => None,
            };
            match path {
                Some(path) => *path = path.replace('\\', "/"),
                None => warnings.push(format!(
                    ".gitleaksignore, line {}: `{line}` is neither `file:rule:line` nor `commit:file:rule:line`",
                    index + 1
                )),
            }
            file.fingerprints.insert(parts.join(":"));
        }
        (file, warnings)
    }

    /// Whether it names nothing.
    pub fn is_empty(&self) -> bool {
        self.fingerprints.is_empty()
    }

    /// Whether it names the finding. `start_line` is the one that gitleaks reports, 1-based; `path` has `/` between its
    /// parts.
    pub fn matches(&self, commit: Option<&str>, path: &str, rule_id: &str, start_line: usize) -> bool {
        if self.is_empty() {
            return false;
        }
        let anywhere = format!("{path}:{rule_id}:{start_line}");
        if self.fingerprints.contains(&anywhere) {
            return true;
        }
        let commit = commit.filter(|commit| !commit.is_empty());
        commit.is_some_and(|commit| self.fingerprints.contains(&format!("{commit}:{anywhere}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, commit: Option<&str>, path: &str, line: usize, expected: bool) {
        let (file, warnings) = IgnoreFile::parse(text);
        assert_eq!(
            file.matches(commit, path, "rule", line),
            expected,
            "{text:?} for {commit:?} {path}:{line}"
        );
        assert!(warnings.is_empty(), "{warnings:?}");
    }

    #[test]
    fn fingerprints_match_as_in_gitleaks() {
        check("a/b.txt:rule:3", None, "a/b.txt", 3, true);
        check("a/b.txt:rule:3", Some("c0ffee"), "a/b.txt", 3, true);
        check("a/b.txt:rule:3", None, "a/b.txt", 4, false);
        check("a\\b.txt:rule:3", None, "a/b.txt", 3, true);
        check("  # comment\n\n  c0ffee:a\\b.txt:rule:3  \r\n", Some("c0ffee"), "a/b.txt", 3, true);
        check("c0ffee:a/b.txt:rule:3", None, "a/b.txt", 3, false);
        check("c0ffee:a/b.txt:rule:3", Some("beef"), "a/b.txt", 3, false);
        check("c:/b.txt:rule:3", None, "c:/b.txt", 3, true);
        check("", Some("c0ffee"), "a", 1, false);
    }

    #[test]
    fn a_line_that_is_no_fingerprint_is_named() {
        let (file, warnings) = IgnoreFile::parse("a:rule:1\njust a path");
        assert!(file.matches(None, "a", "rule", 1));
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].contains("line 2") && warnings[0].contains("just a path"), "{warnings:?}");
    }
}
