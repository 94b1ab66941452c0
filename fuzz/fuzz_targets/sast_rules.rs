//! A rule file, loaded, compiled and run on a little code of each language.
#![no_main]

use andon_sast::check::Ruleset;
use andon_sast::rule::Loader;
use andon_syntax::Language;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut loader = Loader::default();
    let Ok(loaded) = loader.load("rules.yaml", text) else { return };
    let rules = Ruleset::new(loader, vec![loaded]);
    for language in Language::ALL {
        let code = "f(x, 'text', 1);\n";
        for hit in rules.check(language, code).found {
            assert!(code.get(hit.span).is_some());
        }
    }
});
