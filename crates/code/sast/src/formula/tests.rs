use std::borrow::Cow;
use std::ops::Range;

use andon_syntax::{Symbol, Symbols};

use super::{Constant, Subject, TooMany, deduplicate, evaluate, interpolate, regex_matches};
use crate::generic::{Compiled, GenericSubject};
use crate::matching::{Bindings, Match, Value};
use crate::rule::{Loader, Mode, PatternId, PatternKind, Patterns, RuleLanguage};

/// A text in which patterns are words, with `$X` for any; enough to see how formulas join them.
struct Text<'t> {
    text: &'t str,
    part: Range<usize>,
    patterns: &'t Patterns,
    symbols: &'t Symbols,
    outer: Bindings,
}

impl Subject for Text<'_> {
    fn text(&self) -> &str {
        self.text
    }

    fn context(&self) -> Range<usize> {
        self.part.clone()
    }

    fn matches(&self, pattern: PatternId) -> Cow<'_, [Match]> {
        let matches = match &self.patterns.get(pattern).unwrap().kind {
            PatternKind::Regex(regex) => regex_matches(regex, self.text, self.part.clone()).0,
            PatternKind::Code { text, .. } => self.words(text.trim()),
            PatternKind::Type { .. } => Vec::new(),
        };
        let agrees = |found: &Match| {
            found.bindings.iter().all(|(name, value)| {
                self.outer.get(name).is_none_or(|outer| self.written(outer) == self.written(value))
            })
        };
        Cow::Owned(matches.into_iter().filter(agrees).collect())
    }

    fn is_regex(&self, pattern: PatternId) -> bool {
        matches!(self.patterns.get(pattern).unwrap().kind, PatternKind::Regex(_))
    }

    fn equal(&self, one: &Value, other: &Value) -> bool {
        self.written(one) == self.written(other)
    }

    fn constant(&self, value: &Value, propagate: bool) -> Option<Constant> {
        let written = self.written(value);
        match written {
            "TEN" if propagate => Some(Constant::Integer(10)),
            _ => written.parse().ok().map(Constant::Integer),
        }
    }

    fn inner_text(&self, _value: &Value) -> Option<Cow<'_, str>> {
        None
    }

    fn held(&self, value: &Value) -> Option<Cow<'_, str>> {
        (self.written(value) == "TEN").then(|| "10".into())
    }

    fn has_type(&self, value: &Value, types: &[PatternId]) -> bool {
        types.iter().any(|id| match &self.patterns.get(*id).unwrap().kind {
            PatternKind::Type { text, .. } => text == "int" && self.constant(value, false).is_some(),
            _ => false,
        })
    }

    fn within(
        &self,
        value: &Value,
        language: Option<&RuleLanguage>,
        outer: &Bindings,
    ) -> Option<Box<dyn Subject + '_>> {
        assert_eq!(language, None);
        Some(Box::new(Text { part: value.span.clone(), outer: outer.clone(), ..*self }))
    }

    fn name(&self, metavariable: Symbol) -> &str {
        self.symbols.text(metavariable)
    }

    fn today(&self) -> f64 {
        0.0
    }
}

impl Text<'_> {
    /// `a $X b` matches three words in a row; `( ... )` matches from a bracket to its partner.
    fn words(&self, pattern: &str) -> Vec<Match> {
        let bounds = regex::Regex::new(r"[\w./]+|[()]").unwrap();
        let words: Vec<_> = bounds
            .find_iter(&self.text[self.part.clone()])
            .map(|word| word.start() + self.part.start..word.end() + self.part.start)
            .collect();
        let parts: Vec<_> = pattern.split(' ').collect();
        (0..words.len()).filter_map(|at| self.at(&words[at..], &parts)).collect()
    }

    fn at(&self, words: &[Range<usize>], parts: &[&str]) -> Option<Match> {
        let mut bindings = Bindings::default();
        let mut at = 0;
        for part in parts {
            let word = words.get(at)?;
            if *part == "..." {
                let mut depth = 1;
                while depth > 0 {
                    depth += match &self.text[words.get(at)?.clone()] {
                        "(" => 1,
                        ")" => -1,
                        _ => 0,
                    };
                    at += 1;
                }
                at -= 1;
                continue;
            }
            if part.starts_with('$') {
                let value = Value { span: word.clone(), nodes: None };
                let name = self.symbols.find(part);
                if self.text[word.clone()].contains(['(', ')']) {
                    return None;
                }
                bindings = name.map_or(bindings.clone(), |name| bindings.with(name, value));
            } else if *part != &self.text[word.clone()] {
                return None;
            }
            at += 1;
        }
        Some(Match { span: words[0].start..words[at - 1].end, bindings })
    }
}

