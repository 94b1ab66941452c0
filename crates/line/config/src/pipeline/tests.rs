use andon_model::Stage;

use super::{Command, Graph, Network, Pipeline, SealLevel, Timespan};
use crate::Config;

const FULL: &str = "
version: 1
pipeline:
  defaults: { seal: restricted, timeout: 10m, retries: 1, reads: [~/.cargo], network: none, cache: true }
  environment: { CARGO_TERM_COLOR: never, JOBS: 2, CI: { from: CI, default: '' } }
  stages:
    - stage: code
      checks: [secrets, { engine: sast }]
      gate: new
    - stage: build
      steps:
        - name: compile
          run: cargo build --locked
          inputs: [src/**, Cargo.*]
          outputs: [target/app, dist/]
          scratch: [target]
          environment: { RUSTFLAGS: '-D warnings' }
          reads: [/opt/sdk, ~/.cargo]
          tools: [cargo]
          network: ['index.example.org:443', '*.Example.org:8443', '[::1]:80']
          seal: full
          timeout: 90
          retries: 2
          when: { branch: [main, 'release/*'], changed: ['src/**'], environment: { CI: 'true' } }
          secrets: { TOKEN: { environment: CI_TOKEN }, KEY: { file: ~/key } }
          cache: false
        - { name: pack, run: [tar, -cf, out.tar, dist], inputs: ['dist/**'], outputs: [out.tar] }
    - stage: test
      checks: [{ engine: images, target: out.tar }]
      steps:
        - name: unit
          run: |
            cargo test > reports/log
            true
          needs: [compile]
          outputs: [reports/]
          scratch: [target/]
          services: [database]
          tests: { junit: [reports/*.xml], cargo: ['-'] }
          coverage: { lcov: reports/coverage.info }
        - { name: tidy, run: 'true', always: true }
        - { name: tell, run: 'true', when: { outcome: failed } }
  services:
    database: { run: [db, -D, /tmp], ready: { port: 5432, timeout: 5s } }
";

fn pipeline(text: &str) -> Pipeline {
    Config::from_yaml("andon.yaml", text).unwrap().pipeline.unwrap()
}

#[test]
fn a_full_pipeline() {
    let full = pipeline(FULL);
    let (stage, compile) = full.step("compile").unwrap();
    assert_eq!((stage, full.seal_of(compile), full.retries_of(compile)), (Stage::Build, SealLevel::Full, 2));
    assert_eq!(full.timeout_of(compile), Timespan::seconds(90));
    assert_eq!(full.reads_of(compile), ["~/.cargo", "/opt/sdk"]);
    assert!(!full.caches(compile));
    let Network::Allow(places) = full.network_of(compile) else { panic!("a list") };
    let places: Vec<String> = places.iter().map(ToString::to_string).collect();
    assert_eq!(places, ["index.example.org:443", "*.example.org:8443", "[::1]:80"]);
    assert_eq!(compile.run.arguments(), ["/bin/sh", "-eu", "-c", "cargo build --locked"]);
    assert_eq!(full.environment_of(&compile.environment).len(), 4);
    let (_, unit) = full.step("unit").unwrap();
    assert_eq!(unit.run.to_string(), "cargo test > reports/log …");
    assert_eq!(
        (full.seal_of(unit), full.retries_of(unit), full.caches(unit)),
        (SealLevel::Restricted, 1, true)
    );
    assert_eq!(
        full.step("pack").unwrap().1.run,
        Command::Program(["tar", "-cf", "out.tar", "dist"].map(str::to_owned).to_vec())
    );
}

#[test]
fn what_is_written_is_read_again_and_fits_the_schema() {
    let config = Config::from_yaml("andon.yaml", FULL).unwrap();
    let written = serde_json::to_string(&config).unwrap();
    assert_eq!(Config::from_yaml("andon.yaml", &written).unwrap(), config);
    let validator = jsonschema::validator_for(&Config::json_schema()).unwrap();
    let value = andon_documents::yaml_one(FULL, &andon_documents::Limits::default()).unwrap().value;
    assert!(validator.is_valid(&value), "{:?}", validator.iter_errors(&value).collect::<Vec<_>>());
    assert!(validator.is_valid(&serde_json::to_value(&config).unwrap()));
    for part in [
        "stagse: []",
        "stages: [{stage: coed}]",
        "stages: [{stage: code, steps: [{name: a}]}]",
        "defaults: {network: some}",
        "defaults: {timeout: soon}",
        "stages: [{stage: code, steps: [{name: a, run: 1}]}]",
        "services: {a: {run: x, ready: {}}}",
        "environment: {A: [1]}",
    ] {
        let text = format!("{{version: 1, pipeline: {{{part}}}}}");
        let value = andon_documents::yaml_one(&text, &andon_documents::Limits::default()).unwrap().value;
        assert!(!validator.is_valid(&value), "{text}");
        assert!(Config::from_yaml("andon.yaml", &text).is_err(), "{text}");
    }
}

#[test]
fn the_example_in_the_template_is_a_pipeline() {
    let example = crate::template().lines().skip_while(|line| *line != "# pipeline:");
    let example: Vec<&str> = example.filter_map(|line| line.strip_prefix("# ")).collect();
    let found = pipeline(&format!("version: 1\n{}", example.join("\n")));
    assert_eq!((found.stages.len(), found.steps().count()), (3, 2));
}

#[test]
fn inputs_that_others_make_are_needs() {
    let graph = |steps: &str| {
        Graph::of(&pipeline(&format!(
            "{{version: 1, pipeline: {{stages: [{{stage: build, steps: [{steps}]}}]}}}}"
        )))
    };
    let check = |input: &str, output: &str, expected: bool| {
        let graph = graph(&format!(
            "{{name: a, run: x, outputs: ['{output}']}}, {{name: b, run: x, inputs: ['{input}']}}"
        ));
        assert_eq!(!graph.needs(1).is_empty(), expected, "{input} {output}");
        assert!(graph.needs(0).is_empty());
    };
    check("dist/**", "dist/", true);
    check("dist", "dist/", true);
    check("dist/js/*.js", "dist", true);
    check("target/*/app", "target/release/app", true);
    check("Cargo.*", "Cargo.lock", true);
    check("target/app", "target/app", true);
    check("target", "target/app", true);
    check("target/", "target/app", true);
    check("tar", "target/app", false);
    check("target/**", "target/app", true);
    check("distance/**", "dist", false);
    check("**/*.js", "dist", false);
    check("**", "dist", false);
    check("src/**", "dist", false);
    let full = pipeline(FULL);
    assert_eq!(Graph::needs_of_check(&full, &full.stages[2].checks[0]), [1]);
    assert_eq!(Graph::of(&full).circle(), None);
}

