//! Runs engines over a snapshot: a folder, a git working tree, the index, a history, a range of commits or standard
//! input. Every file or blob is read once and decoded once; facts are remembered; findings are matched with a
//! baseline and with accepted exceptions; the coverage says what was not looked at. It knows no engine by name, no
//! rule format, no gate and no output format.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use andon_scan::{ScanRequest, ScanTarget, Silent, is_image, run};
//! let system = andon_system::MemorySystem::new().file("/project/a.txt", "text");
//! let interrupted = AtomicBool::new(false);
//! let request = ScanRequest::new(ScanTarget::Directory, "/project".into(), &interrupted);
//! let report = run(&request, &[], &system, &Silent)?;
//! assert!(report.coverage.complete && report.findings.is_empty());
//! # Ok::<(), andon_scan::ScanError>(())
//! ```

pub mod baseline;
pub mod cache;
pub mod config_source;
pub mod exceptions;
pub mod history;
pub mod intake;
pub mod protected;
pub mod scan;
#[cfg(test)]
mod testing;
pub mod text;

pub use scan::{Baseline, Phase, Progress, ScanError, ScanRequest, ScanTarget, Silent, is_image, run};
