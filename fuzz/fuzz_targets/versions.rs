//! Versions of every scheme, two at a time: the first line and the rest. Requirements too.
#![no_main]

use andon_versions::{Scheme, Version, satisfies};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (left, right) = text.split_once('\n').unwrap_or((text, "1.0"));
    for ecosystem in ["npm", "crates.io", "PyPI", "RubyGems", "Packagist"] {
        let _ = satisfies(ecosystem, left, right);
    }
    for scheme in Scheme::ALL {
        let Ok(version) = Version::parse(scheme, left) else { continue };
        assert!(Version::origin(scheme) < version);
        // A key is of the size of its text, within a small factor.
        assert!(version.key().len() <= 16 + 16 * left.len());
        let Ok(other) = Version::parse(scheme, right) else { continue };
        assert_eq!(version.compare(&other), other.compare(&version).reverse());
    }
});
