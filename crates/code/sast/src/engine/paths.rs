use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::rule::Paths;

/// The files that a rule reads.
pub(super) struct PathFilter {
    include: Option<GlobSet>,
    exclude: GlobSet,
}

impl PathFilter {
    pub(super) fn new(paths: &Paths) -> Self {
        let include = (!paths.include.is_empty()).then(|| globs(&paths.include));
        Self { include, exclude: globs(&paths.exclude) }
    }

    /// Whether the rule reads a path.
    pub(super) fn reads(&self, path: &str) -> bool {
        self.include.as_ref().is_none_or(|include| include.is_match(path)) && !self.exclude.is_match(path)
    }
}

/// Globs as rules write them: one without a slash in front matches at any depth, and a folder stands for what is in it.
/// One that is no glob matches nothing.
fn globs(patterns: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let bare = pattern.trim_start_matches("./").trim_end_matches('/');
        let (bare, prefix) = match bare.strip_prefix('/') {
            Some(anchored) => (anchored, ""),
            None => (bare, "**/"),
        };
        for glob in [format!("{prefix}{bare}"), format!("{prefix}{bare}/**")] {
            if let Ok(glob) = Glob::new(&glob) {
                set.add(glob);
            }
        }
    }
    set.build().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_at_any_depth_and_folders_with_all_in_them() {
        let filter = |include: &[&str], exclude: &[&str]| {
            let owned = |list: &[&str]| list.iter().map(|glob| (*glob).to_owned()).collect();
            PathFilter::new(&Paths { include: owned(include), exclude: owned(exclude) })
        };
        assert!(filter(&["*.py"], &[]).reads("a/b.py"));
        assert!(!filter(&["*.py"], &[]).reads("a/b.js"));
        assert!(!filter(&[], &["tests"]).reads("x/tests/y/a.py"));
        assert!(!filter(&[], &["/src/*.py"]).reads("src/a.py"));
        assert!(filter(&[], &["/src/*.py"]).reads("x/src/a.py"));
    }
}
