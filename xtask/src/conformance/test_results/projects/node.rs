//! node's own test runner.

use std::path::Path;

use andon_results::TestFormat;
use anyhow::Result;

use super::{Run, run, write};

const PLAIN: &str = "
const { test, describe, it } = require('node:test');
const assert = require('node:assert');
test('a # not a directive', () => {});
describe('group', () => {
  it('b', () => {});
  it('c <x> & y', () => assert.strictEqual(1, 2, 'no'));
  it('d', { skip: 'not now' }, () => {});
});
";
const TODO: &str = "
const { test } = require('node:test');
test('a', () => {});
test('later', { todo: true }, () => { throw new Error('not yet'); });
";

pub(super) fn runs(folder: &Path) -> Result<Vec<Run>> {
    write(folder, "plain/a.test.js", PLAIN)?;
    write(folder, "good/a.test.js", "require('node:test').test('a', () => {});\n")?;
    write(folder, "later/a.test.js", TODO)?;
    write(folder, "crash/a.test.js", "require('node:test').test('a', () => {}); process.abort();\n")?;
    let mut runs = Vec::new();
    for (reporter, format) in [("tap", TestFormat::Tap), ("junit", TestFormat::Junit)] {
        let option = format!("--test-reporter={reporter}");
        let one = |project: &str| -> Result<Run> {
            let mut done = run(&folder.join(project), "node", &["--test", &option])?;
            // What node itself says stands before the report.
            let start = done.0.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
            done.0.drain(..start);
            Ok(Run::tests(&format!("{reporter}, {project}"), format, done))
        };
        runs.push(one("plain")?.counts(2, 1, 0, 1));
        runs.push(one("good")?.counts(1, 0, 0, 0));
        runs.push(one("later")?);
        runs.push(one("crash")?);
    }
    Ok(runs)
}