type Results = Vec<(Range<usize>, Option<String>)>;

/// The places that a formula, the value of `patterns:` or of another key, finds in a text, with their fixes.
fn run(formula: &str, text: &str) -> Result<Results, TooMany> {
    let mut loader = Loader::default();
    for name in ["$X", "$Y", "$KEY"] {
        loader.symbols.intern(name);
    }
    let indented = formula.trim().replace('\n', "\n    ");
    let head = "rules:\n  - id: a\n    message: m\n    severity: INFO\n    languages: [go]";
    let loaded = loader.load("f", &format!("{head}\n    {indented}\n")).unwrap();
    assert!(loaded.refused.is_empty(), "{}", loaded.refused[0]);
    let rule = &loaded.rules[0];
    let Mode::Search(formula) = &rule.mode else { panic!("{formula}") };
    let subject = Text {
        text,
        part: 0..text.len(),
        patterns: &loader.patterns,
        symbols: &loader.symbols,
        outer: Bindings::default(),
    };
    let mut found: Vec<_> = evaluate(formula, &subject, &rule.options)?
        .into_iter()
        .map(|found| (found.span, found.fix.map(|fix| interpolate(fix, &found.bindings, &subject))))
        .collect();
    deduplicate(&mut found, |(span, fix)| (span.clone(), fix.clone().unwrap_or_default()));
    Ok(found)
}

fn check(formula: &str, text: &str, expected: &[&str]) {
    let shown: Vec<_> = run(formula, text)
        .unwrap()
        .iter()
        .map(|(span, fix)| match fix {
            Some(fix) => format!("{} -> {fix}", &text[span.clone()]),
            None => text[span.clone()].to_owned(),
        })
        .collect();
    assert_eq!(shown, expected, "{formula} in {text}");
}

#[test]
fn and_or_not() {
    let text = "f ( a b ) g ( a c ) a";
    check("pattern: a", text, &["a", "a", "a"]);
    check("pattern-either:\n- pattern: a\n- pattern: c", text, &["a", "a", "c", "a"]);
    check("patterns:\n- pattern-inside: f ( ... )\n- pattern: a", text, &["a"]);
    check("patterns:\n- pattern: a\n- pattern-not-inside: f ( ... )", text, &["a", "a"]);
    check("patterns:\n- pattern: $X ( ... )\n- pattern-not: g ( ... )", text, &["f ( a b )"]);
    check("patterns:\n- pattern: f ( ... )\n- pattern-not: a", text, &["f ( a b )"]);
    check("patterns:\n- pattern: $X ( ... )\n- pattern-not-regex: c", text, &["f ( a b )"]);
    // What lies around another thing does not match because that lies in it.
    check("patterns:\n- pattern-inside: a\n- pattern: g ( ... )", text, &[]);
    check("patterns:\n- pattern: a\n- pattern: g ( ... )", text, &["a"]);
    check("patterns:\n- pattern-inside: g ( ... )\n- pattern-inside: a c", text, &["a c"]);
    check(
        "patterns:\n- pattern-either:\n  - pattern-inside: f ( ... )\n- pattern: $X",
        "f ( a ) b",
        &["f", "a"],
    );
    check("match:\n  all:\n  - a\n  - not: {inside: 'f ( ... )'}", text, &["a", "a"]);
    check("match:\n  all:\n  - f ( ... )\n  - anywhere: c", text, &["f ( a b )"]);
    check("match:\n  all:\n  - a\n  - not: {anywhere: c}", text, &[]);
}

#[test]
fn metavariables_agree() {
    let text = "f ( a ) f ( b ) g a";
    check("patterns:\n- pattern: f ( $X )\n- pattern-not: f ( a )", text, &["f ( b )"]);
    check("patterns:\n- pattern-inside: $X ( ... )\n- pattern: $X", text, &["f", "f"]);
    check("patterns:\n- pattern: g $X\n- pattern: $X", text, &["a"]);
    check("patterns:\n- pattern: g $X\n- pattern: $Y", text, &["g", "a"]);
    check("patterns:\n- pattern: $X $Y\n- pattern-not: $X $X", "a b c c", &["a b", "b c"]);
    check(
        "patterns:\n- pattern-regex: (\\w)-(\\w)\n- pattern-inside: {pattern-regex: '(a).*'}",
        "x-y a-b",
        &["a-b"],
    );
}

#[test]
fn focus() {
    let text = "f ( a b )";
    let base = "patterns:\n- pattern: f ( $X $Y )\n";
    check(&format!("{base}- focus-metavariable: $X"), text, &["a"]);
    check(&format!("{base}- focus-metavariable: [$X, $Y]"), text, &["a", "b"]);
    check(&format!("{base}- focus-metavariable: $X\n- focus-metavariable: $X"), text, &["a"]);
    check(&format!("{base}- focus-metavariable: $X\n- focus-metavariable: $Y"), text, &[]);
    check(&format!("{base}- focus-metavariable: $KEY"), text, &[]);
}

