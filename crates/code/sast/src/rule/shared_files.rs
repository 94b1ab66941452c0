//! Files of rules together with the files of the lists that they share.

use std::borrow::Cow;
use std::collections::BTreeMap;

use andon_documents::{Limits, yaml_one};
use serde_json::Value as Json;

use super::{Shared, SharedError};

const LIMITS: Limits = Limits { depth: 100, nodes: 4_000_000, bytes: 64 << 20 };
/// The folder, beside rule files, that holds their shared lists.
const FOLDER: &str = "shared";

/// Puts shared lists into the rule files that use them. Files are given and returned as name, with `/`, and text; the lists of
/// `X/shared/*.yaml` are for the rules of `X/*.yaml`. Files of lists are not returned, since they hold no rules; rule files that
/// use none are returned as they are, others as JSON, which is YAML too.
///
/// # Errors
/// Of a file that cannot be read or names an unknown list; the others are returned all the same.
pub fn join_shared<'a>(files: &[(&'a str, &'a str)]) -> Vec<(&'a str, Result<Cow<'a, str>, SharedError>)> {
    let mut shared: BTreeMap<&str, Shared> = BTreeMap::new();
    let mut joined = Vec::new();
    let mut ordered = files.to_vec();
    ordered.sort_unstable();
    for (name, text) in &ordered {
        let (folder, last) = split(name);
        if last == FOLDER || split(folder).1 != FOLDER {
            continue;
        }
        let lists = shared.entry(split(folder).0).or_default();
        if let Err(error) = parse(name, text).and_then(|value| lists.add(name, &value)) {
            joined.push((*name, Err(error)));
        }
    }
    for (name, text) in files {
        let folder = split(name).0;
        if split(folder).1 == FOLDER && shared.contains_key(split(folder).0) {
            continue;
        }
        let text = match shared.get(folder) {
            Some(lists) if text.contains("use:") => parse(name, text)
                .and_then(|value| lists.expand(name, &value))
                .map(|value| value.to_string().into()),
            _ => Ok(Cow::Borrowed(*text)),
        };
        joined.push((*name, text));
    }
    joined
}

fn parse(name: &str, text: &str) -> Result<Json, SharedError> {
    let fail = |error: andon_documents::Error| SharedError::File {
        file: name.to_owned(),
        reason: error.to_string(),
    };
    Ok(yaml_one(text, &LIMITS).map_err(fail)?.value)
}

/// The folder of a path, and its last part.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_the_lists_of_a_folder_to_its_rules() {
        let files = [
            ("a/one.yaml", "rules: [{pattern-either: [{use: input}]}]"),
            ("a/shared/x.yaml", "shared: {input: [{pattern: f()}]}"),
            ("a/two.yaml", "rules: []"),
            ("b/three.yaml", "rules: [{pattern-either: [{use: input}]}]"),
        ];
        let joined: Vec<_> =
            join_shared(&files).into_iter().map(|(name, text)| (name, text.unwrap())).collect();
        assert_eq!(
            joined,
            [
                ("a/one.yaml", r#"{"rules":[{"pattern-either":[{"pattern":"f()"}]}]}"#.into()),
                ("a/two.yaml", "rules: []".into()),
                ("b/three.yaml", files[3].1.into()),
            ]
        );
    }

    #[test]
    fn names_the_file_that_is_wrong() {
        let files = [
            ("a/one.yaml", "rules: [{use: other}]"),
            ("a/shared/x.yaml", "shared: {input: []}"),
            ("a/shared/y.yaml", "shared: {input: [{pattern: f()}]}"),
        ];
        let errors: Vec<_> =
            join_shared(&files).into_iter().map(|(_, text)| text.unwrap_err().to_string()).collect();
        assert_eq!(
            errors,
            [
                "a/shared/x.yaml: cannot read shared lists: `input` must be a list that is not empty",
                "a/one.yaml: `use: other` names no shared list; there are: input",
            ]
        );
    }
}
