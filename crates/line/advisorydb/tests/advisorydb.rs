//! Updates from folders and from a server on this machine, and what is left when they go wrong.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests may fail loudly and look at the disk"
)]

mod update {
    mod bad;
    mod folder;
    mod web;
}
#[path = "../../../base/network/tests/support/server.rs"]
mod server;

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use andon_advisories::Question;
use andon_advisorydb::{Options, UpdateError, Updated, open, update};
use andon_network::Settings;
use andon_system::MemorySystem;

/// A machine with a data folder of its own.
struct Machine {
    folder: tempfile::TempDir,
    now: &'static str,
}

impl Machine {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), now: "2024-06-01T00:00:00Z" }
    }

    fn system(&self) -> MemorySystem {
        let folder = self.folder.path().to_str().unwrap();
        MemorySystem::new().variable("ANDON_DATA_DIR", folder).at(self.now.parse().unwrap())
    }

    fn try_update(&self, from: &str, ecosystems: &[&str]) -> Result<Updated, UpdateError> {
        let settings = Settings {
            connect: Duration::from_secs(5),
            stall: Duration::from_millis(400),
            attempts: 3,
            first_wait: Duration::from_millis(5),
            longest_wait: Duration::from_millis(20),
            longest_retry_after: Duration::from_secs(1),
            ..Settings::default()
        };
        let ecosystems: Vec<String> = ecosystems.iter().map(|name| (*name).to_owned()).collect();
        let options =
            Options { from: Some(from), ecosystems: &ecosystems, settings: &settings, ..Options::default() };
        update(&self.system(), &options)
    }

    #[track_caller]
    fn update(&self, from: &str) -> Updated {
        self.try_update(from, &[]).unwrap()
    }

    /// The ids that the index has for a package `p` of an ecosystem; `-` when there is no index.
    fn ids(&self, ecosystem: &str) -> String {
        let Some(opened) = open(&self.system()).unwrap() else { return "-".to_owned() };
        let index = opened.index().unwrap();
        index.verify().unwrap();
        let found = index.matches(&Question { ecosystem, name: "p", version: "1.0.0" }).unwrap();
        let mut ids: Vec<&str> = found.vulnerabilities.iter().map(|each| each.id().unwrap()).collect();
        ids.sort();
        ids.join(" ")
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.folder.path().join("advisories").join(path)
    }
}

/// A record about the package `p`.
fn record(ecosystem: &str, id: &str, modified: &str) -> String {
    format!(
        r#"{{"id": "{id}", "modified": "{modified}", "affected": [{{"package": {{"ecosystem": "{ecosystem}",
        "name": "p"}}, "ranges": [{{"type": "SEMVER", "events": [{{"introduced": "0"}}]}}]}}]}}"#
    )
}

/// A dump of files.
fn zip(files: &[(&str, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, content) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A dump of records of the package `p`, all of one day.
fn dump(ecosystem: &str, ids: &[&str], modified: &str) -> Vec<u8> {
    let names: Vec<String> = ids.iter().map(|id| format!("{id}.json")).collect();
    let files: Vec<_> =
        ids.iter().zip(&names).map(|(id, name)| (name.as_str(), record(ecosystem, id, modified))).collect();
    zip(&files)
}

fn write(folder: &Path, path: &str, content: impl AsRef<[u8]>) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

const KEV: &str = r#"{"catalogVersion": "2024.05.01", "dateReleased": "2024-05-01T00:00:00Z", "count": 1,
    "vulnerabilities": [{"cveID": "CVE-2024-1", "dateAdded": "2024-04-01", "dueDate": "2024-05-01",
    "knownRansomwareCampaignUse": "Known"}]}"#;

/// Scores as they are published.
fn epss() -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer
        .write_all(b"#model_version:v1,score_date:2024-05-30T00:00:00+0000\ncve,epss,percentile\nCVE-2024-1,0.5,0.9\n")
        .unwrap();
    writer.finish().unwrap()
}
