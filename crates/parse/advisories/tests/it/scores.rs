//! Scores, beside those that the specifications' examples and user guides give.

use andon_advisories::cvss::score;
use andon_model::Severity;

fn check(vector: &str, expected: Option<(f64, Severity)>) {
    assert_eq!(score(vector).map(|score| (score.value, score.severity)), expected, "{vector}");
}

#[test]
fn version_2() {
    // CVE-2002-0392, CVE-2003-0818, CVE-2003-0062 of the guide, section 3.3.
    check("AV:N/AC:L/Au:N/C:N/I:N/A:C", Some((7.8, Severity::High)));
    check("AV:N/AC:L/Au:N/C:C/I:C/A:C", Some((10.0, Severity::High)));
    check("AV:L/AC:H/Au:N/C:C/I:C/A:C", Some((6.2, Severity::Medium)));
    check("(AV:L/AC:H/Au:N/C:C/I:C/A:C)", Some((6.2, Severity::Medium)));
    check("CVSS:2.0/AV:N/AC:L/Au:N/C:N/I:N/A:N", Some((0.0, Severity::Info)));
}

#[test]
fn version_3() {
    // CVE-2013-1937, CVE-2013-0375, CVE-2014-3566, CVE-2012-1516 of the examples.
    check("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", Some((6.1, Severity::Medium)));
    check("CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", Some((6.4, Severity::Medium)));
    check("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", Some((3.1, Severity::Low)));
    check("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", Some((9.9, Severity::Critical)));
    // The temporal metrics of an advisory are not taken in.
    check("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H/E:U/RL:O/RC:U", Some((9.9, Severity::Critical)));
}

#[test]
fn version_4() {
    // The first has the highest macro vector, 000000; the others are from the examples.
    check(
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H",
        Some((10.0, Severity::Critical)),
    );
    check("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", Some((7.3, Severity::High)));
    check("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N", Some((8.8, Severity::High)));
    check("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", Some((0.0, Severity::Info)));
    check(
        "CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:P",
        Some((6.4, Severity::Medium)),
    );
}

#[test]
fn what_is_no_complete_vector_has_no_score() {
    for vector in
        ["", "7.5", "HIGH", "CVSS:3.1/AV:N", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N", "CVSS:9.0/AV:N/AC:L"]
    {
        check(vector, None);
    }
    check(&format!("CVSS:3.1/{}", "AV:N/".repeat(1000)), None);
}
