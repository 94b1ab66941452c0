/// Whether a comment on the line of a finding, or a line of comment alone before it, says `nosemgrep` or `nosem`, for
/// every rule or for this one. As in Semgrep, a rule may be named by the last part of its name.
pub(super) fn is_ignored(rule: &str, line: &str, before: &str) -> bool {
    names(line, rule) || (is_comment(before) && names(before, rule))
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    ["#", "//", "/*", "*", "<!--", "{/*"].iter().any(|start| line.starts_with(start))
}

fn names(line: &str, rule: &str) -> bool {
    let Some(at) = line.find("nosem") else { return false };
    let after = line.get(at + "nosem".len()..).unwrap_or_default();
    let after = after.strip_prefix("grep").unwrap_or(after);
    let starts_comment =
        line.get(..at).is_some_and(|before| before.trim_end().ends_with(['#', '/', '*', '-']));
    if !starts_comment || after.starts_with(|next: char| next.is_alphanumeric() || next == '_') {
        return false;
    }
    let Some(list) = after.trim_start().strip_prefix(':') else { return true };
    let ids = list.split(',').filter_map(|id| id.split_whitespace().next());
    let mut ids = ids.peekable();
    ids.peek().is_none()
        || ids.any(|id| id == rule || rule.ends_with(&format!(".{id}")) || id.ends_with(&format!(".{rule}")))
}

#[cfg(test)]
mod tests {
    use super::is_ignored;

    #[test]
    fn comments_that_ignore() {
        let here = |line| is_ignored("a.b.rule", line, "");
        for line in
            ["f() # nosemgrep", "f() // nosem", "f() # nosemgrep: rule", "f() /* nosemgrep: x, a.b.rule */"]
        {
            assert!(here(line), "{line}");
        }
        for line in ["f() # nosemgrep: other", "nosemgrep()", "f() # nosemantics", "f(\"nosemgrep\")"] {
            assert!(!here(line), "{line}");
        }
        assert!(is_ignored("a.b.rule", "f()", "  # nosemgrep"));
        assert!(!is_ignored("a.b.rule", "f()", "g() # nosemgrep"));
    }
}
