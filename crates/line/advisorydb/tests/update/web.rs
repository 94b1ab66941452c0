use andon_advisorydb::How;

use crate::server::{Fault, Server};
use crate::{KEV, Machine, dump, epss, record, write};

const MAY: &str = "2024-05-01T00:00:00Z";

/// A mirror with one ecosystem of two records.
fn mirror() -> Server {
    let server = Server::start();
    server.put("ecosystems.txt", "npm\nSomething Else\n");
    server.put("npm/all.zip", dump("npm", &["A-1", "A-2"], MAY));
    server.put("npm/modified_id.csv", format!("{MAY},A-2\n{MAY},A-1\n"));
    server.put("known_exploited_vulnerabilities.json", KEV);
    server.put("epss_scores-current.csv.gz", epss());
    server
}

/// A record that the mirror got later.
fn publish(server: &Server, id: &str, modified: &str) {
    server.put(&format!("npm/{id}.json"), record("npm", id, modified));
    server.put("npm/modified_id.csv", format!("{modified},{id}\n{MAY},A-2\n{MAY},A-1\n"));
}

#[test]
fn the_first_update_fetches_all_and_the_next_only_what_changed() {
    let (mut machine, server) = (Machine::new(), mirror());
    let updated = machine.update(&server.url(""));
    assert!(updated.complete() && updated.problems().is_empty(), "{updated:?}");
    assert_eq!(updated.ecosystems.len(), 1, "only what the mirror lists");
    assert_eq!(machine.ids("npm"), "A-1 A-2");
    server.seen();

    machine.now = "2024-06-02T00:00:00Z";
    publish(&server, "B-1", "2024-06-01T12:00:00.5Z");
    let updated = machine.update(&server.url(""));
    assert_eq!(updated.ecosystems[0].how, How::Changes(1));
    assert_eq!(machine.ids("npm"), "A-1 A-2 B-1");
    let paths = server.paths();
    assert!(
        paths.contains(&"/npm/B-1.json".to_owned()) && !paths.contains(&"/npm/all.zip".to_owned()),
        "{paths:?}"
    );

    let updated = machine.update(&server.url(""));
    assert_eq!((updated.ecosystems[0].how, updated.built.is_none()), (How::Unchanged, true));
    assert!(!server.paths().contains(&"/npm/B-1.json".to_owned()), "it is known");

    // Withdrawn later: the newer form counts.
    let withdrawn = record("npm", "A-1", "2024-06-01T13:00:00Z").replacen(
        '{',
        "{\"withdrawn\": \"2024-06-01T13:00:00Z\", ",
        1,
    );
    publish(&server, "A-1", "2024-06-01T13:00:00Z");
    server.put("npm/A-1.json", withdrawn);
    machine.update(&server.url(""));
    assert_eq!(machine.ids("npm"), "A-2 B-1");

    // After a week the dump is looked at again, and replaces the single records.
    machine.now = "2024-06-20T00:00:00Z";
    assert_eq!(machine.update(&server.url("")).ecosystems[0].how, How::Unchanged);
    server.put("npm/all.zip", dump("npm", &["C-1"], "2024-06-19T00:00:00Z"));
    machine.now = "2024-07-20T00:00:00Z";
    assert_eq!(machine.update(&server.url("")).ecosystems[0].how, How::Whole);
    assert_eq!(machine.ids("npm"), "C-1");
}

#[test]
fn many_changes_or_a_broken_list_mean_the_whole_dump() {
    let check = |list: String, expected: How| {
        let (machine, server) = (Machine::new(), mirror());
        machine.update(&server.url(""));
        server.put("npm/all.zip", dump("npm", &["A-1", "N-1"], "2024-05-03T00:00:00Z"));
        server.put("npm/modified_id.csv", list);
        assert_eq!(machine.update(&server.url("")).ecosystems[0].how, expected);
    };
    let line = |number: usize| format!("2024-05-02T00:00:00Z,N-{number}\n");
    check((0..2001).map(line).collect(), How::Whole);
    check("<html>not found</html>".to_owned(), How::Whole);
    check(String::new(), How::Unchanged);
    check(format!("{MAY},A-2\n"), How::Unchanged);
}

