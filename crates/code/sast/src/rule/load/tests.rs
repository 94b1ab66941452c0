use super::{Loader, Mode};
use crate::rule::{PatternKind, RuleLanguage, SideEffect, Version};

const HEAD: &str = "rules:\n- id: a\n  message: m\n  severity: ERROR\n  languages: [python]\n";

/// Why a rule is refused; with a `~` if that is because something is not supported.
fn check(body: &str, expected: &str) {
    let text = format!("{HEAD}  {}\n", body.replace('\n', "\n  "));
    let loaded = Loader::default().load("f", &text).unwrap();
    let shown = loaded.refused.iter().map(|refused| {
        format!("{}{}: {}", if refused.is_unsupported { "~" } else { "" }, refused.line, refused.reason)
    });
    assert_eq!(shown.collect::<String>(), expected, "{body}");
    assert_eq!(loaded.rules.len(), usize::from(expected.is_empty()), "{body}");
}

#[test]
fn refused_rules_say_why() {
    let rows = [
        ("pattern: a", ""),
        ("pattern: 1", ""),
        ("", "2: one of pattern, patterns, pattern-either, pattern-regex is missing"),
        (
            "pattern: a\npatterns: []",
            "7: `patterns` cannot stand beside another pattern; put them in `patterns`",
        ),
        ("pattern: {a: b}", "6: a text was expected"),
        ("patterns:\n- pattern-not: a", "6: there is nothing that must match, only what must not"),
        ("patterns:\n- pattern: a\n- pattern-where-python: x", "~8: `pattern-where-python` is not supported"),
        ("patterns:\n- pattern: a\n- metavariable-rex: x", "8: `metavariable-rex` is not known here"),
        (
            "patterns:\n- pattern: a\n  pattern-not: b",
            "7: a mapping with one key was expected; is a hyphen missing?",
        ),
        ("pattern-either:\n- pattern-not: a", "7: this can only stand in `patterns`"),
        ("pattern-regex: '['", "6: a class `[` does not end"),
        ("patterns:\n- pattern: a\n- metavariable-regex: {metavariable: $X}", "8: `regex` is missing"),
        (
            "patterns:\n- pattern: a\n- metavariable-comparison: {comparison: 'open($X)'}",
            "8: `open` is not supported in a comparison",
        ),
        (
            "patterns:\n- pattern: a\n- metavariable-analysis: {metavariable: $X, analyzer: magic}",
            "~8: the analyzer `magic` is not supported",
        ),
        (
            "patterns:\n- pattern: a\n- metavariable-pattern: {metavariable: $X, language: bash, pattern: b}",
            "~8: the language `bash` is not supported",
        ),
        ("pattern: a\nmode: join", "~7: `mode: join` is not supported"),
        ("pattern: a\nmin-version: 99.0.0", "~2: it is for versions other than 1.182.0"),
        ("pattern: a\nmin-version: new", "7: `min-version` must be a version such as 1.50.0"),
        ("pattern: a\noptions: {ac_matching: maybe}", "7: `true` or `false` was expected"),
        ("pattern: a\noptions: {of_the_future: 1, interfile: true}", ""),
        ("pattern: a\npaths: {only: [x]}", "7: `only` is not known here"),
        ("mode: taint\npattern-sources: []", "2: `pattern-sinks` is missing"),
        (
            "mode: taint\npattern-sources: [{pattern: a, requires: $X}]\npattern-sinks: []",
            "7: `requires` must name labels with and, or and not: `$` is no part of a label",
        ),
        ("match: {any: [a, {not: b}]}", "6: `not` can only stand in `all`"),
        (
            "match: {pattern: a, regex: b}",
            "6: just one of pattern, all, any, regex, not, inside, anywhere was expected",
        ),
        ("match: {pattern: a, wher: []}", "6: `wher` is not known here"),
    ];
    for (body, expected) in rows {
        check(body, expected);
    }
}

#[test]
fn files_without_rules() {
    let rows = [
        ("", Ok(0)),
        ("rules: []", Ok(0)),
        ("[]", Ok(0)),
        ("a: 1", Err("f:1: cannot read the rules: there is no list `rules`")),
        ("rules: 1", Err("f:1: cannot read the rules: `rules` must be a list")),
        (
            "rules:\n- id: a\n  id: b",
            Err("f:3: cannot read the rules: the key `id` is already set at 2:3; keep one of them"),
        ),
    ];
    for (text, expected) in rows {
        let found = Loader::default().load("f", text).map(|loaded| loaded.rules.len());
        assert_eq!(found.map_err(|error| error.to_string()), expected.map_err(str::to_owned), "{text}");
    }
    let deep = format!("rules: [{{id: a, pattern: {}", "[".repeat(100_000));
    assert!(Loader::default().load("f", &deep).is_err());
    let loaded = Loader::default().load("f", "rules: [1, {id: x}, {id: ' '}]").unwrap();
    let shown: Vec<_> = loaded.refused.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "f:1: cannot use the rule without an id: a mapping with `id` was expected",
            "f:1: cannot use the rule x: `languages` is missing",
            "f:1: cannot use the rule  : `id` is empty",
        ]
    );
}

