use andon_config::{When, globs};
use andon_system::System;

use crate::Workspace;

/// Why a condition does not hold; `None` when it does. What must have happened before is not looked at here.
pub(super) fn unmet(when: &When, workspace: &Workspace, system: &dyn System) -> Option<String> {
    if !when.branch.is_empty()
        && !workspace.branch.as_deref().is_some_and(|branch| matches(&when.branch, branch))
    {
        let wanted = when.branch.join(", ");
        return Some(match &workspace.branch {
            Some(branch) => format!("the branch is `{branch}`, not {wanted}"),
            None => format!("there is no branch, and it runs on {wanted}"),
        });
    }
    if let (false, Some(changed)) = (when.changed.is_empty(), &workspace.changed)
        && !changed.iter().any(|path| matches(&when.changed, path))
    {
        return Some(format!("nothing changed in {}", when.changed.join(", ")));
    }
    for (name, glob) in &when.environment {
        let value = system.environment(name).map(|value| value.to_string_lossy().into_owned());
        if !matches(std::slice::from_ref(glob), value.as_deref().unwrap_or_default()) {
            let found = if value.is_some() { "something else" } else { "not set" };
            return Some(format!("the variable {name} is {found}, not `{glob}`"));
        }
    }
    None
}

/// Globs were checked when they were read; one that is none matches nothing.
fn matches(patterns: &[String], text: &str) -> bool {
    patterns.iter().any(|pattern| pattern == text) || globs(patterns).is_ok_and(|globs| globs.is_match(text))
}