#[test]
fn conditions() {
    let base = "patterns:\n- pattern: f $X\n";
    let text = "f a1 f b2 f 7 f TEN";
    let rows = [
        ("metavariable-regex: {metavariable: $X, regex: a}", &["f a1"][..]),
        ("metavariable-regex: {metavariable: $X, regex: \"2|T\"}", &["f TEN"]),
        (
            "metavariable-regex: {metavariable: $X, regex: \"\\\\d+$\", constant-propagation: true}",
            &["f 7", "f TEN"],
        ),
        ("metavariable-regex: {metavariable: $Y, regex: a}", &[]),
        ("metavariable-comparison: {comparison: $X >= 7}", &["f 7", "f TEN"]),
        ("metavariable-comparison: {comparison: $X == 'a1'}", &["f a1"]),
        ("metavariable-pattern: {metavariable: $X, pattern: a1}", &["f a1"]),
        (
            "metavariable-pattern: {metavariable: $X, patterns: [{pattern-not: a1}]}",
            &["f b2", "f 7", "f TEN"],
        ),
        ("metavariable-pattern: {metavariable: $X, patterns: [{pattern-not-regex: \"\\\\d\"}]}", &["f TEN"]),
        ("metavariable-type: {metavariable: $X, types: [string, int]}", &["f 7"]),
        ("metavariable-type: {metavariable: $X, type: string}", &[]),
        ("metavariable-analysis: {metavariable: $X, analyzer: entropy}", &[]),
    ];
    for (condition, expected) in rows {
        check(&format!("{base}- {condition}"), text, expected);
    }
    check(
        &format!("{base}- metavariable-analysis: {{metavariable: $X, analyzer: entropy}}"),
        "f fq8Zx0RkW2vLq9TzB4 f word",
        &["f fq8Zx0RkW2vLq9TzB4"],
    );
}

#[test]
fn conditions_bind() {
    let regex =
        "match:\n  pattern: f $X\n  where:\n  - {metavariable: $X, regex: '(?<KEY>\\w)\\d'}\n  fix: g $KEY";
    check(regex, "f a1", &["f a1 -> g $KEY", "f a1 -> g a"]);
    let nested = "match:\n  pattern: f $X\n  where:\n  - {metavariable: $X, pattern: $Y}\n  fix: g $Y";
    check(nested, "f a1", &["f a1 -> g $Y", "f a1 -> g a1"]);
    let agreeing = "patterns:\n- pattern: $Y $X\n- metavariable-pattern: {metavariable: $X, pattern: $Y}";
    check(agreeing, "a b b", &["b b"]);
    check(
        "match:\n  pattern: f $X\n  as: $KEY\n  fix: $KEY + value($X) + $X",
        "f TEN",
        &["f TEN -> f TEN + 10 + TEN"],
    );
}

/// How many places a rule with these expressions, which all must match, finds in a text.
fn count(expressions: &[&str], text: &str) -> Result<usize, TooMany> {
    let mut loader = Loader::default();
    let patterns: Vec<_> =
        expressions.iter().map(|source| format!("{{pattern-regex: '{source}'}}")).collect();
    let head = "id: a, message: m, severity: INFO, languages: [regex]";
    let file = format!("rules: [{{{head}, patterns: [{}]}}]", patterns.join(", "));
    let loaded = loader.load("f", &file).unwrap();
    let Mode::Search(formula) = &loaded.rules[0].mode else { panic!("{file}") };
    let compiled = Compiled::default();
    let subject = GenericSubject::new(text, &loader.patterns, &compiled, &loader.symbols, 0.0);
    let found = evaluate(formula, &subject, &loaded.rules[0].options).map(|found| found.len());
    assert!(subject.is_complete());
    found
}

#[test]
fn many_places_are_joined_without_looking_at_every_pair() {
    let text = "a".repeat(60_000);
    assert_eq!(count(&["(a)", "(?s).*"], &text), Ok(60_000));
    assert_eq!(count(&["a", "aa"], &text), Ok(60_000));
}

#[test]
fn what_matches_too_much_is_given_up() {
    let body = "patterns:\n- pattern: $X ( ... )\n- pattern: $Y ( ... )";
    let deep = |levels: usize| format!("{}{}", "f ( ".repeat(levels), ") ".repeat(levels));
    assert_eq!(run(body, &deep(20)).map(|found| found.len()), Ok(20));
    assert_eq!(run(body, &deep(1000)), Err(TooMany));
}
