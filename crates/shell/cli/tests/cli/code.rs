//! Rules on source code.

use crate::world::{World, each};

const RULES: &str = "\
rules:
  - id: no-eval
    languages: [python]
    severity: ERROR
    message: Do not evaluate $X.
    pattern: eval($X)
    fix: safe($X)
    metadata:
      cwe: [\"CWE-95: code injection\"]
      confidence: HIGH
";

fn found(world: &World, arguments: &str) -> Vec<String> {
    let mut found = each(&world.report(arguments).0, "/rule/id");
    found.retain(|rule| rule == "no-eval");
    found
}

#[test]
fn rules_of_the_project_and_named_ones_run() {
    let world = World::with_commit();
    world.write("app.py", "def f(a):\n    return eval(a)\n").write(".andon/rules/eval.yaml", RULES).commit();
    assert_eq!(found(&world, ""), ["no-eval"]);
    assert_eq!(found(&world, "--rules .andon/rules/eval.yaml"), ["no-eval"]);
    assert_eq!(found(&world, "--engine secrets"), Vec::<String>::new());
    let (report, _) = world.report("--engine sast");
    let finding =
        report["findings"].as_array().unwrap().iter().find(|one| one["rule"]["id"] == "no-eval").unwrap();
    assert_eq!(finding["message"], "Do not evaluate a.");
    assert_eq!((&finding["cwe"][0], &finding["severity"]), (&95.into(), &"high".into()));
    assert_eq!(finding["locations"][0]["region"]["start_line"], 2);
    assert_eq!(finding["properties"]["symbol"], "f");
}

#[test]
fn comments_and_ignore_files_suppress() {
    let world = World::with_commit();
    world
        .write("a.py", "eval(a)  # nosemgrep: no-eval\n")
        .write("old/b.py", "eval(b)\n")
        .write(".semgrepignore", "old/\n")
        .write(".andon/rules/eval.yaml", RULES)
        .commit();
    let mut kinds = each(&world.report("--engine sast").0, "/suppression/kind");
    kinds.sort();
    assert_eq!(kinds, ["ignore-file", "inline"]);
}

#[test]
fn a_rule_that_cannot_run_and_code_that_does_not_parse_are_named() {
    let world = World::with_commit();
    let unsupported = RULES.replace("pattern: eval($X)", "pattern: \"eval($X\"");
    world.write("app.py", "eval(a)\n").write(".andon/rules/bad.yaml", unsupported).commit();
    let (report, _) = world.report("--engine sast");
    assert_eq!(report["coverage"]["complete"], false);
    assert_eq!(report["coverage"]["engines"][0]["rules_rejected"][0]["id"], "no-eval");
    world.write(".andon/rules/bad.yaml", RULES).write("app.py", "def f(:\n\neval(a)\n").commit();
    let (report, _) = world.report("--engine sast");
    assert!(report["coverage"].to_string().contains("could not be parsed"), "{}", report["coverage"]);
}

#[test]
fn rules_are_tested_on_the_files_beside_them() {
    let world = World::plain();
    world.write("pack/eval.yaml", RULES);
    world.write("pack/eval.py", "# ruleid: no-eval\neval(a)\n# ok: no-eval\nsafe(a)\n");
    world.andon("rules test pack").is(0, &["1 rules tested", "0 failures"]);
    world.write("pack/eval.fixed.py", "# ruleid: no-eval\nsafe(a)\n# ok: no-eval\nsafe(a)\n");
    world.andon("rules test pack").is(0, &["0 failures"]);
    world.write("pack/eval.fixed.py", "eval(a)\n");
    world.andon("rules test pack").is(1, &["the fixed code differs from line 1"]);
    world.write("pack/eval.py", "# ok: no-eval\neval(a)\n# ruleid: no-eval\nsafe(a)\n");
    world.andon("rules test pack").is(1, &["nothing found on line 4", "found on line 2"]);
}
