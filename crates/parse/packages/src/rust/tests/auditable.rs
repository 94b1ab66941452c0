use std::io::Write as _;

use crate::support::made::elf;
use crate::support::shown::lines;
use crate::{Format, executable_format, parse};

fn program(json: &str) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(json.as_bytes()).unwrap();
    elf(0x1000, b"code", &[(".dep-v0", &encoder.finish().unwrap())])
}

#[track_caller]
fn check(program: &[u8], expected: &[&str]) {
    assert_eq!(executable_format(program), Some(Format::RustBinary));
    assert_eq!(lines(&parse(Format::RustBinary, program)), expected);
}

#[test]
fn edges_roots_and_kinds() {
    let json = r#"{"packages":[
        {"name":"app","version":"0.1.0","source":"local","dependencies":[1,2],"root":true},
        {"name":"cc","version":"1.0.0","source":"crates.io","kind":"build"},
        {"name":"serde","version":"1.0.1","source":"crates.io","dependencies":[3,9]},
        {"name":"log","version":"0.4.0","source":"git"}]}"#;
    check(
        &program(json),
        &[
            "cargo/app@0.1.0 local  -> 1 2",
            "cargo/cc@1.0.0 dev direct",
            "cargo/serde@1.0.1 direct -> 3",
            "cargo/log@0.4.0 transitive git #",
            "project pkg:cargo/app@0.1.0",
            "problem: the program's list of crates names dependencies that it does not list",
        ],
    );
}

#[test]
fn damaged_lists() {
    let bomb = program(&" ".repeat(9 << 20));
    check(
        &bomb,
        &["problem: the program's list of crates was not read: it unpacks to more than 8388608 bytes"],
    );
    let mut cut = program(r#"{"packages":[]}"#);
    let at = cut.windows(2).position(|pair| pair == [0x78, 0x01]).unwrap();
    cut[at + 2..at + 12].fill(0xFF);
    let shown = lines(&parse(Format::RustBinary, &cut));
    assert!(shown[0].contains("its compressed data is damaged"), "{shown:?}");
    for end in 0..cut.len() {
        parse(Format::RustBinary, &cut[..end]);
    }
    assert_eq!(executable_format(b"#!/bin/sh\n"), None);
}
