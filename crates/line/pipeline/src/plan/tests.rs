use andon_config::Config;
use andon_model::Stage;
use andon_system::MemorySystem;

use super::{Plan, PlanError};
use crate::{Item, Options, Workspace};

fn plan_with(stages: &str, options: Options, system: &MemorySystem) -> Result<Plan, PlanError> {
    let text = format!("{{version: 1, pipeline: {{environment: {{ALL: x}}, stages: [{stages}]}}}}");
    let config = Config::from_yaml("andon.yaml", &text).unwrap();
    Plan::new(&config, text.as_bytes(), Workspace::at("/project"), options, &["secrets", "sast"], system)
}

fn plan(stages: &str) -> Result<Plan, PlanError> {
    plan_with(stages, Options::default(), &MemorySystem::new())
}

#[test]
fn a_plan_knows_what_a_step_needs_to_know() {
    let system = MemorySystem::new().variable("HOME", "/home/me").variable("FROM", "there");
    let stages = "{stage: build, steps: [{name: a, run: [make, all], outputs: [dist/, app], reads: [~/.cargo, /opt],
        environment: {A: {from: FROM}, B: {from: NOT, default: y}, ALL: own}, secrets: {K: {file: ~/key}, L: {file: key}}}]}";
    let plan = plan_with(stages, Options::default(), &system).unwrap();
    let step = &plan.steps[0];
    assert_eq!(step.command, ["make", "all"]);
    let environment: Vec<_> =
        step.environment.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(environment, ["A=there", "ALL=own", "B=y"]);
    assert_eq!(step.reads, ["/home/me/.cargo", "/opt"].map(std::path::PathBuf::from));
    let outputs: Vec<_> = step.outputs.iter().map(|output| (output.path.as_str(), output.folder)).collect();
    assert_eq!(outputs, [("dist", true), ("app", false)]);
    assert_eq!(format!("{:?}", step.secrets), r#"{"K": File("/home/me/key"), "L": File("/project/key")}"#);
    assert_eq!(plan.definition.len(), 64);
    assert_eq!(plan.made, ["app", "dist"]);
}

#[test]
fn errors_say_what_to_do() {
    let check = |stages: &str, options: Options, expected: &str| {
        let error = plan_with(stages, options, &MemorySystem::new()).unwrap_err();
        assert_eq!(error.to_string(), expected, "{stages}");
    };
    let only = |name: &str| Options { only: vec![name.to_owned()], ..Options::default() };
    let step = "{stage: build, steps: [{name: compile, run: x}]}";
    check(step, only("compiel"), "there is no stage or step `compiel`; did you mean `compile`?");
    check(step, only("tset"), "there is no stage or step `tset`; known are build, compile");
    let from = Options { from: Some(Stage::Test), ..Options::default() };
    check(step, from, "there is no stage `test`; known are build");
    check(
        "{stage: code, checks: [secret]}",
        Options::default(),
        "there is no engine `secret`; did you mean `secrets`?",
    );
    check(
        "{stage: build, steps: [{name: a, run: x, environment: {A: {from: NOT_SET}}}]}",
        Options::default(),
        "the step `a` takes `A` from the variable NOT_SET, which is not set; set it, or give `default` in andon.yaml",
    );
    check(
        "{stage: build, steps: [{name: a, run: x, reads: [~/.cargo]}]}",
        Options::default(),
        "`~/.cargo` starts at the home folder, and HOME is not set",
    );
    let config = Config::from_yaml("andon.yaml", "version: 1").unwrap();
    let nothing = Plan::new(&config, b"", Workspace::at("/"), Options::default(), &[], &MemorySystem::new())
        .unwrap_err();
    assert_eq!(nothing, PlanError::Nothing);
    assert!(
        plan("{stage: build, steps: [{name: a, run: x, when: {branch: [b]}, reads: [~/x]}]}").is_ok(),
        "skipped"
    );
}

#[test]
fn engines_that_look_at_the_same_look_together() {
    let plan = plan(
        "{stage: code, checks: [secrets, {engine: sast}, {engine: secrets, target: out}, secrets], gate: new,
          steps: [{name: a, run: x, outputs: [out]}]}",
    )
    .unwrap();
    let checks: Vec<_> =
        plan.checks.iter().map(|check| (check.name.as_str(), check.needs.as_slice())).collect();
    assert_eq!(checks, [("secrets, sast", &[][..]), ("secrets of out", &[0][..])]);
    let item = |item: &Item| match item {
        Item::Check { name, .. } | Item::Step { name, .. } | Item::Gate { name, .. } => name.clone(),
    };
    assert_eq!(
        plan.items().iter().map(item).collect::<Vec<_>>(),
        ["secrets, sast", "secrets of out", "a", "new"]
    );
}
