//! Configurations in the format of gitleaks, and what they say when they are asked.
#![no_main]

use andon_secrets::config::{RuleSet, Source, load};
use libfuzzer_sys::fuzz_target;

/// Files that extend themselves: the depth must be bounded.
struct Itself<'a>(&'a str);

impl Source for Itself<'_> {
    fn read(&self, _path: &str) -> Result<String, String> {
        Ok(self.0.to_owned())
    }
}

fuzz_target!(|text: &str| {
    let Ok(set) = load(text, "fuzz.toml", &RuleSet::default, &Itself(text)) else { return };
    for rule in &set.rules {
        let groups = rule.regex.as_ref().map_or(0, |pattern| pattern.group_count());
        assert!(rule.regex.is_some() || rule.path.is_some());
        assert!(rule.regex.is_none() || rule.secret_group <= groups);
        rule.allowlists.iter().for_each(|list| {
            let _ = (
                list.path_allowed("a/b.txt"),
                list.regex_allowed(b"a text"),
                list.contains_stopword(b"a text"),
            );
        });
    }
});
