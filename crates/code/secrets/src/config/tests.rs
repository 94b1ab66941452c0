use std::collections::HashMap;

use super::*;

/// Files that `[extend] path` can name.
struct Files(HashMap<&'static str, &'static str>);

impl Source for Files {
    fn read(&self, path: &str) -> Result<String, String> {
        self.0.get(path).map(|text| (*text).to_owned()).ok_or_else(|| "no such file".to_owned())
    }
}

const OUR_PACK: &str = r#"
[[rules]]
id = "acme-key"
description = "Acme key"
regex = 'acme_([a-z]{4})'
entropy = 2.0
keywords = ["ACME_"]
tags = ["acme"]
[rules.andon]
severity = "critical"
confidence = "high"
validate = "luhn"
formerly = ["acme-token"]
explanation = "Opens doors."
examples = ["acme_{{lower:4}}", { path = "a.yml", text = "x: acme_abcd" }]

[[rules]]
id = "beta-key"
regex = 'beta'

[[allowlists]]
stopwords = ["ours"]
"#;

fn ours() -> RuleSet {
    load_pack(OUR_PACK, "ours", "7").unwrap()
}

fn load_with(text: &str, files: &[(&'static str, &'static str)]) -> Result<RuleSet, ConfigError> {
    load(text, "test.toml", &ours, &Files(files.iter().copied().collect()))
}

#[track_caller]
fn loaded(text: &str) -> RuleSet {
    load_with(text, &[]).unwrap()
}

#[track_caller]
fn fails(text: &str, parts: &[&str]) {
    let error = load_with(text, &[]).expect_err(text).to_string();
    for part in parts {
        assert!(error.contains(part), "{error:?} lacks {part:?}");
    }
}

#[track_caller]
fn rejects(text: &str, id: &str, parts: &[&str]) {
    let set = loaded(text);
    let [rejected] = set.rejected.as_slice() else { panic!("{:?}", set.rejected) };
    assert_eq!((rejected.id.as_str(), rejected.pack.as_str()), (id, "test.toml"));
    for part in parts {
        assert!(rejected.reason.contains(part), "{:?} lacks {part:?}", rejected.reason);
    }
}

fn ids(set: &RuleSet) -> Vec<&str> {
    set.rules.iter().map(|rule| rule.id.as_str()).collect()
}

#[test]
fn a_rule_is_read_with_all_it_says() {
    let set = loaded(
        r#"
        title = "t"
        minVersion = "v99.0.0"
        [[rules]]
        id = "a"
        description = "d"
        regex = '''(x)(y)'''
        path = '''\.py$'''
        secretGroup = 2
        entropy = 3
        keywords = ["Key", "ÄB"]
        tags = ["t"]
        skipReport = true
        [[rules.required]]
        id = "generic-b"
        withinLines = 5
        [[rules.required]]
        id = "generic-b"
        withinColumns = 7
        [[rules]]
        id = "generic-b"
        path = "b"
        "#,
    );
    assert!(set.rejected.is_empty() && set.warnings.is_empty(), "{:?} {:?}", set.rejected, set.warnings);
    let rule = &set.rules[0];
    assert_eq!((rule.id.as_str(), rule.description.as_str(), rule.secret_group), ("a", "d", 2));
    assert_eq!(rule.regex.as_ref().map(Pattern::source), Some("(x)(y)"));
    assert_eq!(rule.path.as_ref().map(Pattern::source), Some(r"\.py$"));
    assert_eq!((rule.entropy, rule.skip_report, rule.ours), (3.0, true, false));
    assert_eq!(
        (rule.keywords.as_slice(), rule.tags.as_slice()),
        (&["key".into(), "äb".into()][..], &["t".into()][..])
    );
    let b = || "generic-b".to_owned();
    let first = Required { id: b(), within_lines: Some(5), within_columns: None };
    assert_eq!(rule.required, [first, Required { id: b(), within_lines: None, within_columns: Some(7) }]);
    assert_eq!((rule.pack.as_str(), rule.pack_version.len()), ("test.toml", 12));
    assert_eq!((rule.meta.severity.as_str(), rule.meta.confidence.as_str()), ("high", "medium"));
    assert_eq!(
        (set.rules[1].meta.confidence.as_str(), set.rules[1].meta.cwe.as_slice()),
        ("low", &[798][..])
    );
    assert_eq!(set.packs, ["test.toml"]);
}

