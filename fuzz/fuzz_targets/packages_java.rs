//! Maven, Gradle and Java archives; the first byte chooses the format.
#![no_main]

use andon_packages::{Format, PomFacts, jar_name, join_archive, parse, resolve_poms};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, bytes)) = bytes.split_first() else { return };
    let formats = [Format::Pom, Format::GradleLock, Format::JarManifest, Format::PomProperties];
    let listing = parse(formats[usize::from(choice) % formats.len()], bytes);
    let positions = listing.packages.iter().flat_map(|package| &package.dependencies);
    assert!(positions.into_iter().all(|&at| (at as usize) < listing.packages.len()));
    let name = String::from_utf8_lossy(bytes.get(..40).unwrap_or(bytes));
    let _ = jar_name(&name);
    let _ = join_archive(&[("META-INF/MANIFEST.MF", &listing)], &name);
    // Several files, cut out of the input, that may name each other.
    let poms: Vec<_> =
        bytes.split(|byte| *byte == 0).take(8).map(|part| parse(Format::Pom, part).pom).collect();
    let paths = ["pom.xml", "a/pom.xml", "b/pom.xml", "a/b/pom.xml"];
    let facts: Vec<(&str, &PomFacts)> =
        paths.into_iter().cycle().zip(poms.iter().flatten().map(AsRef::as_ref)).collect();
    assert_eq!(resolve_poms(&facts).len(), facts.len());
});
