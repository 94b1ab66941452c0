use std::io::Write;

use andon_results::read_sarif;

const EMPTY: &str = r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"t"}},"results":[]}]}"#;

#[test]
fn errors_say_what_is_wrong_where_and_what_to_do() {
    let check = |bytes: &[u8], expected: &[&str]| {
        let message = read_sarif(bytes, "x.sarif").unwrap_err().to_string();
        for part in expected.iter().chain(&["x.sarif"]) {
            assert!(message.contains(part), "{message} lacks {part}");
        }
    };
    check(b"", &["empty", "check that"]);
    check(b" \n\t", &["empty"]);
    check(b"\xef\xbb\xbf", &["empty"]);
    check(b"{\xff}", &["UTF-8", "byte 1", "iconv"]);
    check(b"{\n  \"version\": \"2.1.0\",\n  oops", &["line 3", "column 3", "SARIF 2.1.0"]);
    check(b"[]", &["line 1"]);
    check(b"{}", &["version", "missing", "2.1.0"]);
    check(br#"{"version":"2.0.0","runs":[]}"#, &["\"2.0.0\""]);
    check(br#"{"version":"2.1.0","runs":7}"#, &["line 1", "expected a sequence"]);
    check(br#"{"version":"2.1.0","runs":[{"results":[{"message":"text"}]}]}"#, &["column"]);
    check(b"\x1f\x8b\x08garbage", &["gzip"]);
    const N: usize = 100_000;
    let deep = format!(
        "{}{}{}}}}}]}}]}}",
        r#"{"version":"2.1.0","runs":[{"results":[{"properties":{"a":"#,
        "[".repeat(N),
        "]".repeat(N)
    );
    check(deep.as_bytes(), &["recursion limit"]);
}

#[test]
fn marks_and_compression_are_taken_off() {
    let marked = format!("\u{feff}{EMPTY}");
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(marked.as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    for bytes in [EMPTY.as_bytes(), marked.as_bytes(), &packed] {
        let report = read_sarif(bytes, "x").unwrap();
        assert_eq!((report.tool.name.as_str(), report.findings.len()), ("t", 0));
    }
}

#[test]
fn absent_and_null_parts_are_no_error() {
    for text in [
        r#"{"version":"2.1.0"}"#,
        r#"{"version":"2.1.0","runs":null}"#,
        r#"{"version":"2.1.0","runs":[{}]}"#,
        r#"{"version":"2.1.0","runs":[{"tool":null,"results":[{},{"message":null,"locations":[{}],"ruleIndex":1e300}]}]}"#,
        r#"{"version":"2.1.0","runs":[{"results":[{"locations":[{"physicalLocation":{"artifactLocation":{"uri":"%"},"region":{"startLine":99999999999,"endLine":0,"endColumn":0}}}]}]}]}"#,
    ] {
        let report = read_sarif(text.as_bytes(), "x").unwrap();
        assert!(!report.coverage.complete && !report.coverage.gaps.is_empty(), "{text}");
    }
}

#[test]
fn every_way_to_cut_or_spoil_a_log_is_survived() {
    let whole =
        andon_results::write_sarif(&crate::sample::rich(), &andon_results::SarifLimits::unlimited()).bytes;
    let mut read = 0;
    for at in (0..whole.len()).step_by(7) {
        assert!(read_sarif(&whole[..at], "x").is_err());
        let mut spoilt = whole.clone();
        spoilt[at] = [b'9', b'"', b'{', b'\xc3', b'%'][at % 5];
        read += usize::from(read_sarif(&spoilt, "x").is_ok());
    }
    assert!(read > 0);
}