#[track_caller]
fn check_error(pipeline: &str, expected: &str) {
    let text = format!("version: 1\npipeline:\n{pipeline}");
    let error = Config::from_yaml("andon.yaml", &text).expect_err(&text);
    assert_eq!(error.to_string(), format!("andon.yaml:{expected}"), "{text}");
}

/// An error in the steps of the stage `build`; the first step is on line 5.
#[track_caller]
fn check_steps(steps: &[&str], expected: &str) {
    let steps: Vec<String> = steps.iter().map(|step| format!("    - {{{step}}}\n")).collect();
    check_error(&format!("  stages:\n  - stage: build\n    steps:\n{}", steps.concat()), expected);
}

#[test]
fn wrong_steps_are_named_with_their_place() {
    check_steps(
        &["name: a, run: x, needs: [c]", "name: b, run: x, needs: [a]", "name: c, run: x, needs: [b]"],
        "6:7: these steps need each other: a → c → b → a",
    );
    check_steps(
        &["name: a, run: x, inputs: [out/x], outputs: [in]", "name: b, run: x, inputs: [in], outputs: [out]"],
        "6:7: these steps need each other: a → b → a; `b` makes `out/x`, an input of `a`; `a` makes `in`, an input of `b`",
    );
    check_steps(
        &["name: compile, run: x", "name: b, run: x, needs: [compiel]"],
        "7:33: there is no step `compiel`; did you mean `compile`?",
    );
    check_steps(&["name: a, run: x, needs: [a]"], "6:33: the step `a` needs itself; remove this need");
    check_steps(
        &["name: a, run: x", "name: A, run: x"],
        "7:8: there is already a step named `A`; give each its own name",
    );
    check_steps(&["name: test, run: x"], "6:8: `test` is the name of a stage; give the step another");
    check_steps(
        &["name: a b, run: x"],
        "6:8: `a b` is no name; use letters, digits, `-`, `_` and `.`, at most 64",
    );
    check_steps(&["name: a, run: ' '"], "6:17: there is nothing to run; write a command");
    check_steps(&["name: a, run: []"], "6:17: there is nothing to run; write a command");
    check_steps(
        &["name: a, run: x, outputs: [dist/]", "name: b, run: x, outputs: [dist]"],
        "7:35: `dist` is already an output of `a`; only one step may make it",
    );
    check_steps(
        &["name: a, run: x, outputs: [dist/app]", "name: b, run: x, outputs: [dist]"],
        "6:35: `dist/app` is inside of `dist`, an output of `b`; keep them apart",
    );
    check_steps(
        &["name: a, run: x, outputs: [../x]"],
        "6:35: `../x` leads out of the workspace; write a path from its root",
    );
    check_steps(
        &["name: a, run: x, outputs: ['x/*']"],
        "6:35: `x/*` is a glob; write a plain path, as of the folder",
    );
    check_steps(
        &["name: a, run: x, outputs: [.git/hooks]"],
        "6:35: `.git/hooks` is git's own; write elsewhere",
    );
    check_steps(
        &["name: a, run: x, inputs: [/etc]"],
        "6:34: `/etc` leads out of the workspace; globs are over paths from its root",
    );
}

