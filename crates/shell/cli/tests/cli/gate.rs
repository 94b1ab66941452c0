use serde_json::{Value, json};

use crate::world::{World, line};

/// Results of another tool.
fn sarif(level: &str, path: &str) -> String {
    json!({ "version": "2.1.0", "runs": [{
        "tool": { "driver": { "name": "other", "rules": [{ "id": "weak-hash" }] } },
        "results": [{ "ruleId": "weak-hash", "level": level, "message": { "text": "MD5 is broken" },
            "locations": [{ "physicalLocation": { "artifactLocation": { "uri": path }, "region": { "startLine": 3 } } }] }],
    }] })
    .to_string()
}

#[test]
fn one_gate_over_the_results_of_any_tools() {
    let world = World::with_commit();
    world.write("other.sarif", sarif("error", "a.py")).write("quiet.sarif", sarif("note", "b.py"));
    world.andon("gate --sarif quiet.sarif").is(0, &["weak-hash"]);
    world.andon("gate --sarif other.sarif").is(1, &["weak-hash", "a.py"]);
    world.write("app.conf", line(1)).commit();
    world.andon("scan --no-gate --format json --output andon.json").is(0, &[]);
    world.andon("gate --report andon.json --sarif quiet.sarif").is(1, &["github-pat", "b.py"]);
    let answer = world.andon("gate --report andon.json --sarif other.sarif --format json");
    let report: Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(report["findings"].as_array().unwrap().len(), 2);
    assert_eq!(report["gate"]["verdict"], "stop");
    assert_eq!(report["coverage"]["complete"], false, "nobody knows what the other tool looked at");
    world.andon("gate --sarif other.sarif --format markdown").is(1, &["weak-hash"]);
}

#[test]
fn exceptions_and_configuration_of_the_base_judge_imported_results() {
    let world = World::with_commit();
    world.git("tag base").write("other.sarif", sarif("error", "a.py"));
    let exception = "- rule: weak-hash\n  path: a.py\n  reason: r\n  owner: o\n  expires: 2999-01-01\n";
    world.write(".andon/exceptions.yaml", exception).write("a.py", "x\n").commit();
    world.andon("gate --sarif other.sarif").is(0, &[]);
    world.andon("gate --sarif other.sarif --since base").is(1, &["weak-hash", ".andon/exceptions.yaml"]);
    world.write("strict.yaml", "version: 1\ngates: [{name: a, require-complete: true}]\n");
    world.andon("gate --sarif other.sarif --config strict.yaml").is(3, &["incomplete"]);
}

#[test]
fn wrong_results_are_refused() {
    let world = World::plain();
    world.andon("gate").is(2, &["--sarif"]);
    world.andon("gate --sarif none.sarif").is(2, &["none.sarif"]);
    world
        .write("bad.sarif", "{}")
        .write("bad.json", "[]")
        .write("new.json", "{\"schema\": \"andon.scan/9\"}");
    world.andon("gate --sarif bad.sarif").is(2, &["bad.sarif"]);
    world.andon("gate --report bad.json").is(2, &["bad.json"]);
    world.andon("gate --report new.json").is(2, &["new.json"]);
    world.write("other.sarif", sarif("error", "a.py"));
    world.andon("gate --sarif other.sarif --since main").is(2, &["git repository"]);
}
