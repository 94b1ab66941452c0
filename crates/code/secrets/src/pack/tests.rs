//! What every rule of our own pack must fulfil. A failing test lists all rules that fail.

use std::fmt::Write as _;
use std::sync::LazyLock;

use super::{own_pack, own_pack_files};
use crate::config::{Example, Pattern, Rule, RuleSet, Shape, load_packs};
use crate::examples::expand;
use crate::{ProjectKey, Secrets, Settings, validate};

/// The pack as its files say.
static PARSED: LazyLock<RuleSet> = LazyLock::new(|| {
    let texts: Vec<&str> = own_pack_files().iter().map(|(_, text)| *text).collect();
    load_packs(&texts, "andon", env!("CARGO_PKG_VERSION"))
});

/// Where an example stands that names no path.
const PATH: &str = "config/settings.env";

#[track_caller]
fn check(fault: impl Fn(&Rule) -> Option<String>) {
    let mut faults = String::new();
    let mut count = 0;
    for rule in &PARSED.rules {
        if let Some(fault) = fault(rule) {
            count += 1;
            let _ = writeln!(faults, "{}: {fault}", rule.id);
        }
    }
    assert!(count == 0, "{count} of {} rules fail:\n{faults}", PARSED.rules.len());
}

#[test]
fn every_rule_loads_without_a_warning() {
    assert_eq!((PARSED.rejected.as_slice(), PARSED.warnings.as_slice()), (&[][..], &[][..]));
    assert!(PARSED.rules.len() >= 390, "{} rules", PARSED.rules.len());
}

#[test]
fn what_was_prepared_is_what_the_files_say() {
    let prepared = own_pack();
    for (prepared, parsed) in prepared.rules.iter().zip(&PARSED.rules) {
        assert_eq!(prepared, parsed);
    }
    assert!(prepared == *PARSED, "rules, allowlists, packs, warnings or digest differ");
    let (prepared, parsed) = (patterns(&prepared), patterns(&PARSED));
    assert_eq!(prepared.len(), parsed.len());
    for (prepared, parsed) in prepared.into_iter().zip(parsed) {
        assert_eq!(prepared.group_count(), parsed.group_count(), "{}", parsed.source());
        assert_eq!(prepared.shape(), &Shape::of(parsed.hir()), "{}", parsed.source());
        assert_eq!(prepared.hir(), parsed.hir(), "{}", parsed.source());
    }
}

#[test]
fn every_rule_is_documented() {
    check(|rule| {
        let meta = &rule.meta;
        let parts = [
            ("a description", !rule.description.is_empty()),
            ("keywords", !rule.keywords.is_empty() || rule.path.is_some()),
            ("an explanation", !meta.explanation.trim().is_empty()),
            ("a remediation", !meta.remediation.trim().is_empty()),
            ("2 examples", meta.examples.len() >= 2),
            ("2 counter-examples", meta.counter_examples.len() >= 2),
        ];
        let missing: Vec<_> = parts.iter().filter(|(_, has)| !has).map(|(part, _)| *part).collect();
        (!missing.is_empty()).then(|| format!("lacks {}", missing.join(", ")))
    });
}

#[test]
fn every_check_exists() {
    check(|rule| {
        let unknown = rule.meta.validate.as_deref().filter(|kind| !validate::KINDS.contains(kind));
        unknown.map(|kind| format!("there is no check `{kind}`"))
    });
}

#[test]
fn every_rule_fires_on_its_examples_only() {
    let key = ProjectKey::new("pack");
    let ignore = Default::default();
    let secrets = Secrets::new(Settings { rules: own_pack(), key, ignore, decode_depth: 5, now: 0 });
    let wrong = |rule: &Rule, example: &Example, expected: bool| {
        let text = match expand(&example.text, "pack") {
            Ok(text) => text,
            Err(error) => return Some(error),
        };
        let fired = secrets.fires(example.path.as_deref().unwrap_or(PATH), text.as_bytes());
        let verdict = if expected { "is silent on" } else { "fires on" };
        (fired.contains(&rule.id) != expected)
            .then(|| format!("{verdict} {:?}, where {fired:?} fire", example.text))
    };
    check(|rule| {
        let examples = rule.meta.examples.iter().map(|example| (example, true));
        let all = examples.chain(rule.meta.counter_examples.iter().map(|example| (example, false)));
        let faults: Vec<_> = all.filter_map(|(example, expected)| wrong(rule, example, expected)).collect();
        (!faults.is_empty()).then(|| faults.join("\n    "))
    });
}

/// All patterns of a set, in one order.
fn patterns(set: &RuleSet) -> Vec<&Pattern> {
    let lists = set.rules.iter().flat_map(|rule| &rule.allowlists).chain(&set.allowlists);
    let own = set.rules.iter().flat_map(|rule| rule.regex.iter().chain(&rule.path));
    own.chain(lists.flat_map(|list| list.paths.patterns().iter().chain(list.regexes.patterns()))).collect()
}
