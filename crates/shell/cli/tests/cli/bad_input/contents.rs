#![expect(clippy::disallowed_methods, reason = "tests look at what was written")]

use std::fs;
use std::path::Path;

use crate::world::{Answer, World, each, line, token};

#[test]
fn encodings() {
    let world = World::plain();
    let wide = |unit: fn(u16) -> [u8; 2]| line(1).encode_utf16().flat_map(unit).collect::<Vec<u8>>();
    world.write("le.txt", [b"\xFF\xFE".to_vec(), wide(u16::to_le_bytes)].concat());
    world.write("be.txt", wide(u16::to_be_bytes));
    world.write("latin.txt", [b"\xFC\xE9 x\n".as_slice(), line(1).as_bytes()].concat());
    world.write("stray.txt", [b"\xFF\xFD\xF0\x9F ".as_slice(), line(1).as_bytes(), b"\xFF"].concat());
    let (report, _) = world.report("");
    assert_eq!(report["findings"][0]["locations"].as_array().unwrap().len(), 4, "{report:#}");
}

#[test]
fn a_line_of_ten_megabytes() {
    let world = World::plain();
    world.write("a.js", format!("{} {} {}", "x".repeat(5_000_000), line(1).trim(), "y".repeat(5_000_000)));
    let answer = world.andon("scan --max-file-size 20MB");
    answer.is(1, &["github-pat", "a.js:1:"]);
    assert!(answer.out.len() < 10_000, "{}", answer.out.len());
}

#[test]
fn encodings_inside_encodings() {
    let encode = |times| (0..times).fold(line(1), |text, _| base64(text.as_bytes()));
    for (times, found) in [(1, true), (3, true), (12, false)] {
        let world = World::plain();
        world.write("a.txt", format!("value = {}\n", encode(times)));
        world.andon("scan").is(i32::from(found), &[]);
    }
    let world = World::plain();
    world.write("a.txt", "%25".repeat(300_000)).write("b.txt", "\\u0041".repeat(150_000));
    world.andon("scan --decode-depth 10").is(0, &["found  nothing"]);
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = ALPHABET[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place > chunk.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

/// Every place where a secret could slip out: all formats of all targets, the cache, errors.
#[test]
fn no_secret_in_clear_anywhere() {
    let world = World::with_commit();
    let password = ["correct", "horse", "7Battery"].join("-");
    let secrets = [token(1), token(2), token(3), password.clone()];
    world.write("app.conf", line(1)).write("db.py", format!("db_password = \"{password}\"\n")).commit();
    world.write("two.conf", format!("a {} b {}\n", token(1), token(2))).commit();
    world.write("encoded.txt", format!("v = {}\n", base64(line(3).as_bytes()))).commit();
    world.write(&format!("{}.txt", token(2)), "x\n").git("add -A");
    for target in ["", "--history", "--staged", "--since HEAD~2", "--baseline HEAD~1"] {
        for format in ["text", "json", "sarif", "gitlab", "markdown"] {
            let answer = world.andon(&format!("scan -v --no-gate --format {format} {target}"));
            answer.is(0, &[]);
            let values = secrets.iter().filter(|secret| **secret != token(2));
            values.for_each(|secret| clean(&answer, secret, &format!("{format} {target}")));
        }
    }
    let written = below(&world.cache());
    assert!(!written.is_empty(), "the cache holds something");
    for (name, bytes) in written {
        for secret in &secrets {
            assert!(!holds(&bytes, secret), "{name}");
        }
    }
}

fn clean(answer: &Answer, secret: &str, place: &str) {
    assert!(!answer.out.contains(secret) && !answer.err.contains(secret), "{place}");
}

fn holds(bytes: &[u8], secret: &str) -> bool {
    bytes.windows(secret.len()).any(|window| window == secret.as_bytes())
}

fn below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(below(&path));
        } else {
            files.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    files
}

#[test]
fn a_panic_free_answer_for_noise() {
    let world = World::plain();
    let noise = ["\"", "key=\"", "eyJ", "=", "AKIA", "%", "\\u", "://", "a:b@", "\n\n", "'''"];
    for (number, piece) in noise.iter().enumerate() {
        world.write(&format!("{number}.txt"), piece.repeat(200_000));
    }
    let (report, _) = world.report("--no-gate");
    assert_eq!(report["coverage"]["engines"][0]["files"], noise.len());
    assert!(!each(&report, "/rule/id").iter().any(|rule| rule == "github-pat"));
}
