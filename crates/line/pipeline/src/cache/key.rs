use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use andon_system::System;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::hash::hex;
use crate::inputs::{Digests, InputSet};
use crate::{DEFAULT_PATH, Failure, PlannedStep};

/// Counts the ways in which keys have been made and successes kept; raising it forgets all of them.
const FORMAT: &str = "1";

/// What the result of a step depends on, and the digest of it.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    /// SHA-256 over the parts, in hexadecimal.
    pub(crate) digest: String,
    pub(crate) parts: Vec<Part>,
    pub(crate) inputs: InputSet,
}

/// One thing that a result depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// What, for people.
    pub(crate) name: String,
    /// Its value, or the digest of it.
    pub(crate) value: String,
}

/// Works out keys.
pub(crate) struct KeyMaker<'a> {
    pub(crate) system: &'a dyn System,
    pub(crate) digests: &'a Digests<'a>,
    pub(crate) root: &'a Path,
}

impl KeyMaker<'_> {
    /// The key of a step that reads `inputs` and what the needed steps made, by step.
    ///
    /// Part of it are: the step's name and command, declared variables (their values as digests), services, outputs and reports, what
    /// may be read and reached and how well it is sealed at least, where secrets come from, contents of tools, the
    /// kind of machine, and all input files with path, kind and content. Not part of it are: values of secrets,
    /// contents of `reads`, programs that are not named as tools, timeouts, retries and conditions.
    pub(crate) fn key(
        &self,
        step: &PlannedStep,
        inputs: InputSet,
        made: &BTreeMap<String, String>,
    ) -> Result<Key, Failure> {
        let mut parts = Vec::new();
        let mut add = |name: &str, value: String| parts.push(Part { name: name.to_owned(), value });
        add("format", FORMAT.to_owned());
        add("machine", format!("{} {}", std::env::consts::OS, std::env::consts::ARCH));
        add("name", step.name.clone());
        add("command", json(&step.command));
        for (name, value) in &step.environment {
            add(&format!("variable {name}"), hex(&Sha256::digest(value)));
        }
        for (name, source) in &step.secrets {
            add(&format!("source of the secret {name}"), json(source));
        }
        for service in &step.services {
            let own: Vec<_> =
                service.environment.iter().map(|(name, value)| (name, hex(&Sha256::digest(value)))).collect();
            let value = json(&(&service.command, own, &service.ready));
            add(&format!("service {}", service.name), hex(&Sha256::digest(value)));
        }
        let outputs: Vec<_> = step.outputs.iter().map(|output| (&output.path, output.folder)).collect();
        add("outputs", json(&outputs));
        add("scratch folders", json(&step.scratch));
        add("reports", json(&(&step.tests, &step.coverage)));
        add("network", step.network.to_string());
        add("least seal", step.seal.to_string());
        add("folders outside", json(&step.reads));
        for tool in &step.tools {
            add(&format!("tool {tool}"), self.tool(step, tool)?);
        }
        for (name, digest) in made {
            add(&format!("what `{name}` made"), digest.clone());
        }
        add("input files", inputs.digest.clone());
        Ok(Key { digest: digest(&parts), parts, inputs })
    }

    fn tool(&self, step: &PlannedStep, tool: &str) -> Result<String, Failure> {
        let path = step.environment.get("PATH").map_or(DEFAULT_PATH, String::as_str);
        let place = path
            .split(':')
            .filter(|folder| folder.starts_with('/'))
            .find_map(|folder| self.system.canonical(&PathBuf::from(folder).join(tool)).ok());
        let place = place.ok_or_else(|| {
            let name = &step.name;
            Failure(format!("the step `{name}` names the tool `{tool}`, which is not on its PATH ({path})"))
        })?;
        let stamp = self.system.metadata(&place).ok().and_then(|found| found.stamp);
        let shown = place.strip_prefix(self.root).unwrap_or(&place).display().to_string();
        self.digests.content(&shown, &place, stamp).map(|content| hex(&content.sha256))
    }
}

fn json(value: &impl Serialize) -> String {
    // Texts, numbers and lists of them always have a JSON form.
    serde_json::to_string(value).unwrap_or_default()
}

fn digest(parts: &[Part]) -> String {
    let mut hasher = Sha256::new();
    for text in parts.iter().flat_map(|part| [&part.name, &part.value]) {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hex(&hasher.finalize())
}