#[test]
fn single_records_that_cannot_be_had_are_told() {
    let (machine, server) = (Machine::new(), mirror());
    machine.update(&server.url(""));
    let day = "2024-05-02T00:00:00Z";
    let list = format!("{day},GONE-1\n{day},BAD-1\n{day},OTHER-1\n{day},B:1\n{MAY},A-1\n");
    server.put("npm/modified_id.csv", list.clone());
    server.put("npm/BAD-1.json", "no JSON");
    server.put("npm/OTHER-1.json", record("npm", "../../x", day));
    server.put("npm/B%3A1.json", record("npm", "B:1", day));
    server.fail("npm/B%3A1.json", &[Fault::Status(500, ""), Fault::Cut(5)]);
    let updated = machine.update(&server.url(""));
    let npm = &updated.ecosystems[0];
    assert_eq!((npm.how, npm.broken), (How::Changes(1), 3));
    assert!(npm.examples[0].starts_with("BAD-1: it is no record"), "{:?}", npm.examples);
    assert_eq!(machine.ids("npm"), "A-1 A-2 B:1");

    // The server fails: what was there stays, and next time it is asked for again.
    server.put("npm/modified_id.csv", format!("2024-05-03T00:00:00Z,C-1\n{list}"));
    server.put("npm/C-1.json", record("npm", "C-1", "2024-05-03T00:00:00Z"));
    server.fail("npm/C-1.json", &[Fault::Status(500, ""); 3]);
    let updated = machine.update(&server.url(""));
    assert!(!updated.complete());
    assert!(
        updated.problems()[0].contains("npm/C-1.json: the server answers status 500"),
        "{:?}",
        updated.problems()
    );
    assert_eq!(machine.ids("npm"), "A-1 A-2 B:1");
    assert!(machine.update(&server.url("")).complete());
    assert_eq!(machine.ids("npm"), "A-1 A-2 B:1 C-1");
}

#[test]
fn an_interrupted_download_goes_on_in_the_next_update() {
    let (machine, server) = (Machine::new(), mirror());
    let whole = dump("npm", &["A-1", "A-2"], MAY).len();
    server.fail("npm/all.zip", &[Fault::Cut(whole / 2), Fault::Cut(0), Fault::Stall(0)]);
    let updated = machine.update(&server.url(""));
    assert_eq!((updated.ecosystems[0].how, updated.complete()), (How::Missing, false));
    server.seen();
    assert!(machine.update(&server.url("")).complete());
    let seen = server.seen();
    let asked = seen.iter().find(|seen| seen.path == "/npm/all.zip").unwrap();
    assert_eq!(asked.header("range"), format!("bytes={}-", whole / 2));
    assert_eq!(machine.ids("npm"), "A-1 A-2");
}

#[test]
fn a_source_out_of_reach_is_asked_once_and_the_data_stay() {
    let (machine, server) = (Machine::new(), mirror());
    machine.update(&server.url(""));
    let updated = machine.try_update("http://127.0.0.1:1/", &["Go", "npm", "PyPI"]).unwrap();
    assert!(!updated.complete());
    assert_eq!(
        updated.ecosystems.iter().map(|each| each.how).collect::<Vec<_>>(),
        [How::Missing, How::Missing, How::Kept]
    );
    let problems = updated.problems();
    assert!(problems[0].contains("no connection") && problems[1].contains("not tried"), "{problems:?}");
    assert_eq!(updated.exploited.how, How::Kept);
    assert_eq!(machine.ids("npm"), "A-1 A-2");
}

#[test]
fn another_source_does_not_inherit_the_position() {
    let (machine, server, folder) = (Machine::new(), mirror(), tempfile::tempdir().unwrap());
    machine.update(&server.url(""));
    write(folder.path(), "npm/all.zip", dump("npm", &["F-1"], "2023-01-01T00:00:00Z"));
    machine.update(folder.path().to_str().unwrap());
    assert_eq!(machine.ids("npm"), "F-1");
    assert_eq!(machine.update(&server.url("")).ecosystems[0].how, How::Whole);
    assert_eq!(machine.ids("npm"), "A-1 A-2");
}

#[test]
fn an_update_works_behind_a_proxy() {
    let (machine, server) = (Machine::new(), mirror());
    let system = machine.system().variable("HTTP_PROXY", &format!("http://{}", server.host()));
    let options = andon_advisorydb::Options { from: Some("http://mirror.invalid/"), ..Default::default() };
    let updated = andon_advisorydb::update(&system, &options).unwrap();
    assert!(updated.complete(), "{updated:?}");
    assert!(server.seen().iter().all(|seen| seen.proxied_for == "mirror.invalid"));
    assert_eq!(machine.ids("npm"), "A-1 A-2");
}
