//! What findings are compared with: a report of an earlier scan, or the files of a revision.

mod revision;

use std::path::{Path, PathBuf};

use andon_model::{Finding, ScanReport};
use andon_system::{ReadError, System};
use serde::Deserialize;
use thiserror::Error;

pub(crate) use revision::{renames_since, revision_items};

/// A larger report is refused, in bytes.
const LARGEST: u64 = 512 << 20;

/// Why a baseline cannot be used.
#[derive(Debug, Error)]
pub enum BaselineError {
    /// The file cannot be read.
    #[error("cannot use the baseline: {0}")]
    Read(#[from] ReadError),
    /// The file is no report of ours.
    #[error("cannot use {} as baseline: {detail}; make one with `andon scan --format json --output FILE`", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// The file is a report of another version.
    #[error(
        "cannot use {} as baseline: its form is `{found}` and this version reads `{}`; scan the baseline again with \
         this version", path.display(), ScanReport::SCHEMA
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// What it says it is.
        found: String,
    },
    /// The revision cannot be read.
    #[error(
        "cannot use revision `{revision}` as baseline: {detail}; name a commit that is here, or fetch it"
    )]
    Revision {
        /// As the user named it.
        revision: String,
        /// What failed.
        detail: String,
    },
}

/// Reads the findings of a JSON report that `andon scan` wrote, those that were fixed then included.
///
/// # Errors
/// When it cannot be read, is no such report, or one of another version.
pub fn read_report(system: &dyn System, path: &Path) -> Result<Vec<Finding>, BaselineError> {
    let bytes = system.read_named(path, LARGEST)?.bytes;
    let misformed = |detail: String| BaselineError::Form { path: path.to_owned(), detail };
    let version: Version =
        serde_json::from_slice(&bytes).map_err(|error| misformed(format!("it is no report ({error})")))?;
    match version.schema {
        None => return Err(misformed("it has no `schema`, so it is no report of andon".to_owned())),
        Some(found) if found != ScanReport::SCHEMA => {
            let found = found.chars().take(60).collect();
            return Err(BaselineError::Version { path: path.to_owned(), found });
        }
        Some(_) => {}
    }
    let report: Findings = serde_json::from_slice(&bytes)
        .map_err(|error| misformed(format!("its findings cannot be read ({error})")))?;
    Ok(report.findings)
}

#[derive(Deserialize)]
struct Version {
    schema: Option<String>,
}

#[derive(Deserialize)]
struct Findings {
    findings: Vec<Finding>,
}

#[cfg(test)]
mod tests {
    use andon_system::MemorySystem;

    use super::*;
    use crate::testing::finding;

    #[track_caller]
    fn check(text: &str, message: &str) {
        let system = MemorySystem::new().file("/report.json", text);
        let error = read_report(&system, Path::new("/report.json")).unwrap_err().to_string();
        assert!(error.contains(message) && error.contains("report.json"), "{error}");
    }

    #[test]
    fn only_reports_of_this_version_are_read() {
        check("{", "no report");
        check("[]", "no report");
        check("{}", "no `schema`");
        check(r#"{"schema": "andon.scan/99"}"#, "`andon.scan/99`");
        check(r#"{"schema": "andon.scan/1", "findings": [{}]}"#, "findings cannot be read");
        let missing = read_report(&MemorySystem::new(), Path::new("/none.json")).unwrap_err();
        assert!(missing.to_string().contains("none.json"), "{missing}");
    }

    #[test]
    fn findings_come_back_as_they_were() {
        let findings = vec![finding("key", "t/1:a", "a.txt")];
        let text = serde_json::json!({"schema": ScanReport::SCHEMA, "findings": findings}).to_string();
        let system = MemorySystem::new().file("/report.json", text);
        assert_eq!(read_report(&system, Path::new("/report.json")).unwrap(), findings);
    }
}
