//! Many rule files as one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use andon_documents::{Limits, yaml_one};
use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::conformance::{files_below, is_rule_file};

/// Writes every rule of some folders into one file and returns how many there are. Names that several rules have are
/// numbered, so that findings can be told apart.
pub(super) fn merged(folders: &[PathBuf], language: Option<&str>, into: &Path) -> Result<usize> {
    let mut rules = Vec::new();
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for folder in folders {
        for file in files_below(folder)?.iter().filter(|file| is_rule_file(file)) {
            let Ok(text) = std::fs::read_to_string(file) else { continue };
            let Ok(document) = yaml_one(&text, &Limits::default()) else { continue };
            let Some(list) = document.value.get("rules").and_then(Value::as_array) else { continue };
            rules.extend(
                list.iter().filter(|rule| is_of(rule, language)).map(|rule| numbered(rule, &mut names)),
            );
        }
    }
    ensure!(!rules.is_empty(), "the folders hold no rules");
    // JSON is YAML too.
    std::fs::write(into, serde_json::to_string_pretty(&json!({ "rules": rules }))?)?;
    Ok(rules.len())
}

fn is_of(rule: &Value, language: Option<&str>) -> bool {
    let languages = rule.get("languages").and_then(Value::as_array);
    language.is_none_or(|wanted| languages.is_some_and(|list| list.iter().any(|named| named == wanted)))
}

fn numbered(rule: &Value, names: &mut BTreeMap<String, usize>) -> Value {
    let mut rule = rule.clone();
    let name = rule.get("id").and_then(Value::as_str).unwrap_or_default().replace('.', "-");
    let count = names.entry(name.clone()).or_default();
    *count += 1;
    rule["id"] = if *count == 1 { Value::from(name) } else { Value::from(format!("{name}-{count}")) };
    rule
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_one_name_are_numbered() {
        let folder = tempfile::tempdir().unwrap();
        let rule = "rules:\n- id: a.b\n  languages: [python]\n- id: c\n  languages: [go]\n";
        for name in ["one.yaml", "two.yml", "three.test.yaml"] {
            std::fs::write(folder.path().join(name), rule).unwrap();
        }
        let into = folder.path().join("all.json");
        assert_eq!(merged(&[folder.path().to_owned()], Some("python"), &into).unwrap(), 2);
        let all: Value = serde_json::from_str(&std::fs::read_to_string(into).unwrap()).unwrap();
        assert_eq!(all["rules"][0]["id"], "a-b");
        assert_eq!(all["rules"][1]["id"], "a-b-2");
    }
}
