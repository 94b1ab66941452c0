use std::io::Write;

use serde_json::json;

use super::{gzip, tar};
use crate::world::{World, each, line};

#[test]
fn a_secret_in_an_archive_in_an_archive() {
    let world = World::plain();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("config/app.env", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(line(1).as_bytes()).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    world.write("backup.tar.gz", gzip(&tar(&[("dump/a.zip", &zip)])));
    let (report, code) = world.report("");
    assert_eq!(
        (code, each(&report, "/locations/0/path")),
        (1, vec!["backup.tar.gz".to_owned()]),
        "{report:#}"
    );
    let nested = &report["findings"][0]["locations"][0]["nested"];
    assert_eq!(nested, &json!(["dump/a.zip", "config/app.env"]), "{report:#}");
    world.andon("scan").is(1, &["backup.tar.gz!/dump/a.zip!/config/app.env"]);
    world.write("andon.yaml", "version: 1\nscan: {exclude: [backup.tar.gz]}\n");
    world.andon("scan").is(0, &["nothing"]);
}

#[test]
fn an_archive_with_a_text_in_front_is_opened_all_the_same() {
    let world = World::plain();
    let text = "# a script that starts it\n".repeat(500);
    for (name, start, secret) in
        [("run.jar", &b"#!/bin/sh\n"[..], line(1)), ("a.zip", b"PK\x03\x04", line(2))]
    {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file("app.env", zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(secret.as_bytes()).unwrap();
        let zip = zip.finish().unwrap().into_inner();
        world.write(name, [start, text.as_bytes(), &zip].concat());
    }
    let (report, code) = world.report("--engine secrets");
    let mut paths = each(&report, "/locations/0/path");
    paths.sort();
    assert_eq!((code, paths), (1, vec!["a.zip".to_owned(), "run.jar".to_owned()]), "{report:#}");
}

#[test]
fn an_archive_that_breaks_off_gives_what_came_before_and_a_gap() {
    let world = World::plain();
    let noise: String =
        (0..200_000_u32).map(|n| char::from(b'a' + (n.wrapping_mul(2_654_435_761) >> 28) as u8)).collect();
    let whole = gzip(&tar(&[("a.env", line(1).as_str()), ("noise", &noise)]));
    world.write("a.tgz", &whole[..whole.len() / 2]);
    let (report, code) = world.report("--engine secrets");
    assert_eq!((code, report["coverage"]["complete"].as_bool()), (1, Some(false)), "{report:#}");
    assert!(report["coverage"]["gaps"].to_string().contains("a.tgz"), "{report:#}");
}