#[test]
fn what_a_rule_says() {
    let text = "rules:\n- id: a\n  message: say $X\n  severity: HIGH\n  languages: [kotlin, ts, js]\n  pattern: $X\n  \
                fix: |\n    b\n  fix-regex: {regex: a, replacement: b, count: 1}\n  \
                paths: {include: [a], exclude: [b, c]}\n  metadata: {cwe: 79}\n  min-version: 1.50.0\n  \
                options: {symbolic_propagation: true, generic_ellipsis_max_span: 0}\n";
    let mut loader = Loader::default();
    let rule = loader.load("f", text).unwrap().rules.remove(0);
    assert_eq!(rule.analyzer().map(RuleLanguage::name), Some("typescript"));
    assert_eq!((rule.fix.as_deref(), rule.paths.exclude.len(), rule.line), (Some("b"), 2, 2));
    assert_eq!(rule.metadata["cwe"], 79);
    assert_eq!(rule.min_version, Some(Version(1, 50, 0)));
    assert!(rule.options.symbolic_propagation && rule.options.generic_ellipsis_max_span == 0);
    let again = text.replace("id: a", "id: b");
    loader.load("g", &again).unwrap();
    assert_eq!(loader.patterns.len(), 1);
}

#[test]
fn taint_in_both_ways() {
    let classic = "mode: taint\npattern-sources:\n- {pattern: a, by-side-effect: only, label: L}\npattern-sinks:\n\
                   - {patterns: [{pattern: f($X)}, {focus-metavariable: $X}], requires: L and not M, at-exit: true}\n\
                   pattern-sanitizers:\n- {pattern: c, not_conflicting: true}\n\
                   pattern-propagators:\n- {pattern: $X.add($Y), from: $Y, to: $X}";
    let modern = "taint:\n  sources:\n  - {pattern: a, by-side-effect: only, label: L}\n  sinks:\n\
                  \x20 - {all: [f($X)], where: [{focus: $X}], requires: L and not M, at-exit: true}\n\
                  \x20 sanitizers:\n  - {pattern: c, not-conflicting: true}\n\
                  \x20 propagators:\n  - {pattern: $X.add($Y), from: $Y, to: $X}";
    let read = |body: &str| {
        let mut loader = Loader::default();
        let loaded = loader.load("f", &format!("{HEAD}  {}\n", body.replace('\n', "\n  "))).unwrap();
        assert!(loaded.refused.is_empty(), "{}", loaded.refused[0]);
        let Mode::Taint(spec) = loaded.rules[0].mode.clone() else { panic!("{body}") };
        spec
    };
    let spec = read(classic);
    assert!(spec.sinks[0].exact && spec.sinks[0].at_exit && spec.sinks[0].has_focus());
    assert_eq!((spec.sources[0].by_side_effect, spec.sources[0].label.as_str()), (SideEffect::Only, "L"));
    assert!(spec.sanitizers[0].not_conflicting && spec.propagators[0].by_side_effect);
    assert_eq!(spec.formulas().len(), 4);
    assert_eq!(read(modern).sinks[0].requires, spec.sinks[0].requires);
}

#[test]
fn patterns_know_where_they_stand() {
    let mut loader = Loader::default();
    let body = "patterns:\n- pattern-inside: a\n- pattern-not-inside: {patterns: [{pattern: b}]}\n- pattern: c\n\
                - metavariable-pattern: {metavariable: $X, language: regex, pattern: d}";
    loader.load("f", &format!("{HEAD}  {}\n", body.replace('\n', "\n  "))).unwrap();
    let shown: Vec<_> = loader
        .patterns
        .iter()
        .map(|(_, pattern)| match &pattern.kind {
            PatternKind::Code { text, is_around, .. } => format!("{text} {is_around}"),
            PatternKind::Type { text, .. } => text.clone(),
            PatternKind::Regex(regex) => format!("/{}/", regex.source()),
        })
        .collect();
    assert_eq!(shown, ["a true", "b true", "c false", "/d/"]);
}
