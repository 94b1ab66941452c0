use serde_json::Value;

use super::{lock, shop};
use crate::world::World;

#[test]
fn the_way_from_the_project_to_a_component() {
    let world = shop();
    let answer = world.andon("why left");
    let expected = "\
left 1.0.0, runtime, transitive
  pkg:npm/left@1.0.0
  package-lock.json:22
  └─ app 2.0.0, runtime, direct  package-lock.json:14
     └─ left 1.0.0, runtime, transitive
";
    assert_eq!((answer.code, answer.out.as_str(), answer.err.as_str()), (0, expected, ""));
    world.andon("why app").is(0, &["the project asks for it itself"]);
    for name in ["LEFT", "left@1.0.0", "pkg:npm/left", "pkg:npm/left@1.0.0"] {
        assert_eq!(world.andon(&format!("why {name}")).out, expected, "{name}");
    }
    assert_eq!(world.andon("why left package-lock.json").out, expected);
    let answer = world.andon("why left --format json");
    let json: Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(json[0]["paths"], serde_json::json!([["pkg:npm/app@2.0.0", "pkg:npm/left@1.0.0"]]));
}

#[test]
fn what_is_not_there_has_no_way() {
    let world = shop();
    world.andon("why lefd").is(2, &["no component `lefd`", "did you mean `left`?"]);
    world.andon("why left@2").is(2, &["did you mean `left@1.0.0`?"]);
    world.andon("why pkg:").is(2, &["no package URL", "hint:"]);
    world.andon("why zzz").is(2, &["--format json"]);
    world.andon("why left missing").is(2, &["missing"]);
    World::with_commit().andon("why left").is(2, &["has no components", "hint:"]);
}

#[test]
fn it_sees_what_a_scan_sees() {
    let world = shop();
    world.write("third/package-lock.json", lock(&[("other", "1.0.0")])).commit();
    world.andon("why other").is(0, &["third/package-lock.json"]);
    world.write("andon.yaml", "version: 1\nscan: {exclude: [third/**]}\n");
    world.andon("why other").is(2, &["no component"]);
    world.write("new/package-lock.json", lock(&[("newer", "1.0.0")]));
    world.andon("why newer").is(2, &["no component"]);
    world.andon("why newer --untracked").is(0, &["new/package-lock.json"]);
    world.write("new/yarn.lock", "<<<<<<< HEAD\n").commit();
    world.andon("why left").is(0, &["there may be more"]);
}
