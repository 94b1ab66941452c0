use andon_model::Severity;
use andon_report::{TextOptions, explain, rules_table};

use crate::sample;

#[test]
fn a_rule_is_explained() {
    let rule = sample::rule("aws-access-key", Severity::Critical, "AWS access key");
    insta::assert_snapshot!(explain(&rule, &TextOptions { width: 72, ..Default::default() }));
}

#[test]
fn rules_are_listed_in_order() {
    let rules = [
        sample::rule(
            "slack-webhook",
            Severity::Medium,
            "Slack webhook whose name goes on and on and on for ever",
        ),
        sample::rule("aws-access-key", Severity::Critical, "AWS access key"),
    ];
    insta::assert_snapshot!(rules_table(&rules, &TextOptions { width: 70, ..Default::default() }));
    assert_eq!(rules_table(&[], &TextOptions::default()).lines().count(), 1);
}
