//! Declared licences, judged by a policy.
#![no_main]

use andon_dependencies::licences::{LicencePolicy, LicenceVerdict, expression_of, judge};
use andon_model::Component;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (licence, entry) = text.split_once('\n').unwrap_or((text, "GPL-*"));
    let component = Component { licenses: vec![licence.to_owned()], ..Component::default() };
    let all = judge(&LicencePolicy::default(), &component);
    assert!(matches!(all, LicenceVerdict::Allowed | LicenceVerdict::Unknown { .. }));
    assert!(expression_of(licence).is_none() || !matches!(all, LicenceVerdict::Denied { .. }));
    let none = LicencePolicy {
        deny: vec!["*".to_owned()],
        allow: vec![entry.to_owned()],
        ..LicencePolicy::default()
    };
    let _ = judge(&none, &component);
});
