//! The engine of dependencies: what a target is made of, which of it is vulnerable, malicious, given up or under a
//! licence that policy forbids, and which upgrade mends most. Advisories, policies and the day come from the caller;
//! this crate reads no file, no clock and no network, and knows nothing of how results are shown.
//!
//! ```
//! use andon_dependencies::{Dependencies, Settings};
//! use andon_model::{Engine, Interest};
//! let engine = Dependencies::new(Settings::at("2026-01-31T00:00:00Z".parse()?));
//! assert!(matches!(engine.interest("web/package-lock.json"), Interest::As(_)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod engine;
mod facts;
mod inventory;
mod judge;
pub mod licences;
mod settings;
mod why;

pub use engine::{Dependencies, NAME};
pub use settings::{AdvisorySource, Settings};
pub use why::{Path, paths_to};
