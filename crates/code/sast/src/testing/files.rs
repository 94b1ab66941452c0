/// What a file is to the tests of a rule file beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestFile {
    /// Code that the rules are run on.
    Code,
    /// The code as it must be after fixes are applied to the file that has the same name up to the first dot and the same
    /// last suffix.
    Fixed,
}

/// What a file is to the rule file `rules`; both are paths relative to the folders of the tests and of the rules, with `/`.
/// None if it has nothing to do with it.
///
/// As in Semgrep's `--test`: the name up to the first dot must be that of the rule file. The code for `x.yaml` is `x.py`,
/// `x.js`, or `x.test.yaml` if it is itself YAML; it may also lie deeper, in a folder `x`.
pub fn test_file(rules: &str, file: &str) -> Option<TestFile> {
    let rule_parts: Vec<_> = rules.split('/').collect();
    let file_parts: Vec<_> = file.split('/').collect();
    let (rule_name, folders) = rule_parts.split_last()?;
    let name = file_parts.get(folders.len())?;
    if file_parts.get(..folders.len())? != folders || stem(name) != stem(rule_name) {
        return None;
    }
    let suffixes: Vec<_> = file_parts.last()?.split('.').skip(1).collect();
    let is_rules = matches!(suffixes.as_slice(), [.., "yaml" | "yml"]);
    match suffixes.as_slice() {
        _ if suffixes.contains(&"fixed") => Some(TestFile::Fixed),
        [.., "test", "yaml" | "yml"] => Some(TestFile::Code),
        _ => (!is_rules).then_some(TestFile::Code),
    }
}

fn stem(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}