#[test]
fn wrong_values_of_steps_are_named_with_their_place() {
    check_steps(
        &["name: a, run: x, reads: [etc]"],
        "6:33: `etc` is no absolute path (the workspace is readable anyway); start with `/` or `~/`",
    );
    check_steps(
        &["name: a, run: x, environment: {A-B: x}"],
        "6:39: `A-B` is no name of a variable; use letters, digits and `_`",
    );
    check_steps(&["name: a, run: x, services: [db]"], "6:36: there is no service `db`");
    check_steps(&["name: a, run: x, retries: 99"], "6:25: retries are at most 10");
    check_steps(
        &["name: a, run: x, network: [example.org]"],
        "6:35: `example.org` has no port; write a host and a port, as in `index.example.org:443`",
    );
    check_steps(
        &["name: a, run: x, network: open"],
        "6:25: `open` is neither `none` nor `any` nor a list, as in `[open]`",
    );
    check_steps(
        &["name: a, run: x, secrets: {T: {enviroment: X}}"],
        "6:35: unknown value `enviroment`; did you mean `environment`?",
    );
    check_steps(
        &["name: a, run: x, tests: {junit: ['out/*.xml']}"],
        "6:41: `out/*.xml` is in none of the step's outputs, so it cannot write it; add its folder",
    );
    check_steps(&["name: a, run: x, timeuot: 3s"], "6:25: unknown key `timeuot`; did you mean `timeout`?");
}

#[test]
fn what_is_written_to_is_kept_apart() {
    check_steps(
        &["name: a, run: x, outputs: [t/app], scratch: [t]", "name: b, run: x, outputs: [t/b]"],
        "6:53: `t` crosses `t/b`, an output of `b`; keep them apart",
    );
    check_steps(
        &["name: a, run: x, outputs: [t/], scratch: [t/x]"],
        "6:50: `t/x` crosses `t`, an output of `a`; keep them apart",
    );
    check_steps(
        &["name: a, run: x, always: true", "name: b, run: x, needs: [a]"],
        "7:33: `a` begins when all others are over (`always`, or `outcome`), so nothing else can need it",
    );
    let shared = "{version: 1, pipeline: {stages: [{stage: build, steps: [
        {name: a, run: x, outputs: [t/app], scratch: [t]}, {name: b, run: x, scratch: [t/]}]}]}}";
    assert_eq!(pipeline(shared).steps().count(), 2);
}

#[test]
fn wrong_stages_are_named_with_their_place() {
    check_error(
        "  stages: [{stage: test}, {stage: code}]\n",
        "3:28: the stage `code` comes before `test`; put it there",
    );
    check_error(
        "  stages: [{stage: test}, {stage: test}]\n",
        "3:28: the stage `test` is there twice; join the two",
    );
    check_error(
        "  stages: [{stage: code, gate: nwe}]\n",
        "3:26: there is no gate `nwe`; did you mean `new`?",
    );
    check_error(
        "  stages: [{stage: code, checks: [{engine: a, neds: []}]}]\n",
        "3:47: unknown key `neds`; did you mean `needs`?",
    );
    check_error(
        "  stages:\n  - stage: code\n    steps: [{name: a, run: x, needs: [b]}]\n  - stage: build\n    steps: [{name: b, run: x}]\n",
        "5:39: `b` is of the later stage `build`; move one of the two",
    );
    check_error(
        "  stages:\n  - stage: code\n    steps: [{name: a, run: x, inputs: [out]}]\n  - stage: build\n    steps: [{name: b, run: x, outputs: [out]}]\n",
        "5:31: the input `out` is made by `b` of a later stage; move one of the two",
    );
    check_error("  services: {db: {run: x, ready: {port: 0}}}\n", "3:35: a port is at least 1");
    check_error(
        "  defaults: {timeout: long}\n",
        "3:14: `long` is no length of time; write seconds, or numbers with units, as in `1h 30m`",
    );
}
