//! Dependencies that no source file of a crate names.

use super::crates::Crate;
use super::files::File;

/// The dependencies of a crate whose name appears nowhere in its sources.
pub(super) fn check(each: &Crate, files: &[File]) -> Vec<String> {
    let folder = format!("{}/", each.folder);
    let is_source = |file: &&File| file.path.starts_with(&folder) && file.path.ends_with(".rs");
    let sources: Vec<&str> = files.iter().filter(is_source).map(|file| file.text.as_str()).collect();
    let used = |name: &String| {
        let name = name.replace('-', "_");
        sources.iter().any(|text| mentions(text, &name))
    };
    let unused = each.dependencies.iter().filter(|name| !used(name));
    unused
        .map(|name| format!("{}/Cargo.toml: no source names the dependency `{name}`", each.folder))
        .collect()
}

fn mentions(text: &str, name: &str) -> bool {
    let part = |character: Option<char>| character.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|after| after.chars().next());
        !part(before) && !part(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(dependency: &str, source: &str, expected: usize) {
        let each = Crate {
            folder: "crates/a/b".to_owned(),
            dependencies: vec![dependency.to_owned()],
            ..Crate::default()
        };
        let file = File { path: "crates/a/b/src/lib.rs".to_owned(), text: source.to_owned() };
        assert_eq!(super::check(&each, &[file]).len(), expected, "{dependency} in {source}");
    }

    #[test]
    fn a_dependency_is_named_somewhere() {
        check("serde-json", "use serde_json::Value;", 0);
        check("serde", "use serde_json::Value;", 1);
        check("anyhow", "", 1);
    }
}
