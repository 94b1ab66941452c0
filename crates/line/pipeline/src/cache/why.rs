use std::collections::BTreeMap;
use std::path::PathBuf;

use andon_system::files;
use serde::{Deserialize, Serialize};

use super::{Cache, Key, Part};
use crate::OutputFile;

/// Why a step would run, or would not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Why {
    /// The step's name.
    pub step: String,
    /// One sentence for people.
    pub answer: String,
    /// Whether an earlier success would stand for it.
    pub cached: bool,
    /// The cache key, SHA-256 in hexadecimal; absent while it cannot be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The run that it is compared with; absent when the step never ran here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compared_with: Option<String>,
    /// What the key is made of, by name, with the values or their digests.
    pub parts: BTreeMap<String, String>,
    /// What is not as it was then.
    pub differences: Vec<Difference>,
}

/// Something that is not as it was at the last run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Difference {
    /// A file, or a part of the key such as `command` or `variable CC`.
    pub what: String,
    /// `added`, `removed` or `changed`.
    pub how: &'static str,
}

/// What a step was made from at its last run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Last {
    pub(crate) run: String,
    pub(crate) key: String,
    pub(crate) succeeded: bool,
    pub(crate) parts: Vec<Part>,
    /// The digest of the set of input files.
    pub(crate) inputs: String,
}

const LARGEST: u64 = 256 << 20;

impl Cache<'_> {
    /// What a step was made from at its last run here.
    pub(crate) fn last(&self, step: &str) -> Option<Last> {
        let bytes = self.system.read_capped(&self.last_path(step), LARGEST).ok()?.bytes;
        serde_json::from_slice(&bytes).ok()
    }

    /// Remembers what a step was made from. What cannot be written only leaves less to explain with.
    pub(crate) fn remember(&self, step: &str, run: &str, key: &Key, succeeded: bool) {
        let last = Last {
            run: run.to_owned(),
            key: key.digest.clone(),
            succeeded,
            parts: key.parts.clone(),
            inputs: key.inputs.digest.clone(),
        };
        if let Ok(bytes) = serde_json::to_vec(&last) {
            let _ = self.system.write_atomic(&self.last_path(step), &bytes);
        }
        let set = self.set_path(&key.inputs.digest);
        if self.system.metadata(&set).is_ok() {
            let _ = files::touch(&set);
        } else if let Ok(bytes) = serde_json::to_vec(&*key.inputs.files) {
            let _ = self.system.write_atomic(&set, &bytes);
        }
    }

    /// What is not as it was, by name.
    pub(crate) fn differences(&self, last: &Last, key: &Key) -> Vec<Difference> {
        let old: BTreeMap<&str, &str> = last.parts.iter().map(|part| (&*part.name, &*part.value)).collect();
        let new: BTreeMap<&str, &str> = key.parts.iter().map(|part| (&*part.name, &*part.value)).collect();
        let mut found = compare(&old, &new);
        if last.inputs != key.inputs.digest
            && let Some(files) = self.set(&last.inputs)
        {
            found.retain(|difference| difference.what != "input files");
            let by_path = |files: &[OutputFile]| -> BTreeMap<String, String> {
                files
                    .iter()
                    .map(|file| (file.path.clone(), format!("{:?} {}", file.kind, file.sha256)))
                    .collect()
            };
            let (old, new) = (by_path(&files), by_path(&key.inputs.files));
            found.extend(compare(&borrowed(&old), &borrowed(&new)));
        }
        found
    }

    fn set(&self, digest: &str) -> Option<Vec<OutputFile>> {
        let bytes = self.system.read_capped(&self.set_path(digest), LARGEST).ok()?.bytes;
        serde_json::from_slice(&bytes).ok()
    }

    fn set_path(&self, digest: &str) -> PathBuf {
        self.folder.join("sets").join(digest)
    }

    fn last_path(&self, step: &str) -> PathBuf {
        self.project.join("last").join(step)
    }
}

fn borrowed(map: &BTreeMap<String, String>) -> BTreeMap<&str, &str> {
    map.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn compare(old: &BTreeMap<&str, &str>, new: &BTreeMap<&str, &str>) -> Vec<Difference> {
    let mut found = Vec::new();
    for (name, value) in new {
        let how = match old.get(name) {
            Some(before) if before == value => continue,
            Some(_) => "changed",
            None => "added",
        };
        found.push(Difference { what: (*name).to_owned(), how });
    }
    let removed = old.keys().filter(|name| !new.contains_key(*name));
    found.extend(removed.map(|name| Difference { what: (*name).to_owned(), how: "removed" }));
    found
}
