//! Cobertura and JaCoCo XML.
#![no_main]

use andon_results::{CoverageFormat, ReportPaths, read_coverage};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let paths = ReportPaths::below(&["/a"]).with_files(["b/c", "d"]);
    for format in [CoverageFormat::Cobertura, CoverageFormat::Jacoco] {
        let Ok(mut report) = read_coverage(text.as_bytes(), Some(format), &paths, "x") else { continue };
        let totals = report.line_totals();
        let again = report.clone();
        report.merge(again);
        assert_eq!(report.line_totals(), totals);
    }
});
