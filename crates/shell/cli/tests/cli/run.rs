use crate::world::{World, line};

const LINE: &str = "
version: 1
project: { id: shop }
pipeline:
  defaults: { seal: none }
  stages:
    - stage: code
      checks: [secrets]
      gate: new
    - stage: build
      steps:
        - { name: pack, run: 'mkdir -p dist; cp a.txt dist/app; echo packed', inputs: [a.txt], outputs: [dist/] }
    - stage: test
      steps:
        - { name: unit, run: 'test \"$(cat dist/app)\" = good', inputs: [dist/app] }
";

fn world(content: &str) -> World {
    let world = World::with_commit();
    world.write(".gitignore", "dist/\n").write("andon.yaml", LINE).write("a.txt", content).commit();
    world
}

#[test]
fn a_line_goes_through_once_and_then_comes_from_the_cache() {
    let world = world("good\n");
    world.andon("run --dry-run").is(0, &["pack", "it never ran here", "gate   new"]);
    world.andon("run").is(0, &["pack | packed", "pack succeeded", "the line went through"]);
    world.andon("run").is(0, &["pack from the cache", "unit from the cache"]);
    world.write("a.txt", "good\n\n").andon("run --why pack").is(0, &["changed  a.txt"]);
    let ledger = world.data().join("ledgers/shop");
    world.andon(&format!("verify --ledger {}", ledger.display())).is(0, &["all as signed"]);
}

#[test]
fn what_fails_stops_the_line_and_says_why() {
    let broken = world("bad\n");
    broken.andon("run").is(1, &["unit failed", "exit code 1", "the line failed"]);
    broken.andon("run --only pack").is(0, &["the line went through"]);
    let leaking = world(&line(1));
    leaking.andon("run").is(1, &["gate new after code: stops the line", "the line is stopped"]);
    assert!(!leaking.has("dist/app"), "nothing runs behind a gate that stopped");
}

#[test]
fn a_definition_that_cannot_run_is_refused_with_its_place() {
    let world = world("good\n");
    let circle = LINE.replace("inputs: [a.txt]", "needs: [unit]");
    world.write("andon.yaml", circle).andon("run").is(2, &["andon.yaml:"]);
    world.write("andon.yaml", "version: 1\n").andon("run").is(2, &["pipeline"]);
    world.write("andon.yaml", LINE).andon("run --only nothing").is(2, &["nothing"]);
}
