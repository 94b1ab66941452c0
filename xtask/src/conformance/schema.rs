//! Published schemas, which are no part of this repository, and what of our output violates them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use jsonschema::{Retrieve, Uri, Validator};
use serde_json::Value;

/// Violations that are printed of each document; more would say nothing more.
const SHOWN: usize = 10;

/// A schema, ready to use. Schemas that it refers to are looked for beside it.
pub(super) fn validator(file: &Path) -> Result<Validator> {
    let folder = file.parent().unwrap_or(Path::new(".")).to_owned();
    jsonschema::options()
        .should_validate_formats(true)
        .with_retriever(Neighbours(folder))
        .build(&read(file)?)
        .map_err(|error| anyhow!("{} is no JSON Schema that can be used: {error}", file.display()))
}

/// Prints what of a document violates a schema; whether nothing does.
pub(super) fn report(name: &str, validator: &Validator, document: &Value) -> bool {
    let violations: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    println!("{name}: {} violations of the schema", violations.len());
    violations.iter().take(SHOWN).for_each(|violation| println!("  {violation:.400}"));
    violations.is_empty()
}

/// Finds the schemas that a schema refers to in its own folder, by the last part of their addresses.
struct Neighbours(PathBuf);

impl Retrieve for Neighbours {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let name = uri.path().as_str().rsplit('/').next().unwrap_or_default();
        Ok(read(&self.0.join(name))?)
    }
}

fn read(file: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON", file.display()))
}