#[test]
fn keys_have_any_case_and_values_a_neighbouring_type() {
    let set = loaded(
        "[[Rules]]\nID = 'a'\nREGEX = '(x)'\nSecretGroup = '1'\nENTROPY = '3.5'\nkeywords = 'K,l'\nskipreport = 'true'\n\
         [Rules.allowList]\nStopWords = ['W']",
    );
    let rule = &set.rules[0];
    assert_eq!((rule.secret_group, rule.entropy, rule.skip_report), (1, 3.5, true));
    assert_eq!(rule.keywords, ["k", "l"]);
    assert!(rule.allowlists[0].contains_stopword(b"aWa"));
    assert!(set.warnings.is_empty(), "{:?}", set.warnings);
}

#[test]
fn allowlists_answer_as_in_gitleaks() {
    let set = loaded(
        r#"
        [[allowlists]]
        description = "d"
        condition = "and"
        commits = [" C0FFEE ", "c0ffee"]
        paths = ['(?i)^vendor/', '\.md$']
        regexes = ['^test']
        regexTarget = "line"
        stopwords = ["Fake", "fake", "ÉCOLE"]
        "#,
    );
    let list = &set.allowlists[0];
    assert!(list.all && list.has_commits() && list.has_paths() && list.has_regexes() && list.has_stopwords());
    assert_eq!((list.target, list.description.as_str()), (RegexTarget::Line, "d"));
    assert_eq!((list.commits.as_slice(), list.stopwords.words().len()), (&["c0ffee".to_owned()][..], 2));
    assert!(list.commit_allowed("C0FFEE") && !list.commit_allowed("") && !list.commit_allowed("c0"));
    assert!(list.path_allowed("VENDOR/a") && list.path_allowed("a.MD"));
    assert!(!list.path_allowed("src/vendor/a") && !list.path_allowed(""));
    assert!(list.regex_allowed(b"test1") && !list.regex_allowed(b"a test") && !list.regex_allowed(b""));
    assert!(list.contains_stopword(b"xFAKEx") && list.contains_stopword("une école".as_bytes()));
    assert!(!list.contains_stopword(b"real") && !list.contains_stopword(b""));
}

#[test]
fn old_forms_of_allowlists_work_but_not_beside_the_new() {
    let set =
        loaded("[allowlist]\nregexes=['1']\n[[rules]]\nid='a'\nregex='a'\n[rules.allowlist]\npaths=['p']");
    assert!(set.allowlists[0].regex_allowed(b"1") && set.rules[0].allowlists[0].path_allowed("p"));
    assert!(loaded("[allowlist]").allowlists.is_empty());
    fails(
        "[allowlist]\nregexes=['1']\n[[allowlists]]\nregexes=['2']",
        &["both [allowlist] and [[allowlists]]", "line 1"],
    );
    rejects(
        "[[rules]]\nid='a'\nregex='a'\n[rules.allowlist]\npaths=['p']\n[[rules.allowlists]]\npaths=['q']",
        "a",
        &["both [rules.allowlist]", "line 1"],
    );
}

#[test]
fn a_global_allowlist_may_be_for_some_rules() {
    let rules = "[[rules]]\nid='a'\nregex='a'\n[[rules]]\nid='b'\nregex='b'\n[[rules]]\nid='c'\nregex='('\n";
    let set = loaded(&format!(
        "{rules}[[allowlists]]\ntargetRules=['a','c']\npaths=['p']\n[[allowlists]]\npaths=['q']"
    ));
    assert_eq!(
        (set.allowlists.len(), set.rules[0].allowlists.len(), set.rules[1].allowlists.len()),
        (1, 1, 0)
    );
    assert!(set.warnings[0].contains("names `c`"), "{:?}", set.warnings);
    fails(
        &format!("{rules}[[allowlists]]\ntargetRules=['d']\npaths=['p']"),
        &["names `d`", "line 10", "hint:"],
    );
}

#[test]
fn a_wrong_global_part_is_an_error_with_line_and_hint() {
    fails("a = [", &["test.toml", "line 1", "hint:"]);
    fails("\n\nrules = 3", &["line 3", "`rules`", "[[rules]]"]);
    fails("[[allowlists]]", &["line 1", "at least one of"]);
    fails("\n[[allowlists]]\nregexTarget='mtach'\nregexes=['1']", &["line 2", "`regexTarget` is `mtach`"]);
    fails("[[allowlists]]\ncondition='xor'\nregexes=['1']", &["`condition` is `xor`"]);
    fails("[[allowlists]]\n\nregexes=['(?=a)']", &["`(?=a)` in `regexes` (line 3)"]);
    fails("[extend]\npath='p'\nuseDefault=true", &["both `path` and `useDefault`"]);
    fails("[extend]\npath='p'", &["no such file", "reading p", "hint:"]);
}

