use serde_json::Value;

use crate::world::World;

#[test]
fn init_writes_once() {
    let world = World::with_commit();
    world.andon("init").is(0, &["andon.yaml", "next:"]);
    let text = world.read("andon.yaml");
    assert!(text.lines().any(|line| line.starts_with("  id: ") && line.len() == 38), "{text}");
    world.andon("init").is(2, &["it was not touched", "hint:"]);
    assert_eq!(world.read("andon.yaml"), text);
    world.andon("scan").is(0, &[]);
    let plain = World::plain();
    plain.write("sub/x", "");
    plain.andon("init sub").is(0, &[]);
    assert!(plain.has("sub/andon.yaml") && !plain.has("andon.yaml"));
    plain.andon("init nowhere").is(2, &["nowhere"]);
}

#[cfg(unix)]
#[test]
fn init_does_not_follow_a_link() {
    let world = World::plain();
    std::os::unix::fs::symlink("elsewhere.yaml", world.path("andon.yaml")).unwrap();
    world.andon("init").is(2, &["it was not touched"]);
    assert!(!world.has("elsewhere.yaml"));
}

#[test]
fn policies_are_tested() {
    let world = World::plain();
    world.andon("policy test").is(2, &[".andon/policy"]);
    world.write(".andon/policy/a.rego", "package andon.gate\nstop contains \"x\" if input.n > 1\n");
    world.andon("policy test").is(2, &["no test", "hint:"]);
    let test = |name: &str, n: u8| {
        format!(
            "package andon.gate_test\nimport data.andon.gate\n{name} if count(gate.stop) == 1 with input as {{\"n\": {n}}}\n"
        )
    };
    world.write(".andon/policy/a_test.rego", test("test_stops", 2));
    world.andon("policy test").is(0, &["pass", "a_test.rego:3", "1 passed, 0 failed"]);
    world.write(".andon/policy/a_test.rego", test("test_stops", 1));
    world.andon("policy test .andon/policy").is(1, &["FAIL", "test_stops", "0 passed, 1 failed"]);
    world.write(".andon/policy/a_test.rego", "package x\nbroken {{{");
    world.andon("policy test").is(2, &["do not load", "a_test.rego"]);
}

#[test]
fn schemas_are_json() {
    let world = World::plain();
    for (of, title) in [("report", "Andon scan report"), ("config", "andon.yaml"), ("gate-input", "Input")] {
        let schema: Value = serde_json::from_str(&world.andon(&format!("schema {of}")).out).unwrap();
        assert_eq!(schema["title"], title);
    }
}

#[test]
fn completions_know_the_commands() {
    let world = World::plain();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        world.andon(&format!("completions {shell}")).is(0, &["andon", "since", "policy"]);
    }
}
