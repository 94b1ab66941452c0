//! pytest and coverage.py.

use std::fs;
use std::path::Path;

use andon_results::{CoverageFormat, TestFormat};
use anyhow::Result;

use super::{Run, run, write, written};
use crate::process;

const PLAIN: &str = "
import pytest

def test_a():
    pass

@pytest.mark.parametrize('x', ['a - b', 'c d'])
def test_b(x):
    assert x != 'c d', 'no <c> & d'

@pytest.mark.skip(reason='not now')
def test_c():
    pass
";
const MORE: &str = "
import pytest

@pytest.fixture
def broken():
    raise OSError('no')

def test_error(broken):
    pass

@pytest.mark.xfail
def test_x():
    assert False

@pytest.mark.xfail
def test_y():
    pass

def test_z():
    pass
";
const CODE: &str = "def f(x):\n    if x:\n        return 1\n    return 2\n";

pub(super) fn runs(folder: &Path) -> Result<Vec<Run>> {
    write(folder, "plain/test_small.py", PLAIN)?;
    write(folder, "more/test_more.py", MORE)?;
    write(folder, "none/readme", "")?;
    write(folder, "syntax/test_s.py", "def test_a(:\n")?;
    write(folder, "crash/test_k.py", "import os\ndef test_a():\n    pass\ndef test_b():\n    os._exit(3)\n")?;
    write(folder, "stop/test_i.py", "def test_a():\n    raise KeyboardInterrupt\ndef test_b():\n    pass\n")?;
    write(folder, "good/test_g.py", "from small import f\ndef test_a():\n    assert f(1) == 1\n")?;
    write(folder, "good/small.py", CODE)?;
    let mut runs = Vec::new();
    let text = |name: &str, project: &str, options: &[&str]| -> Result<Run> {
        let done = run(&folder.join(project), "pytest", options)?;
        Ok(Run::tests(&format!("{name} {}", options.join(" ")), TestFormat::Pytest, done))
    };
    for options in [&["-q"][..], &["-v", "-rA"], &["-ra"], &["--color=yes", "-v"]] {
        runs.push(text("text", "plain", options)?.counts(2, 1, 0, 1));
        runs.push(text("text, xfail and error", "more", options)?.counts(2, 0, 1, 1));
        runs.push(text("text, all good", "good", options)?.counts(1, 0, 0, 0));
        runs.push(text("text, no tests", "none", options)?.empty());
        runs.push(text("text, an error at collection", "syntax", options)?.incomplete());
        runs.push(text("text, interrupted", "stop", options)?.incomplete());
    }
    runs.push(text("text, a crash", "crash", &["-v"])?.incomplete());
    let junit = |project: &str| -> Result<Run> {
        let options = ["-q", "--junitxml=out.xml"];
        let done = written(&folder.join(project), "pytest", &options, "out.xml")?;
        Ok(Run::tests(&format!("junit, {project}"), TestFormat::Junit, done))
    };
    runs.push(junit("plain")?.counts(2, 1, 0, 1));
    runs.push(junit("more")?.counts(2, 0, 1, 1));
    runs.push(junit("good")?.counts(1, 0, 0, 0));
    runs.push(junit("none")?.empty());
    runs.push(junit("syntax")?.counts(0, 0, 1, 0));
    if process::on_path("coverage").is_some() {
        runs.extend(coverage(&folder.join("good"))?);
    }
    Ok(runs)
}

fn coverage(folder: &Path) -> Result<Vec<Run>> {
    run(folder, "coverage", &["run", "--branch", "-m", "pytest", "-q"])?;
    for format in ["lcov", "xml", "json"] {
        run(folder, "coverage", &[format])?;
    }
    let json: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("coverage.json"))?)?;
    let total = |name: &str| json.pointer(&format!("/totals/{name}")).and_then(serde_json::Value::as_u64);
    let lines = total("covered_lines").zip(total("num_statements"));
    let rows = [
        ("python LCOV", CoverageFormat::Lcov, "coverage.lcov"),
        ("python Cobertura", CoverageFormat::Cobertura, "coverage.xml"),
        ("python JSON", CoverageFormat::CoveragePy, "coverage.json"),
    ];
    rows.into_iter()
        .map(|(name, format, file)| Ok(Run { lines, ..Run::coverage(name, format, folder, file)? }))
        .collect()
}
