use crate::world::{World, each, line};

#[test]
fn a_report_as_baseline() {
    let world = World::with_commit();
    world.write("old.conf", line(1)).commit();
    world.andon("scan --format json --output base.json").is(1, &[]);
    world.andon("scan --baseline base.json").is(0, &["old.conf"]);
    world.write("new.conf", line(2)).commit();
    let (report, code) = world.report("--baseline base.json");
    let mut states = each(&report, "/state");
    states.sort();
    assert_eq!((code, states), (1, vec!["existing".to_owned(), "new".to_owned()]));
    world.git("rm -q old.conf new.conf").commit();
    let (report, code) = world.report("--baseline base.json");
    assert_eq!((code, each(&report, "/state")), (0, vec!["fixed".to_owned()]));
    world.write("base.json", "{}");
    world.andon("scan --baseline base.json").is(2, &["base.json", "schema"]);
}

#[test]
fn a_revision_as_baseline() {
    let world = World::with_commit();
    world.write("old.conf", line(1)).commit().git("tag base");
    world.andon("scan --baseline base").is(0, &["old.conf"]);
    world.git("mv old.conf moved.conf").commit();
    let (report, code) = world.report("--baseline base");
    assert_eq!((code, each(&report, "/state")), (0, vec!["moved".to_owned()]));
    world.write("new.conf", line(2)).commit();
    world.andon("scan --baseline base").is(1, &["new.conf"]);
}
