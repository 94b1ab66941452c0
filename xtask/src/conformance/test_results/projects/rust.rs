//! cargo test and cargo nextest.

use std::path::Path;

use andon_results::TestFormat;
use anyhow::Result;

use super::{Run, run, write};
use crate::process;

const MANIFEST: &str = "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n";
const PLAIN: &str = "
#[test]
fn a() { println!(\"test result: nonsense\"); }
#[test]
#[should_panic]
fn b() { panic!() }
#[test]
fn c() { println!(\"out\"); assert_eq!(1, 2, \"no\"); }
#[test]
#[ignore = \"not now\"]
fn d() {}
";
const CRASH: &str = "#[test]\nfn a() {}\n#[test]\nfn b() { std::process::abort() }\n";
const DOCS: &str = "/// ```\n/// assert!(true);\n/// ```\npub fn f() {}\n#[test]\nfn a() {}\n";

pub(super) fn runs(folder: &Path) -> Result<Vec<Run>> {
    for (name, code) in
        [("plain", PLAIN), ("crash", CRASH), ("docs", DOCS), ("none", ""), ("broken", "#[test]\nfn a( {}\n")]
    {
        write(&folder.join(name), "Cargo.toml", MANIFEST)?;
        write(&folder.join(name), "src/lib.rs", code)?;
    }
    write(&folder.join("plain"), "tests/it.rs", "#[test]\nfn e() { eprintln!(\"noise\"); }\n")?;
    let mut runs = Vec::new();
    let text = |name: &str, project: &str, options: &[&str]| -> Result<Run> {
        let arguments: Vec<&str> = ["test"].iter().chain(options).copied().collect();
        let done = run(&folder.join(project), "cargo", &arguments)?;
        Ok(Run::tests(&format!("{name} {}", options.join(" ")), TestFormat::Cargo, done))
    };
    for more in [&[][..], &["-q"], &["--", "--test-threads=1", "--nocapture"]] {
        let options: Vec<&str> = ["--no-fail-fast"].iter().chain(more).copied().collect();
        runs.push(text("text", "plain", &options)?.counts(3, 1, 0, 1));
        runs.push(text("text, doc tests", "docs", more)?.counts(2, 0, 0, 0));
        runs.push(text("text, no tests", "none", more)?.empty());
        runs.push(text("text, a crash", "crash", more)?.incomplete());
        runs.push(text("text, not compiling", "broken", more)?.incomplete());
    }
    let json = |name: &str, project: &str| -> Result<Run> {
        let arguments = ["test", "--no-fail-fast", "--", "-Zunstable-options", "--format=json"];
        let done = run(&folder.join(project), "cargo", &arguments)?;
        Ok(Run::tests(&format!("json, {name}"), TestFormat::CargoJson, done))
    };
    runs.push(json("plain", "plain")?.counts(3, 1, 0, 1));
    runs.push(json("a crash", "crash")?.incomplete());
    runs.push(json("no tests", "none")?.empty());
    if process::on_path("cargo-nextest").is_some() {
        let next = |project: &str, options: &[&str]| -> Result<Run> {
            let arguments: Vec<&str> = ["nextest", "run"].iter().chain(options).copied().collect();
            let done = run(&folder.join(project), "cargo", &arguments)?;
            Ok(Run::tests(&format!("nextest, {project} {}", options.join(" ")), TestFormat::Cargo, done))
        };
        runs.push(next("plain", &["--no-fail-fast"])?.counts(3, 1, 0, 1));
        runs.push(next("crash", &["--no-fail-fast"])?.counts(1, 0, 1, 0));
        runs.push(next("docs", &[])?.counts(1, 0, 0, 0));
        runs.push(next("none", &[])?.empty());
    }
    Ok(runs)
}
