#![expect(clippy::disallowed_methods, reason = "tests look at files")]

use serde_json::json;

use super::{advisory, components, gaps, known, lock, shop};
use crate::world::{World, each};

const STRICT: &str = "gates: [{name: all, stop: {critical: 0}, require-complete: true}]\n";

#[test]
fn one_finding_for_all_names_of_a_vulnerability_and_the_way_out() {
    let world = shop();
    world.advisories(&known());
    let (report, code) = world.report("");
    assert_eq!(
        (code, each(&report, "/rule/id")),
        (1, vec!["vulnerable-dependency".to_owned()]),
        "{report:#}"
    );
    assert_eq!(each(&report, "/severity"), ["critical"]);
    assert_eq!(each(&report, "/properties/ids"), ["CVE-2024-1 GHSA-left-left-left"]);
    assert_eq!(each(&report, "/locations/0/path"), ["package-lock.json"]);
    let upgrade = &report["inventory"]["upgrades"][0];
    assert_eq!((&upgrade["from"], &upgrade["to"]), (&json!("1.0.0"), &json!("1.2.0")));
    assert_eq!(upgrade["removes"].as_array().map(Vec::len), Some(1));
    let command = upgrade["command"].as_str().unwrap();
    assert!(command.starts_with("npm ") && command.contains("left"), "{command}");
    assert_eq!(report["coverage"]["complete"], true, "{report:#}");
    assert_eq!(components(&report), ["pkg:npm/app@2.0.0", "pkg:npm/left@1.0.0"]);
    world.andon("scan").is(1, &["left", "1.2.0", "CVE-2024-1", command]);
    world.andon("scan --engine secrets").is(0, &[]);
    world.andon("explain vulnerable-dependency").is(0, &["andon why"]);
    world.andon("explain vulnerable-dependencies").is(2, &["did you mean `vulnerable-dependency`?"]);
    world.andon("rules list").is(0, &["vulnerable-dependency", "github-pat"]);
    world.andon("rules show vulnerable-dependency").is(2, &["andon explain vulnerable-dependency"]);
}

#[test]
fn without_advisories_nothing_is_called_clean() {
    let world = shop();
    let (report, code) = world.report("");
    assert_eq!((code, report["coverage"]["complete"].as_bool()), (0, Some(false)));
    assert!(gaps(&report, "not-audited").concat().contains("andon db update"), "{report:#}");
    world.write("andon.yaml", format!("version: 1\n{STRICT}"));
    world.andon("scan").is(3, &["andon db update"]);
    world.advisories(&[advisory("GHSA-1", &[], "other", "1.0.0")]).andon("scan").is(0, &["nothing"]);
    world.write("poetry.lock", "[[package]]\nname = \"six\"\nversion = \"1.0\"\n").commit();
    world.andon("scan").is(3, &["PyPI", "andon db update"]);
}

#[test]
fn advisories_that_are_too_old_are_none_until_they_are_found_unchanged() {
    let world = shop();
    world.advisories(&known()[..1]);
    world.write("andon.yaml", format!("version: 1\ndependencies: {{advisory-days: 7}}\n{STRICT}"));
    let checked = world.data().join("advisories/checked.json");
    let text = std::fs::read_to_string(&checked).unwrap();
    let mut old: serde_json::Value = serde_json::from_str(&text).unwrap();
    old["fetched"]["npm"] = json!("2020-01-01T00:00:00Z");
    std::fs::write(&checked, old.to_string()).unwrap();
    let (report, code) = world.report("");
    assert_eq!(code, 1);
    assert!(gaps(&report, "not-audited").concat().contains("days old"), "{report:#}");
    assert_eq!(report["inventory"]["advisories"]["updated"], "2020-01-01T00:00:00Z");
    world.andon("db status").is(0, &["days ago"]);
    world.advisories(&known()[..1]);
    assert_eq!(gaps(&world.report("").0, "not-audited"), [""; 0]);
}