#[test]
fn one_bad_rule_does_not_lose_the_others() {
    let good = "\n[[rules]]\nid='good'\nregex='g'\n";
    let with = |bad: &str| format!("{good}[[rules]]\n{bad}");
    rejects(&with("id='a'\nregex='(?=a)'"), "a", &["`regex` (line 7)", "look-around"]);
    rejects(&with("id='a'\npath='['"), "a", &["`path`", "not closed"]);
    rejects(&with("description='d'\nregex='a'"), "(rule without id, line 5)", &["no `id`"]);
    rejects(&with("id='a'"), "a", &["neither `regex` nor `path`", "line 5"]);
    rejects(&with("id='a'\nregex='(a)'\nsecretGroup=2"), "a", &["`secretGroup` is 2", "1 groups"]);
    rejects(&with("id='a'\nregex=['a']"), "a", &["`regex`", "must be a string", "array"]);
    rejects(
        &with("id='a'\nregex='a'\nfilter='x'"),
        "a",
        &["uses `filter`, an expression language of betterleaks"],
    );
    rejects(&with("id='a'\nregex='a'\n[[rules.required]]\nid='z'"), "a", &["requires `z`"]);
    rejects(&with("id='a'\nregex='a'\n[[rules.required]]"), "a", &["no `id`"]);
    rejects(&with("id='a'\nregex='a'\n[[rules.allowlists]]"), "a", &["at least one of", "line 8"]);
    rejects(&with("id='a'\nregex='a'\n[rules.andon]\nseverity='bad'"), "a", &["`bad` is none of: info"]);
    assert_eq!(ids(&loaded(&with("id='a'"))), ["good"]);
}

#[test]
fn a_rule_that_requires_a_rejected_one_is_rejected_too() {
    let set = loaded(
        "[[rules]]\nid='a'\nregex='a'\n[[rules.required]]\nid='b'\n[[rules]]\nid='b'\nregex='b'\n[[rules.required]]\nid='c'\n\
         [[rules]]\nid='c'\nregex='('",
    );
    assert!(set.rules.is_empty());
    assert_eq!(set.rejected.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["c", "b", "a"]);
}

#[test]
fn what_is_ignored_is_said_once() {
    let rule = |id: &str| format!("[[rules]]\nid='{id}'\nregex='a'\nvalidate='x'\nspecificity=1\n");
    let set = loaded(&format!("filter='x'\nnonsense=1\n{}{}[extend]\nurl='u'", rule("a"), rule("b")));
    let all = set.warnings.join("\n");
    for part in [
        "global `filter`",
        "key `nonsense`",
        "`validate`",
        "key `specificity` of a rule",
        "rule `a`",
        "and 1 more",
        "`url`",
    ] {
        assert!(all.contains(part), "{all} lacks {part}");
    }
    assert_eq!((set.warnings.len(), set.rules.len()), (5, 2));
}

#[test]
fn the_last_of_rules_with_one_name_counts() {
    let set =
        loaded("[[rules]]\nid='a'\nregex='1'\n[[rules]]\nid='b'\nregex='2'\n[[rules]]\nid='a'\nregex='3'");
    assert_eq!(ids(&set), ["a", "b"]);
    assert_eq!(set.rules[0].regex.as_ref().map(Pattern::source), Some("3"));
    assert!(set.warnings[0].contains("line 7"), "{:?}", set.warnings);
}

#[test]
fn extending_our_pack_changes_what_is_said() {
    let set = loaded(
        r#"
        [extend]
        useDefault = true
        disabledRules = ["beta-key", "nobody"]
        [[rules]]
        id = "acme-key"
        description = "Mine"
        entropy = 9
        keywords = ["More"]
        tags = ["mine"]
        skipReport = true
        [[rules.allowlists]]
        paths = ["p"]
        [rules.andon]
        severity = "low"
        [[rules]]
        id = "aaa"
        regex = "a"
        [[allowlists]]
        paths = ["g"]
        "#,
    );
    assert_eq!(ids(&set), ["aaa", "acme-key"]);
    let rule = &set.rules[1];
    assert_eq!((rule.description.as_str(), rule.entropy), ("Mine", 9.0));
    assert_eq!((rule.keywords.join(" "), rule.tags.join(" ")), ("acme_ more".into(), "acme mine".into()));
    assert_eq!(
        (rule.regex.as_ref().map(Pattern::source), rule.allowlists.len()),
        (Some("acme_([a-z]{4})"), 1)
    );
    assert!(rule.ours && !rule.skip_report && rule.pack == "ours" && rule.pack_version == "7");
    assert_eq!((rule.meta.severity.as_str(), rule.meta.validate.as_deref()), ("low", Some("luhn")));
    assert_eq!((rule.meta.explanation.as_str(), rule.meta.examples.len()), ("Opens doors.", 2));
    assert_eq!(rule.meta.examples[1].path.as_deref(), Some("a.yml"));
    assert_eq!((set.allowlists.len(), set.packs.join(" ")), (2, "test.toml ours".into()));
    assert!(set.warnings.len() == 1 && set.warnings[0].contains("`nobody`"), "{:?}", set.warnings);
}

