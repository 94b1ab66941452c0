use crate::world::{World, each, line};

/// A configuration with a rule of its own.
fn own(extend: &str) -> String {
    format!(
        "{extend}\n[[rules]]\nid = \"shop-key\"\ndescription = \"A key of our shop\"\nregex = '''shop_[a-z0-9]{{8}}'''\nkeywords = [\"shop_\"]\n"
    )
}

fn rules_found(world: &World, arguments: &str) -> Vec<String> {
    let mut found = each(&world.report(arguments).0, "/rule/id");
    found.sort();
    found
}

#[test]
fn a_gitleaks_configuration_replaces_or_extends() {
    let world = World::with_commit();
    world.write("app.conf", format!("{}key: shop_a1b2c3d4\n", line(1))).commit();
    assert_eq!(rules_found(&world, ""), ["github-pat"]);
    world.write(".gitleaks.toml", own("")).commit();
    assert_eq!(rules_found(&world, ""), ["shop-key"]);
    assert!(world.andon("scan").err.contains("secrets: 1 rule of .gitleaks.toml"));
    world.write(".gitleaks.toml", own("[extend]\nuseDefault = true")).commit();
    assert_eq!(rules_found(&world, ""), ["github-pat", "shop-key"]);
    let packs = &world.report("").0["coverage"]["engines"][0]["packs"];
    assert_eq!(packs, &serde_json::json!([".gitleaks.toml", "andon"]));
    world
        .write(".gitleaks.toml", own("[extend]\nuseDefault = true\ndisabledRules = [\"github-pat\"]"))
        .commit();
    let found = rules_found(&world, "");
    assert!(found.contains(&"shop-key".to_owned()) && !found.contains(&"github-pat".to_owned()), "{found:?}");
    world.write("base.toml", own("")).write(".gitleaks.toml", "[extend]\npath = \"base.toml\"\n").commit();
    assert_eq!(rules_found(&world, ""), ["shop-key"]);
    world.write(".gitleaks.toml", "[extend]\npath = \"../outside.toml\"\n");
    world.andon("scan").is(2, &["../outside.toml", "hint:"]);
}

#[test]
fn rules_of_the_project_are_added_and_named_ones_replace() {
    let world = World::with_commit();
    world.write("app.conf", format!("{}key: shop_a1b2c3d4\n", line(1)));
    world.write(".andon/rules/deep/shop.toml", own("")).commit();
    assert_eq!(rules_found(&world, ""), ["github-pat", "shop-key"]);
    world
        .write("team/more.toml", own("").replace("shop-key", "team-key").replace("shop_", "key: shop_"))
        .commit();
    assert_eq!(rules_found(&world, "--rules team"), ["team-key"]);
    assert_eq!(rules_found(&world, "--rules team/more.toml --rules .andon/rules").len(), 2);
    world.andon("scan --rules nowhere").is(2, &["nowhere"]);
    world.andon("scan --rules .git/refs").is(2, &["no file with rules"]);
    world.write("andon.yaml", "version: 1\nscan: {rules: [team]}\n").commit();
    assert!(rules_found(&world, "").contains(&"team-key".to_owned()));
    world.write("andon.yaml", "version: 1\nscan: {rules: [missing]}\n").commit();
    world.andon("scan").is(2, &["missing"]);
}

#[test]
fn a_rule_that_cannot_run_makes_the_scan_incomplete() {
    let world = World::with_commit();
    world.write(".andon/rules/bad.toml", own("").replace("{8}", "{8}(?<=x)")).commit();
    let (report, code) = world.report("");
    assert_eq!((code, &report["coverage"]["complete"]), (0, &serde_json::json!(false)));
    assert_eq!(report["coverage"]["engines"][0]["rules_rejected"][0]["id"], "shop-key");
}

#[test]
fn ignore_files_and_comments_suppress() {
    let world = World::with_commit();
    world.write("a.conf", line(1)).write("b.conf", format!("{} # gitleaks:allow\n", line(2).trim())).commit();
    world.write(".gitleaksignore", "a.conf:github-pat:1\n").commit();
    let (report, code) = world.report("");
    let mut kinds = each(&report, "/suppression/kind");
    kinds.sort();
    assert_eq!((code, kinds), (0, vec!["ignore-file".to_owned(), "inline".to_owned()]));
}

#[test]
fn listing_showing_and_explaining() {
    let world = World::plain();
    world.andon("rules list").is(0, &["github-pat", "SEVERITY"]);
    let listed = world.andon("rules list --format json").out;
    let listed: Vec<serde_json::Value> = serde_json::from_str(&listed).unwrap();
    assert!(listed.len() >= 150, "{}", listed.len());
    world.andon("rules show github-pat").is(0, &["regex", "keywords  ghp_"]);
    world.andon("explain github-pat").is(0, &["What to do", "severity"]);
    world.andon("explain github-pta").is(2, &["no rule `github-pta`", "did you mean `github-pat`?"]);
    world.andon("rules show zzzzzzzzzz").is(2, &["andon rules list"]);
    world.write("own.toml", own(""));
    let answer = world.andon("rules list --rules own.toml");
    answer.is(0, &["shop-key"]);
    assert!(!answer.out.contains("github-pat"));
    world.andon("explain shop-key --rules own.toml").is(0, &["A key of our shop"]);
}

#[test]
fn testing_rules() {
    let world = World::plain();
    let examples = |good: &str, bad: &str| {
        format!("{}[rules.andon]\nexamples = ['{good}']\ncounter_examples = ['{bad}']\n", own(""))
    };
    world.write("good.toml", examples("k = shop_{{lower:8}}", "k = shop_{{lower:7}}"));
    world.andon("rules test good.toml").is(0, &["1 rules tested on 2 texts, 0 failures"]);
    world.write("bad/blind.toml", examples("k = store_{{lower:8}}", "k = none"));
    world.andon("rules test bad").is(1, &["bad/blind.toml: shop-key: example 1: the rule does not fire"]);
    world.write("bad/blind.toml", examples("k = shop_{{lower:8}}", "k = shop_{{lower:9}}"));
    world.andon("rules test bad").is(1, &["shop-key: counter-example 1: the rule fires"]);
    world.write("bad/blind.toml", examples("k = shop_{{lower:zero}}", "k = none"));
    world.andon("rules test bad").is(1, &["must be a number"]);
    world.write("plain.toml", own(""));
    world.andon("rules test plain.toml").is(0, &["untested  plain.toml: shop-key", "1 rules untested"]);
    world.andon("rules test nowhere").is(2, &["nowhere"]);
}