#[test]
fn the_projects_own_advisories() {
    let world = shop();
    world.write(".andon/advisories/left.json", advisory("SHOP-1", &[], "left", "1.1.0").to_string());
    let (report, code) = world.report("");
    assert_eq!((code, each(&report, "/properties/ids")), (1, vec!["SHOP-1".to_owned()]));
    assert_eq!(report["coverage"]["complete"], false);
    world.advisories(&known());
    let (report, _) = world.report("");
    assert_eq!(each(&report, "/properties/ids").len(), 2);
    assert_eq!(report["coverage"]["complete"], true, "{report:#}");
    world.write(".andon/advisories/left.json", r#"{"id": "#);
    world.andon("scan").is(2, &[".andon/advisories/left.json", "OSV", "hint:"]);
}

#[test]
fn a_statement_silences_a_vulnerability_by_any_of_its_names() {
    let world = shop();
    world.advisories(&known()[..1]);
    let statement = |name: &str, product: &str| {
        json!({
            "@context": "https://openvex.dev/ns/v0.2.0",
            "@id": "https://shop.example/vex/1",
            "author": "security@shop.example",
            "timestamp": "2024-06-01T00:00:00Z",
            "version": 1,
            "statements": [{
                "vulnerability": {"name": name},
                "products": [{"@id": product}],
                "status": "not_affected",
                "justification": "vulnerable_code_not_in_execute_path",
            }],
        })
        .to_string()
    };
    world.write(".andon/vex/left.json", statement("CVE-2024-1", "pkg:npm/left@1.0.0"));
    let (report, code) = world.report("");
    assert_eq!((code, each(&report, "/suppression/kind")), (0, vec!["vex".to_owned()]), "{report:#}");
    world.write(".andon/vex/left.json", statement("CVE-2024-1", "pkg:npm/left@1.1.0"));
    world.andon("scan").is(1, &["CVE-2024-1"]);
    world.write(".andon/vex/left.json", statement("CVE-2024-2", "pkg:npm/left@1.0.0"));
    world.andon("scan").is(1, &["CVE-2024-1"]);
    world.write(".andon/vex/left.json", "[]");
    world.andon("scan").is(2, &[".andon/vex/left.json", "OpenVEX"]);
}

#[test]
fn licences_that_the_policy_forbids() {
    let world = shop();
    let text = lock(&[("app", "2.0.0"), ("left", "1.0.0")]);
    let licence = |licence: &str| {
        let at = text.rfind("MIT").unwrap();
        format!("{}{licence}{}", &text[..at], &text[at + 3..])
    };
    world.advisories(&[]).write("package-lock.json", licence("AGPL-3.0-only"));
    world.andon("scan").is(0, &["nothing"]);
    world.write("andon.yaml", "version: 1\ndependencies: {licences: {deny: [AGPL-*]}, advisory-days: 7}\n");
    let (report, code) = world.report("");
    assert_eq!((code, each(&report, "/rule/id")), (1, vec!["forbidden-licence".to_owned()]), "{report:#}");
    world.andon("scan").is(1, &["left", "AGPL-3.0-only"]);
    world.write("package-lock.json", licence("(AGPL-3.0-only OR MIT)"));
    world.andon("scan").is(0, &["nothing"]);
    world.write("andon.yaml", "version: 1\ndependencies: {licences: {denny: [AGPL-*]}}\n");
    world.andon("scan").is(2, &["andon.yaml:2", "`deny`"]);
}

#[test]
fn a_change_answers_for_what_it_brings_only() {
    let world = World::with_commit();
    world.advisories(&[known()[0].clone(), advisory("GHSA-right", &[], "right", "3.0.0")]);
    world.write("old/package-lock.json", lock(&[("left", "1.0.0")])).commit().git("tag base");
    world.write("README", "changed\n").commit();
    world.andon("scan --since base").is(0, &[]);
    world.write("new/package-lock.json", lock(&[("right", "2.0.0")])).commit();
    let (report, code) = world.report("--since base");
    let states =
        |report| each(report, "/state").into_iter().zip(each(report, "/advisory")).collect::<Vec<_>>();
    assert_eq!(code, 1);
    let mut found = states(&report);
    found.sort();
    assert_eq!(
        found,
        [("existing".to_owned(), "CVE-2024-1".to_owned()), ("new".to_owned(), "GHSA-right".to_owned())],
        "{report:#}"
    );
    world.write("new/package-lock.json", lock(&[("right", "3.0.0")])).commit();
    world.andon("scan --since base").is(0, &[]);
    world.write("old/package-lock.json", lock(&[("left", "1.2.0")])).commit();
    let (report, _) = world.report("--since base");
    assert_eq!(each(&report, "/state"), ["fixed"]);
}

#[test]
fn malicious_packages_are_a_kind_of_their_own() {
    let world = shop();
    let record = json!({
        "id": "MAL-2024-1",
        "modified": "2024-05-01T00:00:00Z",
        "summary": "left is an attack",
        "affected": [{"package": {"ecosystem": "npm", "name": "left"}, "versions": ["1.0.0"]}],
    });
    let (report, code) = world.advisories(&[record]).report("");
    assert_eq!((code, each(&report, "/rule/id")), (1, vec!["malicious-dependency".to_owned()]));
    assert_eq!(each(&report, "/severity"), ["critical"]);
}

#[test]
fn what_is_left_out_on_purpose_is_no_component() {
    let world = shop();
    world.advisories(&known()).write("andon.yaml", "version: 1\nscan: {exclude: [package-lock.json]}\n");
    let (report, code) = world.report("");
    assert_eq!((code, components(&report)), (0, Vec::new()));
}
