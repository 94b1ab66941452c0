//! Our own rules, carried inside the program.

use std::borrow::Cow;

use crate::rule::join_shared;

include!(concat!(env!("OUT_DIR"), "/pack.rs"));

/// The rule files of our own pack, with the lists that they share put in: name and content. One that is not sound is given
/// as it is written, so that its rules are refused by name.
pub fn own_pack_files() -> Vec<(&'static str, Cow<'static, str>)> {
    let written = |name| FILES.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text);
    join_shared(FILES)
        .into_iter()
        .map(|(name, text)| (name, text.unwrap_or_else(|_| Cow::Borrowed(written(name)))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Loader;
    use serde_json::Value as Json;

    #[test]
    fn every_rule_is_sound_and_says_what_it_must() {
        let mut loader = Loader::default();
        for (name, text) in join_shared(FILES) {
            let loaded = loader.load(name, &text.unwrap()).unwrap();
            assert_eq!(loaded.refused, [], "{name}");
            for rule in loaded.rules {
                let id = format!("andon.{}", name.trim_end_matches(".yaml").replace('/', "."));
                assert_eq!(rule.id, id, "{name}");
                for key in ["title", "confidence", "explanation", "remediation", "category"] {
                    assert!(rule.metadata.get(key).is_some_and(Json::is_string), "{name}: {key}");
                }
                for key in ["cwe", "owasp", "technology", "references", "examples", "counter_examples"] {
                    assert!(rule.metadata.get(key).is_some_and(Json::is_array), "{name}: {key}");
                }
            }
        }
    }
}