#[test]
fn a_replaced_expression_is_no_longer_ours() {
    let set =
        loaded("[extend]\nuseDefault=true\n[[rules]]\nid='acme-key'\nregex='(x)'\nsecretGroup=1\npath='p'");
    let rule = &set.rules[0];
    assert!(!rule.ours && rule.meta.validate.is_none() && rule.secret_group == 1 && rule.path.is_some());
    assert_eq!(rule.regex.as_ref().map(Pattern::source), Some("(x)"));
}

#[test]
fn earlier_names_of_our_rules_are_known() {
    let change = "[[rules]]\nid='acme-token'\n[[rules.allowlists]]\npaths=['p']\n";
    let set = loaded(&format!(
        "[extend]\nuseDefault=true\n{change}[[allowlists]]\ntargetRules=['acme-token']\npaths=['q']"
    ));
    assert_eq!((ids(&set), set.rules[0].allowlists.len()), (vec!["acme-key", "beta-key"], 2));
    let set = loaded("[extend]\nuseDefault=true\ndisabledRules=['acme-token']");
    assert_eq!(ids(&set), ["beta-key"]);
    let set = loaded("[extend]\nuseDefault=true\n[[allowlists]]\ntargetRules=['unknown']\npaths=['q']");
    assert!(set.warnings[0].contains("`unknown`"), "{:?}", set.warnings);
}

#[test]
fn files_are_extended_two_deep() {
    let files = [
        (
            "1",
            "[extend]\npath='2'\n[[rules]]\nid='b'\nregex='1'\n[[allowlists]]\ntargetRules=['b']\npaths=['p']",
        ),
        ("2", "[extend]\npath='3'\n[[rules]]\nid='a'\nregex='2'\nkeywords=['Two']"),
        ("3", "[[rules]]\nid='not-read'\nregex='3'"),
    ];
    let set = load_with(
        "[extend]\npath='1'\n[[rules]]\nid='a'\ndescription='top'\n[[rules]]\nid='c'\nregex='c'",
        &files,
    );
    let set = set.unwrap();
    assert_eq!((ids(&set), set.packs.join(" ")), (vec!["a", "b", "c"], "test.toml 1 2".into()));
    assert_eq!((set.rules[0].description.as_str(), set.rules[0].keywords.join(" ")), ("top", "two".into()));
    assert!(
        set.rules[1].allowlists.is_empty() && set.warnings[0].contains("targetRules"),
        "{:?}",
        set.warnings
    );
    let round = load_with("[extend]\npath='r'", &[("r", "[extend]\npath='r'\n[[rules]]\nid='a'\nregex='a'")])
        .unwrap();
    assert_eq!(ids(&round), ["a"]);
    let default = load_with("[extend]\npath='d'", &[("d", "[extend]\nuseDefault=true")]).unwrap();
    assert_eq!(ids(&default), ["acme-key", "beta-key"]);
}

#[test]
fn arbitrary_text_makes_no_panic() {
    let parts = [
        "[[rules]]\n",
        "[rules]\n",
        "[extend]\n",
        "[allowlist]\n",
        "[[allowlists]]\n",
        "id='a'\n",
        "regex='('\n",
        "regex='a'\n",
        "rules=[",
        "]\n",
        "{",
        "}",
        "useDefault=true\n",
        "path='p'\n",
        "keywords=[1,[2]]\n",
        "entropy=nan\n",
        "secretGroup=-1\n",
        "[rules.andon]\n",
        "cwe=['x']\n",
        "examples=[{}]\n",
        "\u{feff}",
        "\0",
        "'",
        "=",
        "secretGroup=0xfff_f\n",
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut accepted = 0;
    for _ in 0..5_000 {
        let mut text = String::new();
        for _ in 0..6 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(parts[(state >> 33) as usize % parts.len()]);
        }
        accepted += usize::from(load_with(&text, &[]).is_ok());
    }
    assert!(accepted > 10, "{accepted} of 5,000 accepted");
}
